"""Templates of messages, sources and snippets: under which terms they are compiled, and checks before they are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from uuid import UUID

import msgspec

from tearoff import velocity
from tearoff.config import Settings
from tearoff.domain import quotes
from tearoff.domain.shapes import unknown
from tearoff.domain.tags import promo_wish
from tearoff.errors import Invalid, Problem
from tearoff.store import pools, projects, snippets
from tearoff.store.db import Tx
from tearoff.velocity.problems import TemplateProblems

TEMPLATES_MAX = 4096
SHELVES_MAX = 64
SNIPPET_WORDS = ("parse", "include", "evaluate")
"""A text without these names no snippet, not even in a text that it evaluates."""


class Terms:
    """Under which templates are compiled: their limits, and the snippets that they may name.

    `compiled` gives the template of a text, compiled once; it raises TemplateProblems.
    """

    __slots__ = ("compiled", "limits", "snippets")

    def __init__(self, limits: velocity.Limits, snippets: Mapping[str, str]) -> None:
        def compiled(text: str, escape_html: bool = False) -> velocity.Template:
            return velocity.compile(text, limits=limits, escape_html=escape_html, snippets=snippets)

        self.limits, self.snippets = limits, snippets
        self.compiled: Callable[..., velocity.Template] = lru_cache(maxsize=TEMPLATES_MAX)(compiled)


@lru_cache(maxsize=SHELVES_MAX)
def plain(limits: velocity.Limits) -> Terms:
    """The terms of all templates that name no snippet."""
    return Terms(limits, {})


PLAIN = plain(velocity.DEFAULT)
_shelves: OrderedDict[tuple[int, velocity.Limits], tuple[UUID, Terms]] = OrderedDict()


def limits_of(settings: Settings, own: Mapping[str, float] | None = None) -> velocity.Limits:
    """The limits that the operator set, made tighter where the project's `own` are."""
    limits = msgspec.structs.replace(velocity.DEFAULT, **settings.template_limits)
    tighter = {name: min(value, getattr(limits, name)) for name, value in (own or {}).items() if hasattr(limits, name)}
    return msgspec.structs.replace(limits, **tighter)


def limit_problems(own: Mapping[str, float], limits: velocity.Limits, at: str) -> list[Problem]:
    """What is wrong with a project's own limits, which may only be tighter than those that hold for all."""
    problems: list[Problem] = []
    for name, value in own.items():
        most = getattr(limits, name, None)
        if most is None:
            problems.append(Problem(f"{at}/{name}", unknown(name, list(limits.__struct_fields__))))
        elif not 0 < value <= most or (type(most) is int and value != int(value)):
            problems.append(Problem(f"{at}/{name}", f"A number up to {most} is needed."))
    return problems


async def limits_for(tx: Tx, *, project_id: int, settings: Settings) -> velocity.Limits:
    """The limits that hold for a project's templates."""
    project = await projects.get(tx, project_id=project_id)
    return limits_of(settings, project.template_limits)


async def terms_for(
    tx: Tx, *, project_id: int, texts: Iterable[str | None], limits: velocity.Limits, is_held: bool = False
) -> Terms:
    """The terms for some texts; nothing is asked of the database unless one of them may name a snippet.

    `is_held`: no snippet changes before the transaction ends, for who keeps a template that names one.
    """
    if not any(word in text for text in texts if text for word in SNIPPET_WORDS):
        return plain(limits)
    mark = await snippets.get_mark(tx, project_id=project_id, is_held=is_held)
    if mark is None:
        return plain(limits)
    held = _shelves.pop((project_id, limits), None)
    if held is None or held[0] != mark:
        held = mark, Terms(limits, await snippets.list_texts(tx, project_id=project_id))
        if len(_shelves) >= SHELVES_MAX:
            _shelves.popitem(last=False)
    _shelves[project_id, limits] = held
    return held[1]


def check(templates: Iterable[tuple[str, str]], at: str = "", terms: Terms = PLAIN) -> list[Problem]:
    """Everything wrong with some templates, each given with its JSON pointer; line and column count from 1."""
    return [Problem(at + pointer, detail) for pointer, text in templates for detail in check_one(text, terms)]


def check_one(text: str, terms: Terms = PLAIN) -> list[str]:
    """Every problem of a template as a sentence; curly quotes hide what else is wrong, so they come alone."""
    if curly := quotes.find(text):
        return [f"line {each.line}, column {each.column}: {each.detail}" for each in curly]
    try:
        template = terms.compiled(text)
    except TemplateProblems as error:
        return [problem.sentence for problem in error.problems]
    return [problem.sentence for problem in template.missing_snippets()]


def merge_tags(text: str, terms: Terms = PLAIN) -> list[str]:
    """The names of the merge tags in a template that compiles; none in another."""
    try:
        return list(dict.fromkeys(tag.name for tag in terms.compiled(text).merge_tags))
    except TemplateProblems:
        return []


async def check_pools(
    tx: Tx, *, project_id: int, templates: Iterable[tuple[str, str]], at: str = "", terms: Terms = PLAIN
) -> list[Problem]:
    """A problem for every merge tag that asks for a code wrongly, or from a pool which is not there."""
    problems: list[Problem] = []
    named: list[tuple[str, str, str]] = []
    for pointer, text in templates:
        for tag in merge_tags(text, terms):
            try:
                if wish := promo_wish(tag):
                    named.append((at + pointer, tag, wish[0]))
            except Invalid as error:
                problems += [Problem(at + pointer, f"{each.pointer}: {each.detail}") for each in error.problems]
    types = [type for _, _, type in named]
    known = await pools.find_by_types(tx, project_id=project_id, types=types) if types else {}
    missing = [(place, tag, type) for place, tag, type in named if type not in known]
    return problems + [Problem(at, f"%{tag}%: there is no pool of the type {type!r}.") for at, tag, type in missing]
