"""Tasks: long work with its report and the rows that it refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.code_files import RejectedRow
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_value

SQL = queries.load("tasks")
TaskState = Literal["receiving", "waiting", "running", "done", "failed", "cancelled", "undone"]


class Task(msgspec.Struct, frozen=True, rename="camel"):
    """Long work: how far it is, and what it did."""

    task_id: int
    kind: str
    state: TaskState
    done: int
    total: int | None
    report: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    created_by: str
    name: str
    is_dry_run: bool
    pool: str | None


async def add(
    tx: Tx,
    *,
    project_id: int,
    kind: str,
    now: datetime,
    total: int | None = None,
    by: str = "",
    name: str = "",
    pool_id: int | None = None,
    is_dry_run: bool = False,
) -> int:
    """A new running task's number; `by` is empty for what begins by itself."""
    params = {"project_id": project_id, "kind": kind, "total": total, "now": now, "by": by, "name": name}
    return await fetch_value(tx, SQL.add, params | {"pool_id": pool_id, "is_dry_run": is_dry_run}, int)


async def stop(tx: Tx, *, project_id: int, task_id: int, kinds: Sequence[str], now: datetime) -> bool:
    """Whether a task of these kinds was still at work; it does no more."""
    params = {"project_id": project_id, "task_id": task_id, "kinds": list(kinds), "now": now}
    return await execute(tx, SQL.stop, params) > 0


async def finish(
    tx: Tx, *, project_id: int, task_id: int, state: TaskState, done: int, report: dict[str, Any], now: datetime
) -> None:
    """Close a running task with its report."""
    params = {"project_id": project_id, "task_id": task_id, "state": state, "done": done, "now": now}
    await execute(tx, SQL.finish, params | {"report": Jsonb(report)})


async def add_to_report(tx: Tx, *, project_id: int, task_id: int, report: dict[str, Any]) -> None:
    """Add to what a task says that it did."""
    params = {"project_id": project_id, "task_id": task_id, "report": Jsonb(report)}
    await execute(tx, SQL.add_to_report, params)


async def get(tx: Tx, *, project_id: int, task_id: int) -> Task:
    """One task; raises NotFound."""
    params = {"project_id": project_id, "task_id": task_id}
    return await fetch_one(tx, SQL.get, params, Task, kind="task", key=task_id)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    before: int | None,
    limit: int,
    kind: str | None = None,
    state: TaskState | None = None,
    pool_id: int | None = None,
) -> list[Task]:
    """A page of tasks, the newest first: all, or those of a kind, in a state, for a pool."""
    params = {"project_id": project_id, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params | {"kind": kind, "state": state, "pool_id": pool_id}, Task)


async def list_by_ids(tx: Tx, *, project_id: int, task_ids: Sequence[int]) -> list[Task]:
    """These tasks, the newest first."""
    return await fetch_all(tx, SQL.list_by_ids, {"project_id": project_id, "task_ids": list(task_ids)}, Task)


async def list_rejects(tx: Tx, *, project_id: int, task_id: int, after: int, limit: int) -> list[RejectedRow]:
    """A page of refused rows by line."""
    params = {"project_id": project_id, "task_id": task_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_rejects, params, RejectedRow)
