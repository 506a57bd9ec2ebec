"""A project's row says when its next work is due, and is the lock between who brings work and who finds none left."""

import asyncio
from datetime import timedelta

import pytest
from tests.locks import until_blocked

from tearoff.store import dues
from tearoff.store.db import fetch_value

ROW = "SELECT {what} FROM due WHERE project_id = %(project_id)s AND actor = 'runner'"


@pytest.fixture
def row(db, project):
    async def read(what):
        async with db.single() as tx:
            return await fetch_value(tx, ROW.format(what=what), {"project_id": project}, str)

    return read


@pytest.fixture
async def due(db, project, now):
    """The project's runner is due now."""
    async with db.transaction() as tx:
        await dues.bump(tx, project_id=project, actor="runner", due_at=now)


async def test_work_that_comes_later_writes_no_row(db, project, now, due, row) -> None:
    version = await row("xmin::text")
    for minutes in (0, 1):
        async with db.transaction() as tx:
            await dues.bump(tx, project_id=project, actor="runner", due_at=now + timedelta(minutes=minutes))
    assert await row("xmin::text") == version


async def test_work_that_comes_earlier_counts(db, project, now, due, row) -> None:
    async with db.transaction() as tx:
        await dues.bump(tx, project_id=project, actor="runner", due_at=now - timedelta(minutes=1))
    assert await row("due_at::text") == "2026-03-01 11:59:00+00"


async def test_who_finds_nothing_waits_for_who_is_about_to_bring_work(db, project, now, due) -> None:
    async with db.dedicated() as conn:
        async with db.transaction() as tx:
            await dues.bump(tx, project_id=project, actor="runner", due_at=now + timedelta(minutes=1))
            settling = asyncio.create_task(dues.settle(conn, project_id=project, actor="runner"))
            await until_blocked(db, conn)
        await asyncio.wait_for(settling, 30)
