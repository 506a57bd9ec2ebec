"""The methods of lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tearoff.velocity.arguments import Unsuitable, cut, taking, within
from tearoff.velocity.arithmetic import number
from tearoff.velocity.methods_numbers import size_of
from tearoff.velocity.problems import Failure
from tearoff.velocity.values import Array, Char, Cursor, equals, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tearoff.velocity.runtime import Render


def get_item(render: Render, value: Sequence[object], index: int) -> object:
    return value[within(index, len(value))]


def _writable(value: object) -> list[object]:
    if type(value) is not list:
        raise Failure("this list cannot be made longer or shorter")
    return value


def add(render: Render, value: object, new: object) -> bool:
    _writable(value).append(new)
    render.build(1)
    return True


def insert(render: Render, value: object, index: int, new: object) -> str:
    items = _writable(value)
    items.insert(within(index, len(items) + 1), new)
    render.build(1)
    return ""


def add_all(render: Render, value: object, others: Sequence[object]) -> bool:
    render.build(len(others))
    _writable(value).extend(others)
    return bool(others)


def set_item(render: Render, value: object, index: int, new: object) -> object:
    items = value if type(value) is Array else _writable(value)
    at = within(index, len(items))
    if type(items) is Array and items.only is not None and not _suits(items.only, new):
        raise Failure("this array does not take such a value")
    old, items[at] = items[at], new
    return old


def _suits(only: type, value: object) -> bool:
    return type(value) is only or (only is str and value is None)


def remove_at(render: Render, value: object, index: int) -> object:
    items = _writable(value)
    return items.pop(within(index, len(items)))


def remove(render: Render, value: Sequence[object], what: object) -> bool:
    at = index_of(render, value, what)
    if at >= 0:
        _writable(value).pop(at)
    return at >= 0


def _keep(value: Sequence[object], kept: list[object]) -> bool:
    changed = len(kept) != len(value)
    if changed:
        _writable(value)[:] = kept
    return changed


def remove_all(render: Render, value: Sequence[object], others: Sequence[object]) -> bool:
    return _keep(value, [each for each in value if index_of(render, others, each) < 0])


def retain_all(render: Render, value: Sequence[object], others: Sequence[object]) -> bool:
    return _keep(value, [each for each in value if index_of(render, others, each) >= 0])


def insert_all(render: Render, value: object, index: int, others: Sequence[object]) -> bool:
    items = _writable(value)
    at = within(index, len(items) + 1)
    render.build(len(others))
    items[at:at] = others
    return bool(others)


def sort(render: Render, value: object, order: object) -> str:
    """Sort texts, or whole numbers, or doubles, by their own order; there is no other."""
    if order is not None:
        raise Unsuitable
    items = value if type(value) is Array else _writable(value)
    render.spend(len(items))
    if len(items) < 2:
        return ""
    kinds = {type(each) if type(each) is not int else size_of(each) for each in items}
    if len(kinds) > 1:
        raise Failure("sort needs things of one kind")
    if type(items[0]) not in (str, int, float, Decimal, bool, Char):
        raise Failure("these cannot be sorted")
    items.sort(key=order_key if type(items[0]) is str else None)
    return ""


def order_key(value: object) -> bytes:
    """What puts texts into Java's order."""
    return str(value).encode("utf-16-be", "surrogatepass")


def clear(render: Render, value: object) -> str:
    _writable(value).clear()
    return ""


def index_of(render: Render, value: Sequence[object], wanted: object) -> int:
    render.spend(len(value) // 10)
    return next((at for at, each in enumerate(value) if equals(render, each, wanted)), -1)


def last_index_of(render: Render, value: Sequence[object], wanted: object) -> int:
    render.spend(len(value) // 10)
    return next((at for at in range(len(value) - 1, -1, -1) if equals(render, value[at], wanted)), -1)


def contains_all(render: Render, value: Sequence[object], others: Sequence[object]) -> bool:
    return all(index_of(render, value, each) >= 0 for each in others)


def sub_list(render: Render, value: Sequence[object], begin: int, end: int) -> Sequence[object]:
    if not 0 <= begin <= end <= len(value):
        raise Failure(f"subList({begin}, {end}) of a list of {len(value)}")
    if type(value) is range:
        return value[begin:end]
    render.build(end - begin)
    return list(value[begin:end])


def hash_of_list(render: Render, value: Sequence[object]) -> int:
    from tearoff.velocity.methods import hash_of

    found = 1
    for each in value:
        found = (31 * found + hash_of(render, each)) & 0xFFFFFFFF
    return found - 2**32 if found >= 2**31 else found


LIST: dict[tuple[str, int], Callable[..., object]] = {
    ("size", 0): lambda render, value: len(value),
    ("isEmpty", 0): lambda render, value: not value,
    ("get", 1): taking(("i", get_item)),
    ("add", 1): add,
    ("add", 2): taking(("io", insert)),
    ("addAll", 1): taking(("l", add_all)),
    ("set", 2): taking(("io", set_item)),
    ("remove", 1): taking(("i", remove_at), ("o", remove)),
    ("addAll", 2): taking(("il", insert_all)),
    ("removeAll", 1): taking(("l", remove_all)),
    ("retainAll", 1): taking(("l", retain_all)),
    ("clone", 0): lambda render, value: sub_list(render, value, 0, len(value)),
    ("sort", 1): sort,
    ("trimToSize", 0): lambda render, value: "",
    ("ensureCapacity", 1): taking(("i", lambda render, value, _: "")),
    ("clear", 0): clear,
    ("contains", 1): lambda render, value, wanted: index_of(render, value, wanted) >= 0,
    ("containsAll", 1): taking(("l", contains_all)),
    ("indexOf", 1): index_of,
    ("lastIndexOf", 1): last_index_of,
    ("subList", 2): taking(("ii", sub_list)),
    ("iterator", 0): lambda render, value: Cursor(value),
    ("toArray", 0): lambda render, value: Array(sub_list(render, value, 0, len(value))),
    ("equals", 1): equals,
    ("toString", 0): text_of,
    ("hashCode", 0): hash_of_list,
}

GROWING = frozenset({"clone", "ensureCapacity", "trimToSize"})
"""What only lists have that can grow."""


def place_in_range(render: Render, value: range, wanted: object) -> int:
    """Where a number stands, or a text that spells one; anything else fails."""
    found = number(wanted)
    if found is None or type(wanted) is Char:
        raise Failure("a range holds whole numbers only")
    return value.index(cut(found)) if cut(found) in value else -1


FIXED: dict[tuple[str, int], Callable[..., object]] = {
    **{key: method for key, method in LIST.items() if key[0] not in GROWING},
    ("addAll", 1): taking(("l", lambda render, value, others: add_all(render, value, others) if others else False)),
}
RANGE: dict[tuple[str, int], Callable[..., object]] = {
    **FIXED,
    ("indexOf", 1): place_in_range,
    ("lastIndexOf", 1): place_in_range,
}
ARRAY: dict[tuple[str, int], Callable[..., object]] = {
    **FIXED,
    ("equals", 1): lambda render, value, other: value is other,
}

CURSOR: dict[tuple[str, int], Callable[..., object]] = {
    ("hasNext", 0): lambda render, value: value.has_next(),
    ("next", 0): lambda render, value: value.next(),
}
