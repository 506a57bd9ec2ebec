"""Calls of macros and of other templates: #name, #@name, #evaluate, #parse and #include."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tearoff.velocity.jumps import BreakOut
from tearoff.velocity.problems import Failure, LimitReached, MissingSnippet, TemplateProblems
from tearoff.velocity.runtime import Context, Function, Render
from tearoff.velocity.values import Block, text_of

if TYPE_CHECKING:
    from tearoff.velocity.units import Unit


class MacroCode:
    """A compiled macro: names of its parameters, functions for their defaults, and the body."""

    __slots__ = ("body", "name", "parameters")

    def __init__(
        self, name: str, parameters: Sequence[tuple[str, Callable[[Render, Context], object] | None]], body: Function
    ) -> None:
        self.name, self.parameters, self.body = name, parameters, body


def call_macro(
    render: Render,
    context: Context,
    out: list[str],
    name: str,
    arguments: Callable[[int], tuple[object, ...]],
    body: Function | None,
    literal: str,
    refused: str,
) -> None:
    """Run a macro with values bound to its parameters; print the call as written where no such macro is.

    `arguments` gives the values of the first so many; those that no parameter takes are not looked at.
    """
    code = render.macros.get(name)
    if code is None:
        out.append(literal)
        return
    if refused:
        raise Failure(f"the bare word {refused} cannot be an argument of the macro #{name}")
    if render.macro_depth >= render.limits.macro_depth_max:
        raise LimitReached(f"macros call each other more than {render.limits.macro_depth_max} deep, in #{name}")
    bound: list[tuple[str, object, object, bool]] = []
    old_body = context.get("bodyContent")
    block = Block(body, render.limits.macro_depth_max) if body is not None else None
    render.macro_depth += 1
    render.spend(1)
    try:
        values = list(arguments(len(code.parameters)))
        context["bodyContent"] = block
        _bind(render, context, code, values, bound)
        code.body(render, context, out)
    except BreakOut as jump:
        if jump.scope is not None:
            raise
    finally:
        render.macro_depth -= 1
    if context.get("bodyContent") is block:
        _restore(context, "bodyContent", old_body, old_body is not None)
    for parameter, value, old, was_there in reversed(bound):
        if context.get(parameter) is value:
            _restore(context, parameter, old, was_there)


def _bind(
    render: Render,
    context: Context,
    code: MacroCode,
    values: list[object],
    bound: list[tuple[str, object, object, bool]],
) -> None:
    """Give the parameters their values; `bound` gets what each was before."""
    for _, default in code.parameters[len(values) :]:
        values.append(None if default is None else default(render, context))
    for (parameter, _), value in zip(code.parameters, values, strict=False):
        bound.append((parameter, value, context.get(parameter), parameter in context))
        context[parameter] = value


def _restore(context: Context, name: str, value: object, was_there: bool) -> None:
    if was_there:
        context[name] = value
    else:
        context.pop(name, None)


def evaluate(render: Render, context: Context, out: list[str], source: object) -> None:
    """`#evaluate`: a text as a template, over the same context; compiling it is paid for in steps."""
    if source is None:
        return
    text = text_of(render, source)
    unit = render.units.get(text)
    if unit is None:
        if len(render.units) >= render.limits.evaluations_max:
            raise LimitReached(f"more than {render.limits.evaluations_max} texts to evaluate")
        render.spend(100 + 10 * len(text))
        try:
            unit = render.template.unit(text, "#evaluate", frozenset(render.macros), is_part=True)
        except TemplateProblems as error:
            raise Failure(error.detail) from error
        render.units[text] = unit
    if render.evaluate_depth >= render.limits.macro_depth_max:
        raise LimitReached(f"#evaluate inside #evaluate, more than {render.limits.macro_depth_max} deep")
    render.evaluate_depth += 1
    try:
        _run(render, context, out, unit)
    finally:
        render.evaluate_depth -= 1


def parse(render: Render, context: Context, out: list[str], name: object) -> None:
    """`#parse`: a snippet as a template, over the same context."""
    if name is None:
        return
    text = snippet(render, name)
    deepest = render.limits.parse_depth_max
    if render.parse_depth >= deepest - 1 and render.template.dialect.forgives_snippets:
        return
    if render.parse_depth >= deepest:
        raise LimitReached(f"{name} inside {name}, more than {deepest} deep")
    try:
        unit = render.template.snippet_unit(str(name), text)
    except TemplateProblems as error:
        raise Failure(error.detail) from error
    render.parse_depth += 1
    try:
        _run(render, context, out, unit)
    finally:
        render.parse_depth -= 1


def include(render: Render, name: object, at: int) -> str:
    """`#include`: a snippet as text; for a name that is null the sentence that the reference engine prints."""
    return f"null error with arg {at} please see log. null" if name is None else snippet(render, name)


def snippet(render: Render, name: object) -> str:
    """The text of a snippet."""
    found = render.template.snippets.get(name) if isinstance(name, str) else None
    if found is None:
        raise MissingSnippet(f"there is no snippet {name!r}"[:200])
    return found


def _run(render: Render, context: Context, out: list[str], unit: Unit) -> None:
    for macro in unit.compiled.macros:
        render.macros.setdefault(macro.name, macro)
    render.spend(1)
    try:
        unit.compiled.main(render, context, out)
    except BreakOut as jump:
        if jump.scope is not None:
            raise
