"""The time, as the database sees it. The only file that reads a clock.

Nodes may have skewed clocks; every `now` in the product is database time: an offset measured once against the
database, plus this machine's monotonic clock.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Gives database time without asking the database each time."""

    def __init__(self) -> None:
        self.set(datetime.now(UTC))

    def set(self, database_now: datetime) -> None:
        """Take `database_now` (aware) as the present instant."""
        self._base = database_now
        self._mark = time.monotonic()

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self._base + timedelta(seconds=time.monotonic() - self._mark)


def monotonic() -> float:
    """Seconds for measuring durations, never for instants."""
    return time.monotonic()
