"""A claim reads by index only what it needs, on tables that nobody has analysed and with the plans that are kept.

The plans of statements inside functions cannot be asked for, so the server's own counters are: rows read by each index,
and without one. Otherwise a claim would slow down with every claim that was made.
"""

from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC

import pytest
from tests.stock import pool_of, upload_file

from tearoff.domain.codes import Wish, fit
from tearoff.store import claims, stories
from tearoff.store.claims import ClaimTerms, ClaimWish

LOTS, CLAIMED, CALLS = 100, 4000, 7
FORGET = "DELETE FROM pg_statistic WHERE starelid = 'claim'::regclass"
READ = """
SELECT c.relname, coalesce(pg_stat_get_xact_tuples_returned(c.oid), 0)
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
 WHERE coalesce(i.indrelid, c.oid) IN ('claim'::regclass, 'lot'::regclass, 'code'::regclass, 'pool_gate'::regclass)
"""
TABLES = {"claim", "lot", "code"}
PICKS = ("lot_pick", "lot_pick_discount")
"""The planner may choose either for a discount: both are ordered by expiry."""


async def claim(conn, project, pool, now, keys, discount=None):
    return await claims.claim_codes(
        conn,
        project_id=project,
        pool_id=pool,
        fit=fit(Wish(discount=discount), now, UTC),
        terms=ClaimTerms("run"),
        wishes=[ClaimWish(key, "r") for key in keys],
    )


@pytest.fixture
async def early(db, project, now):
    """A connection that planned its statements before there was anything to look at, and keeps those plans."""
    async with db.dedicated() as conn:
        at = {"project_id": project, "scope": "run", "keys": ["nothing"]}
        for _ in range(CALLS):
            await claims.mark_issued(conn, **at, now=now)
            await claims.mark_exposed(conn, **at, now=now)
            await claims.return_claims(conn, **at, pool_id=0, now=now, reason="r")
            await claims.list_pools_of(conn, **at)
            await claims.list_values(conn, **at)
        yield conn


@pytest.fixture
async def pool(early, db, project, now):
    """A pool with open lots of 100 codes each, some of them claimed, and no statistics."""
    rows = [f"C{n}-{m},2099-01-01T00:{n % 60:02},{n // 2 + 1},birthday" for n in range(LOTS) for m in range(100)]
    await upload_file(db, project, "\n".join(rows), now)
    found = await pool_of(db, project)
    async with db.single() as tx:
        for n in range(CLAIMED // 400):
            await claim(tx, project, found, now, [f"old{n}-{m}" for m in range(400)])
        await tx.execute(FORGET)
        await tx.execute("ANALYZE lot, code")
    return found


@asynccontextmanager
async def counted(conn):
    """What a transaction reads: rows by the name of the index, or of the table where none was used."""
    read: Counter[str] = Counter()
    async with conn.transaction():
        before = Counter(dict(await (await conn.execute(READ)).fetchall()))
        yield read
        read.update(Counter(dict(await (await conn.execute(READ)).fetchall())))
        read.subtract(before)


@pytest.mark.parametrize("discount", [None, 45])
async def test_a_claim_reads_its_keys_its_lots_and_its_codes(early, project, now, pool, discount) -> None:
    for n in range(CALLS):
        async with counted(early) as read:
            keys = [f"new{n}-{m}" for m in range(20)] + [f"old1-{m}" for m in range(20)]
            assert len(await claim(early, project, pool, now, keys, discount)) == 40
        assert not {table for table in TABLES if read[table]}, read
        assert read["claim_pkey"] <= 3 * 40, read
        assert 1 <= sum(read[index] for index in PICKS) <= 100, read
        # all keys walk along the line until one of them is found to be known; then the fresh ones walk
        assert read["code_line"] <= 65, read


@pytest.mark.parametrize("discount", [None, 45])
async def test_a_claim_of_fresh_keys_reads_each_code_once_and_looks_for_no_key(
    early, project, now, pool, discount
) -> None:
    for n in range(CALLS):
        async with counted(early) as read:
            assert len(await claim(early, project, pool, now, [f"new{n}-{m}" for m in range(25)], discount)) == 25
        assert not {table for table in TABLES if read[table]}, read
        assert read["claim_pkey"] == 0, read
        assert read["code_line"] <= 30, read
        assert 1 <= sum(read[index] for index in PICKS) <= 5, read


async def test_issuing_and_returning_read_their_keys(early, project, now, pool) -> None:
    for n in range(CALLS):
        keys = [f"old{n}-{m}" for m in range(40)]
        at = {"project_id": project, "scope": "run"}
        async with counted(early) as read:
            pools = await claims.list_pools_of(early, **at, keys=keys)
            await claims.lock(early, **at, keys=keys)
            assert await claims.mark_exposed(early, **at, keys=keys[:5], now=now) == 5
            assert len(await claims.list_values(early, **at, keys=keys)) == 40
            assert len(await claims.mark_issued(early, **at, keys=keys[:20], now=now)) == 20
            returned = await claims.return_claims(early, **at, pool_id=pools[0], keys=keys[20:], now=now, reason="r")
            assert len(returned) == 20
        assert not {table for table in TABLES if read[table]}, read
        assert read["claim_pkey"] <= 10 * 40, read


async def test_the_owners_of_a_code_are_found_by_index(early, project, now, pool) -> None:
    async with counted(early) as read:
        [row] = await claim(early, project, pool, now, ["old1-1"])
        read_before = read["claim"]
        assert len((await stories.get_details(early, project_id=project, code_id=row.code_id)).owners) == 1
    assert (read["claim"], read_before) == (0, 0)


async def test_a_claim_does_not_meet_the_versions_that_a_snapshot_keeps(early, db, project, now) -> None:
    """A page holds some 60 versions of a lot, and each page has an entry in each index."""
    await upload_file(db, project, "\n".join(f"K{n},2099-01-01,10,birthday" for n in range(500)), now)
    pool = await pool_of(db, project)
    async with db.dedicated() as backup, backup.transaction():
        await backup.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await backup.execute("SELECT count(*) FROM lot")
        for n in range(400):
            await claim(early, project, pool, now, [f"kept{n}"])
        async with counted(early) as read:
            await claim(early, project, pool, now, ["last"])
    assert read["pool_gate_pkey"] == 1, read
    assert sum(read[index] for index in PICKS) <= 3, read
    assert read["lot_pkey"] == 0, read
