"""Tasks that issue codes of a pool to many contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tearoff.domain.code_files import RejectedRow
from tearoff.domain.codes import Wish
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional

SQL = queries.load("issuances")


class ContactFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which contacts; every part that is None lets all through.

    `sample` draws so many of them at random, `percent` such a part of them, rounded up.
    """

    contact_ids: list[int] | None = None
    external_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    with_code_of: int | None = None
    without_code_of: int | None = None
    sample: int | None = None
    percent: int | None = None


class Issuance(msgspec.Struct, frozen=True):
    """A task on its way: what is issued, and up to which line."""

    task_id: int
    pool_id: int
    discount: int | None
    days: int | None
    field_id: int | None
    reached: int
    issued: int
    refused: int

    @property
    def wish(self) -> Wish:
        """What the codes must satisfy."""
        return Wish(self.discount, self.days)


class Line(msgspec.Struct, frozen=True):
    """One contact of the task."""

    line: int
    contact_id: int


async def add(tx: Tx, *, project_id: int, task_id: int, pool_id: int, wish: Wish, field_id: int | None) -> None:
    """Make a task that is numbered already one that issues."""
    params = {"project_id": project_id, "task_id": task_id, "pool_id": pool_id, "field_id": field_id}
    await execute(tx, SQL.add, params | {"discount": wish.discount, "days": wish.days})


async def add_filtered(tx: Tx, *, project_id: int, task_id: int, contacts: ContactFilter) -> int:
    """How many contacts the filter let through; they are the task's lines now."""
    is_sampled = contacts.sample is not None or contacts.percent is not None
    params = msgspec.structs.asdict(contacts) | {"project_id": project_id, "task_id": task_id}
    return await execute(tx, SQL.add_filtered, params | {"is_sampled": is_sampled})


async def add_listed(tx: Tx, *, project_id: int, task_id: int, lines: Sequence[Line]) -> None:
    """The task's lines, under the numbers that they have."""
    params: dict[str, Any] = {"project_id": project_id, "task_id": task_id}
    params |= {"lines": [one.line for one in lines], "contact_ids": [one.contact_id for one in lines]}
    await execute(tx, SQL.add_listed, params)


async def add_rejects(tx: Tx, *, project_id: int, task_id: int, rows: Sequence[RejectedRow]) -> None:
    """Keep the lines that get no code, and why."""
    params: dict[str, Any] = {"project_id": project_id, "task_id": task_id, "lines": [row.line for row in rows]}
    await execute(
        tx, SQL.add_rejects, params | {"values": [row.value for row in rows], "reasons": [row.reason for row in rows]}
    )


async def set_total(tx: Tx, *, project_id: int, task_id: int, total: int, done: int) -> None:
    """How many lines the task has, and how many are settled from the first."""
    await execute(tx, SQL.set_total, {"project_id": project_id, "task_id": task_id, "total": total, "done": done})


async def lease(tx: Tx, *, project_id: int, lease: UUID, until: datetime, now: datetime) -> Issuance | None:
    """A task that nobody works on, for this lease."""
    params = {"project_id": project_id, "lease": lease, "until": until, "now": now}
    return await fetch_optional(tx, SQL.lease, params, into=Issuance)


async def list_lines(tx: Tx, *, project_id: int, issuance: Issuance, limit: int) -> list[Line]:
    """The next lines of a task."""
    params = {"project_id": project_id, "task_id": issuance.task_id, "reached": issuance.reached, "limit": limit}
    return await fetch_all(tx, SQL.list_lines, params, into=Line)


async def advance(
    tx: Tx, *, project_id: int, task_id: int, lease: UUID, reached: int, issued: int, refused: int
) -> bool:
    """Whether the task went on: not when somebody else took it over."""
    params: dict[str, Any] = {"project_id": project_id, "task_id": task_id, "lease": lease, "reached": reached}
    params |= {"issued": issued, "refused": refused, "count": issued + refused}
    if not await execute(tx, SQL.advance, params):
        return False
    return await execute(tx, SQL.count_done, params) == 1


class Settled(msgspec.Struct, frozen=True):
    """Lines of a task that got a code, and lines that got none."""

    issued: int
    refused: int


async def count(tx: Tx, *, project_id: int, task_id: int) -> dict[str, int]:
    """How many lines of a task got a code (`issued`), and how many got none (`refused`), those of its list included."""
    counted = await fetch_one(tx, SQL.count, {"project_id": project_id, "task_id": task_id}, into=Settled)
    return msgspec.structs.asdict(counted)
