"""Drafting, checking, publishing and stopping workflows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tearoff.domain import workflow_checks
from tearoff.domain.definitions import Change, Put, check_key
from tearoff.domain.workflows import StoredWorkflow, parse, plain
from tearoff.errors import Conflict, DraftChanged, Invalid, Problem
from tearoff.store import workflows as store
from tearoff.store.db import Tx


async def put(
    tx: Tx,
    *,
    project_id: int,
    key: str,
    name: str,
    blocks: Mapping[str, Any],
    now: datetime,
    at: str = "",
    by: str = "",
    based_on: int | None = None,
) -> Put:
    """The workflow with these blocks as its draft. A draft may be incomplete; only publishing checks it.

    With `based_on`, the version of the draft that was changed into this one, raises DraftChanged when somebody saved
    another one since.
    """
    if problems := check_key(key, f"{at}/key"):
        raise Invalid(*problems)
    wanted: dict[str, Any] = {"name": name or key, "draft": {"blocks": blocks}}
    put = await store.put(tx, project_id=project_id, key=key, **wanted, now=now, by=by, based_on=based_on)
    if based_on is not None and put.change == "unchanged":
        stored = await store.get(tx, project_id=project_id, workflow_id=put.id)
        if (stored.name, stored.draft) != (wanted["name"], wanted["draft"]):
            raise DraftChanged(key, stored.drafted_by, stored.drafted_at)
    return put


async def check(tx: Tx, *, project_id: int, draft: Mapping[str, Any], at: str = "") -> list[Problem]:
    """Every reason why the draft cannot be published now; none means that it can."""
    try:
        workflow = parse(draft, at)
    except Invalid as error:
        return list(error.problems)
    return workflow_checks.check(workflow, await store.load_known(tx, project_id=project_id), at)


async def publish(tx: Tx, *, project_id: int, workflow_id: int, now: datetime, at: str = "") -> Change:
    """Make the draft the live version and start it; `unchanged` when just that version is live.

    A draft that says what the newest version says starts that version again. Raises Invalid with every problem, and
    Conflict when somebody changed the workflow meanwhile.
    """
    stored = await store.get(tx, project_id=project_id, workflow_id=workflow_id)
    if problems := await check(tx, project_id=project_id, draft=stored.draft, at=at):
        raise Invalid(*problems)
    workflow = parse(stored.draft, at)
    if await is_newest(tx, project_id=project_id, stored=stored, definition=plain(workflow)):
        started = await store.mark_active(tx, project_id=project_id, workflow_id=workflow_id, is_active=True, now=now)
        return "changed" if started else "unchanged"
    version = await store.publish(
        tx,
        project_id=project_id,
        workflow=stored,
        event_type_key=workflow.starts[0].event_type,
        definition=plain(workflow),
        now=now,
    )
    if version is None:
        raise Conflict(f"The workflow {stored.key!r} was changed at the same moment; look at it and publish again.")
    return "changed"


async def is_newest(tx: Tx, *, project_id: int, stored: StoredWorkflow, definition: Mapping[str, Any]) -> bool:
    """Whether the newest version says the same already."""
    pair = (stored.workflow_id, stored.version)
    newest = (await store.get_versions(tx, project_id=project_id, pairs=[pair])).get(pair)
    return newest is not None and newest.definition == definition


async def stop(tx: Tx, *, project_id: int, workflow_id: int, now: datetime) -> Change:
    """No event starts the workflow from now on; runs that began go on. Raises NotFound."""
    await store.get(tx, project_id=project_id, workflow_id=workflow_id)
    stopped = await store.mark_active(tx, project_id=project_id, workflow_id=workflow_id, is_active=False, now=now)
    return "changed" if stopped else "unchanged"


async def remove(tx: Tx, *, project_id: int, workflow_id: int) -> None:
    """Forget a workflow that was never published; raises NotFound, or Conflict when it was."""
    stored = await store.get(tx, project_id=project_id, workflow_id=workflow_id)
    if not await store.remove(tx, project_id=project_id, workflow_id=workflow_id):
        raise Conflict(f"The workflow {stored.key!r} was published and its runs refer to it; stop it instead.")
