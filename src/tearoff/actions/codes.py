"""Uploads of codes: all valid rows or none, in one transaction, with a report of what was refused."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from datetime import datetime

import msgspec

from tearoff.actions import holds, pools
from tearoff.domain.code_files import CodeRow, RejectedRow
from tearoff.domain.pools import type_of
from tearoff.errors import TooLarge
from tearoff.store import claims, tasks, uploads
from tearoff.store.db import Tx

REPEATED = "The code stands in this upload already."
ROWS_MAX = 10_000_000
REJECTS_KEPT_MAX = 1_000_000


class UploadReport(msgspec.Struct, frozen=True, rename="camel"):
    """What an upload did; every row is in exactly one of the counts, or unchanged."""

    task_id: int
    rows: int
    added: int
    moved: int
    withdrawn: int
    freed: int
    redated: int
    rejected: int
    pool_ids: list[int]


async def upload(
    tx: Tx, *, project_id: int, batches: AsyncIterable[Iterable[CodeRow | RejectedRow]], now: datetime
) -> UploadReport:
    """Take codes into their pools; pools that are missing are made, launched.

    New codes join closed lots and are published at the end, under the gates, so claims never wait for the file. A free
    code moves to a lot with its new attributes; a reserved or issued one only gets its new date; `inUse: true`
    withdraws a free code, `inUse: false` frees a withdrawn one. What a row does not state stays as it is.
    """
    task_id = await tasks.add(tx, project_id=project_id, kind="import", now=now)
    rows, rejects = await _stage(tx, batches)
    rejects += [RejectedRow(r.line, r.value, REPEATED) for r in await uploads.choose(tx)]
    known = await uploads.mark_known(tx, project_id=project_id)
    types = await uploads.list_types(tx)
    by_type = await pools.ensure(tx, project_id=project_id, types=types, now=now)
    pool_of = {name: by_type[type_of(name)] for name in types}
    lots = await uploads.add_codes(tx, project_id=project_id, task_id=task_id, pools=pool_of, now=now)
    added = sum(lot.added for lot in lots)
    if rows - len(rejects) > known + added:
        known += await uploads.mark_late(tx, project_id=project_id, task_id=task_id)
    gates = set(pool_of.values()) | set(await uploads.list_pools_of_known(tx, project_id=project_id) if known else [])
    await claims.touch_gates(tx, project_id=project_id, pool_ids=sorted(gates))
    await uploads.publish(tx, project_id=project_id, lots=lots)
    changes = await _update_known(tx, project_id, task_id, pool_of, now) if known else Changes()
    await holds.wake(tx, project_id=project_id, pool_ids=sorted(gates), now=now)
    await tasks.add_rejects(tx, project_id=project_id, task_id=task_id, rejects=rejects[:REJECTS_KEPT_MAX])
    report = UploadReport(
        task_id=task_id,
        rows=rows + len(rejects) - _repeats(rejects),
        added=added,
        moved=changes.moved,
        withdrawn=changes.withdrawn,
        freed=changes.freed,
        redated=changes.redated,
        rejected=len(rejects),
        pool_ids=sorted(gates),
    )
    body = msgspec.to_builtins(report)
    await tasks.finish(tx, project_id=project_id, task_id=task_id, state="done", done=report.rows, report=body, now=now)
    return report


class Changes(msgspec.Struct, frozen=True):
    """What an upload did to codes that existed."""

    moved: int = 0
    withdrawn: int = 0
    freed: int = 0
    redated: int = 0


async def _stage(tx: Tx, batches: AsyncIterable[Iterable[CodeRow | RejectedRow]]) -> tuple[int, list[RejectedRow]]:
    rows, rejects = 0, []
    async with uploads.stage(tx) as staging:
        async for batch in batches:
            for row in batch:
                if isinstance(row, RejectedRow):
                    rejects.append(row)
                    continue
                rows += 1
                await staging.add(row)
            if rows + len(rejects) > ROWS_MAX:
                raise TooLarge("upload", f"{ROWS_MAX} rows")
    return rows, rejects


def _repeats(rejects: list[RejectedRow]) -> int:
    return sum(row.reason is REPEATED for row in rejects)


async def _update_known(tx: Tx, project_id: int, task_id: int, pool_of: dict[str, int], now: datetime) -> Changes:
    """Change codes that existed; the gates are held, so where each one stands cannot change under us."""
    await uploads.find_known(tx, project_id=project_id, pools=pool_of)
    withdrawn = await uploads.list_known(tx, "list_withdrawn_now")
    moving = await uploads.list_known(tx, "list_moving")
    freed = await uploads.list_known(tx, "list_freed")
    redated = await uploads.override_dates(tx, project_id=project_id)
    if withdrawn:
        await uploads.withdraw(tx, project_id=project_id, code_ids=withdrawn, now=now)
    if moving:
        await uploads.leave_line(tx, project_id=project_id, code_ids=moving)
    if moving or freed:
        await uploads.move(tx, project_id=project_id, task_id=task_id, code_ids=moving + freed)
    return Changes(moved=len(moving), withdrawn=len(withdrawn), freed=len(freed), redated=redated)
