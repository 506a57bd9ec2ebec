"""Pools and their gates: every pool has a gate row from the transaction that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from tearoff.domain.definitions import as_id
from tearoff.domain.pools import MADE_BY_UPLOAD, SETTINGS, FillMethod, Pool, PoolDefinition, State
from tearoff.domain.validity import Validity
from tearoff.errors import Conflict
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional

SQL = queries.load("pools")


class Typed(msgspec.Struct, frozen=True):
    """Which pool has a type."""

    type: str
    pool_id: int


class PoolRow(Pool, frozen=True, kw_only=True):
    """A pool as the driver reads it: times inside JSON are still text."""

    valid_for: dict[str, Any] | None = None  # type: ignore[assignment]

    @property
    def pool(self) -> Pool:
        """The pool with everything in its type."""
        values = msgspec.structs.asdict(self)
        return Pool(**values | {"valid_for": msgspec.convert(self.valid_for, Validity | None)})


class PoolChange(msgspec.Struct, frozen=True):
    """One entry of a pool's change log; `fields` holds what was and what is."""

    change_id: int
    changed_at: datetime
    changed_by: str
    fields: dict[str, list[Any]]


class Written(msgspec.Struct, frozen=True):
    """A pool that a write touched, and whether it is new."""

    pool_id: int
    key: str
    is_new: bool


class Made(msgspec.Struct, frozen=True):
    """The id of a pool that a write touched."""

    pool_id: int


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
    values = {"project_id": project_id, "pools": Jsonb([_record(pool) for pool in pools]), "now": now}
    try:
        written = await fetch_all(tx, SQL.put, values, into=Written)
    except UniqueViolation as error:
        raise Conflict("Somebody made a pool of one of these types at the same moment.") from error
    await add_gates(tx, project_id=project_id, pool_ids=[pool.pool_id for pool in written if pool.is_new])
    return written


def _record(pool: PoolDefinition) -> dict[str, Any]:
    settings: dict[str, Any] = {name: msgspec.to_builtins(getattr(pool, name)) for name in SETTINGS}
    own = {name: getattr(pool, name) for name in ("key", "description", "parameter", "state")}
    filled = {"type": pool.wanted_type, "name": pool.wanted_name, "is_issue_checked": pool.is_checked}
    return settings | own | filled


async def lock(tx: Tx, *, project_id: int, keys: Sequence[str]) -> None:
    """Lock the settings of these pools until the transaction ends."""
    await execute(tx, SQL.lock, {"project_id": project_id, "keys": list(keys)})


async def rename(tx: Tx, *, project_id: int, pool_id: int, key: str) -> None:
    """Give a pool another key; raises Conflict when another pool has it."""
    try:
        await execute(tx, SQL.rename, {"project_id": project_id, "pool_id": pool_id, "key": key})
    except UniqueViolation as error:
        raise Conflict(f"A pool with the key {key!r} is there already.") from error


async def list_keys_like(tx: Tx, *, project_id: int, key: str) -> list[str]:
    """The keys and types that begin with this key."""
    return await fetch_all(tx, SQL.find_keys_like, {"project_id": project_id, "key": key}, into=str)


async def list_loaded(tx: Tx, *, project_id: int, pool_ids: Sequence[int]) -> list[int]:
    """Which of these pools hold or held codes."""
    return await fetch_all(tx, SQL.list_loaded, {"project_id": project_id, "pool_ids": list(pool_ids)}, into=int)


async def fix_fill_method(
    tx: Tx, *, project_id: int, pool_ids: Sequence[int], method: FillMethod, allowed: Sequence[FillMethod]
) -> list[str]:
    """Let pools that were never loaded be filled by `method`; gives the keys of those whose method is not `allowed`."""
    values = {"project_id": project_id, "pool_ids": sorted(pool_ids), "fill_method": method, "allowed": list(allowed)}
    await execute(tx, SQL.fix_fill_method, values)
    return await fetch_all(tx, SQL.list_filled_otherwise, values, into=str)


async def add_changes(
    tx: Tx, *, project_id: int, changes: Mapping[int, dict[str, list[Any]]], by: str, now: datetime
) -> None:
    """Note in the change log what changed on which pool, and who did it."""
    values = {"project_id": project_id, "pool_ids": list(changes), "by": by, "now": now}
    await execute(tx, SQL.add_changes, values | {"fields": [Jsonb(fields) for fields in changes.values()]})


async def list_changes(tx: Tx, *, project_id: int, pool_id: int, before: int | None, limit: int) -> list[PoolChange]:
    """A page of the change log, the newest first."""
    values = {"project_id": project_id, "pool_id": pool_id, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_changes, values, into=PoolChange)


async def find_by_keys(tx: Tx, *, project_id: int, keys: Sequence[str]) -> list[Pool]:
    """The pools under these keys."""
    rows = await fetch_all(tx, SQL.find_by_keys, {"project_id": project_id, "keys": list(keys)}, into=PoolRow)
    return [row.pool for row in rows]


async def find_named(tx: Tx, *, project_id: int, names: Sequence[str]) -> dict[str, Pool]:
    """Name → pool, by type or key; where a name is the key of one pool and the type of another, the key counts."""
    rows = await fetch_all(tx, SQL.find_named, {"project_id": project_id, "names": list(names)}, into=PoolRow)
    found = [row.pool for row in rows]
    return {pool.type: pool for pool in found} | {pool.key: pool for pool in found}


async def find_by_key(tx: Tx, *, project_id: int, key: str) -> Pool | None:
    """The pool under a key."""
    row = await fetch_optional(tx, SQL.find_by_key, {"project_id": project_id, "key": key}, into=PoolRow)
    return row and row.pool


async def find_by_type(tx: Tx, *, project_id: int, type: str) -> Pool | None:
    """The pool of a type."""
    row = await fetch_optional(tx, SQL.find_by_type, {"project_id": project_id, "type": type}, into=PoolRow)
    return row and row.pool


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Pool:
    """The pool under an id or key; raises NotFound."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return (await fetch_one(tx, SQL.find, values, into=PoolRow, kind="pool", key=reference)).pool


async def get(tx: Tx, *, project_id: int, pool_id: int) -> Pool:
    """The pool with an id; raises NotFound."""
    return await resolve(tx, project_id=project_id, reference=pool_id)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    after: int = 0,
    limit: int = 100,
    state: State | None = None,
    words: str | None = None,
) -> list[Pool]:
    """A page of pools by id: all, or those in a state whose name, key or type holds the words."""
    values = {"project_id": project_id, "after": after, "limit": limit, "state": state, "words": words}
    return [row.pool for row in await fetch_all(tx, SQL.list_page, values, into=PoolRow)]


async def mark_state(tx: Tx, *, project_id: int, pool_id: int, state: State, now: datetime) -> bool:
    """Whether the pool went to the state: not if it is there already, nor if it would launch without a description."""
    values = {"project_id": project_id, "pool_id": pool_id, "state": state, "now": now}
    return await fetch_optional(tx, SQL.mark_state, values, into=Made) is not None


async def remove(tx: Tx, *, project_id: int, pool_id: int) -> bool:
    """Whether the pool is gone; one that ever held codes stays."""
    values = {"project_id": project_id, "pool_id": pool_id}
    if not await execute(tx, SQL.remove_gate, values):
        return False
    await execute(tx, SQL.remove, values)
    return True


async def list_launched(tx: Tx, *, project_id: int, types: Sequence[str]) -> list[Pool]:
    """The pools of these types that may hand out codes."""
    values = {"project_id": project_id, "types": list(types)}
    return [row.pool for row in await fetch_all(tx, SQL.list_launched, values, into=PoolRow)]


async def list_parameters(tx: Tx, *, project_id: int) -> list[str]:
    """The names under which templates read the codes of any pool."""
    return await fetch_all(tx, SQL.list_parameters, {"project_id": project_id}, into=str)
