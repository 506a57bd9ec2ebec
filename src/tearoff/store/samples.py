"""What samples are made like: codes of a pool, of which only the shape is shown."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.domain.codes import Fit
from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all, fetch_optional

SQL = queries.load("samples")


class NextCode(msgspec.Struct, frozen=True):
    """A code that fits, and until when its lot is valid."""

    value: str
    expires_at: datetime | None


class Shape(msgspec.Struct, frozen=True):
    """A code of a pool; None for a pool that never had one."""

    pool_id: int
    key: str
    type: str
    parameter: str
    value: str | None


async def find_next(tx: Tx, *, project_id: int, pool_id: int, fit: Fit) -> NextCode | None:
    """A code like the next one that a claim would take."""
    params = {"project_id": project_id, "pool_id": pool_id} | msgspec.structs.asdict(fit)
    return await fetch_optional(tx, SQL.find_next, params, NextCode)


async def list_shapes(tx: Tx, *, project_id: int, pool_id: int | None = None) -> list[Shape]:
    """A code of every pool, or of one."""
    return await fetch_all(tx, SQL.list_shapes, {"project_id": project_id, "pool_id": pool_id}, Shape)
