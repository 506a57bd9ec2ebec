"""What compiled templates call while they render: the state of one render, and the operations of the language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from tearoff import clock
from tearoff.velocity.arguments import LEAST, Unsuitable, cut
from tearoff.velocity.arithmetic import number
from tearoff.velocity.escapes import html
from tearoff.velocity.jumps import BreakOut
from tearoff.velocity.limits import Limits
from tearoff.velocity.methods import METHODS, PROPERTIES
from tearoff.velocity.problems import Failure, LimitReached
from tearoff.velocity.values import (
    SEQUENCES,
    Block,
    Collection,
    Cursor,
    Entry,
    LazyMap,
    Safe,
    Scope,
    mapping,
    number_text,
    text_of,
)

if TYPE_CHECKING:
    from tearoff.velocity.calls import MacroCode
    from tearoff.velocity.template import Template
    from tearoff.velocity.units import Unit

CHECK_EVERY = 20_000

Context = dict[str, object]
Function = Callable[["Render", Context, list[str]], object]


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
        self.macro_depth = self.parse_depth = self.evaluate_depth = 0
        self.units: dict[str, Unit] = {}
        self.next_check = max(limits.steps_max - CHECK_EVERY, 0)
        self.until = clock.monotonic() + limits.render_seconds_max

    def spend(self, steps: int) -> None:
        """Use up steps; refuses when none are left or time is over."""
        self.steps -= steps
        if self.steps < self.next_check:
            self.next_check = max(self.steps - CHECK_EVERY, 0)
            if self.steps < 0:
                raise LimitReached(f"more than {self.limits.steps_max} steps")
            self.check_time()

    def check_time(self) -> None:
        """Refuse to go on after render_seconds_max."""
        if clock.monotonic() > self.until:
            raise LimitReached(f"more than {self.limits.render_seconds_max} seconds")

    def regex_seconds(self) -> float:
        """How long a regular expression may run now: its own limit, or what is left of the render's."""
        self.check_time()
        return max(min(self.limits.regex_seconds_max, self.until - clock.monotonic()), 0.001)

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
        if block.depth >= block.depth_max:
            return None
        out: list[str] = []
        self.print_block(block, self.context if context is None else context, out)
        return joined(self, out)

    context: Context

    def print_block(self, block: Block, context: Context, out: list[str]) -> bool:
        """Print a block; False when it is already printing itself too often."""
        block.depth += 1
        try:
            if block.depth > block.depth_max:
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
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if value is None:
        return absent
    if kind is int:
        return str(value)
    if kind is float:
        return number_text(value)  # type: ignore[arg-type]
    if type(value) is Block:
        text = render.block_text(value)
        return absent if text is None else text
    return text_of(render, value)


UNESCAPED = frozenset({bool, Safe, Block})


def printed_html(render: Render, value: Any, absent: str) -> str:
    """What a reference prints into HTML: values are escaped, the template's own text is not."""
    kind = type(value)
    if kind is str:
        if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
            return html(value)
        return str(value)
    if kind is int:
        return str(value)
    if kind is float:
        return number_text(value)
    if value is None or kind in UNESCAPED:
        return printed(render, value, absent)
    return html(text_of(render, value))


def printed_after(
    render: Render, value: object, absent: str, before: str, show: Callable[[Render, object, str], str]
) -> str:
    """What a reference prints that text leans on: `before` only where there is a value."""
    return absent if value is None else before + show(render, value, absent)


def show(
    render: Render,
    out: list[str],
    value: object,
    absent: str,
    before: str,
    printer: Callable[[Render, object, str], str],
) -> None:
    """Print a reference that may be a block: what a block prints before it stops the render stays printed."""
    if type(value) is Block and value.depth < value.depth_max:
        out.append(before)
        render.print_block(value, render.context, out)
    else:
        out.append(absent if value is None else before + printer(render, value, absent))


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
    if type(value) is dict or type(value) is LazyMap or type(value) is Scope:
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


def getter(render: Render, value: object) -> Callable[[object], object]:
    """A function for `value.name` of names that are no methods."""
    return value.get if type(value) is dict else lambda name: prop(render, value, str(name))


def lookup(render: Render, value: object) -> Callable[[object], object]:
    """A function for `value.get('name')`."""
    return value.get if type(value) is dict else lambda name: call(render, value, "get", (name,))


def item(render: Render, value: object, index: object) -> object:
    """`value[index]`; negative indexes count from the end."""
    if isinstance(value, SEQUENCES):
        if type(index) is int and LEAST <= index < 0:
            index += len(value)
        return call(render, value, "get", (index,))
    if mapping(value) is not None or type(value) is Scope:
        return call(render, value, "get", (index,))
    if type(index) is int and LEAST <= index < 0:
        raise Failure(f"the index {index} of something that is no list")
    return None


def put(render: Render, value: object, name: object, new: object, is_index: bool) -> None:
    """`#set($value.name = new)` and `#set($value[name] = new)`."""
    if isinstance(value, SEQUENCES):
        if is_index:
            if type(name) is int and LEAST <= name < 0:
                name += len(value)
            call(render, value, "set", (name, new))
    elif is_index and type(name) is int and LEAST <= name < 0 and mapping(value) is None and value is not None:
        raise Failure(f"the index {name} of something that is no list")
    elif mapping(value) is not None or type(value) is Scope:
        call(render, value, "put", (name, new))
    elif type(value) is Entry and name == "value":
        value.set(new)


def iterate(render: Render, value: object, cost: int) -> Sequence[object]:
    """What a loop runs over, paid for in advance; empty for what cannot be looped over."""
    if isinstance(value, list | tuple | range):
        items: Sequence[object] = value
    elif type(value) is Collection:
        items = value.items()
    elif (entries := mapping(value)) is not None:
        items = list(entries.values())
    elif type(value) is Cursor:
        items = value.rest()
    else:
        return ()
    if cost:
        render.spend(len(items) * cost)
        if len(items) * cost > CHECK_EVERY:
            return Paced(render, items, cost)
    return items


class Paced(Sequence[object]):
    """The items of a long loop, with a look at the clock between some of them."""

    __slots__ = ("every", "items", "render")

    def __init__(self, render: Render, items: Sequence[object], cost: int) -> None:
        self.render, self.items, self.every = render, items, max(CHECK_EVERY // cost, 1)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, at: Any) -> Any:
        if at % self.every == 0:
            self.render.check_time()
        return self.items[at]

    def __iter__(self) -> Iterator[object]:
        for at in range(0, len(self.items), self.every):
            self.render.check_time()
            yield from self.items[at : at + self.every]


def watched(value: object, items: Sequence[object]) -> Iterator[object]:
    """The items of a list or a map in a template that may change it; fails when it grew or shrank meanwhile."""
    entries = value.source if type(value) is Collection else mapping(value)
    source = items if entries is None else entries
    size = len(source)
    at = 0
    while at != (len(items) if entries is None else size):
        if len(source) != size:
            raise Failure("a list or map was changed while a loop ran over it")
        yield items[at]
        at += 1


def between(render: Render, first: object, last: object) -> range | None:
    """`[first..last]`, upwards or downwards; None when a bound is no number, nor a text that spells one."""
    first, last = number(first), number(last)
    if first is None or last is None:
        return None
    first, last = cut(first), cut(last)
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


def loop_scope(context: Context, items: Sequence[object]) -> Scope:
    """Enter a loop: `$foreach` is its scope, and what was `$foreach` before is its parent."""
    scope = context["foreach"] = Scope(context.get("foreach"), len(items))
    return scope


def forget(context: Context, name: str, old: object) -> None:
    """Give the variable of a loop back what it was before."""
    if old is None:
        context.pop(name, None)
    else:
        context[name] = old


def restore_loop(context: Context, scope: Scope) -> None:
    """Leave a loop: `$foreach` is what it was outside, but for what the template itself has put in its place."""
    if type(context.get("foreach", scope)) is not Scope:
        return
    if scope.parent is None:
        context.pop("foreach", None)
    else:
        context["foreach"] = scope.parent


def refuse_loop() -> None:
    """The end of a loop whose variable took the place of `$foreach`, in the reference engine."""
    raise Failure("the variable of a loop cannot be $foreach")


def break_out(value: object) -> None:
    """`#break(scope)`"""
    if not isinstance(value, Scope):
        raise Failure("#break needs a scope such as $foreach")
    raise BreakOut(value)
