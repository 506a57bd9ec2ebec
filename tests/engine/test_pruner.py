"""The pruner forgets what is old and nothing else: the books say the same before and after."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import stock
from tests.engine.test_erasures import PROJECT
from tests.promises.test_p10_isolation import rows

from tearoff.actions import problems, redemptions
from tearoff.config import KEPT_DAYS
from tearoff.domain.events import REMEMBERED_FOR
from tearoff.domain.redemptions import GUESSES_MAX, Use
from tearoff.engine import pruner, watcher
from tearoff.store import audit, idempotency, pruning

EVER = ("claim", "code", "lot", "run", "delivery_code", "contact")


async def test_every_kind_that_can_be_pruned_says_how_long_it_is_kept():
    assert set(KEPT_DAYS) == set(pruning.KINDS)
    page = (Path(__file__).parents[2] / "docs" / "reference" / "settings.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)` \| .+ \| (\d+) \|$", page, re.M))
    assert told == {kind: str(days) for kind, days in KEPT_DAYS.items()}


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
    kept = timedelta(days=KEPT_DAYS["keys"])
    assert kept > REMEMBERED_FOR
    assert await pruner.turn(stage.engine, stage.project, stage.now + kept) == 0
    assert await pruner.turn(stage.engine, stage.project, stage.now + kept + timedelta(seconds=1)) == 8


@pytest.mark.parametrize("kind", pruning.KINDS)
async def test_each_kind_can_be_pruned_where_there_is_nothing(stage, kind):
    async with stage.db.transaction() as tx:
        assert await pruning.prune(tx, project_id=stage.project, kind=kind, before=stage.now, limit=9) == 0


async def with_a_past(stage):
    """A guesser who was locked out, his refusals, the problem of it and its log, and a line of the audit log."""
    uses = [Use(value=f"W{n}", order_id=f"o{n}", address="192.0.2.1") for n in range(GUESSES_MAX["address"])]
    await redemptions.redeem(stage.db, project_id=stage.project, uses=uses, now=stage.now)
    await watcher.turn(stage.engine, stage.project, stage.now)
    async with stage.db.transaction() as tx:
        line = {"actor": "Ann", "action": "reveal", "subject": "x"}
        await audit.add(tx, project_id=stage.project, **line, now=stage.now)


PAST = {"redemption_refusal": "refusals", "guess": "guesses", "problem_event": "problem_events", "audit": "audit"}


@pytest.mark.parametrize("table", PAST)
async def test_what_people_did_is_forgotten_after_its_days_and_not_before(stage, table):
    await with_a_past(stage)
    days = timedelta(days=KEPT_DAYS[PAST[table]])
    await pruner.turn(stage.engine, stage.project, stage.now + days)
    assert (await rows(stage.db, stage.project))[table]
    await pruner.turn(stage.engine, stage.project, stage.now + days + timedelta(hours=1))
    assert (await rows(stage.db, stage.project))[table] == []


async def test_a_problem_goes_long_after_it_was_closed_and_an_open_one_stays(stage):
    await with_a_past(stage)
    ever = stage.now + timedelta(days=10_000)
    await pruner.turn(stage.engine, stage.project, ever)
    [left] = (await rows(stage.db, stage.project))["problem"]
    async with stage.db.transaction() as tx:
        ids = [int(str(left[0]).split(",")[1])]
        assert await problems.close(tx, project_id=stage.project, problem_ids=ids, by="Ann", now=ever) == ids
    await pruner.turn(stage.engine, stage.project, ever + timedelta(days=KEPT_DAYS["problems"]))
    assert (await rows(stage.db, stage.project))["problem"] != []
    await pruner.turn(stage.engine, stage.project, ever + timedelta(days=KEPT_DAYS["problems"] + 1))
    assert (await rows(stage.db, stage.project))["problem"] == []


async def test_refused_rows_go_and_their_tasks_stay(stage):
    report = await stock.upload(stage.db, stage.project, ["A", "A"], stage.now)
    assert report.rejected == 1
    before = (await rows(stage.db, stage.project))["task"]
    await pruner.turn(stage.engine, stage.project, stage.now + timedelta(days=KEPT_DAYS["rejects"] + 1))
    after = await rows(stage.db, stage.project)
    assert (after["task_reject"], after["task"]) == ([], before)


async def test_the_operator_says_how_long_and_0_is_for_ever(stage):
    await with_a_past(stage)
    kept = KEPT_DAYS | {"audit": 0, "refusals": 2}
    settings = msgspec.structs.replace(stage.engine.settings, kept_days=kept)
    engine = replace(stage.engine, settings=settings)
    await pruner.turn(engine, stage.project, stage.now + timedelta(days=3))
    after = await rows(stage.db, stage.project)
    assert (after["redemption_refusal"], len(after["audit"])) == ([], 1)
    await pruner.turn(engine, stage.project, stage.now + timedelta(days=30_000))
    assert len((await rows(stage.db, stage.project))["audit"]) == 1
