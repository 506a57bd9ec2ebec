"""What compiled templates call while they render: the state of one render, and the operations of the language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from tearoff import clock
from tearoff.velocity.arguments import Unsuitable
from tearoff.velocity.escapes import html
from tearoff.velocity.limits import Limits
from tearoff.velocity.methods import METHODS, PROPERTIES
from tearoff.velocity.problems import Failure, LimitReached, MissingSnippet, TemplateProblems
from tearoff.velocity.values import BLOCK_DEPTH_MAX, SEQUENCES, Block, LazyMap, Safe, Scope, mapping, text_of

if TYPE_CHECKING:
    from tearoff.velocity.compiler import Unit
    from tearoff.velocity.template import Template

CHECK_EVERY = 20_000

Context = dict[str, object]
Function = Callable[["Render", Context, list[str]], object]


class BreakOut(Exception):  # noqa: N818, RUF100 - a jump, not an error
    """Leaves the innermost loop, or the one whose Scope is given."""

    def __init__(self, scope: object = None) -> None:
        super().__init__()
        self.scope = scope


class StopRender(Exception):  # noqa: N818, RUF100 - a jump, not an error
    """Ends the whole render with what it has."""


class MacroCode:
    """A compiled macro: names of its parameters, functions for their defaults, and the body."""

    __slots__ = ("body", "name", "parameters")

    def __init__(
        self, name: str, parameters: Sequence[tuple[str, Callable[[Render, Context], object] | None]], body: Function
    ) -> None:
        self.name, self.parameters, self.body = name, parameters, body


class Render:
    """One render under way: its limits, what it has used of them, and its surroundings."""

    def __init__(
        self,
        template: Template,
        macros: dict[str, MacroCode],
        tags: Mapping[str, str],
        now: datetime,
        zone: tzinfo | None,
        language: str | None,
    ) -> None:
        self.template, self.macros, self.tags = template, macros, tags
        self.limits: Limits = template.limits
        limits = self.limits
        self.now, self.zone, self.language = now, zone, language
        self.steps = limits.steps_max
        self.memory = limits.memory_max
        self.macro_depth = self.parse_depth = 0
        self.units: dict[tuple[str, str], Unit] = {}
        self.next_check = limits.steps_max - CHECK_EVERY
        self.until = 0.0

    def spend(self, steps: int) -> None:
        """Use up steps; refuses when none are left or time is over."""
        self.steps -= steps
        if self.steps < self.next_check:
            self.next_check = self.steps - CHECK_EVERY
            if self.steps < 0:
                raise LimitReached(f"more than {self.limits.steps_max} steps")
            self.check_time()

    def check_time(self) -> None:
        """Refuse to go on after render_seconds_max."""
        instant = clock.monotonic()
        if not self.until:
            self.until = instant + self.limits.render_seconds_max
        elif instant > self.until:
            raise LimitReached(f"more than {self.limits.render_seconds_max} seconds")

    def build(self, size: int) -> None:
        """Use up memory for `size` characters or elements."""
        self.memory -= size
        if self.memory < 0:
            raise LimitReached(f"more than {self.limits.memory_max} characters and elements built")

    def check_string(self, length: int) -> None:
        """Refuse a string that is too long, and pay for it otherwise."""
        if length > 256:
            if length > self.limits.string_max:
                raise LimitReached(f"a string longer than {self.limits.string_max} characters")
            self.build(length)

    def block_text(self, block: Block, context: Context | None = None) -> str | None:
        """What a block prints; None when it is already printing itself too often."""
        if block.depth >= BLOCK_DEPTH_MAX:
            return None
        out: list[str] = []
        self.print_block(block, self.context if context is None else context, out)
        text = "".join(out)
        self.check_string(len(text))
        return text

    context: Context

    def print_block(self, block: Block, context: Context, out: list[str]) -> bool:
        """Print a block; False when it is already printing itself too often."""
        block.depth += 1
        try:
            if block.depth > BLOCK_DEPTH_MAX:
                return False
            self.spend(1)
            block.function(self, context, out)
        except BreakOut as jump:
            if jump.scope is not None:
                raise
        finally:
            block.depth -= 1
        return True


def printed(render: Render, value: object, absent: str) -> str:
    """What a reference prints: its value, or `absent` where there is none."""
    if value is None:
        return absent
    if type(value) is Block:
        text = render.block_text(value)
        return absent if text is None else text
    return text_of(render, value)


def printed_html(render: Render, value: object, absent: str) -> str:
    """What a reference prints into HTML: values are escaped, the template's own text is not."""
    if value is None or type(value) is Safe or type(value) is Block:
        return printed(render, value, absent)
    return html(text_of(render, value))


def printed_after(
    render: Render, value: object, absent: str, before: str, show: Callable[[Render, object, str], str]
) -> str:
    """What a reference prints that text leans on: `before` only where there is a value."""
    return absent if value is None else before + show(render, value, absent)


def joined(render: Render, pieces: Sequence[str]) -> str:
    """The value of a string literal that holds references."""
    render.check_string(sum(map(len, pieces)))
    return "".join(pieces)


def string(render: Render, context: Context, function: Function) -> str:
    """The value of a string literal that holds directives."""
    out: list[str] = []
    function(render, context, out)
    return joined(render, out)


def prop(render: Render, value: object, name: str) -> object:
    """`value.name`"""
    if value is None:
        return None
    table = PROPERTIES.get(type(value))
    if table is not None:
        getter = table.get(name)
        if getter is not None:
            return getter(render, value)
    if type(value) is dict or type(value) is LazyMap:
        return value.get(name)
    return None


def call(render: Render, value: object, name: str, arguments: tuple[object, ...]) -> object:
    """`value.name(arguments)`; None where the closed tables know no such method."""
    table = METHODS.get(type(value))
    if table is None:
        return None
    method = table.get((name, len(arguments)))
    if method is None:
        return None
    try:
        return method(render, value, *arguments)
    except Unsuitable:
        return None


def item(render: Render, value: object, index: object) -> object:
    """`value[index]`; negative indexes count from the end."""
    if isinstance(value, SEQUENCES):
        if type(index) is int and index < 0:
            index += len(value)
        return call(render, value, "get", (index,))
    if mapping(value) is not None:
        return call(render, value, "get", (index,))
    return None


def put(render: Render, value: object, name: object, new: object, is_index: bool) -> None:
    """`#set($value.name = new)` and `#set($value[name] = new)`."""
    if isinstance(value, SEQUENCES):
        if is_index:
            if type(name) is int and name < 0:
                name += len(value)
            call(render, value, "set", (name, new))
    elif mapping(value) is not None:
        call(render, value, "put", (name, new))


def iterate(render: Render, value: object, cost: int) -> Sequence[object]:
    """What a loop runs over, paid for in advance; empty for what cannot be looped over."""
    if isinstance(value, list | tuple | range):
        items: Sequence[object] = value
    elif (entries := mapping(value)) is not None:
        items = list(entries.values())
    else:
        return ()
    if cost:
        render.spend(len(items) * cost)
    return items


def between(render: Render, first: object, last: object) -> range | None:
    """`[first..last]`, upwards or downwards; None when a bound is no whole number."""
    if type(first) is not int or type(last) is not int:
        return None
    if abs(first - last) >= render.limits.range_max:
        raise LimitReached(f"a range of more than {render.limits.range_max} numbers")
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def entries(render: Render, pairs: Iterable[tuple[object, object]]) -> dict[object, object]:
    """A map literal's value."""
    found: dict[object, object] = {}
    for key, value in pairs:
        call(render, found, "put", (key, value))
    return found


def tag(render: Render, name: str, fallback: str | None, literal: str) -> str:
    """What a merge tag prints: its value, else its fallback; an unknown tag without fallback stays as written."""
    value = render.tags.get(name)
    if value is None:
        return literal if fallback is None else fallback
    return value or fallback or ""


def tag_html(render: Render, name: str, fallback: str | None, literal: str) -> str:
    """As `tag`, with the value escaped for HTML."""
    value = render.tags.get(name)
    return html(value) if value else tag(render, name, fallback, literal)


def call_macro(
    render: Render,
    context: Context,
    out: list[str],
    name: str,
    arguments: Callable[[], tuple[object, ...]],
    body: Function | None,
    literal: str,
    refused: str,
) -> None:
    """Run a macro with values bound to its parameters; print the call as written where no such macro is."""
    code = render.macros.get(name)
    if code is None:
        out.append(literal)
        return
    if refused:
        raise Failure(f"the bare word {refused} cannot be an argument of the macro #{name}")
    if render.macro_depth >= render.limits.macro_depth_max:
        raise LimitReached(f"macros call each other more than {render.limits.macro_depth_max} deep, in #{name}")
    values = list(arguments())
    old_body = context.get("bodyContent")
    block = Block(body) if body is not None else None
    if block is not None:
        context["bodyContent"] = block
    bound = _bind(render, context, code, values)
    render.macro_depth += 1
    render.spend(1)
    try:
        code.body(render, context, out)
    except BreakOut as jump:
        if jump.scope is not None:
            raise
    finally:
        render.macro_depth -= 1
    if block is not None and context.get("bodyContent") is block:
        _restore(context, "bodyContent", old_body, old_body is not None)
    for parameter, value, old, was_there in bound:
        if context.get(parameter) is value:
            _restore(context, parameter, old, was_there)


def _bind(
    render: Render, context: Context, code: MacroCode, values: list[object]
) -> list[tuple[str, object, object, bool]]:
    for _, default in code.parameters[len(values) :]:
        if default is None:
            break
        values.append(default(render, context))
    bound = []
    for (parameter, _), value in zip(code.parameters, values, strict=False):
        bound.append((parameter, value, context.get(parameter), parameter in context))
        context[parameter] = value
    return bound


def _restore(context: Context, name: str, value: object, was_there: bool) -> None:
    if was_there:
        context[name] = value
    else:
        context.pop(name, None)


def loop_scope(context: Context, items: Sequence[object]) -> Scope:
    """Enter a loop: `$foreach` is its scope, and what was `$foreach` before is its parent."""
    scope = context["foreach"] = Scope(context.get("foreach"), len(items))
    return scope


def restore_loop(context: Context, scope: Scope) -> None:
    """Leave a loop: `$foreach` is what it was outside."""
    if scope.parent is None:
        context.pop("foreach", None)
    else:
        context["foreach"] = scope.parent


def break_out(value: object) -> None:
    """`#break(scope)`"""
    if not isinstance(value, Scope):
        raise Failure("#break needs a scope such as $foreach")
    raise BreakOut(value)


def evaluate(render: Render, context: Context, out: list[str], source: object) -> None:
    """`#evaluate`: a text as a template, over the same context."""
    if source is None:
        return
    if not isinstance(source, str):
        raise Failure("#evaluate needs text")
    _run(render, context, out, source, "#evaluate", render.limits.macro_depth_max)


def parse(render: Render, context: Context, out: list[str], name: object) -> None:
    """`#parse`: a snippet as a template, over the same context."""
    if name is not None:
        _run(render, context, out, snippet(render, name), str(name), render.limits.parse_depth_max)


def include(render: Render, name: object) -> str:
    """`#include`: a snippet as text."""
    return "" if name is None else snippet(render, name)


def snippet(render: Render, name: object) -> str:
    """The text of a snippet."""
    found = render.template.snippets.get(name) if isinstance(name, str) else None
    if found is None:
        raise MissingSnippet(f"there is no snippet {name!r}"[:200])
    return found


def _run(render: Render, context: Context, out: list[str], text: str, name: str, depth_max: int) -> None:
    if render.parse_depth >= depth_max:
        raise LimitReached(f"{name} inside {name}, more than {depth_max} deep")
    unit = render.units.get((name, text))
    if unit is None:
        if len(render.units) >= render.limits.evaluations_max:
            raise LimitReached(f"more than {render.limits.evaluations_max} texts to evaluate")
        render.spend(100 + len(text) // 10)
        try:
            unit = render.template.unit(text, name, frozenset(render.macros))
        except TemplateProblems as error:
            raise Failure(error.detail) from error
        render.units[name, text] = unit
    for macro in unit.compiled.macros:
        render.macros.setdefault(macro.name, macro)
    render.parse_depth += 1
    render.spend(1)
    try:
        unit.compiled.main(render, context, out)
    except BreakOut as jump:
        if jump.scope is not None:
            raise
    finally:
        render.parse_depth -= 1
