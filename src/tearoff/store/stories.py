"""The story of one code: everything that ever happened to it, from all the books."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("stories")
ACTS_MAX = 10_000


class Act(msgspec.Struct, frozen=True):
    """One thing that happened to a code; `who` is the task, claim key, message or order behind it."""

    at: datetime
    act: str
    who: str | None
    contact_id: int | None
    run_id: int | None
    reason: str | None


async def list_acts(tx: Tx, *, project_id: int, code_id: int) -> list[Act]:
    """What happened to a code, in order."""
    return await fetch_all(tx, SQL.list_acts, {"project_id": project_id, "code_id": code_id, "limit": ACTS_MAX}, Act)
