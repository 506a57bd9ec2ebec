"""Series begin at an id that is found by halves: they count what a plain count does."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tearoff.domain.charts import buckets
from tearoff.store import charts

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
ADD = """
INSERT INTO run (project_id, workflow_id, block, state, wake_at, started_at)
SELECT u.p, 1, 'b', u.s, u.at, u.at
  FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) WITH ORDINALITY u(p, s, at, o) ORDER BY u.o
"""
ROWS = 4000


@pytest.fixture
async def started(db, project) -> list[tuple[datetime, str]]:
    """Runs of 60 days, written a little out of order and among those of another project."""
    random = Random(7)
    rows = []
    for n in range(ROWS):
        at = NOW - timedelta(days=60) * (1 - n / ROWS) + timedelta(seconds=random.uniform(-300, 300))
        rows.append((project if n % 3 else 10**9 + project, random.choice(["done", "failed"]), at))
    async with db.transaction() as tx:
        await tx.execute(ADD, [list(column) for column in zip(*rows, strict=True)])
    return [(at, state) for owner, state, at in rows if owner == project]


@pytest.mark.parametrize("days", [0.5, 3, 30, 59.9, 200])
@pytest.mark.parametrize("until", [0, 1, 20])
async def test_a_series_counts_each_run_once_in_its_bucket(db, project, started, days, until) -> None:
    end = NOW - timedelta(days=until)
    span = buckets("day", end - timedelta(days=days), end, NOW, ZoneInfo("Europe/Kyiv"))
    async with db.transaction() as tx:
        found = await charts.count_runs(tx, project_id=project, workflow_id=None, buckets=span)
    wanted = [at for at, _ in started if span.since <= at < span.until]
    assert sum(row.count for row in found) == len(wanted)
    edges = [*span.starts, span.until]
    for row in found:
        low, high = edges[row.n - 1], edges[row.n]
        assert row.count == len([1 for at, state in started if low <= at < high and state == row.state])


async def test_nothing_is_counted_where_nothing_is(db, project) -> None:
    span = buckets("hour", None, None, NOW, ZoneInfo("UTC"))
    async with db.transaction() as tx:
        assert await charts.count_runs(tx, project_id=project, workflow_id=None, buckets=span) == []
        assert await charts.count_deliveries(tx, project_id=project, buckets=span) == []
