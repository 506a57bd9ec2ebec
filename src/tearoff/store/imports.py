"""Imports of codes: their files in pieces, who works on them, and what an undo takes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.imports import ImportOptions, Outcome
from tearoff.store import queries
from tearoff.store.db import Database, Tx, execute, fetch_all, fetch_one, fetch_optional, fetch_value
from tearoff.store.tasks import TaskState

SQL = queries.load("imports")


class Import(msgspec.Struct, frozen=True):
    """One import: what to read, how, and how much of it came."""

    task_id: int
    pool_id: int
    name: str
    url: str | None
    options: ImportOptions
    size: int
    attempts: int
    state: TaskState
    created_at: datetime


class Piece(msgspec.Struct, frozen=True):
    """Some bytes of a file and their place in it."""

    at: int
    content: bytes


class PreviewRow(msgspec.Struct, frozen=True):
    """What a row of a dry run would come to; `detail` says why, where it is not plain."""

    line: int
    value: str
    outcome: Outcome
    detail: str | None


class Foreseen(msgspec.Struct, frozen=True):
    """What a file would do to codes that exist."""

    moved: int = 0
    withdrawn: int = 0
    freed: int = 0
    redated: int = 0


class TakenBack(msgspec.Struct, frozen=True):
    """How many codes of an import were removed, how many withdrawn, and how many stay because somebody uses them."""

    removed: int
    withdrawn: int
    used: int


class _Row(msgspec.Struct, frozen=True):
    task_id: int
    pool_id: int
    name: str
    url: str | None
    options: dict[str, Any]
    size: int
    attempts: int
    state: TaskState
    created_at: datetime


class _Numbered(msgspec.Struct, frozen=True):
    task_id: int


async def add(
    tx: Tx,
    *,
    project_id: int,
    task_id: int,
    pool_id: int,
    name: str,
    url: str | None,
    options: ImportOptions,
    state: TaskState,
    due_at: datetime | None,
) -> None:
    """Keep what a task shall import."""
    params = {"project_id": project_id, "task_id": task_id, "pool_id": pool_id, "name": name, "url": url}
    await execute(tx, SQL.add, params | {"options": Jsonb(msgspec.to_builtins(options)), "due_at": due_at})
    await execute(tx, SQL.set_task_state, params | {"state": state})


async def get(tx: Tx, *, project_id: int, task_id: int) -> Import:
    """One import; raises NotFound."""
    params = {"project_id": project_id, "task_id": task_id}
    row = await fetch_one(tx, SQL.get, params, into=_Row, kind="import", key=task_id)
    return Import(**msgspec.structs.asdict(row) | {"options": msgspec.convert(row.options, ImportOptions)})


async def list_page(tx: Tx, *, project_id: int, pool_id: int, before: int | None, limit: int) -> list[int]:
    """The tasks of a page of a pool's imports, the newest first."""
    params = {"project_id": project_id, "pool_id": pool_id, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, into=int)


async def add_piece(tx: Tx, *, project_id: int, task_id: int, at: int, data: bytes, state: TaskState) -> bool:
    """Whether the piece was taken: only where the last one ended, and while the task is in this state."""
    params = {"project_id": project_id, "task_id": task_id, "at": at, "length": len(data), "state": state}
    if not await execute(tx, SQL.grow, params):
        return False
    await execute(tx, SQL.add_piece, params | {"bytes": data})
    return True


async def copy_file(tx: Tx, *, project_id: int, task_id: int, source_id: int) -> bool:
    """Whether there still was a file of another import to take over."""
    params = {"project_id": project_id, "task_id": task_id, "source_id": source_id}
    if not await execute(tx, SQL.copy_pieces, params):
        return False
    await execute(tx, SQL.copy_size, params)
    return True


async def stream(db: Database, *, project_id: int, task_id: int) -> AsyncIterator[bytes]:
    """The file, piece by piece, each read in a transaction of its own."""
    at = 0
    while True:
        params = {"project_id": project_id, "task_id": task_id, "at": at}
        async with db.transaction() as tx:
            piece = await fetch_optional(tx, SQL.find_piece, params, into=Piece)
        if piece is None:
            return
        yield piece.content
        at = piece.at + 1


async def remove_pieces(tx: Tx, *, project_id: int, task_id: int) -> None:
    """Forget what came of a file."""
    params = {"project_id": project_id, "task_id": task_id}
    await execute(tx, SQL.remove_pieces, params)
    await execute(tx, SQL.reset_size, params)


async def forget_pieces(tx: Tx, *, project_id: int, before: datetime) -> None:
    """Forget the files of imports that ended before an instant."""
    await execute(tx, SQL.forget_pieces, {"project_id": project_id, "before": before})


async def make_due(tx: Tx, *, project_id: int, task_id: int, now: datetime) -> None:
    """Hand a file that came whole to the workers."""
    params = {"project_id": project_id, "task_id": task_id}
    await execute(tx, SQL.set_due, params | {"due_at": now})
    await execute(tx, SQL.set_task_state, params | {"state": "waiting"})


async def release(tx: Tx, *, project_id: int, task_id: int, due_at: datetime) -> None:
    """Let another worker take the import from an instant on."""
    await execute(tx, SQL.set_due, {"project_id": project_id, "task_id": task_id, "due_at": due_at})


async def lease(tx: Tx, *, project_id: int, lease: UUID, until: datetime, now: datetime) -> Import | None:
    """The oldest import that is due, now leased; None when there is none."""
    params = {"project_id": project_id, "lease": lease, "until": until, "now": now}
    taken = await fetch_optional(tx, SQL.lease, params, into=_Numbered)
    if taken is None:
        return None
    await execute(tx, SQL.mark_started, params | {"task_id": taken.task_id})
    return await get(tx, project_id=project_id, task_id=taken.task_id)


async def renew(
    tx: Tx, *, project_id: int, task_id: int, lease: UUID, until: datetime, done: int, total: int | None
) -> bool:
    """Whether the lease is still ours: then it goes on, and the task tells how far it is."""
    params: dict[str, Any] = {"project_id": project_id, "task_id": task_id}
    if not await execute(tx, SQL.renew, params | {"lease": lease, "until": until}):
        return False
    await execute(tx, SQL.tell, params | {"done": done, "total": total})
    return True


async def close(tx: Tx, *, project_id: int, task_id: int, lease: UUID) -> bool:
    """Whether the import could be ended under its lease."""
    return bool(await execute(tx, SQL.close, {"project_id": project_id, "task_id": task_id, "lease": lease}))


async def cancel(tx: Tx, *, project_id: int, task_id: int, now: datetime) -> bool:
    """Whether the import was stopped before it was done.

    Locks the import before its task, as its worker does at the end; for one that is over, nothing changes by that.
    """
    params = {"project_id": project_id, "task_id": task_id, "now": now}
    await execute(tx, SQL.set_due, params | {"due_at": None})
    return bool(await execute(tx, SQL.cancel, params))


async def mark_undone(tx: Tx, *, project_id: int, task_id: int) -> bool:
    """Whether the import is undone by this call: once, and only when it was done."""
    return bool(await execute(tx, SQL.mark_undone, {"project_id": project_id, "task_id": task_id}))


async def list_pools(tx: Tx, *, project_id: int, task_id: int) -> list[int]:
    """The pools in which codes that an import added are now."""
    return await fetch_all(tx, SQL.list_pools_of_task, {"project_id": project_id, "task_id": task_id}, into=int)


async def remove_unissued(tx: Tx, *, project_id: int, task_id: int, reason: str, now: datetime) -> TakenBack:
    """Take back what an import added and nobody has.

    Codes that somebody had and gave back are withdrawn, as the books name them; codes that are everybody's and in use
    stay. The caller holds the gates.
    """
    params = {"project_id": project_id, "task_id": task_id, "reason": reason, "now": now}
    withdrawn = await execute(tx, SQL.withdraw_once_claimed, params)
    removed = await execute(tx, SQL.remove_free, params)
    await execute(tx, SQL.recount_lots, params)
    return TakenBack(removed, withdrawn, await fetch_value(tx, SQL.count_waiting, params, into=int))


async def count_kept(tx: Tx, *, project_id: int, task_id: int) -> int:
    """Codes that an import added and that are still in the books."""
    return await fetch_value(tx, SQL.count_kept, {"project_id": project_id, "task_id": task_id}, into=int)


async def list_replaced(
    tx: Tx, *, project_id: int, pool_ids: Sequence[int], reason: str, after: int, limit: int
) -> list[int]:
    """A stretch of the codes that were withdrawn for `reason`."""
    params = {"project_id": project_id, "pool_ids": list(pool_ids), "reason": reason, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_replaced, params, into=int)


async def free_again(tx: Tx, *, project_id: int, code_ids: Sequence[int]) -> None:
    """Clear the withdrawal of codes; they stand in no line yet. The caller holds the gates."""
    await execute(tx, SQL.free_again, {"project_id": project_id, "code_ids": list(code_ids)})


async def foresee(tx: Tx) -> Foreseen:
    """What the staged file would do to codes that exist."""
    return await fetch_one(tx, SQL.count_preview, None, into=Foreseen)


async def count_absent(tx: Tx, *, project_id: int, pool_id: int) -> int:
    """How many free codes of a pool stand in no staged row."""
    return await fetch_value(tx, SQL.count_absent, {"project_id": project_id, "pool_id": pool_id}, into=int)


async def keep_preview(
    tx: Tx, *, project_id: int, task_id: int, repeated: str, here: str, elsewhere: str, alike: str, limit: int
) -> None:
    """Keep what the first staged rows would come to; two sentences name a line and a pool as %s."""
    params = {"project_id": project_id, "task_id": task_id, "limit": limit}
    sentences = {"repeated": repeated, "here": here, "elsewhere": elsewhere, "alike": alike}
    await execute(tx, SQL.keep_preview, params | sentences)


async def list_preview(tx: Tx, *, project_id: int, task_id: int, after: int, limit: int) -> list[PreviewRow]:
    """A page of a dry run by line."""
    params = {"project_id": project_id, "task_id": task_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_preview, params, into=PreviewRow)
