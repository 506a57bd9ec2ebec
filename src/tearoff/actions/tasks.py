"""Tasks of any kind: stopped before they are done."""

from __future__ import annotations

from datetime import datetime

from tearoff.actions import imports
from tearoff.errors import Conflict
from tearoff.store import issuances, tasks
from tearoff.store.db import Tx
from tearoff.store.tasks import Task

IN_BATCHES = ("generation", "issue")
"""Kinds whose workers look between two batches whether they shall go on."""


async def cancel(tx: Tx, *, project_id: int, task_id: int, now: datetime) -> None:
    """Stop a task: of an import nothing stays, of other work what was done until then.

    Raises NotFound, or Conflict where the task is over.
    """
    task = await tasks.get(tx, project_id=project_id, task_id=task_id)
    if task.kind not in IN_BATCHES:
        await imports.cancel(tx, project_id=project_id, task_id=task_id, now=now)
    elif not await tasks.stop(tx, project_id=project_id, task_id=task_id, kinds=IN_BATCHES, now=now):
        raise Conflict(f"The task is {task.state} already.")
    else:
        await _report(tx, project_id, task)


async def _report(tx: Tx, project_id: int, begun: Task) -> None:
    """Say what was done until the task was stopped, and how much is left undone."""
    at = {"project_id": project_id, "task_id": begun.task_id}
    done = (await tasks.get(tx, **at)).done
    report = {"added": done} if begun.kind == "generation" else {"rows": done, **await issuances.count(tx, **at)}
    await tasks.add_to_report(tx, **at, report=report | {"left": (begun.total or done) - done})
