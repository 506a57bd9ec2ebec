"""Operations of the Maestra dialect."""

from __future__ import annotations

from datetime import datetime

from tearoff.domain.operations import Operation
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional, fetch_value

SQL = queries.load("operations")
LISTED_MAX = 1000


async def put(tx: Tx, *, project_id: int, operation: Operation, now: datetime) -> None:
    """Define an operation, or define it anew."""
    params = {"project_id": project_id, "key": operation.key, "kind": operation.kind, "pool_id": operation.pool_id}
    await execute(tx, SQL.put, params | {"now": now})


async def find(tx: Tx, *, project_id: int, key: str) -> Operation | None:
    """The operation of this name, in any case of letters."""
    return await fetch_optional(tx, SQL.find, {"project_id": project_id, "key": key}, into=Operation)


async def list_all(tx: Tx, *, project_id: int) -> list[Operation]:
    """The project's operations by name."""
    return await fetch_all(tx, SQL.list_all, {"project_id": project_id, "limit": LISTED_MAX}, into=Operation)


async def remove(tx: Tx, *, project_id: int, key: str) -> bool:
    """Whether there was such an operation; it is gone."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "key": key}) > 0


async def count_remembered(tx: Tx, *, project_id: int, door: str, since: datetime) -> int:
    """How many requests of a door are remembered from after `since`."""
    return await fetch_value(
        tx, SQL.count_remembered, {"project_id": project_id, "door": door, "since": since}, into=int
    )
