"""What became of requested sends."""

from __future__ import annotations

from collections.abc import Sequence

from tearoff.domain.sends import Progress
from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("sends")


async def list_progress(tx: Tx, *, project_id: int, request_ids: Sequence[str]) -> list[Progress]:
    """How far each request is, in order; the ids must be UUIDs."""
    return await fetch_all(
        tx, SQL.list_progress, {"project_id": project_id, "request_ids": list(request_ids)}, Progress
    )
