"""Events over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import JSONBody, QueryParameter

from tearoff.actions.idempotency import check_key
from tearoff.api.pages import After, Id, Limit, next_page
from tearoff.api.site import Caller
from tearoff.domain.events import Event, check, digest, key_value_of
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import events
from tearoff.store.events import StoredEvent

BODY_MAX = 20 * 1024
EventTypeKey = Annotated[str | None, QueryParameter(name="eventType", max_length=300)]
KeyValue = Annotated[str | None, QueryParameter(name="keyValue", max_length=300)]
SENT_AS = {"/eventTypeKey": "/eventType"}


class EventBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """An event: what happened, to whom (`keyValue`, or a parameter such as `email`), and its parameters."""

    event_type: str
    key_value: str = ""
    params: dict[str, Any] = {}


class EventTaken(msgspec.Struct, rename="camel"):
    """`id` is null when the same request came before under the same Idempotency-Key."""

    id: int | None


class EventView(msgspec.Struct, rename="camel", kw_only=True):
    """An event as it was accepted."""

    id: int
    event_type: str
    key_value: str
    params: dict[str, Any]
    received_at: datetime


class EventPage(msgspec.Struct):
    """Events, the newest first."""

    items: list[EventView]
    next: str | None


async def create(call: Caller, request: Request[Any, Any, Any], data: JSONBody[EventBody]) -> EventTaken:
    """Accept an event; it is durable when the answer comes."""
    check_key(call.idempotency_key)
    problems = [
        Problem(SENT_AS.get(p.pointer, p.pointer), p.detail.replace("eventTypeKey", "eventType"))
        for p in check(data.event_type, data.key_value, list(data.params))
    ]
    key_value = data.key_value or key_value_of(data.params) or ""
    if not key_value:
        problems.append(Problem("/keyValue", "Give a keyValue, or a parameter that names the contact, such as email."))
    if problems:
        raise Invalid(*problems)
    event = Event(
        type_key=data.event_type,
        key_value=key_value,
        params=data.params,
        key=call.idempotency_key,
        request=digest(await request.body(), call.idempotency_key),
    )
    taken = await call.site.events.submit(call.project_id, event)
    return EventTaken(taken.event_id)


async def list_events(
    call: Caller, limit: Limit = 100, after: After = None, event_type: EventTypeKey = None, key_value: KeyValue = None
) -> EventPage:
    """Events, the newest first."""
    async with call.site.db.transaction() as tx:
        found = await events.list_page(
            tx, project_id=call.project_id, before=after, type_key=event_type, key_value=key_value, limit=limit
        )
    return EventPage([view(event) for event in found], next_page([event.event_id for event in found], limit))


async def get(call: Caller, event_id: Id) -> EventView:
    """One event."""
    async with call.site.db.transaction() as tx:
        found = await events.list_page(tx, project_id=call.project_id, event_id=event_id, limit=1)
    if not found:
        raise NotFound("event", event_id)
    return view(found[0])


def view(event: StoredEvent) -> EventView:
    """An event as the API shows it."""
    return EventView(
        id=event.event_id,
        event_type=event.type_key,
        key_value=event.key_value,
        params=event.params,
        received_at=event.received_at,
    )
