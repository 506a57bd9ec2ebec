"""Deliveries: the outbox between the engine and the channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.outbox import Leased, NewDelivery
from tearoff.domain.resends import SentBefore
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one

SQL = queries.load("deliveries")


class ListedDelivery(msgspec.Struct, frozen=True, rename="camel"):
    """A delivery as lists show it."""

    delivery_id: int
    run_id: int
    contact_id: int | None
    medium: str
    message_id: int
    version: int
    recipient: str
    state: str
    tries: int
    is_doubtful: bool
    answer: str | None
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    is_resent: bool


class MailboxItem(msgspec.Struct, frozen=True, rename="camel"):
    """A message that the development mailbox accepted."""

    delivery_id: int
    run_id: int
    contact_id: int | None
    medium: str
    recipient: str
    language: str | None
    content: dict[str, Any]
    reference: str
    sent_at: datetime


class FailedDelivery(msgspec.Struct, frozen=True):
    """A message that did not go out."""

    run_id: int
    block: str
    detail: str


class LeftDelivery(msgspec.Struct, frozen=True):
    """A message that went out or may yet, with the claims that it carries."""

    run_id: int
    block: str
    keys: list[str]


async def add_all(tx: Tx, *, project_id: int, deliveries: Sequence[NewDelivery], now: datetime) -> list[int]:
    """Write deliveries and which claims they carry; their ids in the order given. The caller bumps the due row."""
    names = [f for f in NewDelivery.__struct_fields__ if f not in ("content", "carried")]
    params: dict[str, Any] = {f"{name}s": [getattr(d, name) for d in deliveries] for name in names}
    params |= {"project_id": project_id, "now": now, "contents": [Jsonb(d.content) for d in deliveries]}
    ids = await fetch_all(tx, SQL.add_all, params, int)
    carried = [(n, code_id, key) for n, d in zip(ids, deliveries, strict=True) for code_id, key in d.carried]
    if carried:
        columns = {"delivery_ids": 0, "code_ids": 1, "keys": 2}
        values = {name: [row[at] for row in carried] for name, at in columns.items()}
        await execute(tx, SQL.add_codes, values | {"project_id": project_id})
    return ids


async def lease(tx: Tx, *, project_id: int, lease: UUID, until: datetime, now: datetime, limit: int) -> list[Leased]:
    """Take waiting deliveries until `until`, the longest due first; each counts one more attempt."""
    params = {"project_id": project_id, "lease": lease, "until": until, "now": now, "limit": limit}
    return await fetch_all(tx, SQL.lease, params, Leased)


async def renew(tx: Tx, *, project_id: int, lease: UUID, delivery_ids: Sequence[int], until: datetime) -> int:
    """Keep deliveries that the lease still holds until `until`; gives how many those are."""
    params = {"project_id": project_id, "lease": lease, "delivery_ids": list(delivery_ids), "until": until}
    return await execute(tx, SQL.renew, params)


async def list_adrift(tx: Tx, *, project_id: int, now: datetime) -> list[int]:
    """Runs with deliveries whose lease ran out."""
    return await fetch_all(tx, SQL.list_adrift, {"project_id": project_id, "now": now}, int)


async def take_over(tx: Tx, *, project_id: int, run_ids: Sequence[int], now: datetime) -> list[int]:
    """Make deliveries of these runs wait again whose lease ran out; they stay doubtful for ever."""
    return await fetch_all(tx, SQL.take_over, {"project_id": project_id, "run_ids": list(run_ids), "now": now}, int)


async def mark_sent(
    tx: Tx, *, project_id: int, lease: UUID, answers: Sequence[tuple[int, str]], now: datetime
) -> list[int]:
    """Deliveries that were accepted, with what the other side said; gives those that the lease still held."""
    ids, said = [d for d, _ in answers], [a for _, a in answers]
    params = {"project_id": project_id, "lease": lease, "delivery_ids": ids, "answers": said, "now": now}
    return await fetch_all(tx, SQL.mark_sent, params, int)


async def mark_retry(
    tx: Tx, *, project_id: int, lease: UUID, retries: Sequence[tuple[int, datetime, str, bool]]
) -> list[int]:
    """Deliveries that try again: (id, when, why, is doubtful); gives those that the lease still held."""
    columns = {"delivery_ids": 0, "due_ats": 1, "errors": 2, "doubts": 3}
    values: dict[str, Any] = {name: [row[at] for row in retries] for name, at in columns.items()}
    return await fetch_all(tx, SQL.mark_retry, values | {"project_id": project_id, "lease": lease}, int)


async def mark_failed(tx: Tx, *, project_id: int, lease: UUID, failures: Sequence[tuple[int, str, bool]]) -> list[int]:
    """Deliveries that were given up: (id, why, is doubtful); gives those that the lease still held."""
    columns = {"delivery_ids": 0, "errors": 1, "doubts": 2}
    values: dict[str, Any] = {name: [row[at] for row in failures] for name, at in columns.items()}
    return await fetch_all(tx, SQL.mark_failed, values | {"project_id": project_id, "lease": lease}, int)


async def cancel(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> list[int]:
    """Cancel the deliveries of these runs that no sender ever took; gives them."""
    return await fetch_all(tx, SQL.cancel, {"project_id": project_id, "run_ids": list(run_ids)}, int)


async def list_keys(tx: Tx, *, project_id: int, delivery_ids: Sequence[int]) -> list[str]:
    """The claim keys that these deliveries carry."""
    return await fetch_all(tx, SQL.list_keys, {"project_id": project_id, "delivery_ids": list(delivery_ids)}, str)


async def list_failed(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> list[FailedDelivery]:
    """What failed of these runs in their present attempt, in the order in which it was written."""
    return await fetch_all(tx, SQL.list_failed, {"project_id": project_id, "run_ids": list(run_ids)}, FailedDelivery)


async def list_left(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> list[LeftDelivery]:
    """What these runs sent, or are still sending."""
    return await fetch_all(tx, SQL.list_left, {"project_id": project_id, "run_ids": list(run_ids)}, LeftDelivery)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    before: int | None = None,
    state: str | None = None,
    run_id: int | None = None,
    delivery_id: int | None = None,
    limit: int = 100,
) -> list[ListedDelivery]:
    """A page of deliveries, the newest first."""
    params = {"project_id": project_id, "before": before, "state": state, "run_id": run_id, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params | {"delivery_id": delivery_id}, ListedDelivery, prepare=False)


async def get_sent_before(tx: Tx, *, project_id: int, delivery_id: int) -> SentBefore:
    """A delivery with what decides whether it may be sent again; raises NotFound."""
    params = {"project_id": project_id, "delivery_id": delivery_id}
    return await fetch_one(tx, SQL.get_sent_before, params, into=SentBefore, kind="delivery", key=delivery_id)


async def copy_codes(tx: Tx, *, project_id: int, from_id: int, to_id: int) -> None:
    """Let a delivery carry the claims of another one."""
    await execute(tx, SQL.copy_codes, {"project_id": project_id, "from_id": from_id, "to_id": to_id})


async def list_mailbox(
    tx: Tx, *, project_id: int, recipient: str | None = None, before: int | None = None, limit: int = 100
) -> list[MailboxItem]:
    """What the development mailbox accepted, the newest first."""
    params = {"project_id": project_id, "recipient": recipient, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_mailbox, params, MailboxItem)
