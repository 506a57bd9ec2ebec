"""`redeem`: uses of issued codes by 64 callers, with the issue and contact checks, against plain updates."""

from __future__ import annotations

import asyncio
import random
from typing import NamedTuple

import uvloop
from bench.callers import CALLERS, Taken, digest, site_of
from bench.result import Result
from bench.rounds import Contestant, alternate, figures_of
from bench.stock import Stock

from bench import rivals, servers, stock
from tearoff.api.site import Site
from tearoff.clock import Clock, monotonic
from tearoff.domain.contacts import Identity
from tearoff.domain.redemptions import Use
from tearoff.store import redemptions
from tearoff.store.db import Database

TARGETS = {"pgbench": 1.5}
CONTACTS = 10_000
LIST_CODES = """
SELECT k.value, c.contact_id FROM code k JOIN claim c USING (project_id, code_id)
 WHERE k.project_id = %(project_id)s ORDER BY k.code_id
"""
ADD_CONTACTS = """
INSERT INTO contact (project_id, contact_id, external_id, created_at, updated_at)
SELECT %(project_id)s, n, 'bench ' || n, %(now)s, %(now)s FROM generate_series(1, %(contacts)s) n
"""
ISSUE = """
INSERT INTO claim (project_id, scope, key, pool_id, code_id, contact_id, request, reserved_at, issued_at, exposed_at)
SELECT k.project_id, 'api', 'bench ' || k.code_id, %(pool_id)s, k.code_id, 1 + k.code_id %% %(contacts)s, 'bench',
       %(now)s, %(now)s, %(now)s
  FROM code k WHERE k.project_id = %(project_id)s
"""
EMPTY_LINE = "UPDATE lot SET head = tail, waiting = 0, is_open = false WHERE project_id = %(project_id)s"


class Size(NamedTuple):
    """How much of it."""

    codes: int
    rounds: int
    seconds: int


SIZES = {"small": Size(30_000, 1, 1), "real": Size(800_000, 5, 3)}


def run(size: str) -> Result:
    """Measure in turn, in a database of our own."""
    return uvloop.run(_run(size, SIZES[size]))


async def _run(name: str, size: Size) -> Result:
    taken = Taken()
    with servers.postgres() as running:
        async with servers.database(running) as db:
            pool = await stock.add(db, codes=size.codes)
            await rivals.add_tables(db, size.codes)
            uses = await issue_all(db, pool)
            site, update = site_of(db), rivals.RANDOM_UPDATE.format(codes=size.codes)
            contestants: dict[str, Contestant] = {
                "ours": lambda: redeem_singly(site, pool, uses, taken, seconds=size.seconds),
                "pgbench": lambda: rivals.pgbench(running, update, clients=CALLERS, seconds=size.seconds),
            }
            speeds = await alternate(contestants, size.rounds)
            async with db.transaction() as tx:
                if await redemptions.count_wrong(tx, project_id=pool.project_id):
                    raise RuntimeError("A code was redeemed twice.")
    return Result(
        "redeem",
        name,
        figures_of(speeds) | {"ours_p50_ms": taken.wait_ms(0.5), "ours_p99_ms": taken.wait_ms(0.99)},
        {"pgbench": round(speeds["ours"].median / speeds["pgbench"].median, 2)},
        TARGETS,
        digest(taken.values),
        [],
    )


async def issue_all(db: Database, pool: Stock) -> list[Use]:
    """What would redeem each code of the pool, in an order of its own; each is issued to one of the contacts."""
    values = {"project_id": pool.project_id, "pool_id": pool.pool_id, "contacts": CONTACTS, "now": Clock().now()}
    async with db.transaction() as tx:
        for statement in (ADD_CONTACTS, ISSUE, EMPTY_LINE):
            await tx.execute(statement, values)
        cursor = await tx.execute(LIST_CODES, {"project_id": pool.project_id})
        rows = await cursor.fetchall()
    async with db.direct() as conn:
        for table in (b"claim", b"contact", b"lot"):
            await conn.execute(b"VACUUM ANALYZE " + table)
    uses = [
        Use(value=value, order_id=f"order {n}", contact=Identity(contact_id=contact_id), caller="key:1")
        for n, (value, contact_id) in enumerate(rows)
    ]
    random.Random(1).shuffle(uses)
    return uses


async def redeem_singly(site: Site, pool: Stock, uses: list[Use], taken: Taken, *, seconds: float) -> float:
    """Redemptions a second of callers that use one code each, again and again, while codes are left."""
    if not uses:
        raise RuntimeError("The stock of the benchmark is too small.")
    before, began = len(taken.values), monotonic()

    async def caller() -> None:
        while uses and (asked := monotonic()) < began + seconds:
            done = await site.redemptions.submit(pool.project_id, uses.pop())
            taken.values.append(done.code)
            taken.waits.append(monotonic() - asked)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return (len(taken.values) - before) / (monotonic() - began)
