"""Uploads of codes: all valid rows or none, in one transaction, with a report of what was refused."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from datetime import datetime

import msgspec
from psycopg import Rollback

from tearoff.actions import holds, pools
from tearoff.domain.code_files import CodeRow, RejectedRow
from tearoff.domain.pools import type_of
from tearoff.errors import Conflict, TooLarge
from tearoff.store import claims, codes, tasks, uploads
from tearoff.store.codes import CodeStory
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
    counts = await _stage(tx, batches)
    known = await uploads.mark_known(tx, project_id=project_id)
    types = await uploads.list_types(tx)
    by_type = await pools.ensure(tx, project_id=project_id, types=types, now=now)
    pool_of = {name: by_type[type_of(name)] for name in types}
    lots = await uploads.add_codes(tx, project_id=project_id, task_id=task_id, pools=pool_of, now=now)
    added = sum(lot.added for lot in lots)
    if counts.codes > known + added:
        known += await uploads.mark_late(tx, project_id=project_id, task_id=task_id)
    gates = await _lock(tx, project_id, set(pool_of.values()), has_known=known > 0)
    await uploads.publish(tx, project_id=project_id, lots=lots)
    changes = await _update_known(tx, project_id, task_id, pool_of, now) if known else Changes()
    await holds.wake(tx, project_id=project_id, pool_ids=sorted(gates), now=now)
    await uploads.keep_rejects(
        tx, project_id=project_id, task_id=task_id, counts=counts, reason=REPEATED, limit=REJECTS_KEPT_MAX
    )
    report = UploadReport(
        task_id=task_id,
        rows=counts.rows + counts.refused,
        added=added,
        moved=changes.moved,
        withdrawn=changes.withdrawn,
        freed=changes.freed,
        redated=changes.redated,
        rejected=counts.refused + counts.repeated,
        pool_ids=sorted(gates),
    )
    body = msgspec.to_builtins(report)
    await tasks.finish(tx, project_id=project_id, task_id=task_id, state="done", done=report.rows, report=body, now=now)
    return report


async def withdraw(tx: Tx, *, project_id: int, value: str, reason: str, now: datetime) -> CodeStory:
    """Take one free code out of circulation for `reason`; a withdrawn one stays as it is.

    Raises NotFound, or Conflict when somebody holds the code.
    """
    code = await codes.get(tx, project_id=project_id, value=value)
    await claims.touch_gates(tx, project_id=project_id, pool_ids=[code.pool_id])
    seen = await codes.get(tx, project_id=project_id, value=value)
    if seen.pool_id != code.pool_id:
        raise Conflict("An upload moved the code to another pool just now; ask again.")
    if seen.state == "withdrawn":
        return seen
    if seen.state != "free":
        raise Conflict(f"The code is {seen.state}; only a free code can be withdrawn.")
    await uploads.withdraw(tx, project_id=project_id, code_ids=[seen.code_id], now=now, reason=reason)
    return await codes.get(tx, project_id=project_id, value=value)


class Changes(msgspec.Struct, frozen=True):
    """What an upload did to codes that existed."""

    moved: int = 0
    withdrawn: int = 0
    freed: int = 0
    redated: int = 0


async def _stage(tx: Tx, batches: AsyncIterable[Iterable[CodeRow | RejectedRow]]) -> uploads.Counts:
    rows = 0
    async with uploads.stage(tx) as staging:
        async for batch in batches:
            for row in batch:
                rows += 1
                await staging.add(row)
            if rows > ROWS_MAX:
                raise TooLarge("upload", f"{ROWS_MAX} rows")
    return await uploads.choose(tx)


async def _lock(tx: Tx, project_id: int, pool_ids: set[int], *, has_known: bool) -> set[int]:
    """The pools whose gates are now held: these, and those in which the known codes are.

    Another upload may move a known code while we wait for a gate; then the locks are let go and taken anew in order.
    """
    while True:
        wanted = pool_ids | set(await uploads.list_pools_of_known(tx, project_id=project_id) if has_known else [])
        async with tx.transaction() as savepoint:
            await claims.touch_gates(tx, project_id=project_id, pool_ids=sorted(wanted))
            if not has_known or wanted.issuperset(await uploads.list_pools_of_known(tx, project_id=project_id)):
                return wanted
            raise Rollback(savepoint)


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
