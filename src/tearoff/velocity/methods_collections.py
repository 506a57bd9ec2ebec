"""The methods of maps, of what they hold, and of `$foreach`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from tearoff.velocity.arguments import taking
from tearoff.velocity.jumps import BreakOut, NeedCopy
from tearoff.velocity.methods_lists import LIST, add_all, index_of
from tearoff.velocity.values import (
    Block,
    Collection,
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


KEPT_BY_VIEWS = {
    *("size", "isEmpty", "contains", "containsAll", "toArray", "equals", "toString", "hashCode"),
    "iterator",
}


def key_of(render: Render, key: object) -> object:
    """A key as the map holds it."""
    if type(key) is str or type(key) is int or key is None:
        return key
    text = str(id(key)) if isinstance(key, Block | Scope) else text_of(render, key)
    return text if isinstance(key, str) else Key(key, text)


def get(render: Render, value: AnyMap, key: object) -> object:
    return value.get(key_of(render, key))


def get_or_default(render: Render, value: AnyMap, key: object, default: object) -> object:
    return get(render, value, key) if contains_key(render, value, key) else default


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


def put_all(render: Render, value: AnyMap, others: AnyMap) -> str:
    entries, new = mapping(value), mapping(others)
    assert entries is not None and new is not None
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


def _paid(render: Render, entries: dict[object, object] | None) -> dict[object, object]:
    assert entries is not None
    render.build(len(entries))
    return entries


def view(kind: Literal["keys", "values", "entries"]) -> Callable[[Render, AnyMap], Collection]:
    """A method that gives what a map holds, as it is whenever somebody looks."""

    def made(render: Render, value: AnyMap) -> Collection:
        entries = mapping(value)
        assert entries is not None
        render.build(len(entries))
        return Collection(entries, kind)

    return made


def remove_from_view(render: Render, value: Collection, what: object) -> bool:
    """Take the first such element out of the map behind a view."""
    render.spend(len(value))
    for held, each in zip(list(value.source), value.items(), strict=True):
        if equals(render, each, what):
            del value.source[held]
            return True
    return False


def keep_in_view(render: Render, value: Collection, others: Sequence[object], has_them: bool) -> bool:
    """Take out of the map behind a view what is not, or is, among the others."""
    pairs = zip(list(value.source), value.items(), strict=True)
    gone = [held for held, each in pairs if (index_of(render, others, each) >= 0) is not has_them]
    for held in gone:
        del value.source[held]
    return bool(gone)


def remove_pair(render: Render, value: AnyMap, key: object, old: object) -> bool:
    """Take a key out of a map if it has this value."""
    entries = mapping(value)
    assert entries is not None
    held = key_of(render, key)
    if held not in entries or not equals(render, entries[held], old):
        return False
    del entries[held]
    return True


def replace_value(render: Render, value: AnyMap, key: object, *values: object) -> object:
    """Put another value under a key that is there; with two values only in place of the first, and tells whether.

    Texts have a method of this name too, so that nothing but the call itself shows that data change.
    """
    if not render.template.is_copied:
        raise NeedCopy
    entries = mapping(value)
    assert entries is not None
    held = key_of(render, key)
    is_there = held in entries and (len(values) == 1 or equals(render, entries[held], values[0]))
    old = entries.get(held)
    if is_there:
        entries[held] = values[-1]
    return old if len(values) == 1 else is_there


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
    ("putAll", 1): taking(("m", put_all)),
    ("containsKey", 1): contains_key,
    ("containsValue", 1): lambda render, value, wanted: index_of(render, _values(value), wanted) >= 0,
    ("keySet", 0): view("keys"),
    ("values", 0): view("values"),
    ("entrySet", 0): view("entries"),
    ("clone", 0): lambda render, value: dict(_paid(render, mapping(value))),
    ("remove", 1): remove_key,
    ("replace", 2): replace_value,
    ("replace", 3): replace_value,
    ("remove", 2): remove_pair,
    ("clear", 0): clear_map,
    ("equals", 1): equals,
    ("toString", 0): text_of,
    ("hashCode", 0): hash_of_map,
}


def hash_of_view(render: Render, value: Collection) -> int:
    """Of keys the sum of their hashes, of entries the map's."""
    if value.kind == "entries":
        return hash_of_map(render, value.source)
    from tearoff.velocity.methods import hash_of

    found = sum(hash_of(render, each) for each in value.items()) & 0xFFFFFFFF
    return found - 2**32 if found >= 2**31 else found


COLLECTION: dict[tuple[str, int], Callable[..., object]] = {
    **{key: method for key, method in LIST.items() if key[0] in KEPT_BY_VIEWS},
    ("hashCode", 0): hash_of_view,
    ("add", 1): LIST["add", 1],
    ("addAll", 1): taking(("l", lambda render, value, others: add_all(render, value, others) if others else False)),
    ("remove", 1): remove_from_view,
    ("removeAll", 1): taking(("l", lambda render, value, others: keep_in_view(render, value, others, False))),
    ("retainAll", 1): taking(("l", lambda render, value, others: keep_in_view(render, value, others, True))),
    ("clear", 0): lambda render, value: clear_map(render, value.source),
}

ENTRY: dict[tuple[str, int], Callable[..., object]] = {
    ("getKey", 0): lambda render, value: value.key,
    ("getValue", 0): lambda render, value: value.value,
    ("setValue", 1): lambda render, value, new: value.set(new),
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


def _of_values(method: Callable[..., object]) -> Callable[..., object]:
    """A map's method, of what the template itself has put into the scope."""

    def of_scope(render: Render, value: Scope, *arguments: object) -> object:
        if value.values is None:
            value.values = {}
        return method(render, value.values, *arguments)

    return of_scope


SCOPE: dict[tuple[str, int], Callable[..., object]] = {
    **{key: _of_values(method) for key, method in MAP.items() if key[0] not in ("get", "put", "equals", "clone")},
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
    ("getReplaced", 0): lambda render, value: topmost(render, value).parent,
    ("stop", 0): stop,
    ("get", 1): lambda render, value, key: value.get(key_of(render, key)),
    ("put", 2): scope_put,
}
