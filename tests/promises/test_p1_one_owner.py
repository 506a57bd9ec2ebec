"""P1: a code has at most one owner, whoever claims and returns at the same time, until the pool is exhausted."""

import asyncio
import random
from datetime import UTC

import psycopg
import pytest
from tests.stock import books, pool_of, upload

from tearoff.actions.claims import claim, give_back
from tearoff.domain.codes import Wish, fit
from tearoff.store.claims import ClaimTerms, ClaimWish
from tearoff.store.db import Database

CODES, CALLERS, BATCH = 1500, 8, 25
STEAL = """
INSERT INTO claim (project_id, scope, key, pool_id, code_id, request, reserved_at)
SELECT project_id, scope, 'thief', pool_id, code_id, request, reserved_at FROM claim WHERE project_id = %(project_id)s
"""


class Witness:
    """Sees every answer, and complains when a code has two owners or a key two codes."""

    def __init__(self) -> None:
        self.owner: dict[str, str] = {}
        self.code: dict[str, str] = {}
        self.returned = 0

    def saw(self, key: str, code: str, *, is_fresh: bool) -> None:
        assert self.code.setdefault(key, code) == code, f"{key} got two codes"
        if is_fresh:
            assert code not in self.owner, f"{code} belongs to {self.owner.get(code)} and to {key}"
            self.owner[code] = key


async def caller(db: Database, project: int, pool: int, now, seed: int, witness: Witness) -> None:
    """Claims windows of keys that overlap with those of others, and returns a third of what it got, to exhaustion."""
    dice = random.Random(seed)
    exact = fit(Wish(), now, UTC)
    start = seed * BATCH // 3
    while True:
        wishes = [ClaimWish(f"k{n}", "r") for n in range(start, start + BATCH)]
        start += BATCH // 2 * CALLERS // 2
        rows = await claim(db, project_id=project, pool_id=pool, fit=exact, terms=ClaimTerms("run"), wishes=wishes)
        for row in rows:
            witness.saw(row.key, row.value, is_fresh=row.is_fresh)
        if len(rows) < len(wishes):
            return
        mine = [row for row in rows if row.is_fresh and dice.random() < 1 / 3]
        for row in mine:
            del witness.owner[row.value]
        async with db.transaction() as tx:
            keys = [row.key for row in mine]
            gone = await give_back(tx, project_id=project, scope="run", keys=keys, now=now, reason="test")
        assert sorted(gone) == sorted(keys)
        witness.returned += len(gone)


async def test_eight_callers_with_overlapping_keys_empty_a_pool_and_every_code_has_one_owner(
    db, server, project, now
) -> None:
    codes = [f"C{n:05}" for n in range(CODES)]
    await upload(db, project, codes, now)
    pool, witness = await pool_of(db, project), Witness()
    callers = await Database.open(server.url, pool_size=CALLERS)
    try:
        await asyncio.gather(*(caller(callers, project, pool, now, seed, witness) for seed in range(CALLERS)))
        while len(witness.owner) < CODES:
            seed = CODES * 100 + len(witness.owner)
            await caller(callers, project, pool, now, seed, witness)
    finally:
        await callers.close()
    ledger = await books(db, project)
    assert (ledger.uploaded, ledger.free, ledger.reserved) == (CODES, 0, CODES)
    assert sorted(witness.owner) == codes
    assert witness.returned > CODES / 10


async def test_the_database_itself_refuses_a_second_owner(db, project, now) -> None:
    await upload(db, project, ["A"], now)
    pool = await pool_of(db, project)
    await claim(
        db,
        project_id=project,
        pool_id=pool,
        fit=fit(Wish(), now, UTC),
        terms=ClaimTerms("run"),
        wishes=[ClaimWish("k", "r")],
    )
    with pytest.raises(psycopg.errors.UniqueViolation, match="claim_owner"):
        async with db.transaction() as tx:
            await tx.execute(STEAL, {"project_id": project})
