"""Templates: compiled once, rendered many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from itertools import count

import msgspec

from tearoff.velocity.calls import MacroCode
from tearoff.velocity.compiler import Compiler
from tearoff.velocity.jumps import BreakOut, NeedCopy, StopRender
from tearoff.velocity.lexer import Lexer
from tearoff.velocity.limits import DEFAULT, Limits
from tearoff.velocity.parser import Parser
from tearoff.velocity.problems import Failure, RenderFailed, TemplateProblem, TemplateProblems
from tearoff.velocity.runtime import Render
from tearoff.velocity.surrogates import writable
from tearoff.velocity.survey import Survey, survey
from tearoff.velocity.tags import MergeTag
from tearoff.velocity.tools import TOOLS
from tearoff.velocity.units import Unit
from tearoff.velocity.values import LazyMap

TOOL_NAMES = frozenset(TOOLS)
FAULTS = (
    Failure,
    RecursionError,
    MemoryError,
    ArithmeticError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NameError,
)
"""What a render may meet inside; each becomes RenderFailed."""

_serial = count(1)


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """Where the vendor's templates differ from the reference engine's."""

    has_merge_tags: bool = True
    has_old_loops: bool = True
    """`$velocityCount` and `$foreach.stop()`, which the reference engine's 2.x gave up and vendors' guides teach."""
    forgives_snippets: bool = False
    """A snippet's problems count only where a render comes to it, and one that is parsed too deep prints nothing."""


VENDOR = Dialect()
REFERENCE = Dialect(has_merge_tags=False, has_old_loops=False, forgives_snippets=True)


class Template:
    """A compiled template; `merge_tags` and `names` are what its text reads, but for names that it sets itself.

    `known_macros` are defined elsewhere; with `is_shared` others may be, later.
    """

    def __init__(
        self,
        text: str,
        *,
        name: str,
        limits: Limits,
        escape_html: bool,
        snippets: Mapping[str, str],
        dialect: Dialect,
        known_macros: frozenset[str] = frozenset(),
        is_shared: bool = False,
    ) -> None:
        self.name, self.limits, self.snippets, self.dialect = name, limits, snippets, dialect
        self.escape_html = escape_html
        self._snippet_units: dict[str, Unit] = {}
        self._unit = self.unit(text, name, known_macros, is_part=is_shared)
        found = self._unit.found
        self.snippet_names = frozenset(found.snippets.keys() | found.included.keys())
        parts = list(self._parts())
        self.merge_tags: tuple[MergeTag, ...] = tuple(dict.fromkeys(tag for part in parts for tag in part.tags))
        self.names = frozenset[str]().union(*(p.names for p in parts)).difference(*(p.assigned for p in parts))
        self._tools = TOOL_NAMES if found.is_dynamic else TOOL_NAMES & found.names
        self.macros: dict[str, MacroCode] = {each.name: each for each in reversed(self._unit.compiled.macros)}
        self.is_copied = found.mutates

    def _parts(self) -> Iterator[Survey]:
        """What is known of the text and of every snippet that it may parse; those are compiled on the way."""
        seen: set[str] = set()
        pending = [self._unit.found]
        size = len(self._unit.text)
        while pending:
            found = pending.pop()
            yield found
            named = found.snippets.keys() & self.snippets.keys()
            for name in sorted((self.snippets.keys() if found.has_computed_snippets else named) - seen):
                seen.add(name)
                size += len(self.snippets[name])
                if size > self.limits.template_bytes_max:
                    limit = f"at most {self.limits.template_bytes_max} bytes with its snippets"
                    raise TemplateProblems(
                        (TemplateProblem(1, 1, "more", limit, f"The template may have {limit}.", self.name),)
                    )
                try:
                    pending.append(self.snippet_unit(name, self.snippets[name]).found)
                except TemplateProblems:
                    if name in found.snippets and not self.dialect.forgives_snippets:
                        raise

    def missing_snippets(self) -> list[TemplateProblem]:
        """A problem for each snippet that the text names and that is not there; computed names are not known."""
        found = self._unit.found
        places = [
            (at, name) for name, at in (*found.snippets.items(), *found.included.items()) if name not in self.snippets
        ]
        lexer = Lexer(self._unit.text)
        return [
            TemplateProblem(
                *lexer.place(at), repr(name), "the name of a snippet", f"There is no snippet {name!r}.", self.name
            )
            for at, name in sorted(places)
        ]

    def snippet_unit(self, name: str, text: str) -> Unit:
        """A snippet compiled, once for all renders of this template."""
        unit = self._snippet_units.get(name)
        if unit is None:
            unit = self._snippet_units[name] = self.unit(text, name, frozenset(), is_part=True)
        return unit

    def unit(self, text: str, name: str, known_macros: frozenset[str], is_part: bool = False) -> Unit:
        """A text compiled under this template's settings, whole or as part of a render; raises TemplateProblems."""
        if len(text) * 3 > self.limits.template_bytes_max and _size(text) > self.limits.template_bytes_max:
            limit = f"at most {self.limits.template_bytes_max} bytes"
            raise TemplateProblems(
                (TemplateProblem(1, 1, f"{_size(text)} bytes", limit, f"The template may have {limit}.", name),)
            )
        parser = Parser(text, self.limits, has_tags=self.dialect.has_merge_tags, known_macros=known_macros)
        try:
            nodes = parser.template()
        except RecursionError as error:
            raise TemplateProblems((_too_deep(name),)) from error
        if parser.problems:
            ordered = sorted(parser.problems, key=lambda each: (each.line, each.column))
            raise TemplateProblems(tuple(msgspec.structs.replace(each, template=name) for each in ordered))
        found = survey(nodes)
        found.is_dynamic |= is_part or bool(known_macros)
        filename = f"<template {next(_serial)}>"
        try:
            compiler = Compiler(found, parser.macros, self.escape_html, filename, self.dialect.has_old_loops)
            compiled = compiler.compile(nodes)
        except (RecursionError, MemoryError, SyntaxError, OverflowError, ValueError) as error:
            raise TemplateProblems((_too_deep(name),)) from error
        return Unit(text, name, filename, found, compiled)

    def render(
        self,
        data: Mapping[str, object],
        *,
        tags: Mapping[str, str] | None = None,
        zone: tzinfo | None,
        language: str | None,
        now: datetime,
    ) -> str:
        """The text over `data`, the whole top-level context; raises RenderFailed, or passes NeedValue through."""
        macros = dict(self.macros) if self._unit.found.is_dynamic else self.macros
        return self.render_with(macros, data, tags or {}, zone, language, now)

    def render_with(
        self,
        macros: dict[str, MacroCode],
        data: Mapping[str, object],
        tags: Mapping[str, str],
        zone: tzinfo | None,
        language: str | None,
        now: datetime,
    ) -> str:
        """As `render`, with macros that may be more than the template's own, and to which the render may add."""
        render = Render(self, macros, tags, now, zone, language)
        out: list[str] = []
        unit = self._unit
        try:
            render.context = context = copied(data) if self.is_copied else dict(data)
            for name in self._tools:
                context.setdefault(name, TOOLS[name])
            unit.compiled.main(render, context, out)
        except (StopRender, BreakOut):
            pass
        except NeedCopy:
            self.is_copied = True
            return self.render_with(macros, data, tags, zone, language, now)
        except FAULTS as fault:
            raise self._failed(render, fault) from fault
        text = "".join(out) if sum(map(len, out)) <= self.limits.output_bytes_max else None
        if text is None or (len(text) * 3 > self.limits.output_bytes_max < _size(text)):
            limit = f"more than {self.limits.output_bytes_max} bytes of output"
            raise RenderFailed(limit, line=1, column=1, template=self.name, kind="limit")
        return writable(text)

    def _failed(self, render: Render, fault: BaseException) -> RenderFailed:
        """The fault with its place: that of the innermost line of a compiled template."""
        parts = (self._unit, *self._snippet_units.values(), *render.units.values())
        units = {unit.filename: unit for unit in parts}
        place, unit = 0, self._unit
        trace = fault.__traceback__
        while trace is not None:
            here = units.get(trace.tb_frame.f_code.co_filename)
            if here is not None:
                place, unit = here.compiled.places[trace.tb_lineno - 1], here
            trace = trace.tb_next
        line, column = Lexer(unit.text).place(place)
        detail = str(fault) if isinstance(fault, Failure | TemplateProblems) else _explained(fault)
        kind = fault.kind if isinstance(fault, Failure) else "value"
        return RenderFailed(detail, line=line, column=column, template=unit.name, kind=kind)


def _explained(fault: BaseException) -> str:
    if isinstance(fault, RecursionError | MemoryError):
        return "this is nested too deep, or too large"
    return f"this cannot be done with these values ({type(fault).__name__})"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _too_deep(name: str) -> TemplateProblem:
    return TemplateProblem(1, 1, "the template", "less nesting", "The template is nested too deep.", name)


COPIED = frozenset({dict, list, LazyMap})


def copied(data: Mapping[str, object]) -> dict[str, object]:
    """The data with lists and maps copied, so that a template that changes them changes nothing of the caller's."""
    seen: dict[int, object] = {}

    def one(value: object, depth: int) -> object:
        if type(value) not in COPIED:
            return value
        found = seen.get(id(value))
        if found is not None:
            return found
        if depth > 200:
            raise Failure("the data are nested too deep")
        if isinstance(value, dict):
            map_copy: dict[object, object] = {}
            seen[id(value)] = map_copy
            map_copy.update({key: one(each, depth + 1) for key, each in value.items()})
            return map_copy
        if isinstance(value, list):
            list_copy: list[object] = []
            seen[id(value)] = list_copy
            list_copy.extend(one(each, depth + 1) for each in value)
            return list_copy
        assert isinstance(value, LazyMap)
        lazy = seen[id(value)] = LazyMap({}, value.missing)
        lazy.values.update({key: one(each, depth + 1) for key, each in value.values.items()})
        return lazy

    return {key: one(value, 0) for key, value in data.items()}


def compile(
    text: str,
    *,
    name: str = "",
    limits: Limits = DEFAULT,
    escape_html: bool = False,
    snippets: Mapping[str, str] | None = None,
    dialect: Dialect = VENDOR,
) -> Template:
    """A template ready to render; raises TemplateProblems with everything that is wrong with the text.

    `escape_html`: values are escaped for HTML, the template's own text is not. `snippets`: texts that #parse and
    #include may name.
    """
    return Template(text, name=name, limits=limits, escape_html=escape_html, snippets=snippets or {}, dialect=dialect)
