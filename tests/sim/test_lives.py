"""Whole lives by seed, on real PostgreSQL: whatever crashes, stalls and lies, the promises hold at the end."""

import os
import time

import pytest
from tests.sim.checks import wrongs
from tests.sim.life import Life

from tearoff.store.db import Database

SECONDS_SHORT, SECONDS_LONG = 15.0, 120.0
FIRST = int(os.environ.get("SIM_SEED", "1"))


async def judge(db: Database, seed: int, *, is_wild: bool = False) -> list[str]:
    """What one seed breaks; a life that does not come to rest breaks everything."""
    life = Life(db, seed, is_wild=is_wild)
    try:
        await life.live()
    except AssertionError as error:
        return [f"never at rest: {error}", *map(repr, life.theatre.failures)]
    return await wrongs(life)


async def play(db: Database, seconds: float) -> None:
    """As many seeds as the time allows, an orderly life and a wild one in turns."""
    end = time.monotonic() + seconds
    seed = FIRST
    while time.monotonic() < end:
        is_wild = seed % 3 == 0
        broken = await judge(db, seed, is_wild=is_wild)
        assert not broken, f"SIM_SEED={seed} ({'wild' if is_wild else 'orderly'}) breaks: {broken[:10]}"
        seed += 1
    print(f"sim: seeds={seed - FIRST} first={FIRST} last={seed - 1}")


async def test_short_lives_keep_every_promise(db: Database) -> None:
    await play(db, SECONDS_SHORT)


@pytest.mark.sim
async def test_many_lives_keep_every_promise(db: Database) -> None:
    await play(db, SECONDS_LONG)
