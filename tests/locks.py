"""Waiting until a connection waits for another one."""

import asyncio

from tearoff.store.db import Database, Tx, fetch_value

IS_BLOCKED = "SELECT cardinality(pg_blocking_pids(%(pid)s)) > 0"
SECONDS_MAX = 30


async def until_blocked(db: Database, conn: Tx) -> None:
    """Returns once the statement that runs on `conn` waits for a lock."""
    async with asyncio.timeout(SECONDS_MAX), db.single() as tx:
        while not await fetch_value(tx, IS_BLOCKED, {"pid": conn.info.backend_pid}, bool):
            await asyncio.sleep(0.01)
