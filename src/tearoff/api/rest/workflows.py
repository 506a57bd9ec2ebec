"""Workflows over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import workflows
from tearoff.api.pages import After, Limit, Ref, next_page
from tearoff.api.rest.definitions import Found, create_once, require_new
from tearoff.api.site import Caller
from tearoff.domain.workflows import StoredWorkflow
from tearoff.store import workflows as store
from tearoff.store.db import Tx


class WorkflowBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A workflow to be drafted; its blocks may be incomplete until it is published."""

    key: str
    name: str = ""
    blocks: dict[str, dict[str, Any]] = {}


class WorkflowPatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a workflow's draft; what is left out stays."""

    name: str | UnsetType = UNSET
    blocks: dict[str, dict[str, Any]] | UnsetType = UNSET


class WorkflowView(msgspec.Struct, rename="camel", kw_only=True):
    """A workflow with its draft; version 0 was never published."""

    id: int
    key: str
    name: str
    is_active: bool
    version: int
    blocks: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class WorkflowPage(msgspec.Struct):
    """Workflows, the oldest first."""

    items: list[WorkflowView]
    next: str | None


class VersionView(msgspec.Struct, rename="camel", kw_only=True):
    """A published version, for ever as it was."""

    version: int
    event_type: str
    blocks: dict[str, Any]
    published_at: datetime


class VersionPage(msgspec.Struct):
    """Versions, the newest first."""

    items: list[VersionView]


async def list_workflows(call: Caller, limit: Limit = 100, after: After = None) -> WorkflowPage:
    """The workflows of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit)
    return WorkflowPage([view(each) for each in found], next_page([each.workflow_id for each in found], limit))


async def get(call: Caller, workflow: Ref) -> WorkflowView:
    """One workflow, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=workflow))


async def create(call: Caller, data: JSONBody[WorkflowBody]) -> WorkflowView:
    """Draft a workflow."""

    async def make(tx: Tx) -> WorkflowView:
        put = await workflows.put(
            tx, project_id=call.project_id, key=data.key, name=data.name, blocks=data.blocks, now=call.now
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
        )
        return view(await store.get(tx, project_id=call.project_id, workflow_id=before.workflow_id))


async def remove(call: Caller, workflow: Ref) -> None:
    """Forget a workflow that was never published."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        await workflows.remove(tx, project_id=call.project_id, workflow_id=found.workflow_id)


async def check(call: Caller, workflow: Ref) -> Found:
    """Every reason why the draft cannot be published."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=workflow)
        return Found(await workflows.check(tx, project_id=call.project_id, draft=found.draft))


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


def view(workflow: StoredWorkflow) -> WorkflowView:
    """A workflow as the API shows it."""
    return WorkflowView(
        id=workflow.workflow_id,
        key=workflow.key,
        name=workflow.name,
        is_active=workflow.is_active,
        version=workflow.version,
        blocks=workflow.draft.get("blocks", {}),
        created_at=workflow.created_at,
        updated_at=workflow.updated_at,
    )
