"""Event types over REST."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.api.pages import After, Limit, Named, Ref, next_page
from tearoff.api.site import Caller
from tearoff.domain.events import Wanted, check
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import event_types
from tearoff.store.event_types import StoredEventType


class EventTypeBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be set of an event type; what is left out stays. `params` null asks nothing of its events."""

    name: str | None = None
    description: str | None = None
    params: list[Wanted] | UnsetType | None = UNSET


class EventTypeView(msgspec.Struct, rename="camel", kw_only=True):
    """An event type."""

    id: int
    key: str
    name: str
    description: str
    params: tuple[Wanted, ...] | None
    created_at: datetime


class EventTypePage(msgspec.Struct):
    """Event types, the oldest first."""

    items: list[EventTypeView]
    next: str | None


async def list_event_types(call: Caller, limit: Limit = 100, after: After = None, q: Named = None) -> EventTypePage:
    """The event types of the project, of those whose name or key holds `q`."""
    async with call.site.db.transaction() as tx:
        found = await event_types.list_page(tx, project_id=call.project_id, after=after or 0, words=q, limit=limit)
    return EventTypePage([view(kind) for kind in found], next_page([kind.event_type_id for kind in found], limit))


async def get(call: Caller, key: Ref) -> EventTypeView:
    """One event type, by its key."""
    async with call.site.db.transaction() as tx:
        found = await event_types.list_page(tx, project_id=call.project_id, key=key, limit=1)
    if not found:
        raise NotFound("event type", key)
    return view(found[0])


async def put(call: Caller, key: Ref, data: JSONBody[EventTypeBody]) -> EventTypeView:
    """Make or change the event type under a key."""
    if problems := check(key, "", []):
        raise Invalid(*(Problem("/key", p.detail) for p in problems))
    async with call.site.db.transaction() as tx:
        await event_types.put(
            tx,
            project_id=call.project_id,
            key=key,
            name=data.name,
            description=data.description,
            params=None if data.params is UNSET else data.params,
            sets_params=data.params is not UNSET,
            now=call.now,
        )
    return await get(call, key)


def view(kind: StoredEventType) -> EventTypeView:
    """An event type as the API shows it."""
    return EventTypeView(
        id=kind.event_type_id,
        key=kind.key,
        name=kind.name,
        description=kind.description,
        params=kind.params,
        created_at=kind.created_at,
    )
