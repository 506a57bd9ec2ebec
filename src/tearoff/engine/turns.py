"""One actor's turns in the projects that wait for it: a project that breaks rests for a while, and the others go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from tearoff.clock import monotonic
from tearoff.engine.parts import Engine
from tearoff.errors import Overloaded, TearoffError, Unavailable
from tearoff.logs import get_logger

LOG = get_logger("engine")
REST_SECONDS = 5.0
Turn = Callable[[Engine, int, datetime], Awaitable[int]]


@dataclass(slots=True)
class Turns:
    """Takes an actor from project to project."""

    engine: Engine
    name: str
    turn: Turn
    resting: dict[int, float] = field(default_factory=dict)
    """Until when projects rest whose last turn broke, on the clock of this process."""

    async def take(self, project_ids: Iterable[int]) -> int:
        """A turn in each project; gives how much was done. What the database lost or put off concerns all of them."""
        done = 0
        for project_id in project_ids:
            if self.resting.get(project_id, 0.0) > monotonic():
                continue
            try:
                done += await self.turn(self.engine, project_id, self.engine.clock.now())
            except (Unavailable, Overloaded, psycopg.OperationalError):
                raise
            except Exception as error:
                self.resting[project_id] = monotonic() + REST_SECONDS
                shown = None if isinstance(error, TearoffError) else error
                LOG.error("turn_failed", turn=self.name, project_id=project_id, error=str(error), exc_info=shown)
            else:
                self.resting.pop(project_id, None)
        return done
