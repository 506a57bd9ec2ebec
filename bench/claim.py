"""`claim`: durable single claims of 64 concurrent callers, against SKIP LOCKED, plain updates and Redis."""

from __future__ import annotations

from typing import NamedTuple

import uvloop
from bench.callers import CALLERS, Taken, claim_singly, digest, site_of
from bench.result import Result
from bench.rounds import Contestant, Speed, alternate, figures_of

from bench import rivals, servers, stock

TARGETS = {"skip_locked": 6.0, "pgbench": 2.0, "redis": 0.5}


class Size(NamedTuple):
    """How much of it: `connections` are those among which SKIP LOCKED picks its best."""

    codes: int
    rounds: int
    seconds: int
    connections: tuple[int, ...]


SIZES = {"small": Size(150_000, 1, 1, (8,)), "real": Size(1_000_000, 5, 2, (8, 16, 32, 64))}


def run(size: str) -> Result:
    """Measure in turn, in a database and a Redis of our own."""
    return uvloop.run(_run(size, SIZES[size]))


async def _run(name: str, size: Size) -> Result:
    taken = Taken()
    with servers.postgres() as running, servers.redis() as redis:
        async with servers.database(running) as db:
            pool = await stock.add(db, codes=size.codes)
            await rivals.add_tables(db, size.codes)
            site = site_of(db)
            one, update = rivals.SKIP_LOCKED.format(count=1), rivals.RANDOM_UPDATE.format(codes=size.codes)
            contestants: dict[str, Contestant] = {
                "ours": lambda: claim_singly(site, pool, taken, seconds=size.seconds),
                "pgbench": lambda: rivals.pgbench(running, update, clients=CALLERS, seconds=size.seconds),
            }
            contestants |= {
                f"skip_locked_{n}": lambda n=n: rivals.pgbench(running, one, clients=n, seconds=size.seconds)
                for n in size.connections
            }
            if redis is not None:
                guess: list[float] = []
                contestants["redis"] = lambda: rivals.redis_pops(
                    redis, clients=CALLERS, seconds=size.seconds, guess=guess
                )
            speeds = await alternate(contestants, size.rounds)
    return Result(
        "claim",
        name,
        figures_of(speeds) | {"ours_p50_ms": taken.wait_ms(0.5), "ours_p99_ms": taken.wait_ms(0.99)},
        ratios(speeds),
        TARGETS,
        digest(taken.values),
        [] if "redis" in speeds else ["redis"],
    )


def ratios(speeds: dict[str, Speed]) -> dict[str, float]:
    """Ours by theirs; of SKIP LOCKED the number of connections that suits it best."""
    best = {name: speed.median for name, speed in speeds.items() if name in ("pgbench", "redis")}
    best["skip_locked"] = max(speed.median for name, speed in speeds.items() if name.startswith("skip_locked"))
    return {name: round(speeds["ours"].median / max(value, 1.0), 2) for name, value in best.items()}
