"""Tasks over REST: how far long work is, what it did, and which rows it refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import QueryParameter
from litestar.response import Stream

from tearoff.actions import tasks as actions
from tearoff.api.csv_rows import csv_line
from tearoff.api.pages import After, Id, Limit, Text, next_page
from tearoff.api.rest.audit import note
from tearoff.api.rest.task_reports import TaskReport
from tearoff.api.site import Caller
from tearoff.domain.code_files import RejectedRow
from tearoff.store import pools, tasks
from tearoff.store.tasks import Task, TaskState

REJECTS_PAGE_MAX = 5_000
KindFilter = Annotated[str | None, QueryParameter(name="kind", max_length=50)]
StateFilter = Annotated[TaskState | None, QueryParameter(name="state")]


class TaskView(msgspec.Struct, rename="camel", kw_only=True):
    """Long work; `report` says what it did, `rejects` where its refused rows are.

    `rate` is in items a second; it and `secondsLeft` are known once the work has begun, and `total` may be an estimate
    until it is done. `createdBy` is empty for what began by itself.
    """

    id: int
    kind: str
    state: TaskState
    done: int
    total: int | None
    rate: float | None
    seconds_left: int | None
    report: TaskReport
    rejects: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    created_by: str
    name: str
    pool: str | None
    is_dry_run: bool


class TaskPage(msgspec.Struct):
    """Tasks, the newest first."""

    items: list[TaskView]
    next: str | None


async def list_tasks(
    call: Caller,
    limit: Limit = 100,
    after: After = None,
    kind: KindFilter = None,
    task_state: StateFilter = None,
    pool: Text = None,
) -> TaskPage:
    """Tasks, the newest first: all, or those of a kind, in a state, for a pool."""
    at = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        pool_id = (await pools.resolve(tx, **at, reference=pool)).pool_id if pool else None
        found = await tasks.list_page(tx, **at, before=after, limit=limit, kind=kind, state=task_state, pool_id=pool_id)
    return TaskPage([view(task, call.now) for task in found], next_page([task.task_id for task in found], limit))


async def get(call: Caller, task_id: Id) -> TaskView:
    """One task."""
    async with call.site.db.transaction() as tx:
        return view(await tasks.get(tx, project_id=call.project_id, task_id=task_id), call.now)


async def cancel(call: Caller, task_id: Id) -> TaskView:
    """Stop a task that is not done: of an import nothing stays, of other work what was done until then."""
    async with call.site.db.transaction() as tx:
        await actions.cancel(tx, project_id=call.project_id, task_id=task_id, now=call.now)
        return view(await tasks.get(tx, project_id=call.project_id, task_id=task_id), call.now)


async def report(call: Caller, task_id: Id) -> TaskReport:
    """What the task did."""
    return (await get(call, task_id)).report


async def rejects(call: Caller, task_id: Id) -> Stream:
    """The rows that the task refused, as a CSV of line, value and reason that is safe to open in a spreadsheet."""

    async def page_after(line: int) -> list[RejectedRow]:
        async with call.site.db.transaction() as tx:
            return await tasks.list_rejects(
                tx, project_id=call.project_id, task_id=task_id, after=line, limit=REJECTS_PAGE_MAX
            )

    async def pages(page: list[RejectedRow]) -> AsyncIterator[str]:
        yield csv_line("line", "value", "reason")
        while page:
            yield "".join(csv_line(row.line, row.value, row.reason) for row in page)
            page = await page_after(page[-1].line) if len(page) == REJECTS_PAGE_MAX else []

    await get(call, task_id)
    async with call.site.db.transaction() as tx:
        await note(tx, call, "reveal", f"rejected rows of the task {task_id}")
    name = f'attachment; filename="task-{task_id}-rejects.csv"'
    return Stream(pages(await page_after(0)), media_type="text/csv", headers={"Content-Disposition": name})


def view(task: Task, now: datetime | None = None) -> TaskView:
    """A task as the API shows it at an instant."""
    rate = _rate(task, task.finished_at or now)
    left = None
    if rate and task.total and task.finished_at is None:
        left = max(0, round((task.total - task.done) / rate))
    return TaskView(
        id=task.task_id,
        kind=task.kind,
        state=task.state,
        done=task.done,
        total=task.total,
        rate=rate,
        seconds_left=left,
        report=msgspec.convert(task.report, TaskReport),
        rejects=f"/v1/tasks/{task.task_id}/rejects.csv",
        created_at=task.created_at,
        started_at=task.started_at,
        finished_at=task.finished_at,
        created_by=task.created_by,
        name=task.name,
        pool=task.pool,
        is_dry_run=task.is_dry_run,
    )


def _rate(task: Task, until: datetime | None) -> float | None:
    if task.started_at is None or until is None or not task.done:
        return None
    seconds = (until - task.started_at).total_seconds()
    return round(task.done / seconds, 1) if seconds > 0 else None
