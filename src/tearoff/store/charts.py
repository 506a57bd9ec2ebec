"""Series over time, as the database adds them up: samples of stock, deliveries and runs by their states."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from tearoff.domain.charts import Buckets
from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("charts")
EARLY = timedelta(minutes=10)
"""How much earlier than its id says a row may have been made: no lease and no clock is further off."""


class PoolLook(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted in a pool at the end of a bucket; 0 is what was before the first, -1 is no look at all."""

    pool_id: int
    key: str
    created_at: datetime
    n: int
    issued: int
    redeemed: int
    ready: int


class StateCount(msgspec.Struct, frozen=True):
    """How many are in a state, of those of a bucket."""

    n: int
    state: str
    count: int


async def list_looks(tx: Tx, *, project_id: int, pool_id: int | None, buckets: Buckets) -> list[PoolLook]:
    """The counts at the ends of the buckets, by pool; of all pools that were launched, or of one."""
    params = _params(project_id, buckets) | {"pool_id": pool_id}
    return await fetch_all(tx, SQL.list_looks, params, PoolLook, prepare=False)


async def count_deliveries(tx: Tx, *, project_id: int, buckets: Buckets) -> list[StateCount]:
    """Deliveries by bucket and state."""
    return await fetch_all(tx, SQL.count_deliveries, _params(project_id, buckets), StateCount, prepare=False)


async def count_runs(tx: Tx, *, project_id: int, workflow_id: int | None, buckets: Buckets) -> list[StateCount]:
    """Runs by bucket and state, of one workflow or of all."""
    params = _params(project_id, buckets) | {"workflow_id": workflow_id}
    return await fetch_all(tx, SQL.count_runs, params, StateCount, prepare=False)


def _params(project_id: int, buckets: Buckets) -> dict[str, Any]:
    at = {"project_id": project_id, "starts": buckets.starts, "since": buckets.since, "until": buckets.until}
    return at | {"early": buckets.since - EARLY}
