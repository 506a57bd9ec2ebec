"""Stock: what is in each pool, exactly; its past by the hour, and the thresholds that are watched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

import msgspec

from tearoff.domain.stock import Level, Rung, Stock
from tearoff.errors import NotFound
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_value

SQL = queries.load("stock")
SOON = timedelta(days=7)
COUNT_ROWS_MAX = 50
NONE: Mapping[int, int] = {}


class Sample(msgspec.Struct, frozen=True):
    """What was in a pool when its hour was looked at last."""

    hour: datetime
    at: datetime
    ready: int
    claimed: int
    issued: int
    redeemed: int


class Expiry(msgspec.Struct, frozen=True):
    """How many waiting codes of a pool run out at an instant."""

    pool_id: int
    at: datetime
    codes: int


class Seen(msgspec.Struct, frozen=True):
    """How many codes of a pool were claimed up to an instant."""

    pool_id: int
    at: datetime
    claimed: int


class Day(msgspec.Struct, frozen=True):
    """How many codes of a pool were claimed up to the end of a day."""

    pool_id: int
    day: date
    claimed: int


Row = TypeVar("Row", Seen, Day, Expiry)


class PoolRung(msgspec.Struct, frozen=True):
    """A threshold of a pool."""

    pool_id: int
    below: int
    level: Level


async def list_all(
    tx: Tx, *, project_id: int, pool_ids: Sequence[int] | None = None, now: datetime
) -> dict[int, Stock]:
    """The stock of these pools, or of all, by their ids."""
    params = {"project_id": project_id, "pool_ids": None if pool_ids is None else list(pool_ids)}
    found = await fetch_all(tx, SQL.list_stock, params | {"now": now, "soon": now + SOON}, into=Stock)
    return {stock.pool_id: stock for stock in found}


async def get(tx: Tx, *, project_id: int, pool_id: int, now: datetime) -> Stock:
    """The stock of one pool; raises NotFound."""
    found = await list_all(tx, project_id=project_id, pool_ids=[pool_id], now=now)
    if pool_id not in found:
        raise NotFound("pool", pool_id)
    return found[pool_id]


async def note(
    tx: Tx,
    *,
    project_id: int,
    claimed: Mapping[int, int] = NONE,
    issued: Mapping[int, int] = NONE,
    redeemed: Mapping[int, int] = NONE,
) -> None:
    """Count what changes in this transaction and no lot counts: live claims, issued ones, uses; each by pool."""
    pool_ids = sorted({*claimed, *issued, *redeemed})
    if not pool_ids:
        return
    params = {
        "project_id": project_id,
        "pool_ids": pool_ids,
        "claimed": [claimed.get(pool_id, 0) for pool_id in pool_ids],
        "issued": [issued.get(pool_id, 0) for pool_id in pool_ids],
        "redeemed": [redeemed.get(pool_id, 0) for pool_id in pool_ids],
    }
    await execute(tx, SQL.note, params)


async def sum_up(tx: Tx, *, project_id: int) -> None:
    """Keep the counts of the project short."""
    await execute(tx, SQL.sum_up, {"project_id": project_id, "rows_max": COUNT_ROWS_MAX})


async def put_samples(tx: Tx, *, project_id: int, stocks: Sequence[Stock], now: datetime) -> None:
    """Remember this hour's stock."""
    params = {
        "project_id": project_id,
        "hour": now.replace(minute=0, second=0, microsecond=0),
        "now": now,
        "pool_ids": [stock.pool_id for stock in stocks],
        "ready": [stock.ready for stock in stocks],
        "claimed": [stock.claimed for stock in stocks],
        "issued": [stock.issued for stock in stocks],
        "redeemed": [stock.redeemed for stock in stocks],
    }
    await execute(tx, SQL.put_samples, params)


async def list_samples(tx: Tx, *, project_id: int, pool_id: int, since: datetime) -> list[Sample]:
    """A pool's past by the hour, the oldest first."""
    return await fetch_all(
        tx, SQL.list_samples, {"project_id": project_id, "pool_id": pool_id, "since": since}, into=Sample
    )


async def list_paces(
    tx: Tx, *, project_id: int, pool_ids: Sequence[int], sinces: Sequence[datetime]
) -> dict[int, list[Seen]]:
    """The first look at each pool since each of these instants, by pool."""
    params = {"project_id": project_id, "pool_ids": list(pool_ids), "sinces": list(sinces)}
    return _by_pool(await fetch_all(tx, SQL.list_paces, params, into=Seen))


async def list_days(
    tx: Tx, *, project_id: int, pool_ids: Sequence[int], since: datetime, zone: str
) -> dict[int, list[Day]]:
    """What was claimed of each pool until the end of each day on which it was looked at, by pool."""
    params = {"project_id": project_id, "pool_ids": list(pool_ids), "since": since, "zone": zone}
    return _by_pool(await fetch_all(tx, SQL.list_days, params, into=Day))


async def list_expiries(
    tx: Tx, *, project_id: int, pool_ids: Sequence[int], until: datetime, now: datetime
) -> dict[int, list[Expiry]]:
    """When waiting codes run out, until an instant, by pool."""
    params = {"project_id": project_id, "pool_ids": list(pool_ids), "until": until, "now": now}
    return _by_pool(await fetch_all(tx, SQL.list_expiries, params, into=Expiry))


def _by_pool(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.pool_id].append(row)
    return found


async def list_rungs(tx: Tx, *, project_id: int, pool_id: int | None = None) -> dict[int, list[Rung]]:
    """The thresholds beside the pools' own, by pool."""
    rungs: dict[int, list[Rung]] = defaultdict(list)
    for row in await fetch_all(tx, SQL.list_rungs, {"project_id": project_id, "pool_id": pool_id}, into=PoolRung):
        rungs[row.pool_id].append(Rung(row.below, row.level))
    return rungs


async def put_rungs(tx: Tx, *, project_id: int, pool_id: int, rungs: Sequence[Rung]) -> None:
    """Give a pool these thresholds beside its own."""
    at = {"project_id": project_id, "pool_id": pool_id}
    await execute(tx, SQL.remove_rungs, at)
    params = at | {"belows": [rung.below for rung in rungs], "levels": [rung.level for rung in rungs]}
    await execute(tx, SQL.add_rungs, params)


async def count_events(tx: Tx, *, project_id: int, event_type: str, since: datetime) -> int:
    """How many events of a type came since an instant."""
    params = {"project_id": project_id, "event_type": event_type, "since": since}
    return await fetch_value(tx, SQL.count_events, params, int)
