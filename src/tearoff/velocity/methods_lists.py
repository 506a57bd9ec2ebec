"""The methods of lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tearoff.velocity.arguments import Unsuitable, whole, within
from tearoff.velocity.problems import Failure
from tearoff.velocity.values import SEQUENCES, equals, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tearoff.velocity.runtime import Render


def get_item(render: Render, value: Sequence[object], index: object) -> object:
    return value[within(whole(index), len(value))]


def _writable(value: object) -> list[object]:
    if type(value) is not list:
        raise Failure("this list cannot be changed")
    return value


def add(render: Render, value: object, new: object) -> bool:
    _writable(value).append(new)
    render.build(1)
    return True


def insert(render: Render, value: object, index: object, new: object) -> str:
    items = _writable(value)
    items.insert(within(whole(index), len(items) + 1), new)
    render.build(1)
    return ""


def add_all(render: Render, value: object, others: object) -> bool:
    if not isinstance(others, SEQUENCES):
        raise Failure("addAll needs a list")
    render.build(len(others))
    _writable(value).extend(others)
    return bool(others)


def set_item(render: Render, value: object, index: object, new: object) -> object:
    items = _writable(value)
    at = within(whole(index), len(items))
    old, items[at] = items[at], new
    return old


def remove(render: Render, value: object, what: object) -> object:
    items = _writable(value)
    if type(what) is int:
        return items.pop(within(what, len(items)))
    at = index_of(render, items, what)
    if at >= 0:
        items.pop(at)
    return at >= 0


def remove_all(render: Render, value: object, others: object) -> bool:
    items = _writable(value)
    if not isinstance(others, SEQUENCES):
        raise Failure("removeAll needs a list")
    kept = [each for each in items if index_of(render, others, each) < 0]
    changed = len(kept) != len(items)
    items[:] = kept
    return changed


def retain_all(render: Render, value: object, others: object) -> bool:
    items = _writable(value)
    if not isinstance(others, SEQUENCES):
        raise Failure("retainAll needs a list")
    kept = [each for each in items if index_of(render, others, each) >= 0]
    changed = len(kept) != len(items)
    items[:] = kept
    return changed


def insert_all(render: Render, value: object, index: object, others: object) -> bool:
    if not isinstance(others, SEQUENCES):
        raise Failure("addAll needs a list")
    items = _writable(value)
    at = within(whole(index), len(items) + 1)
    render.build(len(others))
    items[at:at] = others
    return bool(others)


def sort(render: Render, value: object, order: object) -> str:
    """Sort texts, or whole numbers, or doubles, by their own order; there is no other."""
    items = _writable(value)
    if order is not None:
        raise Unsuitable
    render.spend(len(items))
    if len({type(each) for each in items} | ({bool} if any(each is None for each in items) else set())) > 1:
        raise Failure("sort needs things of one kind")
    if items and type(items[0]) not in (str, int, float, Decimal):
        raise Failure("these cannot be sorted")
    items.sort(key=order_key if items and type(items[0]) is str else None)
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


def contains_all(render: Render, value: Sequence[object], others: object) -> bool:
    if not isinstance(others, SEQUENCES):
        raise Failure("containsAll needs a list")
    return all(index_of(render, value, each) >= 0 for each in others)


def sub_list(render: Render, value: Sequence[object], first: object, last: object) -> list[object]:
    begin, end = whole(first), whole(last)
    if not 0 <= begin <= end <= len(value):
        raise Failure(f"subList({begin}, {end}) of a list of {len(value)}")
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
    ("get", 1): get_item,
    ("add", 1): add,
    ("add", 2): insert,
    ("addAll", 1): add_all,
    ("set", 2): set_item,
    ("remove", 1): remove,
    ("addAll", 2): insert_all,
    ("removeAll", 1): remove_all,
    ("retainAll", 1): retain_all,
    ("clone", 0): lambda render, value: sub_list(render, value, 0, len(value)),
    ("sort", 1): sort,
    ("trimToSize", 0): lambda render, value: "",
    ("ensureCapacity", 1): lambda render, value, _: "",
    ("clear", 0): clear,
    ("contains", 1): lambda render, value, wanted: index_of(render, value, wanted) >= 0,
    ("containsAll", 1): contains_all,
    ("indexOf", 1): index_of,
    ("lastIndexOf", 1): last_index_of,
    ("subList", 2): sub_list,
    ("toArray", 0): lambda render, value: sub_list(render, value, 0, len(value)),
    ("equals", 1): equals,
    ("toString", 0): text_of,
    ("hashCode", 0): hash_of_list,
}
