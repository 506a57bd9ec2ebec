"""The methods of lists, maps, entries and of `$foreach`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tearoff.velocity.arguments import whole, within
from tearoff.velocity.jumps import BreakOut
from tearoff.velocity.problems import Failure
from tearoff.velocity.values import (
    SEQUENCES,
    Block,
    Collection,
    Entry,
    Key,
    LazyMap,
    Scope,
    bare,
    equals,
    mapping,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tearoff.velocity.runtime import Render

    AnyMap = dict[object, object] | LazyMap


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
    ("removeAll", 1): remove_all,
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

_NEEDS_PLACES = {"get", "set", "indexOf", "lastIndexOf", "subList"}
COLLECTION = {key: method for key, method in LIST.items() if key[0] not in _NEEDS_PLACES}


def key_of(render: Render, key: object) -> object:
    """A key as the map holds it."""
    if type(key) is str or type(key) is int or key is None:
        return key
    if isinstance(key, Block | Scope | Entry):
        raise Failure("this cannot be the key of a map")
    text = text_of(render, key)
    return text if isinstance(key, str) else Key(key, text)


def get(render: Render, value: AnyMap, key: object) -> object:
    return value.get(key_of(render, key))


def get_or_default(render: Render, value: AnyMap, key: object, default: object) -> object:
    return value.get(key) if contains_key(render, value, key) else default


def put(render: Render, value: AnyMap, key: object, new: object) -> object:
    entries = mapping(value)
    assert entries is not None
    held = key_of(render, key)
    old = entries.get(held)
    entries[held] = new
    render.build(1)
    return old


def put_if_absent(render: Render, value: AnyMap, key: object, new: object) -> object:
    old = get(render, value, key)
    if old is None:
        put(render, value, key, new)
    return old


def put_all(render: Render, value: AnyMap, others: object) -> str:
    entries, new = mapping(value), mapping(others)
    if new is None:
        raise Failure("putAll needs a map")
    assert entries is not None
    render.build(len(new))
    entries.update(new)
    return ""


def contains_key(render: Render, value: AnyMap, key: object) -> bool:
    entries = mapping(value)
    assert entries is not None
    return key_of(render, key) in entries or (type(value) is LazyMap and value.get(key) is not None)


def _values(value: AnyMap) -> list[object]:
    entries = mapping(value)
    assert entries is not None
    return list(entries.values())


def _keys(value: AnyMap) -> list[object]:
    entries = mapping(value)
    assert entries is not None
    return [bare(key) for key in entries]


def _paid(render: Render, items: list[object]) -> list[object]:
    render.build(len(items))
    return items


def entry_set(render: Render, value: AnyMap) -> Collection:
    entries = mapping(value)
    assert entries is not None
    render.build(len(entries))
    return Collection(Entry(bare(key), each) for key, each in entries.items())


def remove_key(render: Render, value: AnyMap, key: object) -> object:
    entries = mapping(value)
    assert entries is not None
    return entries.pop(key_of(render, key), None)


def clear_map(render: Render, value: AnyMap) -> str:
    entries = mapping(value)
    assert entries is not None
    entries.clear()
    return ""


def hash_of_map(render: Render, value: AnyMap) -> int:
    from tearoff.velocity.methods import hash_of

    entries = mapping(value)
    assert entries is not None
    found = sum(hash_of(render, bare(k)) ^ hash_of(render, v) for k, v in entries.items()) & 0xFFFFFFFF
    return found - 2**32 if found >= 2**31 else found


MAP: dict[tuple[str, int], Callable[..., object]] = {
    ("size", 0): lambda render, value: len(_keys(value)),
    ("isEmpty", 0): lambda render, value: not _keys(value),
    ("get", 1): get,
    ("getOrDefault", 2): get_or_default,
    ("put", 2): put,
    ("putIfAbsent", 2): put_if_absent,
    ("putAll", 1): put_all,
    ("containsKey", 1): contains_key,
    ("containsValue", 1): lambda render, value, wanted: index_of(render, _values(value), wanted) >= 0,
    ("keySet", 0): lambda render, value: Collection(_paid(render, _keys(value))),
    ("values", 0): lambda render, value: Collection(_paid(render, _values(value))),
    ("entrySet", 0): entry_set,
    ("remove", 1): remove_key,
    ("clear", 0): clear_map,
    ("equals", 1): equals,
    ("toString", 0): text_of,
    ("hashCode", 0): hash_of_map,
}

ENTRY: dict[tuple[str, int], Callable[..., object]] = {
    ("getKey", 0): lambda render, value: value.key,
    ("getValue", 0): lambda render, value: value.value,
    ("toString", 0): text_of,
    ("equals", 1): equals,
}


def stop(render: Render, value: Scope) -> object:
    """`$foreach.stop()` of Velocity 1.7: leave that loop."""
    if render.template.dialect.has_old_loops:
        raise BreakOut(value)
    return None


def scope_put(render: Render, value: Scope, key: object, new: object) -> object:
    if value.values is None:
        value.values = {}
    return put(render, value.values, key, new)


def topmost(render: Render, value: Scope) -> Scope:
    """The outermost loop around this one."""
    while isinstance(value.parent, Scope):
        value = value.parent
    return value


SCOPE: dict[tuple[str, int], Callable[..., object]] = {
    ("getIndex", 0): lambda render, value: value.index,
    ("getCount", 0): lambda render, value: value.index + 1,
    ("hasNext", 0): lambda render, value: value.index + 1 < value.length,
    ("getHasNext", 0): lambda render, value: value.index + 1 < value.length,
    ("isFirst", 0): lambda render, value: value.index < 1,
    ("getFirst", 0): lambda render, value: value.index < 1,
    ("isLast", 0): lambda render, value: value.index + 1 >= value.length,
    ("getLast", 0): lambda render, value: value.index + 1 >= value.length,
    ("getParent", 0): lambda render, value: value.parent if isinstance(value.parent, Scope) else None,
    ("getTopmost", 0): topmost,
    ("stop", 0): stop,
    ("get", 1): lambda render, value, key: value.get(key_of(render, key)),
    ("put", 2): scope_put,
}
