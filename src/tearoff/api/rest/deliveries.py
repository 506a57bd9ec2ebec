"""Deliveries over REST: what was sent to whom, and the development mailbox with the messages themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar.params import JSONBody, QueryParameter

from tearoff.actions import resends
from tearoff.api.pages import After, Id, Limit, Text, next_page
from tearoff.api.rest.audit import note
from tearoff.api.rest.definitions import create_once
from tearoff.api.site import Caller
from tearoff.store import deliveries
from tearoff.store.db import Tx
from tearoff.store.deliveries import ListedDelivery, MailboxItem

DeliveryState = Literal["waiting", "leased", "sent", "failed", "cancelled"]
State = Annotated[DeliveryState | None, QueryParameter(name="state", description="Only deliveries in this state")]
RunId = Annotated[int | None, QueryParameter(name="runId", ge=1, description="Only what this run sent")]


class DeliveryView(msgspec.Struct, rename="camel", kw_only=True):
    """One send, without the message itself. `isDoubtful`: an attempt ended without an answer, it may have arrived.
    `isResent`: somebody sent it once more."""

    id: int
    run_id: int
    contact_id: int | None
    medium: str
    message_id: int
    version: int
    recipient: str
    state: DeliveryState
    tries: int
    is_doubtful: bool
    answer: str | None
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    is_resent: bool


class ResendBody(msgspec.Struct, forbid_unknown_fields=True):
    """There is nothing to say; the body may be left out."""


class DeliveryPage(msgspec.Struct):
    """Deliveries, the newest first."""

    items: list[DeliveryView]
    next: str | None


class MailView(msgspec.Struct, rename="camel", kw_only=True):
    """A message that a mailbox channel accepted, as its receiver would read it; `reference` is its Message-ID's."""

    id: int
    run_id: int
    contact_id: int | None
    medium: str
    recipient: str
    language: str | None
    content: dict[str, Any]
    reference: str
    sent_at: datetime


class MailPage(msgspec.Struct):
    """What the mailbox accepted, the newest first."""

    items: list[MailView]
    next: str | None


async def list_deliveries(
    call: Caller, limit: Limit = 100, after: After = None, delivery_state: State = None, run_id: RunId = None
) -> DeliveryPage:
    """Deliveries, the newest first."""
    async with call.site.db.transaction() as tx:
        found = await deliveries.list_page(
            tx, project_id=call.project_id, before=after, state=delivery_state, run_id=run_id, limit=limit
        )
    return DeliveryPage([view(one) for one in found], next_page([one.delivery_id for one in found], limit))


async def resend(call: Caller, delivery_id: Id, data: JSONBody[ResendBody | None] = None) -> DeliveryView:
    """Send a message once more to the same address, with the same text and codes, as a new delivery. 409 with the
    reason while it is on its way, or when a code in it is no longer its receiver's."""

    async def make(tx: Tx) -> DeliveryView:
        fresh = await resends.resend(tx, project_id=call.project_id, delivery_id=delivery_id, now=call.now)
        [made] = await deliveries.list_page(tx, project_id=call.project_id, delivery_id=fresh, limit=1)
        return view(made)

    return await create_once(call, f"resend {delivery_id}", ResendBody(), make, DeliveryView)


async def list_mailbox(call: Caller, limit: Limit = 100, after: After = None, recipient: Text = None) -> MailPage:
    """Messages that mailbox channels accepted, codes and all: the only list that shows them."""
    async with call.site.db.transaction() as tx:
        found = await deliveries.list_mailbox(
            tx, project_id=call.project_id, recipient=recipient, before=after, limit=limit
        )
        if found:
            await note(tx, call, "reveal", "mailbox", count=len(found))
    return MailPage([mail_view(one) for one in found], next_page([one.delivery_id for one in found], limit))


def view(delivery: ListedDelivery) -> DeliveryView:
    """A delivery as the API shows it."""
    facts = msgspec.structs.asdict(delivery)
    return DeliveryView(id=facts.pop("delivery_id"), **facts)


def mail_view(mail: MailboxItem) -> MailView:
    """A message of the mailbox as the API shows it."""
    facts = msgspec.structs.asdict(mail)
    return MailView(id=facts.pop("delivery_id"), **facts)
