"""Hints that there is work: NOTIFY, once a batch. They may be lost; polling is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from tearoff.errors import Unavailable
from tearoff.store import queries
from tearoff.store.db import Database, execute

SQL = queries.load("wake")


class Hints:
    """Sets the event of an actor whenever some process says that there is work for it."""

    def __init__(self, db: Database, events: Mapping[str, asyncio.Event]) -> None:
        self._db, self._events = db, events

    async def listen(self) -> None:
        """Listen for ever, on a connection of its own past any pooler; a lost one is opened again."""
        while True:
            try:
                async with self._db.direct() as conn:
                    await execute(conn, SQL.listen)
                    async for notice in conn.notifies():
                        if notice.payload in self._events:
                            self._events[notice.payload].set()
            except Unavailable:
                continue
