"""Sessions of browsers, and the tries to sign in. Sign-in names the project, so nothing here knows one before."""

from __future__ import annotations

from datetime import datetime

from tearoff.domain.sessions import Tries, Visit
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional

SQL = queries.load("sessions")


async def find(tx: Tx, *, hash: bytes, now: datetime, idle_since: datetime) -> Visit | None:
    """The live session with this hash, of a person who is not disabled."""
    return await fetch_optional(tx, SQL.find, {"hash": hash, "now": now, "idle_since": idle_since}, into=Visit)


async def add(
    tx: Tx,
    *,
    hash: bytes,
    person_id: int,
    project_id: int | None,
    csrf_token: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Insert a session."""
    values = {"hash": hash, "person_id": person_id, "project_id": project_id, "csrf_token": csrf_token}
    await execute(tx, SQL.add, values | {"now": now, "expires_at": expires_at})


async def mark_seen(tx: Tx, *, hash: bytes, now: datetime, since: datetime) -> None:
    """Note that the session is used, unless that was noted after `since`."""
    await execute(tx, SQL.mark_seen, {"hash": hash, "now": now, "since": since})


async def set_project(tx: Tx, *, hash: bytes, project_id: int | None) -> None:
    """Open another project in this session."""
    await execute(tx, SQL.set_project, {"hash": hash, "project_id": project_id})


async def remove(tx: Tx, *, hash: bytes) -> None:
    """End a session."""
    await execute(tx, SQL.remove, {"hash": hash})


async def remove_all(tx: Tx, *, person_id: int) -> None:
    """End every session of a person."""
    await execute(tx, SQL.remove_all, {"person_id": person_id})


async def remove_expired(tx: Tx, *, now: datetime, idle_since: datetime) -> None:
    """Forget the sessions that are over."""
    await execute(tx, SQL.remove_expired, {"now": now, "idle_since": idle_since})


async def count_tries(tx: Tx, *, subjects: list[str], now: datetime, window_since: datetime) -> list[Tries]:
    """Count one more try of each subject; how many it is, each in its window."""
    values = {"subjects": subjects, "now": now, "window_since": window_since}
    return await fetch_all(tx, SQL.count_tries, values, into=Tries)


async def forgive_tries(tx: Tx, *, subjects: list[str]) -> None:
    """Let a success not count as a try."""
    await execute(tx, SQL.forgive_tries, {"subjects": subjects})


async def remove_old_tries(tx: Tx, *, window_since: datetime) -> None:
    """Forget the tries before the window."""
    await execute(tx, SQL.remove_old_tries, {"window_since": window_since})
