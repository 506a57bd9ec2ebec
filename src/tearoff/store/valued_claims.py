"""Claims of one code that is named by its value: taken, taken away and passed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tearoff.domain.validity import Window
from tearoff.store import queries, stock
from tearoff.store.claims import ClaimTerms, ClaimWish, Scope
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional, fetch_value

SQL = queries.load("valued_claims")


class NamedCode(msgspec.Struct, frozen=True):
    """A code found by its value, and its live owner."""

    code_id: int
    value: str
    pool_id: int
    discount: int | None
    is_free: bool
    is_withdrawn: bool
    issue_from: datetime | None
    issue_until: datetime | None
    use_from: datetime | None
    expires_at: datetime | None
    owner_id: int | None
    owner_scope: Scope | None
    owner_key: str | None
    owner_part: int | None
    owner_run_id: int | None
    is_revoked: bool

    @property
    def issue_window(self) -> Window:
        """When the code may be handed out."""
        return Window(self.issue_from, self.issue_until)

    @property
    def use_window(self) -> Window:
        """When the code may be used, before a hand-out narrows it."""
        return Window(self.use_from, self.expires_at)


class OwnedCode(msgspec.Struct, frozen=True):
    """A code with the live claim on it."""

    value: str
    pool_id: int
    code_id: int
    scope: Scope
    key: str
    part: int
    contact_id: int | None
    reserved_at: datetime
    issued_at: datetime | None
    exposed_at: datetime | None
    revoked_at: datetime | None


class Transfer(msgspec.Struct, frozen=True):
    """A claim that went from one contact to another."""

    from_contact_id: int | None
    to_contact_id: int
    reason: str
    transferred_at: datetime


async def find(tx: Tx, *, project_id: int, value: str) -> NamedCode | None:
    """The code with this value."""
    return await fetch_optional(tx, SQL.find, {"project_id": project_id, "value": value}, into=NamedCode)


async def add_claim(
    tx: Tx, *, project_id: int, code: NamedCode, terms: ClaimTerms, wish: ClaimWish, now: datetime
) -> None:
    """Give one code to a key; the caller holds the gate and took the code out of its line."""
    params = msgspec.structs.asdict(terms) | {"project_id": project_id, "pool_id": code.pool_id, "now": now}
    params |= {"code_id": code.code_id, "key": wish.key, "request": wish.request}
    await execute(tx, SQL.add_claim, params | {"contact_id": wish.contact_id, "run_id": wish.run_id})
    one = {code.pool_id: 1}
    await stock.note(tx, project_id=project_id, claimed=one, issued=one if terms.is_issued else {})


async def add_code(tx: Tx, *, project_id: int, pool_id: int, value: str) -> bool:
    """Whether the code was made, outside of every line; not when there is one of this value. The gate is held."""
    at: dict[str, Any] = {"project_id": project_id, "pool_id": pool_id}
    lot_id = await fetch_optional(tx, SQL.get_values_lot, at, into=int)
    if lot_id is None:
        lot_id = await fetch_value(tx, SQL.add_values_lot, at, into=int)
        await execute(tx, SQL.keep_values_lot, at | {"lot_id": lot_id})
    return await fetch_optional(tx, SQL.add_code, at | {"lot_id": lot_id, "value": value}, into=int) is not None


async def find_owned(tx: Tx, *, project_id: int, value: str) -> OwnedCode | None:
    """The live claim on a code."""
    return await fetch_optional(tx, SQL.list_owned, {"project_id": project_id, "value": value}, into=OwnedCode)


async def revoke(tx: Tx, *, project_id: int, code: OwnedCode, reason: str, now: datetime) -> None:
    """Take a code from its owner for good, and stop the messages that would carry it. The gate is held."""
    params = msgspec.structs.asdict(code) | {"project_id": project_id, "reason": reason, "now": now}
    if await execute(tx, SQL.revoke, params) and code.issued_at is None:
        await stock.note(tx, project_id=project_id, issued={code.pool_id: 1})
    await execute(tx, SQL.stop_messages, params)


async def transfer(tx: Tx, *, project_id: int, code: OwnedCode, to_contact_id: int, reason: str, now: datetime) -> None:
    """Make another contact the owner of a code, and keep that in the books. The gate is held."""
    params = msgspec.structs.asdict(code) | {"project_id": project_id, "reason": reason, "now": now}
    params |= {"from_contact_id": code.contact_id, "to_contact_id": to_contact_id}
    await execute(tx, SQL.transfer, params)
    await execute(tx, SQL.add_transfer, params)


async def list_transfers(tx: Tx, *, project_id: int, code: OwnedCode) -> list[Transfer]:
    """The owners through whose hands a claim went."""
    params = {"project_id": project_id, "scope": code.scope, "key": code.key, "part": code.part}
    return await fetch_all(tx, SQL.list_transfers, params, into=Transfer)
