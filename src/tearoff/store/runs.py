"""Runs: leased, moved on as sets, held in queues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.runs import FailedRun, Move, NewRun, Run, RunState
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_value

SQL = queries.load("runs")


class Params(msgspec.Struct, frozen=True):
    """What an event said."""

    event_id: int
    params: dict[str, Any]


class Queue(msgspec.Struct, frozen=True):
    """Runs that wait for a code of one pool and criteria."""

    pool_id: int
    criteria: str
    waiting: int


class StateCount(msgspec.Struct, frozen=True):
    """How many runs are in a state."""

    state: RunState
    runs: int


class LockedRun(msgspec.Struct, frozen=True):
    """A run that this transaction holds."""

    run_id: int
    state: RunState


class ListedRun(msgspec.Struct, frozen=True, rename="camel"):
    """A run as lists show it."""

    run_id: int
    workflow: str | None
    version: int | None
    event_id: int | None
    contact_id: int | None
    block: str
    state: RunState
    attempt: int
    held_at: datetime | None
    hold_until: datetime | None
    error: dict[str, Any] | None
    started_at: datetime
    finished_at: datetime | None


async def add_all(tx: Tx, *, project_id: int, runs: Sequence[NewRun], now: datetime) -> list[int]:
    """Start runs, due at once; their ids in the order given. The caller bumps the project's due row."""
    params = {
        "project_id": project_id,
        "now": now,
        "workflow_ids": [r.workflow_id for r in runs],
        "versions": [r.version for r in runs],
        "event_ids": [r.event_id for r in runs],
        "request_ids": [r.request_id for r in runs],
        "contact_ids": [r.contact_id for r in runs],
        "blocks": [r.block for r in runs],
        "datas": [Jsonb(r.data) for r in runs],
    }
    return await fetch_all(tx, SQL.add_all, params, int)


async def lease(
    tx: Tx, *, project_id: int, lease: UUID, until: datetime, now: datetime, limit: int, calling: bool = False
) -> list[Run]:
    """Take due runs (or those that wait for a source) until `until`; others skip them."""
    params = {"project_id": project_id, "lease": lease, "until": until, "now": now, "limit": limit}
    return await fetch_all(tx, SQL.lease_calling if calling else SQL.lease, params, Run)


async def list_params(tx: Tx, *, project_id: int, event_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the events said, by event."""
    params = {"project_id": project_id, "event_ids": list(event_ids)}
    return {row.event_id: row.params for row in await fetch_all(tx, SQL.list_params, params, Params)}


async def lock_leased(tx: Tx, *, project_id: int, lease: UUID, run_ids: Sequence[int]) -> set[int]:
    """Which of the runs this lease still holds; they are locked until the transaction ends."""
    params = {"project_id": project_id, "lease": lease, "run_ids": list(run_ids)}
    return set(await fetch_all(tx, SQL.lock_leased, params, int))


async def list_leased(tx: Tx, *, project_id: int, lease: UUID, run_ids: Sequence[int]) -> set[int]:
    """Which of the runs this lease holds at this moment."""
    params = {"project_id": project_id, "lease": lease, "run_ids": list(run_ids)}
    return set(await fetch_all(tx, SQL.list_leased, params, int))


async def move_all(tx: Tx, *, project_id: int, moves: Sequence[Move], now: datetime) -> None:
    """Move runs on and end their lease; the caller locked them with `lock_leased`."""
    params = {
        "project_id": project_id,
        "now": now,
        "run_ids": [m.run_id for m in moves],
        "states": [m.state for m in moves],
        "blocks": [m.block for m in moves],
        "positions": [m.position for m in moves],
        "contact_ids": [m.contact_id for m in moves],
        "wake_ats": [m.wake_at for m in moves],
        "held_ats": [m.hold.since if m.hold else None for m in moves],
        "hold_pool_ids": [m.hold.pool_id if m.hold else None for m in moves],
        "hold_criterias": [m.hold.criteria if m.hold else None for m in moves],
        "hold_untils": [m.hold.until if m.hold else None for m in moves],
        "datas": [Jsonb(m.data) for m in moves],
        "answerss": [Jsonb(m.answers) for m in moves],
        "errors": [None if m.error is None else Jsonb(m.error) for m in moves],
    }
    await execute(tx, SQL.move_all, params)


async def take_over(tx: Tx, *, project_id: int, now: datetime) -> int:
    """Make runs due again whose lease ran out; gives their number."""
    return await execute(tx, SQL.take_over, {"project_id": project_id, "now": now})


async def list_queues(tx: Tx, *, project_id: int, pool_id: int | None = None) -> list[Queue]:
    """The queues of held runs of a pool, or of all."""
    return await fetch_all(tx, SQL.list_queues, {"project_id": project_id, "pool_id": pool_id}, Queue)


async def wake(tx: Tx, *, project_id: int, pool_id: int, criteria: str, limit: int, now: datetime) -> int:
    """Make the oldest runs of a queue due; gives how many."""
    params = {"project_id": project_id, "pool_id": pool_id, "criteria": criteria, "limit": limit, "now": now}
    return await execute(tx, SQL.wake, params)


async def is_queue_before(tx: Tx, *, project_id: int, pool_id: int, criteria: str, run_ids: Sequence[int]) -> bool:
    """Whether runs other than these wait in the queue."""
    params = {"project_id": project_id, "pool_id": pool_id, "criteria": criteria, "run_ids": list(run_ids)}
    return await fetch_value(tx, SQL.count_waiting, params, int) > 0


async def count_woken(tx: Tx, *, project_id: int, pool_id: int, criteria: str) -> int:
    """Runs of a queue that were woken and have not claimed yet."""
    params = {"project_id": project_id, "pool_id": pool_id, "criteria": criteria}
    return await fetch_value(tx, SQL.count_woken, params, int)


async def fail_expired_holds(tx: Tx, *, project_id: int, error: dict[str, Any], now: datetime, limit: int) -> list[int]:
    """Fail runs that were held too long; gives their ids. Their claims are for the caller to settle."""
    params = {"project_id": project_id, "error": Jsonb(error), "now": now, "limit": limit}
    return await fetch_all(tx, SQL.fail_expired_holds, params, int)


async def mark_failed(
    tx: Tx, *, project_id: int, errors: Sequence[tuple[int, str, dict[str, Any]]], now: datetime
) -> list[int]:
    """Turn finished runs into failed ones, each with its block and error; gives those that were finished."""
    params: dict[str, Any] = {"project_id": project_id, "now": now, "run_ids": [run_id for run_id, _, _ in errors]}
    params |= {"blocks": [block for _, block, _ in errors], "errors": [Jsonb(error) for _, _, error in errors]}
    return await fetch_all(tx, SQL.mark_failed, params, int)


async def fail_leased(
    tx: Tx, *, project_id: int, lease: UUID, run_id: int, error: dict[str, Any], now: datetime
) -> bool:
    """Whether the lease still held the run; it has failed now."""
    params = {"project_id": project_id, "lease": lease, "run_id": run_id, "error": Jsonb(error), "now": now}
    return bool(await fetch_all(tx, SQL.fail_leased, params, int))


async def lock(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> dict[int, RunState]:
    """Hold these runs until the transaction ends, in order; their states."""
    params = {"project_id": project_id, "run_ids": list(run_ids)}
    return {row.run_id: row.state for row in await fetch_all(tx, SQL.lock, params, LockedRun)}


async def lock_free(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> list[int]:
    """Hold those of these runs that nobody else holds; waits for none."""
    return await fetch_all(tx, SQL.lock_free, {"project_id": project_id, "run_ids": list(run_ids)}, int)


async def stop(tx: Tx, *, project_id: int, run_ids: Sequence[int], now: datetime) -> list[int]:
    """Stop runs that nobody works on; gives those that stopped. The caller locked them."""
    return await fetch_all(tx, SQL.stop, {"project_id": project_id, "run_ids": list(run_ids), "now": now}, int)


async def list_failed(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> list[FailedRun]:
    """Those of these runs that failed."""
    return await fetch_all(tx, SQL.list_failed, {"project_id": project_id, "run_ids": list(run_ids)}, FailedRun)


async def restart(tx: Tx, *, project_id: int, runs: Sequence[FailedRun], now: datetime) -> list[int]:
    """Make failed runs due at their block, with their data, under the next attempt; the caller locked them."""
    params: dict[str, Any] = {"project_id": project_id, "now": now, "run_ids": [r.run_id for r in runs]}
    params |= {"blocks": [r.block for r in runs], "datas": [Jsonb(r.data) for r in runs]}
    return await fetch_all(tx, SQL.restart, params, int)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    before: int | None = None,
    state: str | None = None,
    workflow_id: int | None = None,
    error: str | None = None,
    run_id: int | None = None,
    event_id: int | None = None,
    contact_id: int | None = None,
    limit: int = 100,
) -> list[ListedRun]:
    """A page of runs, the newest first; each filter may be None. `error` is text that the error holds, in any case."""
    params: dict[str, Any] = {"project_id": project_id, "before": before, "state": state, "workflow_id": workflow_id}
    params |= {"run_id": run_id, "event_id": event_id, "contact_id": contact_id, "error": error, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, ListedRun, prepare=False)


async def list_stoppable(tx: Tx, *, project_id: int, workflow_id: int, after: int, limit: int) -> list[int]:
    """Runs of a workflow that nobody works on and that are not over, by id."""
    params = {"project_id": project_id, "workflow_id": workflow_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_stoppable, params, int, prepare=False)


async def count_live(tx: Tx, *, project_id: int, workflow_id: int) -> dict[RunState, int]:
    """How many runs of a workflow are on their way, by state."""
    params = {"project_id": project_id, "workflow_id": workflow_id}
    return {row.state: row.runs for row in await fetch_all(tx, SQL.count_live, params, StateCount, prepare=False)}


async def list_held_pools(tx: Tx, *, project_id: int, workflow_id: int) -> list[int]:
    """The pools for which runs of a workflow wait."""
    params = {"project_id": project_id, "workflow_id": workflow_id}
    return await fetch_all(tx, SQL.list_held_pools, params, int, prepare=False)
