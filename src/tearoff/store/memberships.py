"""Who belongs to a project, and what they may do there."""

from __future__ import annotations

from datetime import datetime

from tearoff.store import queries
from tearoff.store.db import Tx, execute

SQL = queries.load("memberships")


async def put(
    tx: Tx, *, project_id: int, person_id: int, role: str, may_reveal: bool, may_export: bool, now: datetime
) -> None:
    """Insert or replace a membership."""
    values = {"project_id": project_id, "person_id": person_id, "role": role, "now": now}
    await execute(tx, SQL.put, values | {"may_reveal": may_reveal, "may_export": may_export})
