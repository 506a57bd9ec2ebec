"""Refused redemptions: each attempt with its reason, and who named too many codes that are not theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from tearoff.domain.redemptions import Reason, Status
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all

SQL = queries.load("refusals")
LAST = 2**63 - 1


class NewRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that was refused; `tried` only where there is no such code."""

    code_id: int | None
    pool_id: int | None
    tried: str | None
    contact_id: int | None
    order_id: str | None
    status: Status
    reason: Reason | None


class Refusal(msgspec.Struct, frozen=True):
    """A refused attempt, as lists show it."""

    refusal_id: int
    value: str | None
    pool_key: str | None
    contact_id: int | None
    order_id: str | None
    status: Status
    reason: Reason | None
    refused_at: datetime


class RefusalCount(msgspec.Struct, frozen=True):
    """How often codes of a pool were refused for one reason."""

    pool_key: str | None
    status: Status
    reason: Reason | None
    refused: int
    codes: int
    last_at: datetime


class Locked(msgspec.Struct, frozen=True):
    """A subject that must wait."""

    subject: str
    locked_until: datetime
    misses: int = 0


class Missed(msgspec.Struct, frozen=True):
    """How often a subject has missed within the window."""

    subject: str
    misses: int


async def add_all(tx: Tx, *, project_id: int, refusals: Sequence[NewRefusal], now: datetime) -> None:
    """Keep refused attempts for the report."""
    params = {
        "project_id": project_id,
        "codes": [row.code_id for row in refusals],
        "pools": [row.pool_id for row in refusals],
        "tried": [row.tried for row in refusals],
        "contacts": [row.contact_id for row in refusals],
        "orders": [row.order_id for row in refusals],
        "statuses": [row.status for row in refusals],
        "reasons": [row.reason for row in refusals],
        "now": now,
    }
    await execute(tx, SQL.add_all, params)


async def list_page(
    tx: Tx, *, project_id: int, pool_id: int | None, status: Status | None, before: int = LAST, limit: int
) -> list[Refusal]:
    """A page of refused attempts, the newest first."""
    params = {"project_id": project_id, "pool_id": pool_id, "status": status, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, into=Refusal)


async def count_by_reason(tx: Tx, *, project_id: int, since: datetime, limit: int) -> list[RefusalCount]:
    """What was refused since an instant, by pool and reason, the most frequent first."""
    params = {"project_id": project_id, "since": since, "limit": limit}
    return await fetch_all(tx, SQL.count_by_reason, params, into=RefusalCount)


async def list_locked(tx: Tx, *, project_id: int, subjects: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Which of these subjects must wait, and until when."""
    params = {"project_id": project_id, "subjects": list(subjects), "now": now}
    return {row.subject: row.locked_until for row in await fetch_all(tx, SQL.list_locked, params, into=Locked)}


async def list_all_locked(tx: Tx, *, project_id: int, now: datetime, limit: int) -> list[Locked]:
    """Everybody who must wait, the longest first."""
    return await fetch_all(tx, SQL.list_all_locked, {"project_id": project_id, "now": now, "limit": limit}, into=Locked)


async def count_misses(
    tx: Tx, *, project_id: int, misses: Mapping[str, int], begun_after: datetime, now: datetime
) -> dict[str, int]:
    """Count wrong guesses; gives how many each subject has in its window. One begun before `begun_after` is over."""
    params = {
        "project_id": project_id,
        "subjects": list(misses),
        "misses": list(misses.values()),
        "begun_after": begun_after,
        "now": now,
    }
    return {row.subject: row.misses for row in await fetch_all(tx, SQL.count_misses, params, into=Missed)}


async def lock_subjects(
    tx: Tx, *, project_id: int, subjects: Sequence[str], locked_until: datetime, now: datetime
) -> list[str]:
    """Make subjects wait; gives those that were not waiting already."""
    params = {"project_id": project_id, "subjects": list(subjects), "locked_until": locked_until, "now": now}
    return await fetch_all(tx, SQL.lock_subjects, params, into=str)
