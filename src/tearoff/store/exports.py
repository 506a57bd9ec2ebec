"""Exports: who has which code, a page at a time."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("exports")


class Holder(msgspec.Struct, frozen=True):
    """A code with its live owner, if it has one, and its latest use in force."""

    code_id: int
    code: str
    pool: str
    type: str
    discount: int | None
    state: str
    contact_id: int | None
    external_id: str | None
    email: str | None
    phone: str | None
    door: str | None
    claim_key: str | None
    run_id: int | None
    reserved_at: datetime | None
    issued_at: datetime | None
    use_from: datetime | None
    expires_at: datetime | None
    redeemed_at: datetime | None
    order_id: str | None
    amount: Decimal | None


async def list_holders(
    tx: Tx, *, project_id: int, pool_id: int | None, is_owned_only: bool, after: int, limit: int
) -> list[Holder]:
    """A page by id of the codes of one pool or all; only those that somebody has, or every one."""
    params = {"project_id": project_id, "pool_id": pool_id, "is_owned_only": is_owned_only}
    return await fetch_all(tx, SQL.list_holders, params | {"after": after, "limit": limit}, Holder)
