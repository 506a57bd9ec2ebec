"""Workflows, their drafts and their published versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.definitions import Put, as_id
from tearoff.domain.workflow_checks import Known
from tearoff.domain.workflows import StoredWorkflow, Version, WorkflowState
from tearoff.errors import NotFound
from tearoff.store import puts, queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional

SQL = queries.load("workflows")


class ActiveVersion(msgspec.Struct, frozen=True):
    """A live version and the type of the events that start it."""

    workflow_id: int
    version: int
    event_type_key: str
    definition: dict[str, Any]


class Activity(msgspec.Struct, frozen=True):
    """How many of a workflow's newest runs started since a moment, and how many of those failed."""

    workflow_id: int
    key: str
    published_at: datetime | None
    started: int
    failed: int


class CandidateRow(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow that events of a type may start, with its newest version, or its draft if there is none."""

    workflow_id: int
    key: str
    name: str
    is_active: bool
    version: int
    definition: dict[str, Any]
    published_at: datetime | None


class Name(msgspec.Struct, frozen=True):
    """Something of the project that a workflow may name."""

    kind: str
    id: str
    key: str


async def put(
    tx: Tx,
    *,
    project_id: int,
    key: str,
    name: str,
    draft: Mapping[str, Any],
    now: datetime,
    by: str = "",
    based_on: int | None = None,
) -> Put:
    """The workflow under the key with this name and draft; what is published stays as it is.

    With `based_on` it is `unchanged` too where the stored draft is not of that version.
    """
    values = {"project_id": project_id, "key": key, "name": name, "draft": Jsonb(draft), "now": now}
    values |= {"by": by, "based_on": based_on}
    return await puts.put(tx, SQL.put, values, noun="workflow", key=key)


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> StoredWorkflow:
    """The workflow under an id or key; raises NotFound."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_one(tx, SQL.find, values, into=StoredWorkflow, kind="workflow", key=reference)


async def get(tx: Tx, *, project_id: int, workflow_id: int) -> StoredWorkflow:
    """The workflow with an id; raises NotFound."""
    return await resolve(tx, project_id=project_id, reference=workflow_id)


async def find_by_key(tx: Tx, *, project_id: int, key: str) -> StoredWorkflow | None:
    """The workflow under a key."""
    return await fetch_optional(tx, SQL.find_by_key, {"project_id": project_id, "key": key}, into=StoredWorkflow)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    after: int = 0,
    limit: int = 100,
    words: str | None = None,
    state: WorkflowState | None = None,
) -> list[StoredWorkflow]:
    """A page of workflows by id, of those whose name or key holds the words."""
    values = {"project_id": project_id, "after": after, "limit": limit, "words": words, "state": state}
    return await fetch_all(tx, SQL.list_page, values, into=StoredWorkflow)


async def list_activity(
    tx: Tx,
    *,
    project_id: int,
    since: datetime,
    after: int,
    limit: int,
    runs_max: int,
    words: str | None,
    state: WorkflowState | None,
) -> list[Activity]:
    """As list_page, with what they did since a moment, counted over their newest `runs_max` runs."""
    page = {"project_id": project_id, "after": after, "limit": limit, "words": words, "state": state}
    values = {**page, "since": since, "runs_max": runs_max}
    return await fetch_all(tx, SQL.list_activity, values, into=Activity)


async def list_active(tx: Tx, *, project_id: int, event_type_keys: Sequence[str]) -> list[ActiveVersion]:
    """The live versions that events of these types may start, by workflow id."""
    values = {"project_id": project_id, "event_type_keys": list(event_type_keys)}
    return await fetch_all(tx, SQL.list_active, values, into=ActiveVersion)


async def get_versions(tx: Tx, *, project_id: int, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Version]:
    """The versions by (workflow id, version); one that is not there is not in it."""
    values = {
        "project_id": project_id,
        "workflow_ids": [workflow_id for workflow_id, _ in pairs],
        "versions": [version for _, version in pairs],
    }
    found = await fetch_all(tx, SQL.get_versions, values, into=Version)
    return {(row.workflow_id, row.version): row for row in found}


async def get_version(tx: Tx, *, project_id: int, workflow_id: int, version: int) -> Version:
    """One version of a workflow; raises NotFound."""
    found = await get_versions(tx, project_id=project_id, pairs=[(workflow_id, version)])
    if not found:
        raise NotFound("version", version)
    return found[workflow_id, version]


async def list_versions(tx: Tx, *, project_id: int, workflow_id: int, limit: int = 100) -> list[Version]:
    """The versions of a workflow, the newest first."""
    values = {"project_id": project_id, "workflow_id": workflow_id, "limit": limit}
    return await fetch_all(tx, SQL.list_versions, values, into=Version)


async def publish(
    tx: Tx,
    *,
    project_id: int,
    workflow: StoredWorkflow,
    event_type_key: str,
    definition: Mapping[str, Any],
    now: datetime,
) -> int | None:
    """The number of the new version, live; None when the workflow changed since it was read."""
    at = {"project_id": project_id, "workflow_id": workflow.workflow_id, "now": now}
    guard = {**at, "version": workflow.version, "draft": Jsonb(workflow.draft)}
    version = await fetch_optional(tx, SQL.mark_published, guard, into=int)
    if version is not None:
        fresh = {"version": version, "event_type_key": event_type_key, "definition": Jsonb(definition)}
        await execute(tx, SQL.add_version, {**at, **fresh})
    return version


async def mark_active(tx: Tx, *, project_id: int, workflow_id: int, is_active: bool, now: datetime) -> bool:
    """Whether this started or stopped it; one that was never published does not start."""
    values = {"project_id": project_id, "workflow_id": workflow_id, "is_active": is_active, "now": now}
    return await execute(tx, SQL.mark_active, values) > 0


async def remove(tx: Tx, *, project_id: int, workflow_id: int) -> bool:
    """Whether the workflow is gone; one that was published stays."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "workflow_id": workflow_id}) > 0


async def load_known(tx: Tx, *, project_id: int) -> Known:
    """Everything that a workflow of the project may name."""
    names = await fetch_all(tx, SQL.names, {"project_id": project_id}, into=Name)
    return Known(
        messages=frozenset(text for name in names if name.kind == "message" for text in (name.id, name.key)),
        pools=frozenset(name.key for name in names if name.kind == "pool"),
        fields=frozenset(text for name in names if name.kind == "field" for text in (name.id, name.key)),
    )


async def list_candidates(tx: Tx, *, project_id: int, event_type_key: str, limit: int) -> list[CandidateRow]:
    """The workflows that start by events of this type, and those that were never published."""
    values = {"project_id": project_id, "event_type_key": event_type_key, "limit": limit}
    return await fetch_all(tx, SQL.list_candidates, values, into=CandidateRow)
