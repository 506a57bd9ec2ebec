"""One upload of codes, staged, told apart and published in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Literal

import msgspec
import psycopg

from tearoff.domain.code_files import CodeRow, RejectedRow
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one

SQL = queries.load("uploads")
TYPES = ("int8", "text", "timestamptz", "int4", "text", "bool", "text")
KnownSet = Literal["list_withdrawn_now", "list_moving", "list_freed"]


class Counts(msgspec.Struct, frozen=True):
    """Rows that were staged: valid and refused ones, and different codes among the valid."""

    rows: int
    refused: int
    codes: int

    @property
    def repeated(self) -> int:
        """Valid rows whose code stands in the upload before."""
        return self.rows - self.codes


class FilledLot(msgspec.Struct, frozen=True):
    """What an upload put into one lot."""

    lot_id: int
    added: int
    waiting: int
    last: int


class Staging:
    """Takes the rows of an upload as they arrive."""

    def __init__(self, copy: psycopg.AsyncCopy) -> None:
        self._copy = copy

    async def add(self, row: CodeRow | RejectedRow) -> None:
        """Stage one row, a refused one for the report only."""
        if isinstance(row, RejectedRow):
            await self._copy.write_row((row.line, row.value, None, None, None, None, row.reason))
        else:
            await self._copy.write_row(
                (row.line, row.value, row.expires_at, row.discount, row.type, row.is_in_use, None)
            )


@asynccontextmanager
async def stage(tx: Tx) -> AsyncIterator[Staging]:
    """A staging table of this transaction, open for rows."""
    await execute(tx, SQL.create_stage)
    async with tx.cursor() as cursor, cursor.copy(SQL.copy_stage) as copy:
        copy.set_types(TYPES)
        yield Staging(copy)


async def choose(tx: Tx) -> Counts:
    """Let the first row of each code count; gives how many rows are what."""
    await execute(tx, SQL.analyze_stage)
    await execute(tx, SQL.create_chosen)
    return await fetch_one(tx, SQL.count_chosen, {}, into=Counts)


async def keep_rejects(tx: Tx, *, project_id: int, task_id: int, counts: Counts, reason: str, limit: int) -> None:
    """Keep refused rows for the task's report, and those that repeat a code with `reason`; at most `limit` of each."""
    params = {"project_id": project_id, "task_id": task_id, "reason": reason, "limit": limit}
    if counts.refused:
        await execute(tx, SQL.keep_refused, params)
    if counts.repeated:
        await execute(tx, SQL.keep_repeated, params)


async def list_types(tx: Tx) -> list[str]:
    """The types that the upload names; "" where it names none."""
    return await fetch_all(tx, SQL.list_types, {}, into=str)


async def mark_known(tx: Tx, *, project_id: int) -> int:
    """Tell the codes that exist apart from the new ones; gives their number."""
    return await execute(tx, SQL.mark_known, {"project_id": project_id})


async def mark_late(tx: Tx, *, project_id: int, task_id: int) -> int:
    """Take codes that another upload added meanwhile as known too; gives their number."""
    return await execute(tx, SQL.mark_late, {"project_id": project_id, "task_id": task_id})


async def add_codes(tx: Tx, *, project_id: int, task_id: int, pools: dict[str, int], now: datetime) -> list[FilledLot]:
    """Insert the new codes into closed lots of their own; nobody sees them before `publish`."""
    params = {"project_id": project_id, "task_id": task_id, "now": now} | _pools(pools)
    await execute(tx, SQL.add_lots, params)
    return await fetch_all(tx, SQL.add_codes, params, into=FilledLot)


async def publish(tx: Tx, *, project_id: int, lots: Sequence[FilledLot]) -> None:
    """Open the lots for claims; the caller holds the gates."""
    params = {
        "project_id": project_id,
        "lot_ids": [lot.lot_id for lot in lots],
        "waiting": [lot.waiting for lot in lots],
        "lasts": [lot.last for lot in lots],
    }
    await execute(tx, SQL.publish_lots, params)


async def list_pools_of_known(tx: Tx, *, project_id: int) -> list[int]:
    """The pools in which the known codes are now."""
    return await fetch_all(tx, SQL.list_pools_of_known, {"project_id": project_id}, into=int)


async def find_known(tx: Tx, *, project_id: int, pools: dict[str, int]) -> None:
    """Look, under the gates, where each known code stands and what it shall become."""
    await execute(tx, SQL.create_known, {"project_id": project_id} | _pools(pools))


async def list_known(tx: Tx, which: KnownSet) -> list[int]:
    """The known codes that withdraw, move or become free, in file order."""
    return await fetch_all(tx, SQL[which], {}, into=int)


async def withdraw(
    tx: Tx, *, project_id: int, code_ids: Sequence[int], now: datetime, reason: str | None = None
) -> list[int]:
    """Take free codes out of circulation; gives those that really were free. The caller holds the gates."""
    gone = await leave_line(tx, project_id=project_id, code_ids=code_ids)
    params = {"project_id": project_id, "code_ids": gone, "now": now, "reason": reason}
    await execute(tx, SQL.mark_withdrawn, params)
    return gone


async def move(tx: Tx, *, project_id: int, task_id: int, code_ids: Sequence[int]) -> None:
    """Put codes that stand in no line at the end of new lots with their new attributes. The caller holds the gates."""
    params = {"project_id": project_id, "task_id": task_id, "code_ids": list(code_ids)}
    lots = await fetch_all(tx, SQL.add_lots_of_moved, params, into=int)
    await execute(tx, SQL.move_codes, params | {"lot_ids": lots})
    await execute(tx, SQL.join_line, params)


async def leave_line(tx: Tx, *, project_id: int, code_ids: Sequence[int]) -> list[int]:
    """Take free codes out of their lines; gives those that stood there. The caller holds the gates."""
    params = {"project_id": project_id, "code_ids": list(code_ids)}
    return (await fetch_one(tx, SQL.leave_line, params, into=CodeIds)).code_ids


async def override_dates(tx: Tx, *, project_id: int) -> int:
    """Give reserved and issued codes their new dates; gives how many changed."""
    return await execute(tx, SQL.override_dates, {"project_id": project_id})


class CodeIds(msgspec.Struct, frozen=True):
    """A set of codes."""

    code_ids: list[int]


def _pools(pools: dict[str, int]) -> dict[str, list[str] | list[int]]:
    return {"types": list(pools), "pool_ids": list(pools.values())}
