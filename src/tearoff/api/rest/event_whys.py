"""Why an event started the runs that it did, and no others."""

from __future__ import annotations

import msgspec

from tearoff.api.pages import Id
from tearoff.api.site import Caller
from tearoff.domain.event_whys import Candidate, Judged, Reason, judge, why
from tearoff.domain.runs import RunState
from tearoff.domain.workflows import parse
from tearoff.errors import Invalid, NotFound
from tearoff.store import events, runs, workflows
from tearoff.store.events import StoredEvent
from tearoff.store.runs import ListedRun
from tearoff.store.workflows import CandidateRow

WORKFLOWS_MAX = 1000
NOBODY = "No workflow starts by events of this type."


class WorkflowWhy(msgspec.Struct, rename="camel", kw_only=True):
    """What one workflow made of the event: the run that it started, or the reason for none, with its conditions."""

    workflow: str
    name: str
    version: int
    is_active: bool
    reason: Reason
    detail: str
    run_id: int | None
    state: RunState | None
    conditions: list[Judged]


class EventWhy(msgspec.Struct, rename="camel", kw_only=True):
    """Every workflow that events of this type may start. `detail` says so when there is none."""

    event_id: int
    event_type: str
    started: int
    detail: str | None
    workflows: list[WorkflowWhy]


async def get(call: Caller, event_id: Id) -> EventWhy:
    """Which runs the event started, and why other workflows that look at its type started none.

    Filters are tried as they are today, in the newest version.
    """
    async with call.site.db.transaction() as tx:
        found = await events.list_page(tx, project_id=call.project_id, event_id=event_id, limit=1)
        if not found:
            raise NotFound("event", event_id)
        [event] = found
        started = await runs.list_page(tx, project_id=call.project_id, event_id=event_id, limit=WORKFLOWS_MAX)
        candidates = await workflows.list_candidates(
            tx, project_id=call.project_id, event_type_key=event.type_key, limit=WORKFLOWS_MAX
        )
    by_key = {run.workflow: run for run in started}
    seen = [view for each in candidates if (view := _view(each, event, by_key.pop(each.key, None))) is not None]
    others = [_started_by_another_version(run) for run in by_key.values() if run.workflow is not None]
    return EventWhy(
        event_id=event_id,
        event_type=event.type_key,
        started=len(started),
        detail=None if seen or others else NOBODY,
        workflows=seen + others,
    )


def _view(row: CandidateRow, event: StoredEvent, run: ListedRun | None) -> WorkflowWhy | None:
    try:
        starts = parse(row.definition).starts
    except Invalid:
        return None
    start = next((each for each in starts if each.event_type == event.type_key), None)
    if start is None:
        return None
    reason: Reason = "started"
    detail = "The event started a run."
    if run is None:
        candidate = Candidate(start=start, version=row.version, is_active=row.is_active, published_at=row.published_at)
        reason, detail = why(candidate, event.params, event.received_at)
    return WorkflowWhy(
        workflow=row.key,
        name=row.name,
        version=run.version if run and run.version else row.version,
        is_active=row.is_active,
        reason=reason,
        detail=detail,
        run_id=run.run_id if run else None,
        state=run.state if run else None,
        conditions=judge(start, event.params),
    )


def _started_by_another_version(run: ListedRun) -> WorkflowWhy:
    return WorkflowWhy(
        workflow=run.workflow or "",
        name=run.workflow or "",
        version=run.version or 0,
        is_active=False,
        reason="started",
        detail="The event started a run of an earlier version, which began by this type.",
        run_id=run.run_id,
        state=run.state,
        conditions=[],
    )
