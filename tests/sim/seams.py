"""Where an actor can be hurt: the database as one actor sees it, and the stage that decides who goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tearoff.errors import Unavailable
from tearoff.store.db import Database, Tx

STALL_SHARE = 0.05
STALL = timedelta(seconds=160)
"""Longer than any lease."""

SPINS = 6
"""Turns of the event loop after which tasks that do not wait for the database have come to their next seam."""


class Crash(BaseException):
    """The process died here: no handler of the product may see it."""


class Theatre:
    """Lets turns go on one at a time (orderly), or all at once (wild); at each seam one may crash, stall or lose its
    connection. Orderly lives repeat exactly from their seed."""

    def __init__(self, rng: Random, *, is_wild: bool, crash_share: float) -> None:
        self.rng, self.is_wild, self.crash_share = rng, is_wild, crash_share
        self.is_calm = True
        self.tasks: set[asyncio.Task[Any]] = set()
        self.failures: list[BaseException] = []
        self.crashes = 0
        self.now: datetime | None = None
        self._waiting: list[tuple[asyncio.Future[None], datetime | None]] = []
        self._busy = 0
        self._idle = asyncio.Event()

    async def seam(self) -> None:
        """A place where the world may do its worst."""
        if self.is_calm:
            return
        fate = self.rng.random()
        if fate < self.crash_share:
            self.crashes += 1
            raise Crash
        if fate < self.crash_share * 1.5:
            raise Unavailable
        if not self.is_wild:
            here = asyncio.get_running_loop().create_future()
            is_stalled = self.now is not None and self.rng.random() < STALL_SHARE
            self._waiting.append((here, self.now + STALL if is_stalled and self.now else None))
            await here
        elif fate < self.crash_share * 3:
            await asyncio.sleep(self.rng.random() * 0.05)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While this lasts, somebody waits for the database."""
        self._busy += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    def start(self, turn: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin a turn; what it raises, other than a crash and a lost connection, is a failure of the life."""
        task = asyncio.create_task(self._guarded(turn))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def _guarded(self, turn: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await turn
        except (Crash, Unavailable):
            return None
        except Exception as error:  # noqa: BLE001 - whatever a turn raises is what we look for
            self.failures.append(error)
            return None

    async def settle(self) -> None:
        """Wait until every turn is over or stands at a seam."""
        while True:
            for _ in range(SPINS):
                await asyncio.sleep(0)
            if not self._busy:
                return
            await self._idle.wait()

    @property
    def waiting(self) -> int:
        """How many turns stand at a seam and may go on; one that stalls does so until its lease has run out."""
        return len(self._ready())

    def _ready(self) -> list[int]:
        return [
            n for n, (_, until) in enumerate(self._waiting) if until is None or self.now is None or until <= self.now
        ]

    async def step(self) -> None:
        """Let one of those that wait go on to its next seam."""
        here, _ = self._waiting.pop(self.rng.choice(self._ready() or range(len(self._waiting))))
        if not here.done():
            here.set_result(None)
        await self.settle()

    async def finish(self) -> None:
        """Let all turns end."""
        await self.settle()
        while self._waiting:
            await self.step()
        while self.tasks:
            await asyncio.wait(set(self.tasks))


class Seamed:
    """A database with a seam before and after each transaction; after the commit its answer may be lost."""

    def __init__(self, db: Database, theatre: Theatre) -> None:
        self._db, self._theatre = db, theatre

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """As the real one."""
        await self._theatre.seam()
        with self._theatre.busy():
            async with self._db.transaction() as tx:
                yield tx
        await self._theatre.seam()

    @asynccontextmanager
    async def single(self) -> AsyncIterator[Tx]:
        """As the real one."""
        await self._theatre.seam()
        with self._theatre.busy():
            async with self._db.single() as tx:
                yield tx
        await self._theatre.seam()
