"""The pruner: forgets what nobody needs any more, a batch at a time, so that nobody waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tearoff.engine.parts import Engine
from tearoff.logs import get_logger
from tearoff.store import dues, pruning
from tearoff.store.pruning import KINDS, Kind

LOG = get_logger("pruner")
PRUNED_EVERY = timedelta(hours=1)
PROJECTS_MAX = 1000
BATCH_MAX = 2000
BATCHES_MAX = 500


async def round(engine: Engine, now: datetime) -> int:
    """Prune every project whose hour has come; gives how many rows were forgotten."""
    async with engine.db.transaction() as tx:
        await dues.begin(tx, actor="pruner", now=now)
        waiting = await dues.list_projects(tx, actor="pruner", now=now, limit=PROJECTS_MAX)
    pruned = 0
    for project_id in waiting:
        async with engine.db.transaction() as tx:
            until = now + PRUNED_EVERY
            is_ours = await dues.take_turn(tx, project_id=project_id, actor="pruner", until=until, now=now)
        if is_ours:
            pruned += await turn(engine, project_id, now)
    return pruned


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Prune one project; gives how many rows were forgotten. What is kept for 0 days is kept for ever."""
    kept = {kind: timedelta(days=engine.settings.kept_days[kind]) for kind in KINDS}
    found = {kind: await _prune(engine, project_id, kind, now - age) for kind, age in kept.items() if age}
    if any(found.values()):
        LOG.info("pruned", project_id=project_id, **found)
    return sum(found.values())


async def _prune(engine: Engine, project_id: int, kind: Kind, before: datetime) -> int:
    """Each batch is a transaction of its own; what is too much for one turn is left to the next."""
    pruned = 0
    for _ in range(BATCHES_MAX):
        async with engine.db.transaction() as tx:
            batch = await pruning.prune(tx, project_id=project_id, kind=kind, before=before, limit=BATCH_MAX)
        pruned += batch
        if batch == 0:
            break
    return pruned
