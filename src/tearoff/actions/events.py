"""Events: accepted in sets, each set in one transaction with the runs that it starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tearoff.domain.events import Accepted, Event
from tearoff.errors import TearoffError
from tearoff.store.db import Database


async def accept(
    db: Database, *, project_id: int, events: Sequence[Event], now: datetime
) -> list[Accepted | TearoffError]:
    """One result an event, in order."""
    return []
