"""Connections to PostgreSQL: short transactions from a pool, dedicated ones for the coalescers, and database time.

Nothing here rests on session state, so PgBouncer in transaction mode works with prepared statements switched off. A
lost connection is Unavailable: the outcome of its transaction is unknown, and callers ask again with the same keys.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from copy import copy
from datetime import datetime, timedelta
from typing import Any, Self

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from tearoff.clock import Clock, monotonic
from tearoff.errors import Misconfigured, Unavailable
from tearoff.store import arrays, instants, queries
from tearoff.store.rows import Params, Tx, execute, fetch_all, fetch_one, fetch_optional, fetch_value

__all__ = [
    "Database",
    "Params",
    "Tx",
    "execute",
    "fetch_all",
    "fetch_one",
    "fetch_optional",
    "fetch_value",
    "now",
    "said",
]

SQL = queries.load("server")
VERSION_MIN = 150000
CONNECT_SECONDS_MAX = 5
POOL_SECONDS_MAX = 2
BACKOFF_SECONDS_MAX = 1.0
PREPARE_THRESHOLD = 5
CLOCK_SAMPLES = 3

set_json_loads(msgspec.json.decode)
set_json_dumps(msgspec.json.encode)
instants.register()
arrays.register()


class Database:
    """One PostgreSQL: `transaction()` for nearly everything, `dedicated()` for a worker that keeps a connection."""

    def __init__(self, url: str, direct_url: str, *, prepare: bool, pool_size: int, patience: timedelta) -> None:
        self.url, self.direct_url, self._patience = _completed(url), _completed(direct_url), patience
        self._begin = "BEGIN"
        self._prepare_threshold = PREPARE_THRESHOLD if prepare else None
        self._pool = AsyncConnectionPool(
            self.url,
            kwargs={"autocommit": True, "prepare_threshold": self._prepare_threshold},
            min_size=0,
            max_size=pool_size,
            timeout=POOL_SECONDS_MAX,
            reconnect_timeout=BACKOFF_SECONDS_MAX,
            open=False,
        )

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        direct_url: str | None = None,
        prepare: bool = True,
        pool_size: int = 10,
        patience: timedelta = timedelta(seconds=30),
    ) -> Self:
        """Connect and check the version; waits at most `patience` for a server that is away, here and later on.

        `direct_url` leads past a pooler; `prepare=False` switches prepared statements off for one. Raises
        Misconfigured with the server's own words.
        """
        # libpq sends PGTZ as a start-up parameter, which PgBouncer tracks; SET would be session state behind it
        os.environ["PGTZ"] = "UTC"
        self = cls(url, direct_url or url, prepare=prepare, pool_size=pool_size, patience=patience)
        try:
            async with self.dedicated() as conn:
                version = await fetch_value(conn, SQL.version, None, int)
        except Unavailable as error:
            raise Misconfigured(f"The database cannot be opened: {str(error.__cause__).strip()}") from error
        if version < VERSION_MIN:
            raise Misconfigured(f"PostgreSQL 15 or newer is needed; this is {version // 10000}.")
        await self._pool.open()
        return self

    async def close(self) -> None:
        """Close every pooled connection."""
        await self._pool.close()

    def read_only(self) -> Self:
        """The same database, whose transactions can write nothing."""
        reader = copy(self)
        reader._begin = "BEGIN READ ONLY"
        return reader

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """One transaction on a pooled connection: committed at the end, rolled back on any error."""
        conn = await self._begun()
        try:
            with _losses_named(conn):
                try:
                    yield conn
                except BaseException:
                    if not conn.closed:
                        await conn.rollback()
                    raise
                await conn.commit()
        finally:
            await self._pool.putconn(conn)

    @asynccontextmanager
    async def single(self) -> AsyncIterator[Tx]:
        """A pooled connection in autocommit, for one statement that is a transaction by itself."""
        try:
            conn = await self._pool.getconn()
        except PoolTimeout as error:
            raise Unavailable from error
        try:
            with _losses_named(conn):
                yield conn
        finally:
            await self._pool.putconn(conn)

    @asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Tx]:
        """A connection of its own in autocommit; when it is lost, leave with Unavailable and open the next."""
        async with self._own(self.url, self._prepare_threshold) as conn:
            yield conn

    @asynccontextmanager
    async def direct(self) -> AsyncIterator[Tx]:
        """A connection of its own past the pooler, in autocommit: for migrations and LISTEN."""
        async with self._own(self.direct_url, PREPARE_THRESHOLD) as conn:
            yield conn

    async def _begun(self) -> Tx:
        async for _ in self._attempts():
            try:
                conn = await self._pool.getconn()
            except PoolTimeout:
                continue
            try:
                await conn.execute(self._begin, prepare=False)
            except psycopg.OperationalError:
                # a pooled connection may have died while idle: nothing was asked yet, so another one may try
                await self._pool.putconn(conn)
                continue
            except BaseException:
                await self._pool.putconn(conn)
                raise
            return conn
        raise Unavailable

    @asynccontextmanager
    async def _own(self, url: str, prepare_threshold: int | None) -> AsyncIterator[Tx]:
        failure: psycopg.OperationalError | None = None
        async for _ in self._attempts():
            try:
                conn = await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=prepare_threshold)
                break
            except psycopg.OperationalError as error:
                failure = error
        else:
            raise Unavailable from failure
        async with conn:
            with _losses_named(conn):
                yield conn

    async def _attempts(self) -> AsyncIterator[int]:
        """Counts attempts, with a growing pause in between, until the patience is used up."""
        end = monotonic() + self._patience.total_seconds()
        number = 0
        while True:
            yield number
            pause = min(BACKOFF_SECONDS_MAX, 0.01 * 2**number)
            if monotonic() + pause > end:
                return
            await asyncio.sleep(pause)
            number += 1


def said(error: BaseException) -> str:
    """What an error says, without the values that PostgreSQL names beside it: one of them may be a code."""
    return error.diag.message_primary or str(error) if isinstance(error, psycopg.Error) else str(error)


@contextmanager
def _losses_named(conn: Tx) -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        if not conn.closed:
            raise
        raise Unavailable from error


def _completed(url: str) -> str:
    """The conninfo with our name, and with limits that notice a server gone silent; what `url` says itself stays."""
    limits: dict[str, Any] = {
        "application_name": "tearoff",
        "connect_timeout": CONNECT_SECONDS_MAX,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    return make_conninfo(**(limits | conninfo_to_dict(url)))


async def now(db: Database, clock: Clock) -> datetime:
    """Set `clock` to database time and give it; of some samples the one with the shortest round trip counts."""
    best = None
    async with db.dedicated() as conn:
        for _ in range(CLOCK_SAMPLES):
            asked = monotonic()
            answer = await fetch_value(conn, SQL.clock, None, datetime)
            trip = monotonic() - asked
            if best is None or trip < best[0]:
                best = (trip, answer, monotonic())
    assert best is not None
    trip, answer, got = best
    clock.set(answer + timedelta(seconds=trip / 2 + monotonic() - got))
    return clock.now()
