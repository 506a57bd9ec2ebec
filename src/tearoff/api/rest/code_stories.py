"""One code over REST as a whole: its windows, its owners and why they have it, its messages, and its uses."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from tearoff.api.rest.audit import note
from tearoff.api.site import Call
from tearoff.domain.codes import State
from tearoff.domain.redemptions import Origin
from tearoff.domain.runs import RunState
from tearoff.domain.validity import ALWAYS, Window
from tearoff.store import stories
from tearoff.store.claims import Scope
from tearoff.store.codes import CodeStory
from tearoff.store.db import Tx
from tearoff.store.stories import CarriedBy, Owner, UseOfCode
from tearoff.store.valued_claims import Transfer


class CodeItem(msgspec.Struct, rename="camel", kw_only=True):
    """A code in a list, masked unless it was revealed."""

    id: int
    code: str
    pool: str
    type: str
    discount: int | None
    expires_at: datetime | None
    state: State


class RunBehind(msgspec.Struct, rename="camel", kw_only=True):
    """The run of a workflow that took a code, and the event that started it."""

    id: int
    state: RunState | None
    workflow: str | None
    version: int | None
    event_id: int | None
    event_type: str | None
    key_value: str | None


class OwnerView(msgspec.Struct, rename="camel", kw_only=True):
    """One owner that the code has or had, by the door that it came through, and when the hand-out lets it be used.

    `run` is what led to it, where that was a workflow; `reason` is why it came back or was taken away.
    """

    door: Scope
    key: str
    contact_id: int | None
    run_id: int | None
    run: RunBehind | None
    reserved_at: datetime
    hold_until: datetime | None
    issued_at: datetime | None
    exposed_at: datetime | None
    returned_at: datetime | None
    revoked_at: datetime | None
    reason: str | None
    use_from: datetime | None
    use_until: datetime | None


class TransferView(msgspec.Struct, rename="camel", kw_only=True):
    """One passing on of a code."""

    from_contact_id: int | None
    to_contact_id: int
    reason: str
    at: datetime


class CarriedView(msgspec.Struct, rename="camel", kw_only=True):
    """One message that carries the code."""

    id: int
    medium: str
    state: str
    message: str
    version: int
    run_id: int
    block: str
    contact_id: int | None
    created_at: datetime
    sent_at: datetime | None
    error: str | None


class UseView(msgspec.Struct, rename="camel", kw_only=True):
    """One use of the code."""

    id: int
    contact_id: int | None
    order_id: str | None
    amount: Decimal | None
    point: str | None
    origin: Origin
    redeemed_at: datetime
    rolled_back_at: datetime | None
    rolled_back_reason: str | None


class CodeView(CodeItem, rename="camel", kw_only=True):
    """The whole story of a code: its lot's attributes, its state, and everybody who ever held it.

    `usable_from` and `usable_until` are when it can be used now: what its lot and its present owner's hand-out both
    allow. `revoked_at` is of the present owner. Deliveries and redemptions are the newest hundred.
    """

    pool_id: int
    lot_id: int
    task_id: int | None
    issue_from: datetime | None
    issue_until: datetime | None
    use_from: datetime | None
    usable_from: datetime | None
    usable_until: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    revoked_at: datetime | None
    revoked_reason: str | None
    claims: list[OwnerView]
    transfers: list[TransferView]
    deliveries: list[CarriedView]
    redemptions: list[UseView]


async def tell(tx: Tx, call: Call, story: CodeStory) -> CodeView:
    """The whole story of a code; it shows the code in full, and so is written down."""
    details = await stories.get_details(tx, project_id=call.project_id, code_id=story.code_id)
    await note(tx, call, "reveal", f"code {story.code_id}")
    owner = next((each for each in details.owners if each.returned_at is None), None)
    usable = Window(story.use_from, story.expires_at) & (owner.window if owner else ALWAYS)
    is_revoked = owner is not None and owner.revoked_at is not None
    return CodeView(
        **item_of(story, story.value),
        pool_id=story.pool_id,
        lot_id=story.lot_id,
        task_id=story.task_id,
        issue_from=story.issue_from,
        issue_until=story.issue_until,
        use_from=story.use_from,
        usable_from=usable.start,
        usable_until=usable.end,
        withdrawn_at=story.withdrawn_at,
        withdrawn_reason=story.withdrawn_reason,
        revoked_at=owner.revoked_at if owner else None,
        revoked_reason=owner.reason if owner and is_revoked else None,
        claims=[_owner(each) for each in details.owners],
        transfers=[transfer_view(each) for each in details.transfers],
        deliveries=[_carried(each) for each in details.deliveries],
        redemptions=[_use(each) for each in details.uses],
    )


def item_of(story: CodeStory, shown: str) -> dict[str, Any]:
    """What lists and pages show of a code alike; `shown` is its value, masked or not."""
    return {
        "id": story.code_id,
        "code": shown,
        "pool": story.pool_key,
        "type": story.type,
        "discount": story.discount,
        "expires_at": story.expires_at,
        "state": story.state,
    }


def transfer_view(one: Transfer) -> TransferView:
    """A passing on as the API shows it."""
    return TransferView(
        from_contact_id=one.from_contact_id, to_contact_id=one.to_contact_id, reason=one.reason, at=one.transferred_at
    )


def _owner(owner: Owner) -> OwnerView:
    values = msgspec.structs.asdict(owner)
    behind = {name: values.pop(name) for name in ("workflow", "version", "event_id", "event_type", "key_value")}
    state = values.pop("run_state")
    run = None if owner.run_id is None else RunBehind(id=owner.run_id, state=state, **behind)
    return OwnerView(door=values.pop("scope"), run=run, **values)


def _carried(delivery: CarriedBy) -> CarriedView:
    values = msgspec.structs.asdict(delivery)
    return CarriedView(id=values.pop("delivery_id"), **values)


def _use(use: UseOfCode) -> UseView:
    values = msgspec.structs.asdict(use)
    return UseView(id=values.pop("redemption_id"), **values)
