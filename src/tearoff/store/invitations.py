"""Invitations to a project, found by the hash of the token in their link."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.domain.people import Role
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional, fetch_value

SQL = queries.load("invitations")


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is asked to be in a project."""

    project_id: int
    invitation_id: int
    email: str
    role: Role
    may_reveal: bool
    may_export: bool
    invited_by: str
    created_at: datetime
    expires_at: datetime


async def add(
    tx: Tx,
    *,
    project_id: int,
    email: str,
    role: str,
    may_reveal: bool,
    may_export: bool,
    token_hash: bytes,
    invited_by: str,
    now: datetime,
    expires_at: datetime,
) -> int:
    """Insert an invitation; gives its id. Earlier ones of the same email are revoked."""
    values = {"project_id": project_id, "email": email, "role": role, "invited_by": invited_by, "now": now}
    values |= {"may_reveal": may_reveal, "may_export": may_export, "token_hash": token_hash, "expires_at": expires_at}
    await execute(tx, SQL.revoke_earlier, {"project_id": project_id, "email": email, "now": now})
    return await fetch_value(tx, SQL.add, values, into=int)


async def list_page(tx: Tx, *, project_id: int, before: int | None, limit: int) -> list[Invitation]:
    """A page of those that are neither accepted nor revoked, the newest first."""
    return await fetch_all(tx, SQL.list_page, {"project_id": project_id, "before": before, "limit": limit}, Invitation)


async def find_by_token(tx: Tx, *, token_hash: bytes, now: datetime) -> Invitation | None:
    """The invitation that the token still opens. A look-up without a project: it is what names the project."""
    return await fetch_optional(tx, SQL.find_by_token, {"token_hash": token_hash, "now": now}, into=Invitation)


async def mark_accepted(tx: Tx, *, project_id: int, invitation_id: int, now: datetime) -> bool:
    """Whether the invitation was open and is accepted now."""
    return await execute(tx, SQL.mark_accepted, _at(project_id, invitation_id, now)) == 1


async def mark_revoked(tx: Tx, *, project_id: int, invitation_id: int, now: datetime) -> bool:
    """Whether the invitation was open and is revoked now."""
    return await execute(tx, SQL.mark_revoked, _at(project_id, invitation_id, now)) == 1


def _at(project_id: int, invitation_id: int, now: datetime) -> dict[str, object]:
    return {"project_id": project_id, "invitation_id": invitation_id, "now": now}
