"""The engine's process: a project whose server is silent holds up no other, and a stop finishes what is in hand."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest
from tests.engine.conftest import Stage
from tests.engine.test_sender_leases import deaf
from tests.promises.stages import PROJECT
from tests.stock import upload

from tearoff.actions import projects
from tearoff.engine import beside
from tearoff.engine.beside import LASTING_MAX, Beside
from tearoff.engine.parts import Engine
from tearoff.engine.work import SENDERS, Work

SETTINGS = "{host: 127.0.0.1, port: %s, tls: none, timeoutSeconds: 10}"
QUICK_SECONDS = 8.0


@asynccontextmanager
async def working(stage: Stage) -> AsyncIterator[None]:
    """The whole engine at work on everything that waits, a message at a time."""
    limits = replace(stage.engine.limits, delivery_batch_max=1)
    work = Work(replace(stage.engine, limits=limits))
    running = asyncio.create_task(work.run())
    try:
        yield
    finally:
        work.stop()
        await running


async def begin(stage: Stage, text: str, people: list[str]) -> None:
    """A project in which a message to each of these people waits to be sent."""
    stage.now = stage.engine.clock.now()
    await stage.apply(text)
    await upload(stage.db, stage.project, people, stage.now)
    for person in people:
        await stage.send("birthday", {"email": f"{person}@example.test"})
    await stage.work(sending=False)


async def states(stage: Stage) -> list[str]:
    return [delivery.state for delivery in await stage.deliveries()]


async def test_a_silent_server_of_one_project_holds_up_no_other(stage: Stage) -> None:
    async with stage.db.transaction() as tx:
        name = f"beside {uuid4()}"
        other = Stage(stage.engine, await projects.create(tx, name=name, now=stage.now), stage.now)
    async with deaf() as port:
        silent = PROJECT.replace("kind: mailbox,", f"kind: email, settings: {SETTINGS % port},")
        await begin(stage, silent, people=["a", "b"])
        async with working(stage):
            while await states(stage) != ["leased"] * SENDERS:
                await asyncio.sleep(0.02)
            await begin(other, PROJECT, people=["c"])
            async with asyncio.timeout(QUICK_SECONDS):
                while await states(other) != ["sent"]:
                    await asyncio.sleep(0.02)
            assert await states(stage) == ["leased"] * SENDERS
        assert await states(stage) == ["waiting"] * SENDERS, "a stop finishes what is in hand"


async def test_projects_with_slow_servers_starve_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "PATIENCE_SECONDS", 0.01)
    had: Counter[int] = Counter()

    async def slow(_engine: Engine, project_id: int, _now: datetime) -> int:
        had[project_id] += 1
        await asyncio.sleep(0.05)
        return 1

    ended = asyncio.Event()
    turns = Beside(slow, ended)
    everybody = range(3 * LASTING_MAX)
    done = 0
    for _ in range(5):
        for project_id in everybody:
            done += await turns.turn(stage.engine, project_id, stage.now)
    await turns.finish()
    assert ended.is_set(), "whoever ends late wakes the loop"
    assert [had[project_id] for project_id in everybody] == [5] * len(everybody)
    assert done == 4 * len(everybody), "what ended late counts in the turn after"


async def test_an_error_of_a_late_turn_is_that_of_its_own_project(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "PATIENCE_SECONDS", 0.01)

    async def fails(_engine: Engine, _project_id: int, _now: datetime) -> int:
        await asyncio.sleep(0.05)
        raise ValueError

    ended = asyncio.Event()
    turns = Beside(fails, ended)
    assert await turns.turn(stage.engine, 1, stage.now) == 0
    await ended.wait()
    assert await turns.turn(stage.engine, 2, stage.now) == 0
    with pytest.raises(ValueError):
        await turns.turn(stage.engine, 1, stage.now)
