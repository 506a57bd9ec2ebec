"""`claim_batch`: sets of 500 as the runner claims, against SKIP LOCKED in batches of 500."""

from __future__ import annotations

from typing import NamedTuple

import uvloop
from bench.callers import Taken, claim_sets, digest
from bench.result import Result
from bench.rounds import Contestant, alternate, figures_of

from bench import rivals, servers, stock

TARGETS = {"batched_skip_locked": 1.0}
"""Why not more: docs/adr/0012."""
SET = 500


class Size(NamedTuple):
    """How much of it; the rival empties its table faster, so it has more codes."""

    codes: int
    coupons: int
    rounds: int
    seconds: int
    connections: tuple[int, ...]


SIZES = {"small": Size(300_000, 600_000, 1, 1, (1,)), "real": Size(1_000_000, 4_000_000, 5, 1, (1, 2, 8))}


def run(size: str) -> Result:
    """Measure in turn, in a database of our own."""
    return uvloop.run(_run(size, SIZES[size]))


async def _run(name: str, size: Size) -> Result:
    taken = Taken()
    with servers.postgres() as running:
        async with servers.database(running) as db:
            pool = await stock.add(db, codes=size.codes)
            await rivals.add_tables(db, size.coupons)
            batch = rivals.SKIP_LOCKED.format(count=SET)

            async def batched(connections: int) -> float:
                return SET * await rivals.pgbench(running, batch, clients=connections, seconds=size.seconds)

            contestants: dict[str, Contestant] = {
                "ours": lambda: claim_sets(db, pool, taken, size=SET, seconds=size.seconds),
                "same_driver": lambda: rivals.claim_batches(db, size=SET, seconds=size.seconds),
            }
            contestants |= {f"batched_skip_locked_{n}": lambda n=n: batched(n) for n in size.connections}
            speeds = await alternate(contestants, size.rounds)
            await rivals.check_stock(db)
    best = max(speed.median for name, speed in speeds.items() if name.startswith("batched"))
    ratio = round(speeds["ours"].median / best, 2)
    return Result(
        "claim_batch", name, figures_of(speeds), {"batched_skip_locked": ratio}, TARGETS, digest(taken.values), []
    )
