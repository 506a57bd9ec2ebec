"""Many new codes are stored in one way, few in another, and both leave the same."""

import asyncio

import pytest
from tests.stock import books, upload, upload_file

from tearoff.store import uploads
from tearoff.store.db import execute, fetch_all, fetch_value

WAITS = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE %(pid)s = ANY (pg_blocking_pids(pid)))"
STORED = """
SELECT k.value || ' ' || coalesce(k.place::text, '-') || ' ' || (k.withdrawn_at IS NOT NULL) || ' ' || l.discount || ' '
       || l.head || ' ' || l.tail || ' ' || l.waiting || ' ' || l.is_open
  FROM code k JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
 WHERE k.project_id = %(project_id)s ORDER BY k.value
"""
ADD_ONE = """
INSERT INTO code (project_id, lot_id, value)
SELECT project_id, lot_id, 'LATE' FROM lot WHERE project_id = %(project_id)s
"""
FILE = "\n".join(
    f"{code},2099-01-{1 + n % 3:02},{10 + n % 2},birthday,{'true' if n % 5 == 0 else ''}"
    for n, code in enumerate(
        ["ZULU", "back\\slash", "tab\\t", "naïve-код", *(f"C{n * 7919 % 1000:03}" for n in range(300))]
    )
)


@pytest.fixture
def many(monkeypatch):
    """Every upload counts as a large one, of several stretches."""
    monkeypatch.setattr(uploads, "PAGES_FEW", -1)
    monkeypatch.setattr(uploads, "PAGES_AT_ONCE", 1)


async def stored(db, project):
    async with db.transaction() as tx:
        return await fetch_all(tx, STORED, {"project_id": project}, str)


async def test_both_ways_leave_the_same_codes_lots_and_places(db, project, other_project, now, request):
    few = await upload_file(db, project, FILE, now)
    request.getfixturevalue("many")
    large = await upload_file(db, other_project, FILE, now)
    assert (few.added, large.added) == (304, 304)
    rows = await stored(db, project)
    assert len(rows) == 304
    assert await stored(db, other_project) == rows
    await books(db, other_project)


async def test_a_code_that_another_upload_adds_meanwhile_is_left_out_and_the_others_are_stored(db, project, now, many):
    """The statement waits for the other upload at the index, and gives up when it commits."""
    await upload(db, project, ["FIRST"], now)
    async with db.transaction() as other:
        await execute(other, ADD_ONE, {"project_id": project})
        waiting = asyncio.create_task(upload(db, project, ["A", "LATE", "Z"], now))
        async with asyncio.timeout(60), db.single() as tx:
            while not await fetch_value(tx, WAITS, {"pid": other.info.backend_pid}, bool):
                await asyncio.sleep(0.01)
    report = await waiting
    assert report.added == 2
    assert [row.split()[0] for row in await stored(db, project)] == ["A", "FIRST", "LATE", "Z"]
