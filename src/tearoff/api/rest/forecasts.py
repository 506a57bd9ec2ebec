"""Looking ahead over REST: when a pool is empty, its past by the hour, and whether stock meets a workflow's demand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar.params import JSONBody, QueryParameter

from tearoff.actions import forecasts as actions
from tearoff.api.pages import Ref
from tearoff.api.site import Caller
from tearoff.errors import Invalid, Problem
from tearoff.store import pools, stock, workflows

DAYS_MAX = 366
EXPECTED_MAX = 1_000_000_000
Days = Annotated[int, QueryParameter(ge=1, le=DAYS_MAX, description="How many days back")]


class ForecastView(msgspec.Struct, rename="camel", kw_only=True):
    """When a pool will be empty. `perDay` is null while less than an hour is known; `daysLeft` is null when it does not
    empty within a year. `lost` codes will run out before anybody takes them."""

    ready: int
    per_day: float | None
    days_left: float | None
    empty_at: datetime | None
    lost: int


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
        seen = await actions.look_ahead(tx, project_id=call.project_id, pool_id=found.pool_id, now=call.now)
    return ForecastView(**msgspec.structs.asdict(seen))


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
    views = [
        DemandView(block=each.block, pool=each.pool, expected=each.expected, ready=each.ready, short=each.short)
        for each in found
    ]
    return LaunchCheck(not any(each.short for each in views), views)
