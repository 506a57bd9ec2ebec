"""Held runs as a queue: woken oldest first, at most as many as there is stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tearoff.domain.handouts import Policy, fit_of
from tearoff.domain.holds import may_wake, wish_of
from tearoff.store import codes, dues, pools, projects, runs
from tearoff.store.db import Tx


async def wake(tx: Tx, *, project_id: int, pool_ids: Sequence[int], now: datetime) -> int:
    """Wake the runs that the stock of these pools serves now; gives how many.

    Whoever adds to the stock calls it in the same transaction, under the gate. A queue per pool and criteria is rare
    enough to be asked one by one.
    """
    zone = (await projects.get(tx, project_id=project_id)).zone
    woken = 0
    for pool_id in pool_ids:
        at = {"project_id": project_id, "pool_id": pool_id}
        queues = await runs.list_queues(tx, **at)
        policy = Policy(await pools.get(tx, **at), zone) if queues else None
        for queue in queues:
            assert policy is not None
            stock = await codes.count_free(tx, **at, fit=fit_of(policy, wish_of(queue.criteria), now))
            limit = may_wake(stock, await runs.count_woken(tx, **at, criteria=queue.criteria))
            woken += await runs.wake(tx, **at, criteria=queue.criteria, limit=limit, now=now)
    if woken:
        await dues.bump(tx, project_id=project_id, actor="runner", due_at=now)
    return woken
