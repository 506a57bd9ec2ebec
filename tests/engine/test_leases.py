"""Who takes a set takes at most as many as it asked for, whatever plan the database chose, and keeps no code for a run
that was taken away."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.engine.conftest import Stage
from tests.promises.stages import PROJECT
from tests.stock import books, pool_of, upload

from tearoff.actions import runs as run_actions
from tearoff.domain.problems import Content
from tearoff.engine import runner
from tearoff.store import deliveries, runs, subscriptions
from tearoff.store.db import Tx

COUNT, LIMIT = 40, 5
NESTED = ("enable_hashjoin", "enable_mergejoin", "enable_material", "enable_bitmapscan", "enable_memoize")
CALLING = "UPDATE run SET state = 'calling' WHERE project_id = %(project_id)s"
Take = Callable[[Tx, dict[str, Any]], Awaitable[int]]


@asynccontextmanager
async def nested(stage: Stage) -> AsyncIterator[Tx]:
    """A transaction whose joins are nested loops that look at every row."""
    async with stage.db.transaction() as tx:
        for setting in (*NESTED, "enable_indexscan"):
            await tx.execute("SELECT set_config(%s, 'off', true)", (setting,))
        yield tx


async def lease(tx: Tx, at: dict[str, Any]) -> int:
    return len(await runs.lease(tx, **at))


async def lease_calling(tx: Tx, at: dict[str, Any]) -> int:
    await tx.execute(CALLING, {"project_id": at["project_id"]})
    return len(await runs.lease(tx, **at, calling=True))


@pytest.mark.parametrize("take", [lease, lease_calling])
async def test_no_more_runs_are_leased_than_asked_for(stage: Stage, take: Take) -> None:
    await stage.apply(PROJECT)
    await stage.send("birthday", *[{"email": f"a{n}@example.test"} for n in range(COUNT)])
    assert await taken(stage, take) == LIMIT


async def test_no_more_deliveries_are_leased_than_asked_for(stage: Stage) -> None:
    await stage.apply(PROJECT)
    await upload(stage.db, stage.project, [f"C{n}" for n in range(COUNT)], stage.now)
    await stage.send("birthday", *[{"email": f"a{n}@example.test"} for n in range(COUNT)])
    await stage.work(sending=False)

    async def lease(tx: Tx, at: dict[str, Any]) -> int:
        return len(await deliveries.lease(tx, **at))

    assert await taken(stage, lease) == LIMIT


async def test_no_more_notices_are_leased_than_asked_for(stage: Stage) -> None:
    at: dict[str, Any] = {"project_id": stage.project, "now": stage.now}
    async with stage.db.transaction() as tx:
        whom = {"kind": "email", "target": "a@example.test", "frequency": "at-once"}
        told = await subscriptions.add(tx, **at, **whom, pools=None, channel_id=None, next_at=None)
        assert told is not None
        what = [(told, Content(id="x", event="test", project="p", at=stage.now, problems=()))] * COUNT
        await subscriptions.add_notices(tx, **at, notices=what)

    async def lease(tx: Tx, at: dict[str, Any]) -> int:
        return len(await subscriptions.lease_notices(tx, **at))

    assert await taken(stage, lease) == LIMIT


async def test_no_more_held_runs_are_woken_or_failed_than_asked_for(stage: Stage) -> None:
    await stage.apply(PROJECT)
    await stage.send("birthday", *[{"email": f"a{n}@example.test"} for n in range(COUNT)])
    while await runner.turn(stage.engine, stage.project, stage.now):
        pass
    at: dict[str, Any] = {"project_id": stage.project, "limit": LIMIT}
    pool_id = await pool_of(stage.db, stage.project)
    async with nested(stage) as tx:
        [queue] = await runs.list_queues(tx, project_id=stage.project)
        assert (queue.pool_id, queue.waiting) == (pool_id, COUNT)
        woken = await runs.wake(tx, **at, pool_id=pool_id, criteria=queue.criteria, now=stage.now)
        late = stage.now + timedelta(days=365)
        assert (woken, len(await runs.fail_expired_holds(tx, **at, error={}, now=late))) == (LIMIT, LIMIT)


async def test_a_code_taken_for_a_run_that_was_stopped_in_that_very_moment_returns(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runner sees that it holds the run; before it claims, its lease runs out, and somebody stops the run."""
    await stage.apply(PROJECT)
    await upload(stage.db, stage.project, ["A"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    look, late = runs.list_leased, stage.now + 2 * stage.engine.limits.lease

    async def look_and_lose(tx: Tx, **at: Any) -> set[int]:
        ours = await look(tx, **at)
        async with stage.db.transaction() as other:
            await runs.take_over(other, project_id=stage.project, now=late)
            assert await run_actions.stop(other, project_id=stage.project, run_ids=list(ours), now=late) == list(ours)
        return ours

    monkeypatch.setattr(runs, "list_leased", look_and_lose)
    await runner.turn(stage.engine, stage.project, stage.now)
    assert [run.state for run in await stage.runs()] == ["stopped"]
    ledger = await books(stage.db, stage.project)
    assert (ledger.free, ledger.reserved) == (1, 0)


async def taken(stage: Stage, take: Take) -> int:
    """How many a set of five takes under the worst plan."""
    at = {"project_id": stage.project, "lease": uuid4(), "until": stage.now + timedelta(minutes=1)}
    async with nested(stage) as tx:
        return await take(tx, {**at, "now": stage.now, "limit": LIMIT})
