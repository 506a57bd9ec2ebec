"""Projects and pools for benchmarks: codes are laid in their lines as an upload leaves them, only faster."""

from __future__ import annotations

import itertools

import msgspec

from tearoff.clock import Clock
from tearoff.store.db import Database, fetch_value

NUMBERS = itertools.count(1)
ADD_PROJECT = "INSERT INTO project (name, created_at) VALUES (%(name)s, %(now)s) RETURNING project_id"
ADD_POOL = """
WITH pool AS (INSERT INTO pool (project_id, key, type, name, description, state, created_at)
              VALUES (%(project_id)s, 'bench', 'bench', 'Bench', 'For a benchmark.', 'launched', %(now)s)
              RETURNING project_id, pool_id)
SELECT pool_id FROM pool
"""
ADD_GATE = "INSERT INTO pool_gate (project_id, pool_id) VALUES (%(project_id)s, %(pool_id)s)"
ADD_LOTS = """
INSERT INTO lot (project_id, pool_id, discount, expires_at, tail, waiting, is_open)
SELECT %(project_id)s, %(pool_id)s, 10, %(now)s::timestamptz + interval '1 year' + n * interval '1 second',
       %(each)s, %(each)s, true
  FROM generate_series(1, %(lots)s) n
"""
ADD_CODES = """
INSERT INTO code (project_id, lot_id, place, value)
SELECT %(project_id)s, l.lot_id, p, 'BENCH-' || l.lot_id || '-' || p
  FROM lot l, generate_series(0, %(each)s - 1) p
 WHERE l.project_id = %(project_id)s ORDER BY l.lot_id, p
"""


class Stock(msgspec.Struct, frozen=True):
    """A project with one pool of codes."""

    project_id: int
    pool_id: int
    codes: int


async def add(db: Database, *, codes: int, lots: int = 1) -> Stock:
    """A fresh project whose only pool holds `codes` codes in `lots` lots, vacuumed as the server would soon do."""
    now = Clock().now()
    each = codes // lots
    async with db.transaction() as tx:
        name = f"bench {next(NUMBERS)}"
        project_id = await fetch_value(tx, ADD_PROJECT, {"name": name, "now": now}, int)
        pool_id = await fetch_value(tx, ADD_POOL, {"project_id": project_id, "now": now}, int)
        values = {"project_id": project_id, "pool_id": pool_id, "each": each, "lots": lots, "now": now}
        for statement in (ADD_GATE, ADD_LOTS, ADD_CODES):
            await tx.execute(statement, values)
    async with db.direct() as conn:
        await conn.execute("VACUUM ANALYZE lot")
        await conn.execute("VACUUM ANALYZE code")
    return Stock(project_id, pool_id, each * lots)
