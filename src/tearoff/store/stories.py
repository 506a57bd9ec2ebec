"""The story of one code: everything that ever happened to it, from all the books."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from tearoff.domain.redemptions import Origin
from tearoff.domain.runs import RunState
from tearoff.domain.validity import Window
from tearoff.store import queries
from tearoff.store.claims import Scope
from tearoff.store.db import Tx, fetch_all
from tearoff.store.valued_claims import Transfer

SQL = queries.load("stories")
ACTS_MAX = 10_000
SHOWN_MAX = 100
"""How many deliveries and uses one page of a code shows; a multi-use code may have any number."""


class Act(msgspec.Struct, frozen=True):
    """One thing that happened to a code; `who` is the task, claim key, message or order behind it."""

    at: datetime
    act: str
    who: str | None
    contact_id: int | None
    run_id: int | None
    reason: str | None


async def list_acts(tx: Tx, *, project_id: int, code_id: int) -> list[Act]:
    """What happened to a code, in order."""
    return await fetch_all(tx, SQL.list_acts, {"project_id": project_id, "code_id": code_id, "limit": ACTS_MAX}, Act)


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """One owner that a code has or had, and what led to it: a claim of the API, a task, or a run with its event."""

    scope: Scope
    key: str
    contact_id: int | None
    reserved_at: datetime
    hold_until: datetime | None
    issued_at: datetime | None
    exposed_at: datetime | None
    returned_at: datetime | None
    revoked_at: datetime | None
    reason: str | None
    use_from: datetime | None
    use_until: datetime | None
    run_id: int | None
    run_state: RunState | None
    workflow: str | None
    version: int | None
    event_id: int | None
    event_type: str | None
    key_value: str | None

    @property
    def window(self) -> Window:
        """When the hand-out lets the code be used."""
        return Window(self.use_from, self.use_until)


class CarriedBy(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that carries a code."""

    delivery_id: int
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


class UseOfCode(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a code."""

    redemption_id: int
    contact_id: int | None
    order_id: str | None
    amount: Decimal | None
    point: str | None
    origin: Origin
    redeemed_at: datetime
    rolled_back_at: datetime | None
    rolled_back_reason: str | None


class Details(msgspec.Struct, frozen=True):
    """What belongs to one code: its owners, those it was passed on to, its messages, and its newest uses."""

    owners: list[Owner]
    transfers: list[Transfer]
    deliveries: list[CarriedBy]
    uses: list[UseOfCode]


async def get_details(tx: Tx, *, project_id: int, code_id: int) -> Details:
    """Everything that the books tell of one code beside its own row."""
    params = {"project_id": project_id, "code_id": code_id, "limit": SHOWN_MAX}
    return Details(
        await fetch_all(tx, SQL.list_owners, params, Owner),
        await fetch_all(tx, SQL.list_transfers, params, Transfer),
        await fetch_all(tx, SQL.list_deliveries, params, CarriedBy),
        await fetch_all(tx, SQL.list_uses, params, UseOfCode),
    )
