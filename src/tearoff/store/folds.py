"""Codes as people type them: found with case and separators left out, where their pool is loose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_value

SQL = queries.load("folds")


class Alike(msgspec.Struct, frozen=True):
    """What was asked for, and the code that reads like it."""

    asked: str
    value: str


class AlikeCounts(msgspec.Struct, frozen=True):
    """Rows of an upload that read like another code; `known` of them are codes that exist."""

    rows: int = 0
    known: int = 0


class Chosen(NamedTuple):
    """The codes of an upload that is staged: the pools of its types, those among them that are loose, and whether codes
    of other pools stay where they are.
    """

    project_id: int
    pools: Mapping[str, int]
    loose: Sequence[int]
    are_others_refused: bool

    @property
    def params(self) -> dict[str, Any]:
        """As the paragraphs name them."""
        named = {"project_id": self.project_id, "types": list(self.pools), "pool_ids": list(self.pools.values())}
        return named | {"loose": list(self.loose), "are_others_refused": self.are_others_refused}


async def spell(tx: Tx, *, project_id: int, value: str) -> str:
    """The code that is meant by what was typed, as it is written; what was typed where no code is."""
    return await fetch_value(tx, SQL.spell, {"project_id": project_id, "value": value}, str)


async def find_alike(tx: Tx, *, project_id: int, values: Sequence[str]) -> dict[str, str]:
    """The codes of loose pools that are meant by those values that no code has as they are written."""
    found = await fetch_all(tx, SQL.find_alike, {"project_id": project_id, "values": list(values)}, Alike)
    return {row.asked: row.value for row in found}


async def list_loose(tx: Tx, *, project_id: int, pool_ids: Sequence[int]) -> list[int]:
    """Those of the pools whose codes are found loosely."""
    return await fetch_all(tx, SQL.list_loose, {"project_id": project_id, "pool_ids": list(pool_ids)}, int)


async def find_alike_chosen(tx: Tx, chosen: Chosen, *, is_kept: bool) -> AlikeCounts:
    """Take the rows of an upload that read like another code out of it; gives how many there are.

    `is_kept` is for an upload that adds the others: what they read like is theirs from now on.
    """
    await execute(tx, SQL.create_folded, chosen.params)
    await execute(tx, SQL.analyze_folded)
    if is_kept:
        await execute(tx, SQL.forget_stale, chosen.params)
        await execute(tx, SQL.add_folded, chosen.params)
    await execute(tx, SQL.create_alike, chosen.params)
    await execute(tx, SQL.drop_alike)
    return await fetch_one(tx, SQL.count_alike, None, AlikeCounts)


async def keep_alike(tx: Tx, *, project_id: int, task_id: int, reason: str, limit: int) -> None:
    """Keep those rows for the task's report; `reason` names the other code as %s."""
    await execute(tx, SQL.keep_alike, {"project_id": project_id, "task_id": task_id, "reason": reason, "limit": limit})


async def forget_free(tx: Tx, *, project_id: int, task_id: int) -> None:
    """Forget the free codes that a task added, before they go."""
    await execute(tx, SQL.forget_free, {"project_id": project_id, "task_id": task_id})


async def add_all(tx: Tx, *, project_id: int, values: Sequence[str]) -> set[str]:
    """Which of these codes may be made in a loose pool: those that read like no other one."""
    params = {"project_id": project_id, "values": list(values)}
    await execute(tx, SQL.forget_stale_of, params)
    return set(await fetch_all(tx, SQL.add_all, params, str))


async def add_pool(tx: Tx, *, project_id: int, pool_id: int, limit: int) -> list[Alike]:
    """Let the codes of a pool be found loosely; gives some that read like another one, where there are. Gate held."""
    params = {"project_id": project_id, "pool_id": pool_id, "limit": limit}
    await execute(tx, SQL.forget_stale_of_pool, params)
    await execute(tx, SQL.add_pool, params)
    return await fetch_all(tx, SQL.list_unfolded, params, Alike)


async def remove_pool(tx: Tx, *, project_id: int, pool_id: int) -> None:
    """Let the codes of a pool be found exactly; the caller holds its gate."""
    await execute(tx, SQL.remove_pool, {"project_id": project_id, "pool_id": pool_id})
