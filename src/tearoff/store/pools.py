"""Pools and their gates: every pool has a gate row from the transaction that made it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.errors import UniqueViolation

from tearoff.domain.definitions import as_id
from tearoff.domain.pools import MADE_BY_UPLOAD, Pool, PoolDefinition, State
from tearoff.errors import Conflict
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional

SQL = queries.load("pools")


class Typed(msgspec.Struct, frozen=True):
    """Which pool has a type."""

    type: str
    pool_id: int


class Written(msgspec.Struct, frozen=True):
    """A pool that a write touched, and whether it is new."""

    pool_id: int
    key: str
    is_new: bool


class Made(msgspec.Struct, frozen=True):
    """The id of a pool that a write touched."""

    pool_id: int


class Stock(msgspec.Struct, frozen=True):
    """Codes that wait in a pool now, and how many of them expire soon."""

    free: int
    expiring: int


async def find_by_types(tx: Tx, *, project_id: int, types: Sequence[str]) -> dict[str, int]:
    """The ids of the pools that have these types."""
    rows = await fetch_all(tx, SQL.find_by_types, {"project_id": project_id, "types": list(types)}, into=Typed)
    return {row.type: row.pool_id for row in rows}


async def add_missing(tx: Tx, *, project_id: int, keys: Sequence[str], types: Sequence[str], now: datetime) -> int:
    """How many of the pools were added, launched and with their gates; those whose key or type is taken are left."""
    values = {
        "project_id": project_id,
        "keys": list(keys),
        "types": list(types),
        "description": MADE_BY_UPLOAD,
        "now": now,
    }
    made = await fetch_all(tx, SQL.add_missing, values, into=Made)
    await add_gates(tx, project_id=project_id, pool_ids=[pool.pool_id for pool in made])
    return len(made)


async def add_gates(tx: Tx, *, project_id: int, pool_ids: Sequence[int]) -> None:
    """Give new pools their gates."""
    if pool_ids:
        await execute(tx, SQL.add_gates, {"project_id": project_id, "pool_ids": list(pool_ids)})


async def put(tx: Tx, *, project_id: int, pools: Sequence[PoolDefinition], now: datetime) -> list[Written]:
    """The pools that were made or changed by these definitions, without those that were so already.

    Raises Conflict when somebody gives one of the types to another pool at the same moment.
    """
    values = {
        "project_id": project_id,
        "keys": [pool.key for pool in pools],
        "types": [pool.wanted_type for pool in pools],
        "names": [pool.wanted_name for pool in pools],
        "descriptions": [pool.description for pool in pools],
        "parameters": [pool.parameter for pool in pools],
        "states": [pool.state for pool in pools],
        "now": now,
    }
    try:
        written = await fetch_all(tx, SQL.put, values, into=Written)
    except UniqueViolation as error:
        raise Conflict("Somebody made a pool of one of these types at the same moment.") from error
    await add_gates(tx, project_id=project_id, pool_ids=[pool.pool_id for pool in written if pool.is_new])
    return written


async def find_by_keys(tx: Tx, *, project_id: int, keys: Sequence[str]) -> list[Pool]:
    """The pools under these keys."""
    return await fetch_all(tx, SQL.find_by_keys, {"project_id": project_id, "keys": list(keys)}, into=Pool)


async def find_by_key(tx: Tx, *, project_id: int, key: str) -> Pool | None:
    """The pool under a key."""
    return await fetch_optional(tx, SQL.find_by_key, {"project_id": project_id, "key": key}, into=Pool)


async def find_by_type(tx: Tx, *, project_id: int, type: str) -> Pool | None:
    """The pool of a type."""
    return await fetch_optional(tx, SQL.find_by_type, {"project_id": project_id, "type": type}, into=Pool)


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Pool:
    """The pool under an id or key; raises NotFound."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_one(tx, SQL.find, values, into=Pool, kind="pool", key=reference)


async def get(tx: Tx, *, project_id: int, pool_id: int) -> Pool:
    """The pool with an id; raises NotFound."""
    return await resolve(tx, project_id=project_id, reference=pool_id)


async def list_page(tx: Tx, *, project_id: int, after: int = 0, limit: int = 100) -> list[Pool]:
    """A page of pools by id."""
    return await fetch_all(tx, SQL.list_page, {"project_id": project_id, "after": after, "limit": limit}, into=Pool)


async def mark_state(tx: Tx, *, project_id: int, pool_id: int, state: State) -> bool:
    """Whether the pool went to the state: not if it is there already, nor if it would launch without a description."""
    values = {"project_id": project_id, "pool_id": pool_id, "state": state}
    return await fetch_optional(tx, SQL.mark_state, values, into=Made) is not None


async def remove(tx: Tx, *, project_id: int, pool_id: int) -> bool:
    """Whether the pool is gone; one that ever held codes stays."""
    values = {"project_id": project_id, "pool_id": pool_id}
    if not await execute(tx, SQL.remove_gate, values):
        return False
    await execute(tx, SQL.remove, values)
    return True


async def get_stock(tx: Tx, *, project_id: int, pool_id: int, soon: datetime, now: datetime) -> Stock:
    """What waits in a pool; codes whose last day is before `soon` count as expiring."""
    values = {"project_id": project_id, "pool_id": pool_id, "soon": soon, "now": now}
    return await fetch_one(tx, SQL.stock, values, into=Stock)


async def list_launched(tx: Tx, *, project_id: int, types: Sequence[str]) -> list[Pool]:
    """The pools of these types that may hand out codes."""
    return await fetch_all(tx, SQL.list_launched, {"project_id": project_id, "types": list(types)}, into=Pool)


async def list_parameters(tx: Tx, *, project_id: int) -> list[str]:
    """The names under which templates read the codes of any pool."""
    return await fetch_all(tx, SQL.list_parameters, {"project_id": project_id}, into=str)
