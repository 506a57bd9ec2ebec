"""Which projects have work for which actor: the small table through which leases find their project."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all

SQL = queries.load("dues")
Actor = Literal["runner", "sender", "importer", "issuer", "watcher", "pruner"]
CHANNEL = "tearoff"


async def bump(tx: Tx, *, project_id: int, actor: Actor, due_at: datetime) -> None:
    """Say that a project has work from `due_at` on. The last statement of a transaction: it locks the project's row."""
    await execute(tx, SQL.bump, {"project_id": project_id, "actor": actor, "due_at": due_at})
    await execute(tx, SQL.notify, {"actor": actor})


async def list_projects(tx: Tx, *, actor: Actor, now: datetime, limit: int) -> list[int]:
    """Projects with work now, the longest waiting first; the one look that crosses projects."""
    return await fetch_all(tx, SQL.list_projects, {"actor": actor, "now": now, "limit": limit}, int)


async def settle(tx: Tx, *, project_id: int, actor: Actor) -> None:
    """Move a project's next look to when its next work is due; for an actor that found nothing more to lease."""
    await execute(tx, SQL.lock, {"project_id": project_id, "actor": actor})
    await execute(tx, SQL[f"settle_{actor}"], {"project_id": project_id})


async def begin(tx: Tx, *, actor: Actor, now: datetime) -> None:
    """Give every project its turns with an actor that comes round by itself."""
    await execute(tx, SQL.begin, {"actor": actor, "now": now})


async def take_turn(tx: Tx, *, project_id: int, actor: Actor, until: datetime, now: datetime) -> bool:
    """Whether this engine has the project's turn now; nobody else has it before `until`."""
    params = {"project_id": project_id, "actor": actor, "until": until, "now": now}
    return await execute(tx, SQL.take_turn, params) > 0
