"""The audit log over REST, and how reads that show codes in full are written down."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from tearoff.api.pages import After, Limit, next_page
from tearoff.api.site import Call, Caller
from tearoff.store import audit as store
from tearoff.store.audit import Action
from tearoff.store.db import Tx

ActionFilter = Annotated[Action | None, QueryParameter(name="action")]


class EntryView(msgspec.Struct):
    """One line: who did what to what."""

    id: int
    at: datetime
    actor: str
    action: Action
    subject: str
    detail: dict[str, Any]


class AuditPage(msgspec.Struct):
    """The log, the newest first."""

    items: list[EntryView]
    next: str | None


async def list_entries(
    call: Caller, limit: Limit = 100, after: After = None, audited: ActionFilter = None
) -> AuditPage:
    """Who saw codes in full, took them away, or erased somebody."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, action=audited, before=after, limit=limit)
    items = [EntryView(e.audit_id, e.at, e.actor, e.action, e.subject, e.detail) for e in found]
    return AuditPage(items, next_page([e.audit_id for e in found], limit))


async def note(tx: Tx, call: Call, action: Action, subject: str, **detail: Any) -> None:
    """Write down what this call shows or takes; committed before anything of it is answered."""
    await store.add(
        tx,
        project_id=call.project_id,
        actor=call.actor.name,
        action=action,
        subject=subject,
        detail=detail | call.actor.facts,
        now=call.now,
    )
