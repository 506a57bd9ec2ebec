"""The doctor says what is wrong, in sentences that a person understands."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.stock import upload

from tearoff.actions import connectors
from tearoff.cli import checkup
from tearoff.cli.checkup import Finding, spoken
from tearoff.clock import Clock
from tearoff.domain.connectors import ConnectorDefinition
from tearoff.domain.runs import NewRun
from tearoff.store import projects, runs
from tearoff.store.db import Database, execute
from tearoff.store.db import now as set_clock
from tearoff.store.secrets import Cipher

KEY = "a key that only tests use"
HOUR = timedelta(hours=1)


async def findings(db: Database, project: int, now: datetime, secret_key: str = KEY) -> list[Finding]:
    async with db.transaction() as tx:
        found = await projects.get(tx, project_id=project)
    return await checkup.of_project(db, found, folder=Path("/nowhere"), secret_key=secret_key, now=now)


async def wrongs(db: Database, project: int, now: datetime, secret_key: str = KEY) -> str:
    return " ".join(one.sentence for one in await findings(db, project, now, secret_key) if one.level == "wrong")


async def break_by(db: Database, project: int, statement: str, now: datetime) -> None:
    async with db.transaction() as tx:
        await execute(tx, statement, {"project_id": project, "now": now})


@pytest.fixture
async def stocked(db: Database, project: int, now: datetime) -> int:
    """A project with three codes in line."""
    await upload(db, project, ["A1", "A2", "A3"], now)
    return project


async def test_a_sound_project_has_nothing_wrong(db: Database, stocked: int, now: datetime) -> None:
    found = await findings(db, stocked, now)
    assert {one.level for one in found} == {"ok"}
    assert any("P3 holds: every one of 3 codes in 1 pools" in one.sentence for one in found)


async def test_a_code_with_an_owner_and_a_place_breaks_p1(db: Database, stocked: int, now: datetime) -> None:
    await break_by(db, stocked, OWN_IN_LINE, now)
    assert "P1 is broken: 1 codes" in await wrongs(db, stocked, now)


async def test_a_use_of_a_code_that_nobody_was_given_breaks_p9(db: Database, stocked: int, now: datetime) -> None:
    await break_by(db, stocked, USE_UNISSUED, now)
    assert "P9 is broken: 1 codes" in await wrongs(db, stocked, now)


async def test_a_key_that_stands_for_two_requests_breaks_p2(db: Database, stocked: int, now: datetime) -> None:
    await break_by(db, stocked, OWN_TWICE, now)
    assert "P2 is broken: 1 claim keys" in await wrongs(db, stocked, now)


async def test_a_lost_code_breaks_p3_and_names_the_pool(db: Database, stocked: int, now: datetime) -> None:
    await break_by(db, stocked, LOSE, now)
    assert "P3 is broken in the pool 'birthday': 3 uploaded, but 2 free (3 in line)" in await wrongs(db, stocked, now)


async def test_runs_that_no_engine_takes_are_wrong(db: Database, project: int, now: datetime) -> None:
    run = NewRun(None, None, None, None, None, "message", {})
    async with db.transaction() as tx:
        await runs.add_all(tx, project_id=project, runs=[run], now=now)
    assert await wrongs(db, project, now) == ""
    assert "1 runs are due, the oldest for 60 minutes" in await wrongs(db, project, now + HOUR)


async def test_runs_that_an_engine_left_behind_are_wrong(db: Database, project: int, now: datetime) -> None:
    run = NewRun(None, None, None, None, None, "message", {})
    async with db.transaction() as tx:
        await runs.add_all(tx, project_id=project, runs=[run], now=now)
    await break_by(db, project, LEASE, now)
    assert "1 runs and deliveries were left behind" in await wrongs(db, project, now + HOUR)


async def test_runs_that_wait_for_codes_are_a_note(db: Database, project: int, now: datetime) -> None:
    run = NewRun(None, None, None, None, None, "code", {})
    async with db.transaction() as tx:
        await runs.add_all(tx, project_id=project, runs=[run], now=now)
    await break_by(db, project, HOLD, now)
    found = await findings(db, project, now + HOUR)
    assert [one.sentence.partition(": ")[2] for one in found if one.level == "note"] == [
        "1 runs wait for codes, the oldest for 60 minutes."
    ]


async def test_secrets_of_another_key_are_wrong(db: Database, project: int, now: datetime) -> None:
    wanted = ConnectorDefinition(key="crm", kind="bearer", secrets={"token": "t"})
    async with db.transaction() as tx:
        await connectors.put(tx, project_id=project, connector=wanted, cipher=Cipher(KEY), now=now)
    assert await wrongs(db, project, now) == ""
    assert "The secrets of connector 'crm' do not open" in await wrongs(db, project, now, "another key than that one")


async def test_a_clock_that_differs_is_wrong(db: Database) -> None:
    clock = Clock()
    await set_clock(db, clock)
    assert {one.level for one in await checkup.of_database(db, clock, is_bundled=True)} == {"ok"}
    clock.set(clock.now() - HOUR - timedelta(seconds=30))
    assert "differs from the database's by 60 minutes" in " ".join(
        one.sentence for one in await checkup.of_database(db, clock, is_bundled=True) if one.level == "wrong"
    )


def test_durations_are_spoken_in_one_round_unit() -> None:
    spans = [timedelta(seconds=119), timedelta(minutes=119), timedelta(hours=47), timedelta(days=3)]
    assert [spoken(span) for span in spans] == ["119 seconds", "119 minutes", "47 hours", "3 days"]


OWN_IN_LINE = """
INSERT INTO claim (project_id, scope, key, pool_id, code_id, request, reserved_at)
SELECT k.project_id, 'api', 'thief', l.pool_id, k.code_id, '', %(now)s
  FROM code k JOIN lot l USING (project_id, lot_id) WHERE k.project_id = %(project_id)s AND k.value = 'A1'
"""
USE_UNISSUED = """
INSERT INTO redemption (project_id, code_id, pool_id, is_single, origin, redeemed_at)
SELECT project_id, min(code_id), 1, true, 'here', %(now)s
  FROM code WHERE project_id = %(project_id)s GROUP BY project_id
"""
OWN_TWICE = """
INSERT INTO claim (project_id, scope, key, part, pool_id, code_id, request, reserved_at)
SELECT k.project_id, 'api', 'one key', k.place, l.pool_id, k.code_id, k.value, %(now)s
  FROM code k JOIN lot l USING (project_id, lot_id) WHERE k.project_id = %(project_id)s AND k.value IN ('A1', 'A2')
"""
LOSE = "UPDATE lot SET waiting = waiting - 1 WHERE project_id = %(project_id)s"
LEASE = "UPDATE run SET state = 'leased', lease_until = %(now)s WHERE project_id = %(project_id)s"
HOLD = "UPDATE run SET state = 'held', held_at = wake_at WHERE project_id = %(project_id)s"
