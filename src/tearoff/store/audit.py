"""The audit log: who signed in, who was let in, who saw codes in full or took them away, who was erased by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from psycopg.types.json import Jsonb

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all

SQL = queries.load("audit")
Action = Literal[
    "reveal", "export", "erase", "sign-in", "sign-in-failed", "password", "invite", "role", "key", "project"
]


class Entry(msgspec.Struct, frozen=True):
    """One line of the log; `actor` is the name of a key or the email of a person, `subject` what was done to."""

    audit_id: int
    at: datetime
    actor: str
    action: Action
    subject: str
    detail: dict[str, Any]


async def add(
    tx: Tx,
    *,
    project_id: int,
    actor: str,
    action: Action,
    subject: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one line."""
    params = {"project_id": project_id, "actor": actor, "action": action, "subject": subject, "now": now}
    await execute(tx, SQL.add, params | {"detail": Jsonb(detail or {})})


async def list_page(
    tx: Tx, *, project_id: int, action: Action | None = None, before: int | None = None, limit: int
) -> list[Entry]:
    """A page of the log, the newest first."""
    params = {"project_id": project_id, "action": action, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, Entry)
