"""Who is told of problems, and the notices that are on their way to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.problems import Content, Frequency, Kind
from tearoff.errors import NotFound
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional

SQL = queries.load("subscriptions")
NoticeState = Literal["waiting", "sent", "failed"]


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told, how and how often; `pools` None is every pool, `channel_id` None the first email channel."""

    subscription_id: int
    kind: Kind
    target: str
    frequency: Frequency
    pools: list[int] | None
    channel_id: int | None
    next_at: datetime | None
    created_at: datetime


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A leased notice and whom it goes to; the secrets, sealed, are those that its call is signed with."""

    notice_id: int
    content: dict[str, Any]
    tries: int
    created_at: datetime
    kind: Kind
    target: str
    channel_id: int | None
    secret: bytes | None
    old_secret: bytes | None


class Settled(msgspec.Struct, frozen=True):
    """What became of an attempt; `due_at` is when a waiting notice is tried again."""

    state: NoticeState
    due_at: datetime
    answer: str


class PastNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What a subscriber was told, or is about to be."""

    notice_id: int
    content: dict[str, Any]
    state: NoticeState
    tries: int
    answer: str | None
    created_at: datetime


async def add(
    tx: Tx,
    *,
    project_id: int,
    kind: Kind,
    target: str,
    frequency: Frequency,
    pools: Sequence[int] | None,
    channel_id: int | None,
    next_at: datetime | None,
    now: datetime,
    secret: bytes | None = None,
) -> int | None:
    """The id of the new subscription; None when there is one like it. `secret`, sealed, signs a webhook's calls."""
    params: dict[str, Any] = {"project_id": project_id, "kind": kind, "target": target, "frequency": frequency}
    params |= {"pools": None if pools is None else list(pools), "channel_id": channel_id}
    params |= {"next_at": next_at, "now": now, "secret": secret}
    return await fetch_optional(tx, SQL.add, params, int)


async def list_page(
    tx: Tx, *, project_id: int, subscription_id: int | None = None, after: int = 0, limit: int
) -> list[Subscription]:
    """A page of subscriptions by id."""
    params = {"project_id": project_id, "subscription_id": subscription_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, Subscription)


async def get(tx: Tx, *, project_id: int, subscription_id: int) -> Subscription:
    """One subscription; raises NotFound."""
    found = await list_page(tx, project_id=project_id, subscription_id=subscription_id, limit=1)
    if not found:
        raise NotFound("subscription", subscription_id)
    return found[0]


async def remove(tx: Tx, *, project_id: int, subscription_id: int) -> bool:
    """Whether the subscription was there."""
    params = {"project_id": project_id, "subscription_id": subscription_id}
    return await execute(tx, SQL.remove, params) > 0


async def rotate(tx: Tx, *, project_id: int, subscription_id: int, secret: bytes, until: datetime) -> bool:
    """Whether a webhook got a new secret, sealed; the one before counts `until` then."""
    params = {"project_id": project_id, "subscription_id": subscription_id, "secret": secret, "until": until}
    return await execute(tx, SQL.rotate, params) > 0


async def list_told_at_once(tx: Tx, *, project_id: int, pool_id: int | None) -> list[Subscription]:
    """Who wants to know at once of a problem of a pool, or of the project (None)."""
    return await fetch_all(tx, SQL.list_told_at_once, {"project_id": project_id, "pool_id": pool_id}, Subscription)


async def list_digests_due(tx: Tx, *, project_id: int, now: datetime) -> list[Subscription]:
    """Whose digest is to be made now; locked until the transaction ends."""
    return await fetch_all(tx, SQL.list_digests_due, {"project_id": project_id, "now": now}, Subscription)


async def set_next(tx: Tx, *, project_id: int, subscription_id: int, next_at: datetime | None) -> None:
    """Say when the next digest is due."""
    params = {"project_id": project_id, "subscription_id": subscription_id, "next_at": next_at}
    await execute(tx, SQL.set_next, params)


async def add_notices(tx: Tx, *, project_id: int, notices: Sequence[tuple[int, Content]], now: datetime) -> None:
    """Tell subscribers (by id) these things."""
    if notices:
        contents = [Jsonb(msgspec.to_builtins(content)) for _, content in notices]
        ids = [subscription_id for subscription_id, _ in notices]
        params = {"project_id": project_id, "subscription_ids": ids, "contents": contents, "now": now}
        await execute(tx, SQL.add_notices, params)


async def lease_notices(
    tx: Tx, *, project_id: int, lease: UUID, until: datetime, now: datetime, limit: int
) -> list[Notice]:
    """Notices that are due."""
    params = {"project_id": project_id, "lease": lease, "until": until, "now": now, "limit": limit}
    return await fetch_all(tx, SQL.lease_notices, params, Notice)


async def settle_notice(tx: Tx, *, project_id: int, lease: UUID, notice_id: int, settled: Settled) -> None:
    """Say what became of a notice, if the lease still holds it."""
    params = {"project_id": project_id, "lease": lease, "notice_id": notice_id}
    await execute(tx, SQL.settle_notice, params | msgspec.structs.asdict(settled))


async def list_notices(
    tx: Tx, *, project_id: int, subscription_id: int, before: int | None, limit: int
) -> list[PastNotice]:
    """What a subscriber was told, the newest first."""
    params = {"project_id": project_id, "subscription_id": subscription_id, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_notices, params, PastNotice)
