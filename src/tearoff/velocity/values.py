"""The closed set of values that a template may hold: how each prints, compares and counts as true.

str, bool, int, float, Decimal, list, tuple, range, dict and LazyMap come from data and literals; Scope, Block, Entry
and the tools are the language's own. Nothing else is ever looked into.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from tearoff.velocity.doubles import digits
from tearoff.velocity.problems import Failure, LimitReached

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

DEPTH_MAX = 100
NUMBERS = (int, float, Decimal)
BLOCK_DEPTH_MAX = 2
"""How often a #define may print itself inside itself; the body of a block macro may as often as macros may nest."""
_MISSING = object()


class LazyMap:
    """A map for `$data` whose absent keys are asked for.

    `missing(key)` returns the value, which is remembered, or raises NeedValue, which passes through the render.
    """

    __slots__ = ("missing", "values")

    def __init__(self, values: dict[str, object], missing: Callable[[str], object]) -> None:
        self.values, self.missing = values, missing

    def get(self, key: object) -> object:
        """The value under `key`, asked for if need be."""
        found = self.values.get(key, _MISSING)  # type: ignore[call-overload]
        if found is _MISSING:
            if not isinstance(key, str):
                return None
            found = self.values[key] = self.missing(key)
        return found


class Safe(str):
    """Text that is HTML already, from `$esc.html`; auto-escaping leaves it alone."""

    __slots__ = ()


class Key:
    """The key of a map that Python would refuse, or take for another: a list, a map, a double, a truth value."""

    __slots__ = ("text", "value")

    def __init__(self, value: object, text: str) -> None:
        self.value, self.text = value, f"{type(value).__name__} {text}"

    def __eq__(self, other: object) -> bool:
        return type(other) is Key and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def bare(key: object) -> object:
    """A key as the template sees it."""
    return key.value if type(key) is Key else key


class Char(str):
    """One character of a text, as `charAt` gives it: it prints as a text but is none."""

    __slots__ = ()


class Tool:
    """A tool such as `$mathTool`; its methods are a closed table."""

    __slots__ = ()


class Entry:
    """One key and value of a map, as `entrySet` gives them; what the map holds later is seen."""

    __slots__ = ("_value", "held", "key", "source")

    def __init__(self, key: object, value: object, source: dict[object, object] | None = None) -> None:
        self.held, self.key, self._value, self.source = key, bare(key), value, source

    @property
    def value(self) -> object:
        """What the map holds now, or held last."""
        if self.source is not None:
            self._value = self.source.get(self.held, self._value)
        return self._value

    def set(self, new: object) -> object:
        """Put another value into the map; gives the old one."""
        old, self._value = self.value, new
        if self.source is not None and self.held in self.source:
            self.source[self.held] = new
        return old


class Collection(Sequence[object]):
    """The keys, values or entries of a map: can be looped over and counted, but has no places; changes with the map."""

    __slots__ = ("kind", "source")

    def __init__(self, source: dict[object, object], kind: Literal["keys", "values", "entries"]) -> None:
        self.source, self.kind = source, kind

    def items(self) -> list[object]:
        """What it holds now."""
        if self.kind == "keys":
            return [bare(key) for key in self.source]
        if self.kind == "values":
            return list(self.source.values())
        return [Entry(key, value, self.source) for key, value in self.source.items()]

    def __len__(self) -> int:
        return len(self.source)

    def __iter__(self) -> Iterator[object]:
        return iter(self.items())

    def __getitem__(self, at: Any) -> Any:
        return self.items()[at]


class Array(list[object]):
    """An array of Java's, as `split` gives it: a list of a fixed length that is equal only to itself.

    `only` is the one type of value that may be put into it, if not any.
    """

    __slots__ = ("only",)

    def __init__(self, items: Iterable[object], only: type | None = None) -> None:
        super().__init__(items)
        self.only = only


SEQUENCES = (list, tuple, range, Collection)


class Cursor:
    """Where an `iterator()` of a list or of what a map holds stands."""

    __slots__ = ("at", "items", "size", "source")

    def __init__(self, source: Sequence[object]) -> None:
        self.source, self.size, self.at = source, len(source), 0
        self.items: Sequence[object] = source.items() if type(source) is Collection else source

    def has_next(self) -> bool:
        """Whether something is left."""
        return self.at != len(self.source)

    def next(self) -> object:
        """What comes next; fails at the end, and when the list or map grew or shrank meanwhile."""
        if len(self.source) != self.size:
            raise Failure("a list or map was changed while an iterator ran over it")
        if self.at >= self.size:
            raise Failure("the iterator is at its end")
        self.at += 1
        return self.items[self.at - 1]

    def rest(self) -> list[object]:
        """All that is left, taken."""
        found = []
        while self.has_next():
            found.append(self.next())
        return found


class Scope:
    """`$foreach`: where a loop stands."""

    __slots__ = ("index", "length", "parent", "values")

    def __init__(self, parent: object, length: int) -> None:
        self.index, self.length, self.parent = -1, length, parent
        self.values: dict[object, object] | None = None

    def get(self, key: object) -> object:
        """What the template itself has put there, or into a loop around."""
        scope: object = self
        while isinstance(scope, Scope):
            if scope.values and key in scope.values:
                return scope.values[key]
            scope = scope.parent
        return None


class Block:
    """The body of a #define or of a block macro; renders itself where it is printed."""

    __slots__ = ("depth", "depth_max", "function")

    def __init__(
        self, function: Callable[[Render, dict[str, object], list[str]], object], depth_max: int = BLOCK_DEPTH_MAX
    ) -> None:
        self.function, self.depth, self.depth_max = function, 0, depth_max


def mapping(value: object) -> dict[object, object] | None:
    """The entries of a map, or None for anything else."""
    if type(value) is dict:
        return value
    if type(value) is LazyMap:
        return value.values  # type: ignore[return-value]
    return None


def truth(value: object) -> bool:
    """Whether `#if` takes the branch: null, false, zero and whatever is empty are false."""
    if value is None or value is False:
        return False
    if value is True:
        return True
    kind = type(value)
    if kind is Block:
        return value.depth <= value.depth_max  # type: ignore[attr-defined, no-any-return]
    if kind is Scope:
        return bool(value.values)  # type: ignore[attr-defined]
    if kind not in SIZED:
        return True
    if kind is LazyMap:
        return bool(value.values)  # type: ignore[attr-defined]
    return bool(value)


SIZED = frozenset({str, Safe, Char, int, float, Decimal, list, tuple, range, dict, Collection, Array})


def number_text(value: float) -> str:
    """A double as Java prints it."""
    if 1e-3 <= value < 1e7 or -1e7 < value <= -1e-3:
        return repr(value)
    if value != value:
        return "NaN"
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    text, point = digits(abs(value))
    lead = "-" if value < 0 else ""
    return f"{lead}{text[0]}.{text[1:] or '0'}E{point - 1}"


def text_of(render: Render, value: object) -> str:
    """What a value prints; the render pays for long results."""
    kind = type(value)
    if kind is str or kind is Safe:
        return value  # type: ignore[return-value]
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is Char:
        return str(value)
    if kind is float:
        return number_text(value)  # type: ignore[arg-type]
    pieces: list[str] = []
    _write(render, value, pieces, 0)
    return "".join(pieces)


def _write(render: Render, value: object, pieces: list[str], depth: int) -> None:
    if depth > DEPTH_MAX:
        raise LimitReached("this value is nested too deep to be printed")
    if isinstance(value, SEQUENCES):
        _write_all(render, value, pieces, depth, ("[", "]"), value)
    elif (entries := mapping(value)) is not None:
        _write_all(render, (Entry(k, v) for k, v in entries.items()), pieces, depth, ("{", "}"), value)
    elif type(value) is Entry:
        for part, mark in ((value.key, "="), (value.value, "")):
            _write(render, part, pieces, depth + 1)
            pieces.append(mark)
    elif value is None:
        pieces.append("null")
    elif type(value) is Decimal:
        pieces.append(decimal_text(value))
    elif type(value) is Scope:
        _write(render, value.values or {}, pieces, depth + 1)
    elif type(value) is Block:
        block_text = render.block_text(value)
        pieces.append("null" if block_text is None else block_text)
    elif isinstance(value, str | bool | int | float):
        pieces.append(text_of(render, value))
    elif isinstance(value, Tool | Cursor):
        pieces.append(type(value).__name__)
    else:
        raise Failure("a value of a kind that templates do not know")
    render.build(len(pieces[-1]))


def _write_all(
    render: Render, items: Iterable[object], pieces: list[str], depth: int, ends: tuple[str, str], whole: object
) -> None:
    pieces.append(ends[0])
    mark = ""
    for item in items:
        pieces.append(mark)
        mark = ", "
        if item is whole or (type(item) is Entry and item.value is whole):
            named = "(this Map)" if ends[0] == "{" else "(this Collection)"
            pieces.append(named if type(item) is not Entry else f"{text_of(render, item.key)}={named}")
        else:
            _write(render, item, pieces, depth + 1)
        render.build(2)
    pieces.append(ends[1])


def decimal_text(value: Decimal) -> str:
    """A decimal as Java's BigDecimal prints it."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return "NaN"
    text = "".join(map(str, digits))
    adjusted = exponent + len(text) - 1
    lead = "-" if sign else ""
    if exponent <= 0 and adjusted >= -6:
        if exponent == 0:
            return lead + text
        padded = text.rjust(-exponent + 1, "0")
        return f"{lead}{padded[:exponent]}.{padded[exponent:]}"
    mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
    return f"{lead}{mantissa}E{'+' if adjusted >= 0 else ''}{adjusted}"


def equals(render: Render, left: object, right: object, depth: int = 0) -> bool:
    """Java's `equals`: of one kind and of one value."""
    kind = type(left)
    if isinstance(left, str):
        return isinstance(right, str) and (kind is Char) == (type(right) is Char) and left == right
    if kind is not type(right) and not (
        (isinstance(left, SEQUENCES) and isinstance(right, SEQUENCES))
        or (mapping(left) is not None and mapping(right) is not None)
    ):
        return False
    if kind is Array or type(right) is Array:
        return left is right
    if isinstance(left, SEQUENCES):
        assert isinstance(right, SEQUENCES)
        return len(left) == len(right) and _all_equal(render, zip(left, right, strict=True), depth)
    if (entries := mapping(left)) is not None:
        others = mapping(right)
        assert others is not None
        return entries.keys() == others.keys() and _all_equal(render, ((entries[k], others[k]) for k in entries), depth)
    if kind is Entry:
        return _all_equal(render, [(left.key, right.key), (left.value, right.value)], depth)  # type: ignore[attr-defined]
    if isinstance(left, int | float | bool | Decimal):
        return left == right
    return left is right


def _all_equal(render: Render, pairs: Iterable[tuple[object, object]], depth: int) -> bool:
    if depth > DEPTH_MAX:
        raise LimitReached("these values are nested too deep to be compared")
    for left, right in pairs:
        render.spend(1)
        if left is not right and not equals(render, left, right, depth + 1):
            return False
    return True
