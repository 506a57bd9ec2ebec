"""A contact's timeline over REST: the codes it received and why, its messages, runs with their events, redemptions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from tearoff.actions import contacts
from tearoff.api.pages import Id, Limit
from tearoff.api.rest.audit import note
from tearoff.api.rest.codes import Reveal
from tearoff.api.site import Caller
from tearoff.domain.runs import RunState
from tearoff.domain.timelines import (
    KINDS,
    Asked,
    CodeState,
    Kind,
    Place,
    asked_by,
    behind,
    kinds_of,
    merged,
    read_place,
    state_of,
)
from tearoff.errors import Forbidden, NotFound
from tearoff.logs import masked
from tearoff.store import timelines
from tearoff.store.claims import Scope
from tearoff.store.timelines import CodeRow, MessageRow, RedemptionRow, RunRow

Cursor = Annotated[str | None, QueryParameter(name="after", max_length=60, description="`next` of the page before")]
Wanted = Annotated[str | None, QueryParameter(name="kinds", max_length=100, description="Only these, with commas")]


class WhyCode(msgspec.Struct, rename="camel", kw_only=True):
    """Why the contact has the code: by which door it was claimed, and for a run which block asked, for which event.

    `tag` is the merge tag that asked for it; `discount` and `days` are what the code had to satisfy.
    """

    door: Scope
    key: str
    run_id: int | None
    workflow: str | None
    version: int | None
    block: str | None
    tag: str | None
    discount: int | None
    days: int | None
    event_id: int | None
    event_type: str | None


class ReceivedCode(msgspec.Struct, rename="camel", kw_only=True):
    """A code that the contact received, masked unless it was revealed."""

    id: int
    code: str
    pool: str
    state: CodeState
    discount: int | None
    expires_at: datetime | None
    reserved_at: datetime
    issued_at: datetime | None
    exposed_at: datetime | None
    redeemed_at: datetime | None
    returned_at: datetime | None
    revoked_at: datetime | None
    reason: str | None
    why: WhyCode


class SentMessage(msgspec.Struct, rename="camel", kw_only=True):
    """A message to the contact. `canResend`: it is over, and its text is still kept."""

    delivery_id: int
    run_id: int
    message: str | None
    name: str | None
    medium: str
    recipient: str
    language: str | None
    state: str
    sent_at: datetime | None
    error: str | None
    is_resent: bool
    can_resend: bool


class RunOfContact(msgspec.Struct, rename="camel", kw_only=True):
    """A run about the contact, with the event that started it; `workflow` is null for a prepared message."""

    id: int
    workflow: str | None
    version: int | None
    state: RunState
    error: dict[str, Any] | None
    finished_at: datetime | None
    event_id: int | None
    event_type: str | None
    received_at: datetime | None


class RedemptionOfContact(msgspec.Struct, rename="camel", kw_only=True):
    """A use of a code by the contact."""

    id: int
    code: str
    pool: str
    order_id: str | None
    rolled_back_at: datetime | None


class TimelineItem(msgspec.Struct, kw_only=True):
    """One thing that happened; the part named by `kind` is set."""

    at: datetime
    kind: Kind
    code: ReceivedCode | None = None
    message: SentMessage | None = None
    run: RunOfContact | None = None
    redemption: RedemptionOfContact | None = None


class Timeline(msgspec.Struct):
    """What happened, the newest first."""

    items: list[TimelineItem]
    next: str | None


async def timeline(
    call: Caller,
    contact_id: Id,
    limit: Limit = 100,
    after: Cursor = None,
    wanted: Wanted = None,
    reveal: Reveal = False,
) -> Timeline:
    """What happened to a contact, the newest first; `kinds` is any of code, message, run and redemption."""
    if reveal and not call.actor.may("reveal", "GET"):
        raise Forbidden(f"{call.actor.standing} may not read codes in full.")
    place, kinds = read_place(after), kinds_of(wanted)
    at = {"project_id": call.project_id, "contact_id": contact_id}
    found: list[tuple[Place, TimelineItem]] = []
    async with call.site.db.transaction() as tx:
        if not await contacts.load(tx, project_id=call.project_id, contact_ids=[contact_id]):
            raise NotFound("contact", contact_id)
        for kind in kinds:
            found += [
                (Place(row.at, KINDS.index(kind), _id(row)), _item(row, call.now, reveal))
                for row in await READERS[kind](tx, **at, **behind(place, kind), limit=limit + 1)
            ]
        items, following = merged(found, limit)
        if reveal and (count := sum(item.code is not None or item.redemption is not None for item in items)):
            await note(tx, call, "reveal", f"contact {contact_id}", count=count)
    return Timeline(items, following)


READERS: dict[Kind, Any] = {
    "code": timelines.list_codes,
    "message": timelines.list_messages,
    "run": timelines.list_runs,
    "redemption": timelines.list_redemptions,
}
Row = CodeRow | MessageRow | RunRow | RedemptionRow


def _id(row: Row) -> int:
    match row:
        case CodeRow():
            return row.code_id
        case MessageRow():
            return row.delivery_id
        case RunRow():
            return row.run_id
        case RedemptionRow():
            return row.redemption_id


def _item(row: Row, now: datetime, reveal: bool) -> TimelineItem:
    facts = msgspec.structs.asdict(row)
    at = facts.pop("at")
    match row:
        case CodeRow():
            return TimelineItem(at=at, kind="code", code=_code(row, now, reveal))
        case MessageRow():
            del facts["has_body"]
            can_resend = row.has_body and row.state in ("sent", "failed", "cancelled")
            return TimelineItem(at=at, kind="message", message=SentMessage(**facts, can_resend=can_resend))
        case RunRow():
            return TimelineItem(at=at, kind="run", run=RunOfContact(id=facts.pop("run_id"), **facts))
        case RedemptionRow():
            shown = row.value if reveal else masked(row.value)
            used = RedemptionOfContact(
                id=row.redemption_id,
                code=shown,
                pool=row.pool,
                order_id=row.order_id,
                rolled_back_at=row.rolled_back_at,
            )
            return TimelineItem(at=at, kind="redemption", redemption=used)


def _code(row: CodeRow, now: datetime, reveal: bool) -> ReceivedCode:
    asked: Asked = asked_by(row.scope, row.key, row.request)
    ends = {
        name: getattr(row, name) for name in ("issued_at", "returned_at", "revoked_at", "redeemed_at", "expires_at")
    }
    why = WhyCode(
        door=row.scope,
        key=row.key,
        run_id=row.run_id,
        workflow=row.workflow,
        version=row.version,
        event_id=row.event_id,
        event_type=row.event_type,
        **msgspec.structs.asdict(asked),
    )
    return ReceivedCode(
        id=row.code_id,
        code=row.value if reveal else masked(row.value),
        pool=row.pool,
        state=state_of(now, **ends),
        discount=row.discount,
        reserved_at=row.reserved_at,
        exposed_at=row.exposed_at,
        reason=row.reason,
        why=why,
        **ends,
    )
