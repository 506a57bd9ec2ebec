"""API keys, found by the hash of their value."""

from __future__ import annotations

from datetime import datetime

from tearoff.domain.keys import ApiKey
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional, fetch_value

SQL = queries.load("keys")


async def find(tx: Tx, *, hash: bytes) -> ApiKey | None:
    """The key with this hash, disabled or not. The only look-up without a project: it is what names the project."""
    return await fetch_optional(tx, SQL.find_key, {"hash": hash}, into=ApiKey)


async def add(tx: Tx, *, project_id: int, name: str, hash: bytes, scope: str, now: datetime) -> int:
    """Insert a key; gives its id."""
    values = {"project_id": project_id, "name": name, "hash": hash, "scope": scope, "now": now}
    return await fetch_value(tx, SQL.add_key, values, into=int)


async def list_all(tx: Tx, *, project_id: int) -> list[ApiKey]:
    """The keys of a project, oldest first."""
    return await fetch_all(tx, SQL.list_keys, {"project_id": project_id}, into=ApiKey)


async def mark_used(tx: Tx, *, project_id: int, key_id: int, now: datetime, since: datetime) -> None:
    """Note that the key was used, unless that was noted after `since`."""
    await execute(tx, SQL.mark_used, {"project_id": project_id, "key_id": key_id, "now": now, "since": since})


async def mark_disabled(tx: Tx, *, project_id: int, key_id: int, now: datetime) -> bool:
    """Whether the key was live and is disabled now."""
    values = {"project_id": project_id, "key_id": key_id, "now": now}
    return await execute(tx, SQL.mark_disabled, values) == 1
