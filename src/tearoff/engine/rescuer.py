"""The rescuer: takes over what a dead process left behind, ends holds, and looks after queues nobody woke."""

from __future__ import annotations

from datetime import datetime

from tearoff.actions import asked_claims, holds
from tearoff.actions import claims as claim_actions
from tearoff.engine.parts import Engine
from tearoff.logs import get_logger
from tearoff.store import claims, deliveries, dues, runs

LOG = get_logger("rescuer")
HOLDS_BATCH_MAX = 1000
HELD_TOO_LONG = {"type": "pool-empty", "detail": "No code fitted before the hold ended; refill the pool and retry."}


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Rescue what is stuck in one project; gives how much that was."""
    async with engine.db.transaction() as tx:
        ended = len(await asked_claims.end_holds(tx, project_id=project_id, now=now, limit=HOLDS_BATCH_MAX))
        failed = await runs.fail_expired_holds(tx, project_id=project_id, error=HELD_TOO_LONG, now=now)
        queues = {queue.pool_id for queue in await runs.list_queues(tx, project_id=project_id)}
        if queues:
            await claims.touch_gates(tx, project_id=project_id, pool_ids=sorted(queues))
        woken = await holds.wake(tx, project_id=project_id, pool_ids=sorted(queues), now=now)
        adrift = await runs.take_over(tx, project_id=project_id, now=now)
        doubtful = await deliveries.take_over(tx, project_id=project_id, now=now)
        if doubtful:
            keys = await deliveries.list_keys(tx, project_id=project_id, delivery_ids=doubtful)
            await claim_actions.issue(tx, project_id=project_id, scope="run", keys=keys, now=now)
            await dues.bump(tx, project_id=project_id, actor="sender", due_at=now)
        if adrift:
            await dues.bump(tx, project_id=project_id, actor="runner", due_at=now)
    found = {
        "holds": ended,
        "held_runs_failed": len(failed),
        "runs": adrift,
        "deliveries": len(doubtful),
        "woken": woken,
    }
    if any(found.values()):
        LOG.info("rescued", project_id=project_id, **found)
    return sum(found.values())
