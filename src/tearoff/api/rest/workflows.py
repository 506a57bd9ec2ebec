"""Workflows over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from tearoff.actions import workflows
from tearoff.api.pages import After, Limit, Named, Ref, next_page
from tearoff.api.rest.definitions import Found, create_once, require_new
from tearoff.api.site import Call, Caller
from tearoff.domain import workflow_diffs
from tearoff.domain.workflow_diffs import Diff
from tearoff.domain.workflows import StoredWorkflow, WorkflowState
from tearoff.store import projects
from tearoff.store import workflows as store
from tearoff.store.db import Tx

RUNS_MAX = 10_000
VERSION_MAX = 2**31 - 1

DRAFT = "draft"
StateFilter = Annotated[WorkflowState | None, QueryParameter(name="state", description="Only workflows in this state")]
VersionRef = Annotated[str, PathParameter(max_length=20, description="The number of a version, or `draft`")]


class WorkflowBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A workflow to be drafted; its blocks may be incomplete until it is published."""

    key: str
    name: str = ""
    blocks: dict[str, dict[str, Any]] = {}


class WorkflowPatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a workflow's draft; what is left out stays.

    With `draftVersion`, that of the draft which was changed into this one, a newer draft of somebody else is not
    overwritten: the answer is 409 `draft-changed`.
    """

    name: str | UnsetType = UNSET
    blocks: dict[str, dict[str, Any]] | UnsetType = UNSET
    draft_version: Annotated[int, msgspec.Meta(ge=1, le=VERSION_MAX)] | UnsetType = UNSET


class WorkflowView(msgspec.Struct, rename="camel", kw_only=True):
    """A workflow with its draft; version 0 was never published. `draftVersion` counts the drafts that were saved."""

    id: int
    key: str
    name: str
    is_active: bool
    version: int
    blocks: dict[str, Any]
    draft_version: int
    drafted_at: datetime
    drafted_by: str
    created_at: datetime
    updated_at: datetime


class WorkflowPage(msgspec.Struct):
    """Workflows, the oldest first."""

    items: list[WorkflowView]
    next: str | None


class CheckBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Blocks to check before they are saved; left out, the draft is checked as it is."""

    blocks: dict[str, dict[str, Any]] | UnsetType = UNSET


class ActivityView(msgspec.Struct, rename="camel", kw_only=True):
    """What became of a workflow since the day began in the project's zone.

    Only its newest runs are looked at; `isMore` says that all of those are of today, so that there may be more.
    """

    workflow: str
    published_at: datetime | None
    started: int
    failed: int
    is_more: bool


class ActivityPage(msgspec.Struct):
    """The activity of each workflow, in the order and the pages of their list."""

    items: list[ActivityView]
    next: str | None


class VersionView(msgspec.Struct, rename="camel", kw_only=True):
    """A published version, for ever as it was."""

    version: int
    event_type: str
    blocks: dict[str, Any]
    published_at: datetime


class DefinitionView(msgspec.Struct, rename="camel", kw_only=True):
    """The blocks of a version, or of the draft, which has no number."""

    version: int | None
    event_type: str | None
    blocks: dict[str, Any]
    published_at: datetime | None


class VersionPage(msgspec.Struct):
    """Versions, the newest first."""

    items: list[VersionView]


async def list_workflows(
    call: Caller, limit: Limit = 100, after: After = None, q: Named = None, workflow_state: StateFilter = None
) -> WorkflowPage:
    """The workflows of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(
            tx, project_id=call.project_id, after=after or 0, limit=limit, words=q, state=workflow_state
        )
    return WorkflowPage([view(each) for each in found], next_page([each.workflow_id for each in found], limit))


async def get(call: Caller, workflow: Ref) -> WorkflowView:
    """One workflow, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=workflow))


async def create(call: Caller, data: JSONBody[WorkflowBody]) -> WorkflowView:
    """Draft a workflow."""

    async def make(tx: Tx) -> WorkflowView:
        put = await workflows.put(
            tx,
            project_id=call.project_id,
            key=data.key,
            name=data.name,
            blocks=data.blocks,
            now=call.now,
            by=call.actor.name,
        )
        return view(await store.get(tx, project_id=call.project_id, workflow_id=require_new(put, "workflow")))

    return await create_once(call, "workflows", data, make, WorkflowView)


async def change(call: Caller, workflow: Ref, data: JSONBody[WorkflowPatch]) -> WorkflowView:
    """Change a workflow's draft; what is live stays until it is published again."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        await workflows.put(
            tx,
            project_id=call.project_id,
            key=before.key,
            name=before.name if data.name is UNSET else data.name,
            blocks=before.draft.get("blocks", {}) if data.blocks is UNSET else data.blocks,
            now=call.now,
            by=call.actor.name,
            based_on=None if data.draft_version is UNSET else data.draft_version,
        )
        return view(await store.get(tx, project_id=call.project_id, workflow_id=before.workflow_id))


async def remove(call: Caller, workflow: Ref) -> None:
    """Forget a workflow that was never published."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        await workflows.remove(tx, project_id=call.project_id, workflow_id=found.workflow_id)


async def check(call: Caller, workflow: Ref, data: JSONBody[CheckBody | None] = None) -> Found:
    """Every reason why the draft, or these blocks in its place, cannot be published."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        draft = found.draft if data is None or data.blocks is UNSET else {"blocks": data.blocks}
        return Found(await workflows.check(tx, project_id=call.project_id, draft=draft))


async def list_activity(
    call: Caller, limit: Limit = 100, after: After = None, q: Named = None, workflow_state: StateFilter = None
) -> ActivityPage:
    """How many runs of each workflow started and failed today, and when it was published last."""
    async with call.site.db.transaction() as tx:
        project = await projects.get(tx, project_id=call.project_id)
        since = call.now.astimezone(project.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        found = await store.list_activity(
            tx,
            project_id=call.project_id,
            since=since,
            after=after or 0,
            limit=limit,
            runs_max=RUNS_MAX,
            words=q,
            state=workflow_state,
        )
    items = [
        ActivityView(
            workflow=each.key,
            published_at=each.published_at,
            started=each.started,
            failed=each.failed,
            is_more=each.started >= RUNS_MAX,
        )
        for each in found
    ]
    return ActivityPage(items, next_page([each.workflow_id for each in found], limit))


async def publish(call: Caller, workflow: Ref) -> WorkflowView:
    """Make the draft the live version and start it."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        await workflows.publish(tx, project_id=call.project_id, workflow_id=found.workflow_id, now=call.now)
        return view(await store.get(tx, project_id=call.project_id, workflow_id=found.workflow_id))


async def stop(call: Caller, workflow: Ref) -> WorkflowView:
    """Start no more runs; those that began go on."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        await workflows.stop(tx, project_id=call.project_id, workflow_id=found.workflow_id, now=call.now)
        return view(await store.get(tx, project_id=call.project_id, workflow_id=found.workflow_id))


async def list_versions(call: Caller, workflow: Ref, limit: Limit = 100) -> VersionPage:
    """The published versions of a workflow."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        versions = await store.list_versions(tx, project_id=call.project_id, workflow_id=found.workflow_id, limit=limit)
    return VersionPage(
        [
            VersionView(
                version=each.version,
                event_type=each.event_type_key,
                blocks=each.definition["blocks"],
                published_at=each.published_at,
            )
            for each in versions
        ]
    )


async def get_version(call: Caller, workflow: Ref, version: VersionRef) -> DefinitionView:
    """What one version says; `draft` is what would be published now."""
    async with call.site.db.transaction() as tx:
        stored = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        return await _definition(tx, call, stored, version)


async def diff(call: Caller, workflow: Ref, version: VersionRef, other: VersionRef) -> Diff:
    """What differs from one version to another, either of which may be `draft`."""
    async with call.site.db.transaction() as tx:
        stored = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        before = await _definition(tx, call, stored, version)
        after = await _definition(tx, call, stored, other)
    return workflow_diffs.diff(before.blocks, after.blocks)


async def _definition(tx: Tx, call: Call, stored: StoredWorkflow, version: str) -> DefinitionView:
    if version == DRAFT:
        return DefinitionView(version=None, event_type=None, blocks=stored.draft.get("blocks", {}), published_at=None)
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    found = await store.get_version(tx, project_id=call.project_id, workflow_id=stored.workflow_id, version=number)
    return DefinitionView(
        version=found.version,
        event_type=found.event_type_key,
        blocks=found.definition["blocks"],
        published_at=found.published_at,
    )


def view(workflow: StoredWorkflow) -> WorkflowView:
    """A workflow as the API shows it."""
    return WorkflowView(
        id=workflow.workflow_id,
        key=workflow.key,
        name=workflow.name,
        is_active=workflow.is_active,
        version=workflow.version,
        blocks=workflow.draft.get("blocks", {}),
        draft_version=workflow.draft_version,
        drafted_at=workflow.drafted_at,
        drafted_by=workflow.drafted_by,
        created_at=workflow.created_at,
        updated_at=workflow.updated_at,
    )
