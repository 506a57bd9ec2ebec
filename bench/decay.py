"""`decay`: claims from a pool that is half or nearly used, in 100,000 lots, or watched by an old snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import uvloop
from bench.callers import Taken, claim_sets, claim_singly, digest, site_of
from bench.result import Result
from bench.rounds import Contestant, alternate, figures_of

from bench import servers, stock
from tearoff.store.db import Database

TARGETS = {"used_50": 0.75, "used_99": 0.75, "many_lots": 0.75, "snapshot": 0.75}
SET = 2000


class Size(NamedTuple):
    """How much of it; `count` claims a round leave the nearly used pool a rest."""

    codes: int
    lots: int
    rounds: int
    count: int
    snapshot_seconds: float
    snapshot_codes: int


SIZES = {
    "small": Size(5_000, 500, 1, 100, 0.3, 60_000),
    "real": Size(1_000_000, 100_000, 8, 1_400, 60.0, 3_500_000),
}


def run(size: str) -> Result:
    """Measure in turn, in a database of our own."""
    return uvloop.run(_run(size, SIZES[size]))


async def _run(name: str, size: Size) -> Result:
    taken = Taken()
    with servers.postgres() as running:
        async with servers.database(running) as db:
            site = site_of(db)
            rest = size.rounds * size.count * 105 // 100
            pools = {name: await stock.add(db, codes=size.codes) for name in ("fresh", "used_50", "used_99")}
            pools["many_lots"] = await stock.add(db, codes=size.codes, lots=size.lots)
            pools["snapshot"] = await stock.add(db, codes=size.snapshot_codes)
            await claim_sets(db, pools["used_50"], taken, size=SET, count=size.codes // 2)
            await claim_sets(db, pools["used_99"], taken, size=SET, count=size.codes - rest)
            contestants: dict[str, Contestant] = {
                name: lambda pool=pool: claim_singly(site, pool, taken, count=size.count)
                for name, pool in pools.items()
            }
            watched = {name: contestants.pop(name) for name in ("snapshot",)} | {"fresh": contestants["fresh"]}
            speeds = await alternate(contestants, size.rounds)
            async with _snapshot(db):
                await claim_singly(site, pools["snapshot"], taken, seconds=size.snapshot_seconds)
                under = await alternate(watched, size.rounds)
    ratios = {name: round(speeds[name].median / speeds["fresh"].median, 2) for name in TARGETS if name in speeds}
    ratios["snapshot"] = round(under["snapshot"].median / speeds["fresh"].median, 2)
    figures = figures_of(speeds | {"snapshot": under["snapshot"], "snapshot_fresh": under["fresh"]})
    return Result("decay", name, figures, ratios, TARGETS, digest(taken.values), [])


@asynccontextmanager
async def _snapshot(db: Database) -> AsyncIterator[None]:
    """A transaction that sees the database as it was, as a backup does, and keeps every row version since then."""
    async with db.direct() as conn:
        await conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        await conn.execute("SELECT count(*) FROM pool")
        yield
        await conn.execute("ROLLBACK")
