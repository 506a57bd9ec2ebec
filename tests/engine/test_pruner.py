"""The pruner forgets what is old and nothing else: the books say the same before and after."""

from datetime import timedelta

import pytest
from tests import stock
from tests.engine.test_erasures import PROJECT
from tests.promises.test_p10_isolation import rows

from tearoff.engine import pruner
from tearoff.store import idempotency, pruning

EVER = ("claim", "code", "lot", "run", "delivery_code", "audit", "contact")


async def test_every_kind_that_can_be_pruned_says_how_long_it_is_kept():
    assert set(pruner.KEPT_FOR) == set(pruning.KINDS)


async def test_old_keys_bodies_and_steps_go_and_the_books_stay(stage):
    await stage.apply(PROJECT)
    await stock.upload(stage.db, stage.project, ["G0", "G1"], stage.now, type="gift")
    await stage.send("signup", {"email": "a@x.test"}, {"email": "b@x.test"}, keys=["k1", "k2"])
    await stage.work()
    before = await rows(stage.db, stage.project)
    assert await pruner.turn(stage.engine, stage.project, stage.now + timedelta(days=7)) == 0
    assert await rows(stage.db, stage.project) == before
    assert await pruner.turn(stage.engine, stage.project, stage.now + timedelta(days=181)) > 0
    after = await rows(stage.db, stage.project)
    assert len(before["idempotency"]) == 2
    assert (after["idempotency"], after["step"]) == ([], [])
    assert len(after["delivery"]) == 2
    assert "G0" in str(before["delivery"]) and "G0" not in str(after["delivery"])
    assert await stage.mailbox() == []
    assert await pruner.turn(stage.engine, stage.project, stage.now + timedelta(days=182)) == 0
    for table in EVER:
        assert after[table] == before[table], table


async def test_a_key_is_kept_for_as_long_as_it_is_promised_and_pruned_in_batches(stage, monkeypatch):
    monkeypatch.setattr(pruner, "BATCH_MAX", 3)
    requests = {f"key{n}": b"" for n in range(8)}
    async with stage.db.transaction() as tx:
        await idempotency.keep_all(
            tx, project_id=stage.project, door="x", requests=requests, now=stage.now, forgotten_before=stage.now
        )
    kept = pruner.KEPT_FOR["keys"]
    assert await pruner.turn(stage.engine, stage.project, stage.now + kept) == 0
    assert await pruner.turn(stage.engine, stage.project, stage.now + kept + timedelta(seconds=1)) == 8


@pytest.mark.parametrize("kind", pruning.KINDS)
async def test_each_kind_can_be_pruned_where_there_is_nothing(stage, kind):
    async with stage.db.transaction() as tx:
        assert await pruning.prune(tx, project_id=stage.project, kind=kind, before=stage.now, limit=9) == 0
