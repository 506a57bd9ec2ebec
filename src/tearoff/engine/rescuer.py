"""The rescuer: takes over what a dead process left behind, ends holds, and looks after queues nobody woke.

Each of its errands is a transaction of its own: runs are locked before gates, so no errand may follow another's gate.
"""

from __future__ import annotations

from datetime import datetime

from tearoff.actions import asked_claims
from tearoff.actions import claims as claim_actions
from tearoff.actions import runs as run_actions
from tearoff.engine.parts import Engine
from tearoff.logs import get_logger
from tearoff.store import deliveries, dues, runs
from tearoff.store.db import Tx

LOG = get_logger("rescuer")
BATCH_MAX = 1000
HELD_TOO_LONG = {"type": "pool-empty", "detail": "No code fitted before the hold ended; refill the pool and retry."}


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Rescue what is stuck in one project; gives how much that was."""
    found: dict[str, int] = {}
    for name, errand in ERRANDS.items():
        async with engine.db.transaction() as tx:
            found[name] = await errand(tx, project_id, now)
    if any(found.values()):
        LOG.info("rescued", project_id=project_id, **found)
    return sum(found.values())


async def _end_holds(tx: Tx, project_id: int, now: datetime) -> int:
    """A hold's end returns its code, also one that its caller has seen: that is what a hold means."""
    return len(await asked_claims.end_holds(tx, project_id=project_id, now=now, limit=BATCH_MAX))


async def _fail_held(tx: Tx, project_id: int, now: datetime) -> int:
    """Runs that waited too long for a code fail; codes that they have from other blocks return."""
    failed = await runs.fail_expired_holds(tx, project_id=project_id, error=HELD_TOO_LONG, now=now, limit=BATCH_MAX)
    await run_actions.settle(tx, project_id=project_id, states=dict.fromkeys(failed, "failed"), now=now)
    return len(failed)


async def _wake(tx: Tx, project_id: int, now: datetime) -> int:
    """Time alone can serve a queue: an issue window opens, and nobody uploads anything."""
    queues = {queue.pool_id for queue in await runs.list_queues(tx, project_id=project_id)}
    return await run_actions.resume_held(tx, project_id=project_id, pool_ids=sorted(queues), now=now) if queues else 0


async def _take_over_runs(tx: Tx, project_id: int, now: datetime) -> int:
    adrift = await runs.take_over(tx, project_id=project_id, now=now)
    if adrift:
        await dues.bump(tx, project_id=project_id, actor="runner", due_at=now)
    return adrift


async def _take_over_deliveries(tx: Tx, project_id: int, now: datetime) -> int:
    """A send that never ended may have arrived: its codes count as issued from here on."""
    adrift = await deliveries.list_adrift(tx, project_id=project_id, now=now)
    if not adrift:
        return 0
    ours = await runs.lock_free(tx, project_id=project_id, run_ids=adrift)
    doubtful = await deliveries.take_over(tx, project_id=project_id, run_ids=ours, now=now)
    if doubtful:
        keys = await deliveries.list_keys(tx, project_id=project_id, delivery_ids=doubtful)
        await claim_actions.issue(tx, project_id=project_id, scope="run", keys=keys, now=now)
        await dues.bump(tx, project_id=project_id, actor="sender", due_at=now)
    return len(doubtful)


ERRANDS = {
    "holds": _end_holds,
    "held_runs_failed": _fail_held,
    "woken": _wake,
    "runs": _take_over_runs,
    "deliveries": _take_over_deliveries,
}
