"""Suppressions: addresses that are never written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tearoff.domain.contact_searches import LAST
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one

SQL = queries.load("suppressions")


class Suppression(msgspec.Struct, frozen=True, rename="camel"):
    """An address that is never written to, and why."""

    kind: str
    value: str
    reason: str
    created_at: datetime


async def find(tx: Tx, *, project_id: int, kind: str, values: Sequence[str]) -> set[str]:
    """Which of the addresses are suppressed."""
    return set(await fetch_all(tx, SQL.find, {"project_id": project_id, "kind": kind, "values": list(values)}, str))


async def add(tx: Tx, *, project_id: int, kind: str, value: str, reason: str, now: datetime) -> None:
    """Never write to this address again."""
    params = {"project_id": project_id, "kind": kind, "value": value, "reason": reason, "now": now}
    await execute(tx, SQL.add, params)


async def remove(tx: Tx, *, project_id: int, kind: str, value: str) -> bool:
    """Whether the address was suppressed and no longer is."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "kind": kind, "value": value}) > 0


async def get(tx: Tx, *, project_id: int, kind: str, value: str) -> Suppression:
    """Why an address is suppressed; raises NotFound."""
    params = {"project_id": project_id, "kind": kind, "value": value}
    return await fetch_one(tx, SQL.get, params, into=Suppression, kind="suppression", key=value)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    kind: str = "",
    value: str = "",
    only: str | None = None,
    beginning: str = "",
    limit: int = 100,
) -> list[Suppression]:
    """A page of suppressed addresses, after (kind, value); `only` of one kind, and of those that begin so."""
    params = {"project_id": project_id, "kind": kind, "value": value, "only": only, "limit": limit}
    params |= {"beginning": beginning, "ending": beginning + LAST}
    return await fetch_all(tx, SQL.list_page, params, Suppression, prepare=False)
