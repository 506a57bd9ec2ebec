"""From a query to typed values: a row becomes a Struct, or its only column a scalar.

`into` is a `msgspec.Struct` whose fields are named after the columns (nested Structs are read from jsonb, tuples from
arrays), or a type such as `int`, `str` or `datetime` for the first column. A column that does not fit raises
msgspec.ValidationError, because then SQL and Struct disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psycopg

from tearoff.errors import NotFound

Tx = psycopg.AsyncConnection[Any]
Params = Mapping[str, Any] | None
T = TypeVar("T")
NATIVE = (bytes, date, datetime, time, timedelta, Decimal, UUID)


async def fetch_all(tx: Tx, query: str, params: Params, into: type[T], *, prepare: bool | None = None) -> list[T]:
    """Every row. `prepare=False` plans the query for these very parameters: for lists whose filters may be null."""
    async with tx.cursor(row_factory=_rows_of(into)) as cursor:
        await cursor.execute(query, params, prepare=prepare)
        return await cursor.fetchall()


async def fetch_optional(tx: Tx, query: str, params: Params, into: type[T]) -> T | None:
    """The first row, or None when there is none."""
    async with tx.cursor(row_factory=_rows_of(into)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchone()


async def fetch_one(tx: Tx, query: str, params: Params, into: type[T], *, kind: str = "row", key: object = None) -> T:
    """The first row; without one NotFound(kind, key)."""
    found = await fetch_optional(tx, query, params, into=into)
    if found is None:
        raise NotFound(kind, key)
    return found


async def fetch_value(tx: Tx, query: str, params: Params, into: type[T]) -> T:
    """The first column of the only row of a query that always answers, such as a count or `RETURNING`."""
    return await fetch_one(tx, query, params, into=into, kind="value", key=query[:60])


async def execute(tx: Tx, query: str, params: Params = None) -> int:
    """Run a statement and give the number of rows that it touched: the answer of a guarded update."""
    async with tx.cursor() as cursor:
        await cursor.execute(query, params)
        return cursor.rowcount


def _rows_of(into: type[T]) -> Callable[[psycopg.AsyncCursor[Any]], Callable[[Sequence[Any]], T]]:
    """A psycopg row factory for `into`."""

    def factory(cursor: psycopg.AsyncCursor[Any]) -> Callable[[Sequence[Any]], T]:
        names = [column.name for column in cursor.description or ()]
        if not issubclass(into, msgspec.Struct):
            return lambda row: msgspec.convert(row[0], into, builtin_types=NATIVE)
        written = dict(zip(into.__struct_fields__, into.__struct_encode_fields__, strict=True))
        names = [written.get(name, name) for name in names]
        return lambda row: msgspec.convert(dict(zip(names, row, strict=True)), into, builtin_types=NATIVE)

    return factory
