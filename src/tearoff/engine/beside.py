"""Turns that wait for other sides, mail servers and data sources: a slow one goes on beside other projects' turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from tearoff.engine.parts import Engine
from tearoff.logs import get_logger

LOG = get_logger("engine")
PATIENCE_SECONDS = 1.0
LASTING_MAX = 4
"""How many projects' turns go on beside the others, of one loop."""


class Beside:
    """An actor's turns, each waited for a second at most, so that one silent server holds up no other project."""

    def __init__(self, turn: Callable[[Engine, int, datetime], Awaitable[int]], ended: asyncio.Event) -> None:
        self._turn = turn
        self._ended = ended
        self._begun: dict[int, asyncio.Task[int]] = {}

    async def turn(self, engine: Engine, project_id: int, _now: datetime) -> int:
        """The project's next turn as far as it gets, and what the one before did meanwhile; errors are its own."""
        done = 0
        if project_id in self._begun:
            if not self._begun[project_id].done():
                return 0
            done = self._begun.pop(project_id).result()
        while len(lasting := self._lasting()) >= LASTING_MAX:
            await asyncio.wait(lasting, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.ensure_future(self._turn(engine, project_id, engine.clock.now()))
        await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if task.done():
            return done + task.result()
        self._begun[project_id] = task
        task.add_done_callback(lambda _: self._ended.set())
        return done

    async def finish(self) -> None:
        """Wait for what is in hand."""
        for result in await asyncio.gather(*self._begun.values(), return_exceptions=True):
            if isinstance(result, BaseException):
                LOG.error("turn_failed", error=str(result), exc_info=result)

    def _lasting(self) -> list[asyncio.Task[int]]:
        return [task for task in self._begun.values() if not task.done()]
