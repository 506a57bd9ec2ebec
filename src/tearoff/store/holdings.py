"""What contacts hold: codes with the window in which they may be used, and whether they are."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all, fetch_optional

SQL = queries.load("holdings")


class Holding(msgspec.Struct, frozen=True):
    """A code, its pool and what happened to it; an open end of its window is None."""

    code_id: int
    value: str
    pool_key: str
    pool_type: str
    pool_name: str
    pool_description: str
    use_from: datetime | None
    use_until: datetime | None
    issued_at: datetime | None
    redeemed_at: datetime | None
    point: str | None
    redemption_id: int | None
    blocked_at: datetime | None


async def list_of_contact(
    tx: Tx, *, project_id: int, contact_id: int, since: datetime | None, until: datetime | None, limit: int, skip: int
) -> list[Holding]:
    """The codes of a contact in the order of their hand-out; the period is that of the use, else of the hand-out."""
    params = {"project_id": project_id, "contact_id": contact_id, "since": since, "until": until}
    return await fetch_all(tx, SQL.list_of_contact, params | {"limit": limit, "skip": skip}, into=Holding)


async def find_by_value(tx: Tx, *, project_id: int, value: str) -> Holding | None:
    """The code with this value."""
    return await fetch_optional(tx, SQL.find_by_value, {"project_id": project_id, "value": value}, into=Holding)
