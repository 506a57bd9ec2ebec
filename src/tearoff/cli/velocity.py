"""`tearoff velocity`: the template language as a filter of JSON lines, for comparing it with other engines."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from tearoff.clock import Clock
from tearoff.velocity import DEFAULT, REFERENCE, Limits, RenderFailed, Template, TemplateProblems, compile
from tearoff.velocity.calls import MacroCode

SESSIONS_MAX = 1_000
SAME_AS_OURS = {
    "parser.space_gobbling": "lines",
    "parser.allow_hyphen_in_identifiers": "false",
    "runtime.strict_mode.enable": "false",
    "runtime.strict_mode.escape": "false",
    "runtime.strict_math": "false",
    "runtime.interpolate_string_literals": "true",
    "runtime.immutable_ranges": "true",
    "directive.if.empty_check": "true",
    "directive.foreach.skip_invalid": "true",
    "directive.foreach.max_loops": "-1",
    "velocimacro.inline.allow": "true",
    "velocimacro.inline.replace_global": "false",
    "velocimacro.inline.local_scope": "false",
    "velocimacro.arguments.strict": "false",
    "velocimacro.arguments.preserve_literals": "false",
    "velocimacro.body_reference": "bodyContent",
    "velocimacro.enable_bc_mode": "false",
    "context.scope_control.foreach": "true",
    "context.scope_control.macro": "false",
    "context.scope_control.define": "false",
    "context.scope_control.evaluate": "false",
    "context.scope_control.template": "false",
}
"""Properties of the reference engine that are taken when they say what holds here anyway."""

LIMITS = {"velocimacro.max_depth": "macro_depth_max", "directive.parse.max_depth": "parse_depth_max"}
"""Properties that set a limit of ours."""

KINDS = {"limit": "LimitReached", "resource": "ResourceNotFoundException"}


class Resource(msgspec.Struct):
    """A snippet that the template may name."""

    name: str
    text: str


class Case(msgspec.Struct):
    """One line: a template and its context; the cases of one session share macros and snippets."""

    id: str
    template: str
    context: dict[str, object] = {}
    resources: list[Resource] | dict[str, str] = []
    properties: dict[str, str | int | bool] = {}
    session: str | None = None


class Answer(msgspec.Struct, omit_defaults=True):
    """What came of a case."""

    id: str
    output: str | None = None
    error_class: str | None = None
    error: str | None = None
    line: int | None = None
    column: int | None = None


class Session:
    """Macros and snippets that the cases of one session share."""

    def __init__(self) -> None:
        self.macros: dict[str, MacroCode] = {}
        self.snippets: dict[str, str] = {}


class Refused(Exception):
    """A property asks for what is not here."""


def limits_for(properties: dict[str, str | int | bool]) -> Limits:
    """The limits with the properties applied; raises Refused with the name of a property that is not known."""
    limits = DEFAULT
    for name, value in properties.items():
        told = str(value).lower() if isinstance(value, bool) else str(value)
        if name in LIMITS and told.isdigit():
            limits = msgspec.structs.replace(limits, **{LIMITS[name]: int(told)})
        elif SAME_AS_OURS.get(name) != told:
            raise Refused(f"The property {name} = {told} is not supported.")
    return limits


def answer(case: Case, session: Session, clock: Clock) -> Answer:
    """Render one case."""
    resources = case.resources
    session.snippets |= resources if isinstance(resources, dict) else {each.name: each.text for each in resources}
    try:
        template = Template(
            case.template,
            name=case.id,
            limits=limits_for(case.properties),
            escape_html=False,
            snippets=session.snippets,
            dialect=REFERENCE,
            known_macros=frozenset(session.macros),
            is_shared=case.session is not None,
        )
        session.macros = {**template.macros, **session.macros}
        output = template.render_with(session.macros, case.context, {}, None, None, clock.now())
    except Refused as error:
        return Answer(case.id, error_class="PropertyRefused", error=str(error))
    except TemplateProblems as error:
        first = error.problems[0]
        return Answer(
            case.id, error_class="ParseErrorException", error=error.detail, line=first.line, column=first.column
        )
    except RenderFailed as error:
        kind = KINDS.get(error.kind, "MethodInvocationException")
        return Answer(case.id, error_class=kind, error=error.detail, line=error.line, column=error.column)
    return Answer(case.id, output=output)


def answers(lines: Iterator[bytes]) -> Iterator[Answer]:
    """An answer for each line, in order; a line that is no case is answered too."""
    clock = Clock()
    decoder = msgspec.json.Decoder(Case)
    sessions: OrderedDict[str, Session] = OrderedDict()
    for line in lines:
        if not line.strip():
            continue
        try:
            case = decoder.decode(line)
        except msgspec.DecodeError as error:
            yield Answer("", error_class="BadLine", error=str(error))
            continue
        session = sessions.pop(case.session, Session()) if case.session is not None else Session()
        if case.session is not None:
            sessions[case.session] = session
            if len(sessions) > SESSIONS_MAX:
                sessions.popitem(last=False)
        yield answer(case, session, clock)


@click.command()
def velocity() -> None:
    """Read templates as JSON lines, write what they render as JSON lines.

    A line is {"id", "template", "context"} with, if wanted, "resources", "properties" and "session"; an answer is
    {"id", "output"} or {"id", "error_class", "error", "line", "column"}.
    """
    for each in answers(iter(sys.stdin.buffer.readline, b"")):
        sys.stdout.buffer.write(msgspec.json.encode(each) + b"\n")
        sys.stdout.buffer.flush()


@click.group()
def template() -> None:
    """Look at message templates."""


@template.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Print every problem of the templates in FILES; exit status 1 when there is one."""
    found = 0
    for file in files:
        try:
            compile(file.read_text(encoding="utf-8"))
        except TemplateProblems as error:
            found += len(error.problems)
            for problem in error.problems:
                click.echo(f"{file}:{problem.line}:{problem.column}: {problem.detail}")
        except UnicodeDecodeError:
            found += 1
            click.echo(f"{file}:1:1: The file is not UTF-8 text.")
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(files)} template{'s' if len(files) != 1 else ''} without problems.")
