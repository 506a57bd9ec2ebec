"""Looking ahead over REST: when a pool is empty, its past by the hour, and whether stock meets a workflow's demand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar.params import JSONBody, QueryParameter

from tearoff.actions import forecasts as actions
from tearoff.api.pages import After, Limit, Ref, next_page
from tearoff.api.rest.pools import StateFilter, Words
from tearoff.api.site import Caller
from tearoff.domain.forecasts import Demand, Forecast
from tearoff.domain.pools import Pool, State
from tearoff.domain.stock import Stock
from tearoff.errors import Invalid, Problem
from tearoff.store import pools, stock, workflows

DAYS_MAX = 366
EXPECTED_MAX = 1_000_000_000
Days = Annotated[int, QueryParameter(ge=1, le=DAYS_MAX, description="How many days back")]


class ForecastView(msgspec.Struct, rename="camel", kw_only=True):
    """When a pool will be empty. `perDay` is null while less than an hour is known; `daysLeft` is null when it does not
    empty within a year. `lost` codes will run out before anybody takes them. `perDay` is the faster pace of the last
    day and the last week; with the slower one, `perDayLow`, the pool is empty at `emptyLatestAt`."""

    ready: int
    per_day: float | None
    days_left: float | None
    empty_at: datetime | None
    lost: int
    per_day_low: float | None
    empty_latest_at: datetime | None


class StockLine(msgspec.Struct, rename="camel", kw_only=True):
    """A pool with what is in it and how long that lasts; `trend` is what was claimed on each of the last 30 days."""

    id: int
    key: str
    name: str
    state: State
    total: int
    available: int
    scheduled: int
    reserved: int
    issued: int
    redeemed: int
    alert_below: int | None
    per_day: float | None
    days_left: float | None
    empty_at: datetime | None
    trend: list[int]


class StockPage(msgspec.Struct):
    """Pools with their stock, the oldest first."""

    items: list[StockLine]
    next: str | None


class SampleView(msgspec.Struct, rename="camel", kw_only=True):
    """What was in a pool at the end of an hour, or when it was looked at last in it."""

    hour: datetime
    ready: int
    claimed: int
    issued: int
    redeemed: int


class History(msgspec.Struct):
    """Hours in which something was looked at, the oldest first."""

    items: list[SampleView]


class DemandBody(msgspec.Struct, forbid_unknown_fields=True):
    """How many runs are expected; null, for as many as events came in the last week."""

    expected: int | None = None


class DemandView(msgspec.Struct, kw_only=True):
    """What one block may need and what is there for it; `short` codes are missing."""

    block: str
    pool: str
    expected: int
    ready: int
    short: int


class LaunchCheck(msgspec.Struct, rename="camel"):
    """Whether the stock is enough, block by block."""

    is_enough: bool
    demands: list[DemandView]


async def forecast(call: Caller, pool: Ref) -> ForecastView:
    """When the pool will be empty at its present pace."""
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, project_id=call.project_id, reference=pool)
        held = await stock.list_all(tx, project_id=call.project_id, pool_ids=[found.pool_id], now=call.now)
        seen = await actions.look_ahead(tx, project_id=call.project_id, stocks=held, now=call.now)
    fast, slow = seen[found.pool_id].fast, seen[found.pool_id].slow
    return ForecastView(**msgspec.structs.asdict(fast), per_day_low=slow.per_day, empty_latest_at=slow.empty_at)


async def list_stock(
    call: Caller, limit: Limit = 100, after: After = None, pool_state: StateFilter = None, words: Words = None
) -> StockPage:
    """What is in each pool and how long it lasts: of all, or of those in a state whose name, key or type holds `q`."""
    at = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        found = await pools.list_page(tx, **at, after=after or 0, limit=limit, state=pool_state, words=words)
        ids = [pool.pool_id for pool in found]
        held = await stock.list_all(tx, **at, pool_ids=ids, now=call.now)
        ahead = await actions.look_ahead(tx, **at, stocks=held, now=call.now)
        trends = await actions.trends(tx, **at, pool_ids=ids, now=call.now)
    items = [_line(pool, held[pool.pool_id], ahead[pool.pool_id].fast, trends[pool.pool_id]) for pool in found]
    return StockPage(items, next_page(ids, limit))


def _line(pool: Pool, held: Stock, ahead: Forecast, trend: list[int]) -> StockLine:
    return StockLine(
        id=pool.pool_id,
        key=pool.key,
        name=pool.name,
        state=pool.state,
        total=held.total,
        available=held.available,
        scheduled=held.scheduled,
        reserved=held.reserved,
        issued=held.issued,
        redeemed=held.redeemed,
        alert_below=pool.alert_below,
        per_day=ahead.per_day,
        days_left=ahead.days_left,
        empty_at=ahead.empty_at,
        trend=trend,
    )


async def history(call: Caller, pool: Ref, days: Days = 30) -> History:
    """What was in a pool, hour by hour."""
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, project_id=call.project_id, reference=pool)
        since = call.now - timedelta(days=days)
        samples = await stock.list_samples(tx, project_id=call.project_id, pool_id=found.pool_id, since=since)
    return History(
        [
            SampleView(
                hour=each.hour, ready=each.ready, claimed=each.claimed, issued=each.issued, redeemed=each.redeemed
            )
            for each in samples
        ]
    )


async def demand(call: Caller, workflow: Ref, data: JSONBody[DemandBody]) -> LaunchCheck:
    """Whether the stock is enough for the runs that the draft of a workflow may expect."""
    if data.expected is not None and not 0 <= data.expected <= EXPECTED_MAX:
        raise Invalid(Problem("/expected", f"A whole number from 0 to {EXPECTED_MAX} is needed here."))
    async with call.site.db.transaction() as tx:
        stored = await workflows.resolve(tx, project_id=call.project_id, reference=workflow)
        found = await actions.demand(
            tx, project_id=call.project_id, draft=stored.draft, expected=data.expected, now=call.now
        )
    return LaunchCheck(not any(each.short for each in found), [demand_view(each) for each in found])


def demand_view(demand: Demand) -> DemandView:
    """What one block may need, as the API shows it."""
    return DemandView(
        block=demand.block, pool=demand.pool, expected=demand.expected, ready=demand.ready, short=demand.short
    )
