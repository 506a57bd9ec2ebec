"""Looking ahead: when a pool will be empty, and whether a workflow's expected demand fits the stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tearoff.domain.codes import Wish, parse_wish
from tearoff.domain.forecasts import HORIZON, WINDOWS, Demand, Loss, Outlook, Taken, outlook, per_day
from tearoff.domain.handouts import Policy, fit_of
from tearoff.domain.parameters import names_in
from tearoff.domain.pools import type_of
from tearoff.domain.stock import Stock
from tearoff.domain.workflows import GetPromoCode, Workflow, parse
from tearoff.store import codes, pools, projects, stock
from tearoff.store.db import Tx

HISTORY = timedelta(days=7)
"""How far back events are counted to guess a workflow's demand for as long again."""
TREND_DAYS = 30


async def look_ahead(tx: Tx, *, project_id: int, stocks: Mapping[int, Stock], now: datetime) -> dict[int, Outlook]:
    """When these pools will be empty at the paces of their last day and week, by pool."""
    at: dict[str, Any] = {"project_id": project_id, "pool_ids": list(stocks)}
    seen = await stock.list_paces(tx, **at, sinces=[now - window for window in WINDOWS])
    expiries = await stock.list_expiries(tx, **at, until=now + HORIZON, now=now)
    return {
        pool_id: outlook(
            held.ready,
            [*(Taken(look.at, look.claimed) for look in seen.get(pool_id, ())), Taken(now, held.claimed)],
            [Loss(expiry.at, expiry.codes) for expiry in expiries.get(pool_id, ())],
            now,
        )
        for pool_id, held in stocks.items()
    }


async def trends(tx: Tx, *, project_id: int, pool_ids: Sequence[int], now: datetime) -> dict[int, list[int]]:
    """How many codes of each pool were claimed on each of the last days, today last, by pool."""
    project = await projects.get(tx, project_id=project_id)
    today = now.astimezone(project.zone).date()
    days = [today - timedelta(days=back) for back in range(TREND_DAYS, -1, -1)]
    since = now - timedelta(days=TREND_DAYS + 1)
    found = await stock.list_days(tx, project_id=project_id, pool_ids=pool_ids, since=since, zone=project.time_zone)
    return {pool_id: per_day({row.day: row.claimed for row in found.get(pool_id, ())}, days) for pool_id in pool_ids}


async def demand(
    tx: Tx, *, project_id: int, draft: Mapping[str, Any], expected: int | None, now: datetime
) -> list[Demand]:
    """What each block that takes codes may need, and what fits its wish now, as if every run came by.

    Without `expected` runs, as many are expected as events came in the last week. Blocks of one pool share its stock:
    each sees what those before it leave. A block whose type is a parameter names no pool and is left out.
    Raises Invalid for a draft that cannot be read.
    """
    return await demand_of(tx, project_id=project_id, workflow=parse(draft), expected=expected, now=now)


async def demand_of(
    tx: Tx, *, project_id: int, workflow: Workflow, expected: int | None, now: datetime
) -> list[Demand]:
    """As `demand`, for a workflow that was read already."""
    runs = expected if expected is not None else await _expected(tx, project_id, workflow, now)
    zone = (await projects.get(tx, project_id=project_id)).zone
    wanted = {name: block for name, block in workflow.blocks.items() if isinstance(block, GetPromoCode)}
    fixed = {name: block for name, block in wanted.items() if not names_in(block.type)}
    types = sorted({type_of(None if block.type is None else str(block.type)) for block in fixed.values()})
    by_type = {pool.type: pool for pool in await pools.list_launched(tx, project_id=project_id, types=types)}
    spoken_for: dict[int, int] = defaultdict(int)
    found = []
    for name, block in fixed.items():
        type_ = type_of(None if block.type is None else str(block.type))
        pool = by_type.get(type_)
        if pool is None:
            found.append(Demand(block=name, pool=type_, expected=runs, ready=0))
            continue
        fitting = fit_of(Policy(pool, zone), _wish(block), now)
        free = await codes.count_free(tx, project_id=project_id, pool_id=pool.pool_id, fit=fitting)
        left = max(0, free - spoken_for[pool.pool_id])
        spoken_for[pool.pool_id] += runs
        found.append(Demand(block=name, pool=pool.key, expected=runs, ready=left))
    return found


async def _expected(tx: Tx, project_id: int, workflow: Workflow, now: datetime) -> int:
    starts = {start.event_type for start in workflow.starts}
    counts = [
        await stock.count_events(tx, project_id=project_id, event_type=each, since=now - HISTORY)
        for each in sorted(starts)
    ]
    return sum(counts)


def _wish(block: GetPromoCode) -> Wish:
    """What is constant of the block's wish; a parameter may ask for anything."""
    days = None if names_in(block.days) else block.days
    discount = None if names_in(block.discount) else block.discount
    return parse_wish(discount, days)
