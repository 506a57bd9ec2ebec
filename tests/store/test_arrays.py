"""Lists come to PostgreSQL as they are, whatever is in them, and as psycopg's own dumper writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tearoff.store.db import Database

WORDS = [
    "tea",
    "",
    "null",
    "NULL",
    None,
    " a ",
    "{}",
    "a,b",
    '"',
    "\\",
    '\\"',
    "\n\t\r\b\f\x01\x7f",
    "ї🎁\u2028",
    "'",
    "%s",
]
EAST = timezone(timedelta(hours=3))
LISTS: list[tuple[str, list[Any]]] = [
    ("text", WORDS),
    ("text", ["plain", "words", None]),
    ("bigint", [0, -1, None, 2**63 - 1, -(2**63)]),
    ("smallint", [1, None]),
    ("boolean", [True, None, False]),
    ("timestamptz", [datetime(2026, 3, 1, 12, 30, 1, 5, tzinfo=UTC), None, datetime(9999, 1, 1, tzinfo=EAST)]),
    ("uuid", [UUID(int=7), None]),
    ("numeric", [Decimal("1.50"), None]),
    ("text", []),
    ("text", [None, None]),
    ("text[]", [["a", "b"], ["c", "\\"]]),
]


@pytest.mark.parametrize(("kind", "given"), LISTS, ids=str)
async def test_a_list_arrives_as_it_is(db: Database, kind: str, given: list[Any]) -> None:
    async with db.transaction() as tx:
        cursor = await tx.execute(f"SELECT %s::{kind.removesuffix('[]')}[]", [given])
        assert await cursor.fetchone() == (given,)


async def test_one_statement_takes_plain_lists_and_others_in_turn(db: Database) -> None:
    async with db.transaction() as tx:
        for given in ([1, 2], [Decimal(3)], [None], [], [4], [Decimal(5), None], [2**40]):
            cursor = await tx.execute("SELECT %s::numeric[]", [given])
            assert await cursor.fetchone() == (given,)


async def test_lists_of_documents_stay_documents(db: Database) -> None:
    words = [word for word in WORDS if word is not None]
    given = [
        Jsonb({"a": 'x"\\', "words": words}),
        None,
        Jsonb(words),
        Jsonb("null"),
        Jsonb(None),
        Jsonb(1.5),
        Jsonb({}),
    ]
    async with db.transaction() as tx:
        cursor = await tx.execute("SELECT %s::jsonb[]", [given])
        [found] = await cursor.fetchone() or [None]
    assert found == [None if one is None else one.obj for one in given]


@pytest.mark.parametrize("given", [[2**63], [2**64], [2**70], [-(2**70)]])
async def test_a_number_past_64_bits_is_refused_as_data(db: Database, given: list[int]) -> None:
    with pytest.raises(psycopg.DataError):
        async with db.transaction() as tx:
            await tx.execute("SELECT %s::bigint[]", [given])


@pytest.mark.parametrize("given", [["a\0b"], ["a", None, "\0"], [1, "a"]])
async def test_what_no_column_takes_is_refused_as_data(db: Database, given: list[Any]) -> None:
    with pytest.raises(psycopg.DataError):
        async with db.transaction() as tx:
            await tx.execute("SELECT %s::text[]", [given])
