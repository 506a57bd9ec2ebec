"""Test launches over REST: a workflow walked with one event, or with the latest ones, and nothing spent."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar.params import JSONBody

from tearoff.actions import forecasts
from tearoff.api.pages import Ref
from tearoff.api.rest.forecasts import DemandView, demand_view
from tearoff.api.site import Call, Caller
from tearoff.domain.event_whys import why_not
from tearoff.domain.test_launches import EVENTS_MAX, DryRun, Mode, TestLaunch
from tearoff.domain.workflows import StoredWorkflow, Workflow, is_started_by
from tearoff.engine import test_launches
from tearoff.engine.trials import Trial
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import events, workflows
from tearoff.store.db import Tx

BODY_MAX = 2_000_000
RECIPIENT_MAX = 2000


class PastedEvent(msgspec.Struct):
    """An event as somebody pasted it; what stands beside `params` is not read."""

    params: dict[str, Any] = {}


class SendBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where the messages of a test are really sent."""

    to: Annotated[str, msgspec.Meta(min_length=1, max_length=RECIPIENT_MAX)]


class Chosen(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """Which definition is walked: this unsaved draft, that version, or, with neither, the live version. A workflow that
    was never published is walked as its draft stands."""

    definition: dict[str, Any] | None = None
    version: int | None = None
    mode: Mode = "normal"


class TestRunBody(Chosen, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """A test launch: a past event by its id, or a pasted one. Sources are called only with `callSources`."""

    event_id: int | None = None
    event: PastedEvent | None = None
    call_sources: bool = False
    send: SendBody | None = None


class TestRun(TestLaunch, kw_only=True, frozen=True, rename="camel"):
    """The path that was walked; `version` is null for a draft."""

    workflow: str
    version: int | None
    mode: Mode
    event_id: int | None
    params: dict[str, Any]


class DryRunBody(Chosen, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """How many of the latest events are walked."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=EVENTS_MAX)] = 100


class DryRunView(DryRun, kw_only=True, frozen=True, rename="camel"):
    """What would have become of the latest events; `demands` compares what as many runs take with the stock."""

    workflow: str
    version: int | None
    mode: Mode
    event_type: str
    is_enough: bool
    demands: list[DemandView]


async def test_run(call: Caller, workflow: Ref, data: JSONBody[TestRunBody]) -> TestRun:
    """Walk the workflow with one event: every block with its input, output and exit, messages rendered with marked
    samples, waits shown and not waited for. No code is taken, and nothing is written."""
    if (data.event is None) == (data.event_id is None):
        raise Invalid(Problem("/event", "Give either eventId or event."))
    async with call.site.db.transaction() as tx:
        stored, version, walked = await _choose(tx, call, workflow, data)
        type_key, params = None, data.event.params if data.event else {}
        if data.event_id is not None:
            found = await events.list_page(tx, project_id=call.project_id, event_id=data.event_id, limit=1)
            if not found:
                raise NotFound("event", data.event_id)
            type_key, params = found[0].type_key, found[0].params
        [start] = walked.starts
        kinds = await events.find_types(tx, project_id=call.project_id, keys=[start.event_type])
    seen = await test_launches.launch(
        call.site.engine,
        project_id=call.project_id,
        trial=Trial(workflow=walked, mode=data.mode, is_calling=data.call_sources),
        workflow_id=stored.workflow_id,
        event_id=data.event_id,
        params=params,
        reasons=why_not(start, params, type_key=type_key, kind=kinds.get(start.event_type)),
        to=data.send.to if data.send else None,
        now=call.now,
    )
    return TestRun(
        **msgspec.structs.asdict(seen),
        workflow=stored.key,
        version=version,
        mode=data.mode,
        event_id=data.event_id,
        params=params,
    )


async def dry_run(call: Caller, workflow: Ref, data: JSONBody[DryRunBody]) -> DryRunView:
    """Walk the workflow with the latest real events of its type, as if each came now: how many would start, by which
    exits they would go, and whether the stock is enough. Messages are rendered; nothing is sent, called or written."""
    async with call.site.db.transaction() as tx:
        stored, version, walked = await _choose(tx, call, workflow, data)
        [start] = walked.starts
        found = await events.list_page(tx, project_id=call.project_id, type_key=start.event_type, limit=data.limit)
        found.reverse()
        started = [event for event in found if is_started_by(start, event.params)]
        demands = await forecasts.demand_of(
            tx, project_id=call.project_id, workflow=walked, expected=len(started), now=call.now
        )
    seen = await test_launches.dry_run(
        call.site.engine,
        project_id=call.project_id,
        trial=Trial(workflow=walked, mode=data.mode),
        workflow_id=stored.workflow_id,
        events=found,
        started=started,
        now=call.now,
    )
    return DryRunView(
        **msgspec.structs.asdict(seen),
        workflow=stored.key,
        version=version,
        mode=data.mode,
        event_type=start.event_type,
        is_enough=not any(each.short for each in demands),
        demands=[demand_view(each) for each in demands],
    )


async def _choose(tx: Tx, call: Call, workflow: str, chosen: Chosen) -> tuple[StoredWorkflow, int | None, Workflow]:
    """The workflow, the number of the version that is walked (None for a draft), and its blocks."""
    if chosen.definition is not None and chosen.version is not None:
        raise Invalid(Problem("/version", "Give either a definition or a version."))
    stored = await workflows.resolve(tx, project_id=call.project_id, reference=workflow)
    if chosen.definition is not None:
        return stored, None, test_launches.walkable(chosen.definition, "/definition")
    version = stored.version if chosen.version is None else chosen.version
    if version == 0 and chosen.version is None:
        return stored, None, test_launches.walkable(stored.draft)
    found = await workflows.get_version(tx, project_id=call.project_id, workflow_id=stored.workflow_id, version=version)
    return stored, version, test_launches.walkable(found.definition)
