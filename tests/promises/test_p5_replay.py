"""P5: every event three times over, while the workers that handle them are killed: one run, one code, one message."""

from collections import Counter

from tests.sim.checks import Books
from tests.sim.life import Life
from tests.sim.test_lives import judge

from tearoff.actions import events
from tearoff.store.db import Database

SEED = 4


async def test_each_event_three_times_while_workers_die_starts_one_run_a_workflow(db: Database) -> None:
    life = Life(db, SEED)
    life.theatre.crash_share = 0.08
    await life.live()
    known = list(life.doors.accepted.values())
    before = len(life.world.mails)
    for _ in range(3):
        again = await events.accept(db, project_id=life.project, events=known, now=life.now)
        assert [result.event_id for result in again] == [None] * len(known)  # type: ignore[union-attr]
    await life._quieten()
    books = Books(life)
    await books.read()
    assert known
    assert life.theatre.crashes > 0
    assert books.events == len(known)
    assert max(Counter((run.event_id, run.workflow) for run in books.runs).values()) == 1
    assert len(life.world.mails) == before


async def test_a_life_full_of_crashes_breaks_nothing(db: Database) -> None:
    assert await judge(db, SEED) == []
