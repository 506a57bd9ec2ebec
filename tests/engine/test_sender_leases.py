"""A sender that comes too late changes nothing: another one has the delivery, and what it found stands."""

from uuid import uuid4

import pytest
from tests.engine.conftest import Stage
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.engine import rescuer, sender
from tearoff.engine.sender import Results
from tearoff.store import deliveries
from tearoff.store.db import Database

GUARD = " AND d.lease = %(lease)s AND d.state = 'leased'"


async def refused_too_late(stage: Stage, db: Database) -> str:
    """One sender is refused and stalls, its delivery is taken over and accepted, then the first one records."""
    await stage.apply(PROJECT)
    await upload(db, stage.project, ["A"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work(sending=False)
    lease, began = uuid4(), stage.now
    async with db.transaction() as tx:
        until = began + stage.engine.limits.lease
        taken = await deliveries.lease(tx, project_id=stage.project, lease=lease, until=until, now=began, limit=10)
    stage.now += 2 * stage.engine.limits.lease
    await rescuer.turn(stage.engine, stage.project, stage.now)
    assert await sender.turn(stage.engine, stage.project, stage.now) == 1
    late = Results(failed=[(taken[0].delivery_id, "550 no such user", False)])
    await sender.settle(stage.engine, stage.project, lease, taken, late, stage.now)
    [delivery] = await stage.deliveries()
    return delivery.state


async def test_a_result_that_comes_too_late_is_not_recorded(stage: Stage, db: Database) -> None:
    assert await refused_too_late(stage, db) == "sent"
    assert (await books(db, stage.project)).issued == 1


async def test_without_the_guard_of_the_lease_it_would_be(
    stage: Stage, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert GUARD in deliveries.SQL.mark_failed
    monkeypatch.setitem(deliveries.SQL._texts, "mark_failed", deliveries.SQL.mark_failed.replace(GUARD, ""))
    assert await refused_too_late(stage, db) == "failed"
