"""The closed tables: which methods and properties a value of each kind has. What is not here does not exist."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tearoff.velocity.methods_collections import COLLECTION, ENTRY, MAP, SCOPE
from tearoff.velocity.methods_lists import ARRAY, CURSOR, LIST, RANGE
from tearoff.velocity.methods_numbers import ANY, BOOLEAN, DOUBLE, NUMBER
from tearoff.velocity.methods_text import CHARACTER, TEXT, hash_code
from tearoff.velocity.problems import Failure
from tearoff.velocity.tools import TOOL_METHODS
from tearoff.velocity.values import Array, Block, Char, Collection, Cursor, Entry, LazyMap, Safe, Scope

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

Table = dict[tuple[str, int], Callable[..., object]]

METHODS: dict[type, Table] = {
    str: TEXT,
    Safe: TEXT,
    Char: CHARACTER,
    bool: BOOLEAN,
    int: NUMBER,
    float: DOUBLE,
    Decimal: ANY,
    list: LIST,
    Array: ARRAY,
    tuple: LIST,
    range: RANGE,
    dict: MAP,
    LazyMap: MAP,
    Collection: COLLECTION,
    Cursor: CURSOR,
    Entry: ENTRY,
    Block: {
        ("toString", 0): lambda render, value: render.block_text(value),
        ("equals", 1): lambda render, value, other: value is other,
    },
    Scope: SCOPE,
    **TOOL_METHODS,
}


def _properties(table: Table) -> dict[str, Callable[..., object]]:
    """`x`, `getX` and `isX` without arguments may be written as the property `x`."""
    found: dict[str, Callable[..., object]] = {}
    for (name, count), method in table.items():
        if count:
            continue
        found[name] = method
        for lead in ("get", "is"):
            rest = name[len(lead) :]
            if name.startswith(lead) and rest[:1].isupper():
                found.setdefault(rest[0].lower() + rest[1:], method)
                found.setdefault(rest, method)
    return found


PROPERTIES: dict[type, dict[str, Callable[..., object]]] = {kind: _properties(table) for kind, table in METHODS.items()}
PROPERTIES[Array] = {name: PROPERTIES[Array][name] for name in ("empty", "Empty")}
PROPERTIES[str].pop("valueOf")
PROPERTIES[Safe].pop("valueOf")
PROPERTIES[Scope].pop("stop")
PROPERTIES[Scope].pop("empty")
PROPERTIES[Scope].pop("Empty")
for _kind in (dict, LazyMap):
    PROPERTIES[_kind] = {name: method for name, method in PROPERTIES[_kind].items() if (name, 0) in MAP}

MAP_PROPERTIES = frozenset(PROPERTIES[dict])
"""Properties of a map that come before its own keys."""

MUTATORS = frozenset(
    (
        *("add", "addAll", "clear", "put", "putAll", "putIfAbsent", "remove"),
        *("removeAll", "retainAll", "set", "setValue", "sort"),
    )
)
"""Methods that change what they are called on."""


def hash_of(render: Render, value: object) -> int:
    """Java's `hashCode` of a value."""
    render.spend(1)
    if value is None:
        return 0
    if isinstance(value, str) and type(value) is not Char:
        return hash_code(value)
    method = METHODS.get(type(value), {}).get(("hashCode", 0))
    if method is None:
        raise Failure("this value has no hashCode")
    found = method(render, value)
    assert isinstance(found, int)
    return found
