"""The database door: typed rows, transactions, lost connections, database time."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from tearoff.clock import Clock
from tearoff.errors import Misconfigured, NotFound, Unavailable
from tearoff.store.db import Database, execute, fetch_all, fetch_one, fetch_optional, fetch_value, now


class Inner(msgspec.Struct, frozen=True):
    """A value kept as jsonb."""

    colour: str


class Thing(msgspec.Struct, frozen=True):
    """A row of every kind of column."""

    number: int
    names: tuple[str, ...]
    inner: Inner
    seen_at: datetime
    note: str | None


THINGS = """
SELECT n AS number, ARRAY['a', 'b'] AS names, '{"colour": "red"}'::jsonb AS inner,
       '2026-03-01 12:00+00'::timestamptz AS seen_at, NULL AS note
  FROM generate_series(1, %(count)s) n
"""


async def test_a_row_becomes_a_struct_with_jsonb_and_arrays_read(db: Database) -> None:
    async with db.transaction() as tx:
        things = await fetch_all(tx, THINGS, {"count": 2}, Thing)
    assert things[1] == Thing(2, ("a", "b"), Inner("red"), datetime(2026, 3, 1, 12, tzinfo=UTC), None)


async def test_a_column_of_the_wrong_type_is_refused(db: Database) -> None:
    async with db.transaction() as tx:
        with pytest.raises(msgspec.ValidationError):
            await fetch_value(tx, "SELECT 'x'", None, int)


async def test_one_asks_for_a_row_and_optional_does_not(db: Database) -> None:
    async with db.transaction() as tx:
        assert await fetch_optional(tx, THINGS, {"count": 0}, Thing) is None
        with pytest.raises(NotFound, match="No thing 7"):
            await fetch_one(tx, THINGS, {"count": 0}, Thing, kind="thing", key=7)


async def test_a_transaction_that_fails_leaves_nothing(db: Database, project: int) -> None:
    rename = "UPDATE project SET sender = 'x' WHERE project_id = %(p)s"
    with pytest.raises(ZeroDivisionError):
        async with db.transaction() as tx:
            assert await execute(tx, rename, {"p": project}) == 1
            raise ZeroDivisionError
    async with db.transaction() as tx:
        sender = "SELECT sender FROM project WHERE project_id = %(p)s"
        assert await fetch_value(tx, sender, {"p": project}, str) == ""


async def test_a_connection_that_died_while_idle_is_replaced_unseen(db: Database) -> None:
    async with db.transaction() as tx:
        pid = await fetch_value(tx, "SELECT pg_backend_pid()", None, int)
    async with db.dedicated() as other:
        await other.execute("SELECT pg_terminate_backend(%(pid)s, 5000)", {"pid": pid})
    async with db.transaction() as tx:
        assert await fetch_value(tx, "SELECT pg_backend_pid()", None, int) != pid


async def test_a_connection_lost_in_a_transaction_is_named(db: Database) -> None:
    with pytest.raises(Unavailable):
        async with db.transaction() as tx:
            pid = await fetch_value(tx, "SELECT pg_backend_pid()", None, int)
            async with db.dedicated() as other:
                await other.execute("SELECT pg_terminate_backend(%(pid)s, 5000)", {"pid": pid})
            await tx.execute("SELECT 1")


async def test_a_cancelled_transaction_gives_its_connection_back(db: Database) -> None:
    narrow = await Database.open(db.url, pool_size=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1), narrow.transaction() as tx:
            await tx.execute("SELECT pg_sleep(30)")
    async with asyncio.timeout(60), narrow.transaction() as tx:
        assert await fetch_value(tx, "SELECT 1", None, int) == 1
    await narrow.close()


async def test_a_server_that_is_away_is_waited_for_and_then_named() -> None:
    with pytest.raises(Misconfigured, match=r"127\.0\.0\.1"):
        await Database.open("host=127.0.0.1 port=1 dbname=none", patience=timedelta(seconds=0.2))


async def test_without_prepared_statements_the_server_holds_none(db: Database) -> None:
    plain = await Database.open(db.url, prepare=False, pool_size=1)
    counts = []
    for _ in range(8):
        async with plain.transaction() as tx:
            counts.append(await fetch_value(tx, "SELECT count(*) FROM pg_prepared_statements", None, int))
    await plain.close()
    assert counts == [0] * 8


async def test_sessions_are_in_utc_whatever_the_server_says_and_carry_our_name(db: Database) -> None:
    async with db.direct() as conn:
        await conn.execute("ALTER DATABASE tearoff SET timezone = 'Asia/Tokyo'")
        try:
            async with db.dedicated() as fresh:
                assert await fetch_value(fresh, "SHOW TimeZone", None, str) == "UTC"
                assert await fetch_value(fresh, "SHOW application_name", None, str) == "tearoff"
        finally:
            await conn.execute("ALTER DATABASE tearoff RESET timezone")


async def test_the_clock_is_set_to_database_time(db: Database) -> None:
    clock = Clock()
    clock.set(datetime(2001, 1, 1, tzinfo=UTC))
    await now(db, clock)
    async with db.transaction() as tx:
        theirs = await fetch_value(tx, "SELECT clock_timestamp()", None, datetime)
    assert abs(clock.now() - theirs) < timedelta(seconds=0.5)


async def test_a_guarded_update_tells_how_many_rows_it_touched(db: Database) -> None:
    async with db.transaction() as tx:
        assert await execute(tx, "UPDATE project SET name = name WHERE project_id = -1", None) == 0
        with pytest.raises(psycopg.errors.UndefinedTable):
            async with tx.transaction():
                await execute(tx, "DELETE FROM no_such_table", None)
        assert await fetch_value(tx, "SELECT 1", None, int) == 1
