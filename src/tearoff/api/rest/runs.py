"""Runs over REST: what became of each event, step by step; stopped, and let go again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from tearoff.actions import runs as actions
from tearoff.api.pages import After, Id, Limit, Text, next_page
from tearoff.api.site import Caller
from tearoff.domain.runs import RunState, Step
from tearoff.errors import Conflict, NotFound
from tearoff.store import runs, steps, workflows
from tearoff.store.db import Tx
from tearoff.store.runs import ListedRun

States = Annotated[RunState | None, QueryParameter(name="state", description="Only runs in this state")]
EventId = Annotated[int | None, QueryParameter(name="eventId", ge=1, description="Only runs that this event started")]
ContactId = Annotated[int | None, QueryParameter(name="contactId", ge=1, description="Only runs about this contact")]


ErrorText = Annotated[
    str | None, QueryParameter(name="error", max_length=300, description="Only runs whose error holds this text")
]


class RunView(msgspec.Struct, rename="camel", kw_only=True):
    """A run: one person's way through one version of a workflow; `workflow` is null for a prepared message."""

    id: int
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


class StepView(msgspec.Struct, rename="camel", kw_only=True):
    """One block of a run's way; a claim stands for its code, whose value is not kept in history."""

    position: int
    block: str
    kind: str
    exit: str | None
    input: dict[str, Any] | None
    output: dict[str, Any] | None
    error: str | None
    at: datetime


class RunWithSteps(RunView, kw_only=True):
    """A run with its history."""

    steps: list[StepView]


class RunPage(msgspec.Struct):
    """Runs, the newest first."""

    items: list[RunView]
    next: str | None


async def list_runs(
    call: Caller,
    limit: Limit = 100,
    after: After = None,
    run_state: States = None,
    workflow: Text = None,
    event_id: EventId = None,
    contact_id: ContactId = None,
    error: ErrorText = None,
) -> RunPage:
    """Runs, the newest first."""
    async with call.site.db.transaction() as tx:
        workflow_id = None
        if workflow is not None:
            workflow_id = (await workflows.resolve(tx, project_id=call.project_id, reference=workflow)).workflow_id
        found = await runs.list_page(
            tx,
            project_id=call.project_id,
            before=after,
            state=run_state,
            workflow_id=workflow_id,
            error=error,
            event_id=event_id,
            contact_id=contact_id,
            limit=limit,
        )
    return RunPage([view(run) for run in found], next_page([run.run_id for run in found], limit))


async def get(call: Caller, run_id: Id) -> RunWithSteps:
    """One run with its steps."""
    async with call.site.db.transaction() as tx:
        return await _with_steps(tx, call.project_id, run_id)


async def stop(call: Caller, run_id: Id) -> RunWithSteps:
    """Stop a run: messages that no sender took are cancelled, and codes that nobody can have seen return.

    A run that is over stays as it is; 409 while somebody works on it just now.
    """
    async with call.site.db.transaction() as tx:
        stopped = await actions.stop(tx, project_id=call.project_id, run_ids=[run_id], now=call.now)
        run = await _with_steps(tx, call.project_id, run_id)
    if not stopped and run.state == "leased":
        raise Conflict("The run is being worked on just now; ask again in a moment.")
    return run


async def retry(call: Caller, run_id: Id) -> RunWithSteps:
    """Let a failed run go again, with the codes that it still has; 409 for a run that did not fail."""
    async with call.site.db.transaction() as tx:
        started = await actions.retry(tx, project_id=call.project_id, run_ids=[run_id], now=call.now)
        run = await _with_steps(tx, call.project_id, run_id)
    if not started:
        raise Conflict(f"The run is {run.state}; only a failed run can be retried.")
    return run


async def _with_steps(tx: Tx, project_id: int, run_id: int) -> RunWithSteps:
    found = await runs.list_page(tx, project_id=project_id, run_id=run_id, limit=1)
    if not found:
        raise NotFound("run", run_id)
    history = await steps.list_by_run(tx, project_id=project_id, run_id=run_id)
    return RunWithSteps(**msgspec.structs.asdict(view(found[0])), steps=[step_view(step) for step in history])


def view(run: ListedRun) -> RunView:
    """A run as the API shows it."""
    facts = msgspec.structs.asdict(run)
    return RunView(id=facts.pop("run_id"), **facts)


def step_view(step: Step) -> StepView:
    """A step as the API shows it."""
    facts = msgspec.structs.asdict(step)
    del facts["run_id"]
    return StepView(**facts)
