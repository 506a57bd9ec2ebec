"""Who looks for runs reads those that it looks for, however many others wait."""

from datetime import timedelta
from uuid import uuid4

from tearoff.store import runs

ADD_DUE = """
INSERT INTO run (project_id, block, state, wake_at, started_at)
SELECT %(project_id)s, 'a', 'due', %(now)s, %(now)s FROM generate_series(1, 3000)
"""
READ = "SELECT coalesce(pg_stat_get_xact_tuples_returned('run_due'::regclass), 0)"


async def test_runs_that_wait_for_a_source_are_found_among_many_that_are_due(db, project, now) -> None:
    at = {"project_id": project, "lease": uuid4(), "until": now + timedelta(minutes=1), "now": now, "limit": 10}
    async with db.transaction() as tx, tx.transaction(force_rollback=True):
        await tx.execute(ADD_DUE, {"project_id": project, "now": now})
        assert await runs.lease(tx, **at, calling=True) == []
        [[read]] = await (await tx.execute(READ)).fetchall()
        assert read == 0
        assert len(await runs.lease(tx, **at)) == 10
