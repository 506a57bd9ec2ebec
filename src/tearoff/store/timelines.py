"""What happened to a contact: codes, messages, runs and redemptions, each from its own book."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tearoff.domain.runs import RunState
from tearoff.store import queries
from tearoff.store.claims import Scope
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("timelines")


class CodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A code that a contact received, and the claim by which."""

    at: datetime
    code_id: int
    value: str
    pool: str
    scope: Scope
    key: str
    request: str
    reserved_at: datetime
    issued_at: datetime | None
    exposed_at: datetime | None
    returned_at: datetime | None
    revoked_at: datetime | None
    redeemed_at: datetime | None
    reason: str | None
    discount: int | None
    expires_at: datetime | None
    run_id: int | None
    workflow: str | None
    version: int | None
    event_id: int | None
    event_type: str | None


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message to a contact; `has_body` until its text is deleted."""

    at: datetime
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
    has_body: bool


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """A run about a contact, and the event that started it."""

    at: datetime
    run_id: int
    workflow: str | None
    version: int | None
    state: RunState
    error: dict[str, Any] | None
    finished_at: datetime | None
    event_id: int | None
    event_type: str | None
    received_at: datetime | None


class RedemptionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A use of a code by a contact."""

    at: datetime
    redemption_id: int
    code_id: int
    value: str
    pool: str
    order_id: str | None
    rolled_back_at: datetime | None


async def list_codes(
    tx: Tx, *, project_id: int, contact_id: int, before: datetime | None, below: int, limit: int
) -> list[CodeRow]:
    """Codes, the newest first, from behind (before, below)."""
    params = _params(project_id, contact_id, before, below, limit)
    return await fetch_all(tx, SQL.list_codes, params, CodeRow, prepare=False)


async def list_messages(
    tx: Tx, *, project_id: int, contact_id: int, before: datetime | None, below: int, limit: int
) -> list[MessageRow]:
    """Messages, the newest first, from behind (before, below)."""
    params = _params(project_id, contact_id, before, below, limit)
    return await fetch_all(tx, SQL.list_messages, params, MessageRow, prepare=False)


async def list_runs(
    tx: Tx, *, project_id: int, contact_id: int, before: datetime | None, below: int, limit: int
) -> list[RunRow]:
    """Runs, the newest first, from behind (before, below)."""
    params = _params(project_id, contact_id, before, below, limit)
    return await fetch_all(tx, SQL.list_runs, params, RunRow, prepare=False)


async def list_redemptions(
    tx: Tx, *, project_id: int, contact_id: int, before: datetime | None, below: int, limit: int
) -> list[RedemptionRow]:
    """Redemptions, the newest first, from behind (before, below)."""
    params = _params(project_id, contact_id, before, below, limit)
    return await fetch_all(tx, SQL.list_redemptions, params, RedemptionRow, prepare=False)


def _params(project_id: int, contact_id: int, before: datetime | None, below: int, limit: int) -> dict[str, Any]:
    at = {"project_id": project_id, "contact_id": contact_id}
    return at | {"before": before, "below": below, "limit": limit}
