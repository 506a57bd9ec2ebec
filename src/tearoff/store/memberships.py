"""Who belongs to a project, and what they may do there."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.domain.people import Role
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_value

SQL = queries.load("memberships")


async def put(
    tx: Tx, *, project_id: int, person_id: int, role: str, may_reveal: bool, may_export: bool, now: datetime
) -> None:
    """Insert or replace a membership."""
    values = {"project_id": project_id, "person_id": person_id, "role": role, "now": now}
    await execute(tx, SQL.put, values | {"may_reveal": may_reveal, "may_export": may_export})


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may open a project; an administrator needs no membership for that."""

    person_id: int
    email: str
    name: str
    role: Role
    is_administrator: bool
    may_reveal: bool
    may_export: bool
    is_member: bool
    is_disabled: bool
    joined_at: datetime | None
    last_seen_at: datetime | None


async def list_all(tx: Tx, *, project_id: int, limit: int) -> list[Membership]:
    """Everybody who may open the project."""
    return await fetch_all(
        tx, SQL.list_all, {"project_id": project_id, "person_id": None, "limit": limit}, into=Membership
    )


async def get(tx: Tx, *, project_id: int, person_id: int) -> Membership:
    """What one person is in the project; raises NotFound."""
    values = {"project_id": project_id, "person_id": person_id, "limit": 1}
    return await fetch_one(tx, SQL.list_all, values, into=Membership, kind="person", key=person_id)


async def lock(tx: Tx, *, project_id: int) -> None:
    """Let nobody else change who owns the project until the end of the transaction."""
    await execute(tx, SQL.lock, {"project_id": project_id})


async def change(tx: Tx, *, project_id: int, person_id: int, role: str, may_reveal: bool, may_export: bool) -> bool:
    """Whether the person is a member and has this role and these rights now."""
    values = {"project_id": project_id, "person_id": person_id, "role": role}
    return await execute(tx, SQL.change, values | {"may_reveal": may_reveal, "may_export": may_export}) == 1


async def remove(tx: Tx, *, project_id: int, person_id: int) -> bool:
    """Whether the person was a member and is none now."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "person_id": person_id}) == 1


async def is_owned(tx: Tx, *, project_id: int) -> bool:
    """Whether anybody can still say who may do what in the project."""
    return await fetch_value(tx, SQL.is_owned, {"project_id": project_id}, into=bool)
