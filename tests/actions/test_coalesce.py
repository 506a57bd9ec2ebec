"""Concurrent requests become batches, and one bad request fails alone."""

import asyncio

import pytest

from tearoff.actions.coalesce import Coalescer, Lanes
from tearoff.errors import Invalid, Overloaded, PoolEmpty, Problem, Unavailable


async def test_what_queued_behind_a_batch_is_the_next_batch() -> None:
    sizes: list[int] = []

    async def act(key: str, items: list[int]) -> list[int]:
        sizes.append(len(items))
        await asyncio.sleep(0.01)
        return [item * 2 for item in items]

    coalescer = Coalescer(act)
    first = asyncio.create_task(coalescer.submit("a", 0))
    await asyncio.sleep(0.001)
    rest = await asyncio.gather(*(coalescer.submit("a", n) for n in range(1, 50)))
    assert [await first, *rest] == [n * 2 for n in range(50)]
    assert sizes == [1, 49]


async def test_an_item_after_the_worker_stopped_starts_a_new_one() -> None:
    async def act(key: str, items: list[int]) -> list[int]:
        return items

    coalescer = Coalescer(act)
    assert [await coalescer.submit("a", n) for n in range(3)] == [0, 1, 2]


async def test_only_the_guilty_item_of_a_failed_batch_fails() -> None:
    async def act(key: str, items: list[int]) -> list[int]:
        if 13 in items:
            raise Invalid(Problem("", "unlucky"))
        return items

    coalescer = Coalescer(act)
    results = await asyncio.gather(*(coalescer.submit("a", n) for n in range(20)), return_exceptions=True)
    assert [n for n, r in enumerate(results) if isinstance(r, Invalid)] == [13]
    assert [r for r in results if not isinstance(r, Invalid)] == [n for n in range(20) if n != 13]


async def test_while_the_database_is_away_nobody_waits_for_the_others() -> None:
    calls: list[int] = []

    async def act(key: str, items: list[int]) -> list[int]:
        calls.append(len(items))
        raise Unavailable

    coalescer = Coalescer(act)
    results = await asyncio.gather(*(coalescer.submit("a", n) for n in range(20)), return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    assert calls == [20]


async def test_an_error_as_a_result_fails_its_item_alone() -> None:
    async def act(key: str, items: list[int]) -> list[int | PoolEmpty]:
        return [PoolEmpty("p") if n == 2 else n for n in items]

    coalescer = Coalescer(act)
    results = await asyncio.gather(*(coalescer.submit("a", n) for n in range(4)), return_exceptions=True)
    assert isinstance(results[2], PoolEmpty)
    assert [results[n] for n in (0, 1, 3)] == [0, 1, 3]


async def test_past_the_bound_the_answer_is_overloaded() -> None:
    gate = asyncio.Event()

    async def act(key: str, items: list[int]) -> list[int]:
        await gate.wait()
        return items

    coalescer = Coalescer(act, waiting_max=3)
    waiting = [asyncio.create_task(coalescer.submit("a", n)) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await coalescer.submit("a", 3)
    gate.set()
    assert await asyncio.gather(*waiting) == [0, 1, 2]
    assert await coalescer.submit("a", 4) == 4


async def test_lanes_share_their_items_evenly_and_give_each_its_result():
    seen = []

    async def act(key, items):
        seen.append(len(items))
        await asyncio.sleep(0.01)
        return [item * 2 for item in items]

    lanes = Lanes([Coalescer(act), Coalescer(act)])
    assert await asyncio.gather(*(lanes.submit("k", n) for n in range(10))) == [n * 2 for n in range(10)]
    assert seen == [5, 5]
    await lanes.close()
