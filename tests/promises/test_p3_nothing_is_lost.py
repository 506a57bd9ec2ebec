"""P3: uploaded = free + reserved + issued + withdrawn, after every step of whatever happens to codes."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from tests.stock import books, once, pool_of, upload

from tearoff.actions import claims
from tearoff.actions import codes as actions
from tearoff.domain.code_files import CodeRow, RejectedRow
from tearoff.domain.codes import Wish, fit
from tearoff.errors import Conflict, NotFound
from tearoff.store import codes as code_store
from tearoff.store.claims import ClaimTerms, ClaimWish
from tearoff.store.db import Database

TYPES = ("birthday", "vip", 'vip\'s "own"')
SEEDS = range(5)


class Life(NamedTuple):
    """One life: its dice, the codes that were ever uploaded, the keys that were ever used."""

    db: Database
    project: int
    now: datetime
    dice: random.Random
    codes: set[str]
    keys: list[str]


def row(life: Life, line: int) -> CodeRow | RejectedRow:
    """A row of an upload: new or known, and stating anything or nothing."""
    dice = life.dice
    if dice.random() < 0.1:
        return RejectedRow(line, "?", "It is bad.")
    value = f"C{dice.randrange(120):03}"
    life.codes.add(value)
    expires_at = dice.choice([None, life.now + timedelta(days=dice.randrange(-5, 60))])
    discount, type = dice.choice([None, 5, 10]), dice.choice([None, *TYPES])
    return CodeRow(line, value, expires_at, discount, type, dice.choice([None, True, False]))


async def add(life: Life) -> None:
    rows = [row(life, line) for line in range(1, life.dice.randrange(2, 40))]
    async with life.db.transaction() as tx:
        await actions.upload(tx, project_id=life.project, batches=once(rows), now=life.now)


async def take(life: Life) -> None:
    pool = await pool_of(life.db, life.project, life.dice.choice(TYPES))
    fresh = [f"k{len(life.keys) + n}" for n in range(life.dice.randrange(1, 6))]
    known = life.dice.sample(life.keys, k=min(2, len(life.keys)))
    life.keys.extend(fresh)
    wish = Wish(discount=life.dice.choice([None, 5]), days=life.dice.choice([None, 7]))
    await claims.claim(
        life.db,
        project_id=life.project,
        pool_id=pool,
        fit=fit(wish, life.now, UTC),
        terms=ClaimTerms("run"),
        wishes=[ClaimWish(key, "r") for key in [*fresh, *known]],
    )


async def give_back(life: Life) -> None:
    keys = life.dice.sample(life.keys, k=len(life.keys) // 3)
    async with life.db.transaction() as tx:
        at = {"project_id": life.project, "scope": "run", "keys": keys, "now": life.now}
        await claims.give_back(tx, **at, reason="test")


async def issue(life: Life) -> None:
    keys = life.dice.sample(life.keys, k=len(life.keys) // 4)
    async with life.db.transaction() as tx:
        await claims.issue(tx, project_id=life.project, scope="run", keys=keys, now=life.now)


async def withdraw(life: Life) -> None:
    value = f"C{life.dice.randrange(120):03}"
    try:
        async with life.db.transaction() as tx:
            await actions.withdraw(tx, project_id=life.project, value=value, reason="test", now=life.now)
    except (Conflict, NotFound):
        return


STEPS: tuple[Callable[[Life], Awaitable[None]], ...] = (add, take, take, give_back, issue, withdraw)


async def begin(db: Database, project: int, now: datetime, seed: int) -> Life:
    life = Life(db, project, now, random.Random(seed), set(), [])
    for n, type in enumerate(TYPES):
        await upload(db, project, [f"S{n}"], now, type=type)
        life.codes.add(f"S{n}")
    return life


async def total(life: Life) -> int:
    """How many codes the books of all pools hold; fails when they do not add up."""
    await books(life.db, life.project)
    async with life.db.transaction() as tx:
        return sum(ledger.uploaded for ledger in await code_store.list_ledgers(tx, project_id=life.project))


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_books_add_up_after_every_step(db, project, now, seed) -> None:
    life = await begin(db, project, now, seed)
    for _ in range(40):
        await life.dice.choice(STEPS)(life)
        assert await total(life) == len(life.codes)


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_books_add_up_after_many_did_it_at_once(db, project, now, seed) -> None:
    life = await begin(db, project, now, seed)

    async def actor() -> None:
        for _ in range(10):
            await life.dice.choice(STEPS)(life)

    await asyncio.gather(*(actor() for _ in range(6)))
    assert await total(life) == len(life.codes)
