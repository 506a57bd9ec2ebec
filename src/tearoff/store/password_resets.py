"""Links for people who forgot their password. They are of the installation, as people are."""

from __future__ import annotations

from datetime import datetime

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_optional, fetch_value

SQL = queries.load("password_resets")


async def add(tx: Tx, *, token_hash: bytes, person_id: int, now: datetime, expires_at: datetime) -> None:
    """Insert a link."""
    values = {"token_hash": token_hash, "person_id": person_id, "now": now, "expires_at": expires_at}
    await execute(tx, SQL.add, values)


async def is_live(tx: Tx, *, token_hash: bytes, now: datetime) -> bool:
    """Whether the token may change a password."""
    return await fetch_value(tx, SQL.is_live, {"token_hash": token_hash, "now": now}, into=bool)


async def take(tx: Tx, *, token_hash: bytes, now: datetime) -> int | None:
    """Whose password the token may change; it is used up by that."""
    return await fetch_optional(tx, SQL.take, {"token_hash": token_hash, "now": now}, into=int)


async def remove_all(tx: Tx, *, person_id: int, now: datetime) -> None:
    """Forget the other links of the person, and those that ran out."""
    await execute(tx, SQL.remove_all, {"person_id": person_id, "now": now})
