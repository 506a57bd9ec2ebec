"""Runs: what their end means for their codes; stopped, retried and woken by hand.

Whoever changes runs locks them first, then gates, then claims: in that order nobody waits for whoever waits for him.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from tearoff.actions import claims, holds
from tearoff.clock import monotonic
from tearoff.domain.runs import OVER, RunState, fate_of, restarted
from tearoff.store import claims as claim_store
from tearoff.store import deliveries, dues, steps
from tearoff.store import runs as store
from tearoff.store.db import Database, Tx

STOPPED, FAILED, MESSAGE_FAILED = "run-stopped", "run-failed", "message-failed"
HELD_MAX = 10_000
STOPPED_AT_ONCE = 500


async def settle(
    tx: Tx, *, project_id: int, states: Mapping[int, RunState], now: datetime, gates: Collection[int] = ()
) -> None:
    """Issue or return what is still reserved for runs that are over; `gates` are pools to lock beside theirs.

    The caller locked the runs, and their states are these.
    """
    over = [run_id for run_id, state in states.items() if state in OVER]
    found = await claim_store.list_open(tx, project_id=project_id, run_ids=over) if over else []
    fates: dict[str, list[str]] = {"wait": [], "issue": [], "fail": [], "return": []}
    pools = set(gates)
    for claim in found:
        fate = fate_of(claim, states[claim.run_id])
        fates[fate].append(claim.key)
        if fate == "return":
            pools.add(claim.pool_id)
    if pools:
        await claim_store.lock_gates(tx, project_id=project_id, pool_ids=sorted(pools))
    at: dict[str, Any] = {"project_id": project_id, "scope": "run", "now": now}
    if fates["return"]:
        returned = await claims.give_back(tx, **at, keys=fates["return"], reason=FAILED)
        fates["fail"] += sorted(set(fates["return"]) - set(returned))
    if fates["issue"]:
        await claims.issue(tx, **at, keys=fates["issue"])
    if fates["fail"]:
        await claims.issue(tx, **at, keys=fates["fail"], reason=MESSAGE_FAILED)


async def stop(tx: Tx, *, project_id: int, run_ids: Sequence[int], now: datetime) -> list[int]:
    """Stop the runs that nobody works on just now; gives those that stopped.

    Messages that no sender took are cancelled, and codes that nobody can have seen return; what a sender has, it sends.
    """
    await store.lock(tx, project_id=project_id, run_ids=run_ids)
    stopped = await store.stop(tx, project_id=project_id, run_ids=run_ids, now=now)
    if stopped:
        await deliveries.cancel(tx, project_id=project_id, run_ids=stopped)
        await settle(tx, project_id=project_id, states=dict.fromkeys(stopped, "stopped"), now=now)
    return stopped


async def retry(tx: Tx, *, project_id: int, run_ids: Sequence[int], now: datetime) -> list[int]:
    """Let failed runs go again under their next attempt; gives those that do.

    A run whose code was returned starts again where it claimed it; any other where it failed, with the codes it has.
    """
    await store.lock(tx, project_id=project_id, run_ids=run_ids)
    failed = await store.list_failed(tx, project_id=project_id, run_ids=run_ids)
    if not failed:
        return []
    keys = [claim["key"] for run in failed for claim in run.data.get("claims", ())]
    live = await claim_store.list_live_keys(tx, project_id=project_id, scope="run", keys=keys) if keys else set()
    places = await steps.list_places(tx, project_id=project_id, run_ids=[run.run_id for run in failed])
    again = [restarted(run, live, places) for run in failed]
    started = await store.restart(tx, project_id=project_id, runs=again, now=now)
    await dues.bump(tx, project_id=project_id, actor="runner", due_at=now)
    return started


async def resume_held(tx: Tx, *, project_id: int, pool_ids: Sequence[int], now: datetime) -> int:
    """Wake the held runs that the stock of these pools serves now; gives how many."""
    await claim_store.lock_gates(tx, project_id=project_id, pool_ids=pool_ids)
    return await holds.wake(tx, project_id=project_id, pool_ids=sorted(set(pool_ids)), now=now)


async def stop_all(db: Database, *, project_id: int, workflow_id: int, now: datetime, seconds_max: float) -> int:
    """Stop the runs of a workflow, a set a transaction, so that nobody waits for all of them; gives how many.

    It ends after `seconds_max` at the latest; what is left, or was worked on just then, is for the next call.
    """
    end, after, stopped = monotonic() + seconds_max, 0, 0
    while monotonic() < end:
        async with db.transaction() as tx:
            ids = await store.list_stoppable(
                tx, project_id=project_id, workflow_id=workflow_id, after=after, limit=STOPPED_AT_ONCE
            )
            if not ids:
                break
            stopped += len(await stop(tx, project_id=project_id, run_ids=ids, now=now))
        after = ids[-1]
    return stopped
