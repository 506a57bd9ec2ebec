"""Series for charts over REST, in hours or days of the project's zone."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from tearoff.actions import forecasts
from tearoff.api.pages import Text
from tearoff.api.rest.workflow_runs import VersionNumber
from tearoff.api.site import Call, Caller
from tearoff.domain.charts import Bucket, Buckets, buckets, carried, days_ahead, gains, run_down
from tearoff.domain.forecasts import Loss
from tearoff.domain.funnels import BlockCount, blocks_of
from tearoff.domain.workflows import parse
from tearoff.errors import Invalid, Problem
from tearoff.store import charts, pools, projects, steps, stock, workflows
from tearoff.store.charts import PoolLook, StateCount
from tearoff.store.db import Tx

FUNNEL_RUNS_MAX = 50_000
AHEAD_DAYS_MAX = 90
Since = Annotated[datetime | None, QueryParameter(name="from", description="With its zone; the bucket that holds it")]
Until = Annotated[datetime | None, QueryParameter(name="until", description="With its zone; now, if left out")]
By = Annotated[Bucket, QueryParameter(name="bucket", description="At most 31 days by the hour, 366 by the day")]
OfPool = Annotated[str | None, QueryParameter(name="pool", max_length=300, description="One pool, by id or key")]
Ahead = Annotated[int, QueryParameter(name="ahead", ge=1, le=AHEAD_DAYS_MAX, description="How many days ahead")]


class PoolSeries(msgspec.Struct):
    """What one pool had in each bucket, in the order of `starts`."""

    pool: str
    values: list[int]
    total: int


class PoolChart(msgspec.Struct, rename="camel", kw_only=True):
    """Series by pool, those with the most first; pools without any are left out."""

    bucket: Bucket
    time_zone: str
    starts: list[datetime]
    until: datetime
    series: list[PoolSeries]


class StateSeries(msgspec.Struct):
    """How many are in a state, by the bucket in which they were made."""

    state: str
    values: list[int]
    total: int


class StateChart(msgspec.Struct, rename="camel", kw_only=True):
    """Series by state."""

    bucket: Bucket
    time_zone: str
    starts: list[datetime]
    until: datetime
    series: list[StateSeries]


class AheadPoint(msgspec.Struct):
    """What is left at an instant: `low` at the faster of the paces known, `high` at the slower."""

    at: datetime
    low: int
    high: int


class RunDown(msgspec.Struct, rename="camel", kw_only=True):
    """A pool's stock: what there was at the end of each bucket (null before the first look), what there is, and what is
    expected. `ahead` is empty while too little is known of the pace."""

    bucket: Bucket
    time_zone: str
    starts: list[datetime]
    until: datetime
    ready: list[int | None]
    now: datetime
    ready_now: int
    per_day_low: float | None
    per_day_high: float | None
    empty_at: datetime | None
    empty_latest_at: datetime | None
    ahead: list[AheadPoint]


class Funnel(msgspec.Struct, rename="camel", kw_only=True):
    """How the runs of a workflow that began in a range went through its blocks, in the order of its path.

    `isComplete`: there are no more of them than the `runs` newest ones counted here.
    """

    workflow: str
    version: int | None
    runs: int
    is_complete: bool
    blocks: list[BlockCount]


async def issued(
    call: Caller, bucket: By = "day", since: Since = None, until: Until = None, pool: OfPool = None
) -> PoolChart:
    """Codes that were issued for good, by pool and by when."""
    return await _pool_chart(call, bucket, since, until, pool, "issued")


async def redeemed(
    call: Caller, bucket: By = "day", since: Since = None, until: Until = None, pool: OfPool = None
) -> PoolChart:
    """Uses of codes, less what was rolled back, by pool and by when."""
    return await _pool_chart(call, bucket, since, until, pool, "redeemed")


async def deliveries(call: Caller, bucket: By = "day", since: Since = None, until: Until = None) -> StateChart:
    """Messages by their state now, by when they were written."""
    async with call.site.db.transaction() as tx:
        zone, span = await _span(tx, call, bucket, since, until)
        found = await charts.count_deliveries(tx, project_id=call.project_id, buckets=span)
    return _state_chart(bucket, zone, span, found)


async def runs(
    call: Caller, bucket: By = "day", since: Since = None, until: Until = None, workflow: Text = None
) -> StateChart:
    """Runs by their state now, by when they began; of one workflow, or of all and of messages without one."""
    async with call.site.db.transaction() as tx:
        zone, span = await _span(tx, call, bucket, since, until)
        workflow_id = None
        if workflow is not None:
            workflow_id = (await workflows.resolve(tx, project_id=call.project_id, reference=workflow)).workflow_id
        found = await charts.count_runs(tx, project_id=call.project_id, workflow_id=workflow_id, buckets=span)
    return _state_chart(bucket, zone, span, found)


async def funnel(
    call: Caller, workflow: Text = None, version: VersionNumber = None, since: Since = None, until: Until = None
) -> Funnel:
    """How many runs came to each block of a workflow and how they went on; of all time, without a range."""
    if workflow is None:
        raise Invalid(Problem("/workflow", "Say which workflow is meant."))
    for name, instant in (("from", since), ("until", until)):
        if instant is not None and instant.tzinfo is None:
            raise Invalid(Problem(f"/{name}", "A time names its zone, such as 2026-12-31T00:00:00+02:00."))
    async with call.site.db.transaction() as tx:
        stored = await workflows.resolve(tx, project_id=call.project_id, reference=workflow)
        at: dict[str, Any] = {"project_id": call.project_id, "workflow_id": stored.workflow_id}
        shown = version or stored.version
        found = await workflows.get_version(tx, **at, version=shown) if shown else None
        passages, chosen = await steps.count_passages(
            tx, **at, version=version, since=since, until=until, limit=FUNNEL_RUNS_MAX
        )
    counted = sum(each.runs for each in chosen)
    return Funnel(
        workflow=stored.key,
        version=version,
        runs=counted,
        is_complete=counted < FUNNEL_RUNS_MAX,
        blocks=blocks_of(parse(found.definition) if found else None, passages, chosen),
    )


async def run_down_of(
    call: Caller, pool: OfPool = None, bucket: By = "day", since: Since = None, until: Until = None, ahead: Ahead = 30
) -> RunDown:
    """A pool's stock as it was and as it will be: between the pace of its last day and that of its last week."""
    if pool is None:
        raise Invalid(Problem("/pool", "Say which pool is meant."))
    at: dict[str, Any] = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, **at, reference=pool)
        zone, span = await _span(tx, call, bucket, since, until)
        looks = await charts.list_looks(tx, **at, pool_id=found.pool_id, buckets=span)
        held = await stock.get(tx, **at, pool_id=found.pool_id, now=call.now)
        seen = (await forecasts.look_ahead(tx, **at, stocks={found.pool_id: held}, now=call.now))[found.pool_id]
        _, today = await _span(tx, call, "day", None, None)
        days = days_ahead(today, ahead, (await projects.get(tx, **at)).zone)
        expiring = await stock.list_expiries(tx, **at, pool_ids=[found.pool_id], until=days[-1], now=call.now)
    losses = [Loss(expiry.at, expiry.codes) for expiry in expiring.get(found.pool_id, ())]
    points: list[AheadPoint] = []
    if seen.fast.per_day is not None and seen.slow.per_day is not None:
        lows = run_down(held.ready, seen.fast.per_day, losses, call.now, days)
        highs = run_down(held.ready, seen.slow.per_day, losses, call.now, days)
        points = [AheadPoint(*each) for each in zip(days, lows, highs, strict=True)]
    return RunDown(
        bucket=bucket,
        time_zone=zone,
        starts=span.starts,
        until=span.until,
        ready=_ready(looks, span, held.ready, call.now),
        now=call.now,
        ready_now=held.ready,
        per_day_low=seen.slow.per_day,
        per_day_high=seen.fast.per_day,
        empty_at=seen.fast.empty_at,
        empty_latest_at=seen.slow.empty_at,
        ahead=points,
    )


def _ready(looks: list[PoolLook], span: Buckets, ready: int, now: datetime) -> list[int | None]:
    """What was there at the ends of the buckets; of the present one what is there, of later ones nothing."""
    found = carried({look.n: look.ready for look in looks}, len(span.starts))
    for n, start in enumerate(span.starts):
        end = span.starts[n + 1] if n + 1 < len(span.starts) else span.until
        if start <= now < end:
            found[n] = ready
        elif start > now:
            found[n] = None
    return found


async def _span(
    tx: Tx, call: Call, bucket: Bucket, since: datetime | None, until: datetime | None
) -> tuple[str, Buckets]:
    project = await projects.get(tx, project_id=call.project_id)
    return project.time_zone, buckets(bucket, since, until, call.now, project.zone)


async def _pool_chart(
    call: Call, bucket: Bucket, since: datetime | None, until: datetime | None, pool: str | None, counted: str
) -> PoolChart:
    at: dict[str, Any] = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        zone, span = await _span(tx, call, bucket, since, until)
        pool_id = None if pool is None else (await pools.resolve(tx, **at, reference=pool)).pool_id
        looks = await charts.list_looks(tx, **at, pool_id=pool_id, buckets=span)
        present = await stock.list_all(tx, **at, pool_ids=None if pool_id is None else [pool_id], now=call.now)
    series = []
    here = next((n for n, start in reversed(list(enumerate(span.starts, 1))) if start <= call.now < span.until), None)
    for pool_id_, rows in groupby(looks, key=lambda look: look.pool_id):
        of_pool = list(rows)
        so_far = {look.n: getattr(look, counted) for look in of_pool}
        if here is not None and pool_id_ in present:
            so_far[here] = getattr(present[pool_id_], counted)
        values = gains(so_far, len(span.starts), is_new=of_pool[0].created_at >= span.since)
        if any(values):
            series.append(PoolSeries(of_pool[0].key, values, sum(values)))
    series.sort(key=lambda each: -each.total)
    return PoolChart(bucket=bucket, time_zone=zone, starts=span.starts, until=span.until, series=series)


def _state_chart(bucket: Bucket, zone: str, span: Buckets, found: list[StateCount]) -> StateChart:
    by_state: dict[str, list[int]] = {}
    for each in found:
        by_state.setdefault(each.state, [0] * len(span.starts))[each.n - 1] = each.count
    series = [StateSeries(state, values, sum(values)) for state, values in sorted(by_state.items())]
    return StateChart(bucket=bucket, time_zone=zone, starts=span.starts, until=span.until, series=series)
