"""Imports of codes: begun, received, run, cancelled and undone; each is a task that workers take."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from datetime import datetime
from typing import Any

import msgspec

from tearoff.actions import codes, holds, pools
from tearoff.actions.codes import (
    ALIKE,
    KNOWN_ELSEWHERE,
    KNOWN_HERE,
    READS_ALIKE,
    REJECTS_KEPT_MAX,
    REPEATED,
    REPLACED,
    Meter,
    UploadRules,
)
from tearoff.domain.code_files import CodeRow, RejectedRow
from tearoff.domain.imports import FILE_KEPT, PREVIEW_MAX, ImportOptions
from tearoff.domain.pools import Pool
from tearoff.errors import Conflict, Invalid, Problem, TooLarge
from tearoff.store import claims, dues, folds, imports, tasks, uploads
from tearoff.store import pools as pool_store
from tearoff.store.db import Database, Tx
from tearoff.store.folds import Chosen
from tearoff.store.imports import Import
from tearoff.store.tasks import TaskState

FILE_BYTES_MAX = 2_000_000_000
PIECE_BYTES = 1_000_000
UNDONE = "Undone with the import {}."


async def begin(
    tx: Tx,
    *,
    project_id: int,
    pool: Pool,
    options: ImportOptions,
    name: str,
    now: datetime,
    url: str | None = None,
    by: str = "",
) -> int:
    """The number of a new import whose file is still to come, or is fetched from `url` by a worker."""
    is_loaded = bool(await pool_store.list_loaded(tx, project_id=project_id, pool_ids=[pool.pool_id]))
    if is_loaded and pool.fill_method not in (None, options.method) and not options.is_dry_run:
        raise Conflict(f"The pool {pool.key!r} was filled by {pool.fill_method!r} first, and so it stays.")
    task_id = await tasks.add(
        tx,
        project_id=project_id,
        kind="import",
        now=now,
        by=by,
        name=name,
        pool_id=pool.pool_id,
        is_dry_run=options.is_dry_run,
    )
    await imports.add(
        tx,
        project_id=project_id,
        task_id=task_id,
        pool_id=pool.pool_id,
        name=name,
        url=url,
        options=options,
        state="waiting" if url else "receiving",
        due_at=now if url else None,
    )
    if url:
        await dues.bump(tx, project_id=project_id, actor="importer", due_at=now)
    return task_id


async def receive(
    db: Database,
    *,
    project_id: int,
    task_id: int,
    at: int,
    stream: AsyncIterable[bytes],
    state: TaskState = "receiving",
    bytes_max: int = FILE_BYTES_MAX,
) -> int:
    """Store a stretch of a file that begins at the byte `at`; gives where the next one begins.

    What came before the stream breaks stays, so that the sender can go on there. Raises Conflict when the stretch does
    not begin where the file ends, or the import is not in `state`: receiving from a sender, or running for its worker.
    """
    async for piece in _pieces(stream):
        if at + len(piece) > bytes_max:
            raise TooLarge("file", f"{bytes_max} bytes; split it")
        async with db.transaction() as tx:
            taken = await imports.add_piece(tx, project_id=project_id, task_id=task_id, at=at, data=piece, state=state)
            if not taken:
                found = await imports.get(tx, project_id=project_id, task_id=task_id)
                raise Conflict(f"The import is {found.state} with {found.size} bytes; a piece at {at} does not fit.")
        at += len(piece)
    return at


async def _pieces(stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of a size that a row carries well; a stream that breaks gives first what came."""
    held = bytearray()
    try:
        async for chunk in stream:
            held += chunk
            while len(held) >= PIECE_BYTES:
                yield bytes(held[:PIECE_BYTES])
                del held[:PIECE_BYTES]
    except Invalid:
        if held:
            yield bytes(held)
        raise
    if held:
        yield bytes(held)


async def complete(tx: Tx, *, project_id: int, task_id: int, now: datetime) -> None:
    """Hand a received file to the workers; raises Conflict when that was done before, Invalid when it is empty."""
    found = await imports.get(tx, project_id=project_id, task_id=task_id)
    if found.state != "receiving":
        raise Conflict(f"The import is {found.state}; it receives nothing any more.")
    if not found.size:
        raise Invalid(Problem("", "The file is empty."))
    await imports.make_due(tx, project_id=project_id, task_id=task_id, now=now)
    await dues.bump(tx, project_id=project_id, actor="importer", due_at=now)


async def repeat(
    tx: Tx, *, project_id: int, pool: Pool, checked: Import, options: ImportOptions, by: str, now: datetime
) -> int:
    """The number of an import of a file that is here already, as after a dry run; raises Conflict where it is not."""
    task_id = await begin(tx, project_id=project_id, pool=pool, options=options, name=checked.name, now=now, by=by)
    if checked.state == "receiving" or not await imports.copy_file(
        tx, project_id=project_id, task_id=task_id, source_id=checked.task_id
    ):
        raise Conflict(f"The file of the import {checked.task_id} is not here, or not any more; send it again.")
    await complete(tx, project_id=project_id, task_id=task_id, now=now)
    return task_id


async def run(
    tx: Tx,
    *,
    project_id: int,
    found: Import,
    pool: Pool,
    batches: AsyncIterable[Iterable[CodeRow | RejectedRow]],
    meter: Meter,
    now: datetime,
) -> dict[str, Any]:
    """The report of an import that was carried out in this transaction; a dry run changes nothing but its preview."""
    options = found.options
    rules = UploadRules(
        are_known_refused=options.existing == "refuse",
        are_others_refused=options.elsewhere == "refuse",
        replaced_pool_id=pool.pool_id if options.is_replacing else None,
    )
    if options.is_dry_run:
        return await _foresee(tx, project_id, found.task_id, pool, batches, rules, meter)
    await pools.fill_by(tx, project_id=project_id, pool_ids=[pool.pool_id], method=options.method)
    done = await codes.upload(
        tx, project_id=project_id, batches=batches, now=now, rules=rules, task_id=found.task_id, meter=meter
    )
    if not done.rows:
        raise Invalid(Problem("", "The file holds no codes."))
    if options.is_replacing and done.rejected == done.rows:
        raise Invalid(Problem("", "No row of the file could be taken, so it replaces nothing."))
    await imports.forget_pieces(tx, project_id=project_id, before=now - FILE_KEPT)
    report: dict[str, Any] = msgspec.to_builtins(done)
    return report | {"isDryRun": False}


async def _foresee(
    tx: Tx,
    project_id: int,
    task_id: int,
    pool: Pool,
    batches: AsyncIterable[Iterable[CodeRow | RejectedRow]],
    rules: UploadRules,
    meter: Meter,
) -> dict[str, Any]:
    at = {"project_id": project_id, "task_id": task_id}
    counts = await codes.stage(tx, batches, meter)
    known = await uploads.mark_known(tx, project_id=project_id)
    loose = [pool.pool_id] if pool.lookup == "loose" else []
    chosen = Chosen(project_id, {pool.type: pool.pool_id}, loose, rules.are_others_refused)
    alike = await folds.find_alike_chosen(tx, chosen, is_kept=False)
    known -= alike.known
    refused = await uploads.find_known(
        tx,
        project_id=project_id,
        pools={pool.type: pool.pool_id},
        are_known_refused=rules.are_known_refused,
        are_others_refused=rules.are_others_refused,
    )
    ahead = await imports.foresee(tx)
    replaced = rules.replaced_pool_id
    absent = await imports.count_absent(tx, project_id=project_id, pool_id=replaced) if replaced else 0
    here, elsewhere = KNOWN_HERE, KNOWN_ELSEWHERE
    await imports.keep_preview(
        tx, **at, repeated=REPEATED, here=here, elsewhere=elsewhere, alike=READS_ALIKE, limit=PREVIEW_MAX
    )
    await folds.keep_alike(tx, **at, reason=ALIKE, limit=REJECTS_KEPT_MAX)
    await uploads.keep_known(tx, **at, here=here, elsewhere=elsewhere, limit=REJECTS_KEPT_MAX)
    await uploads.keep_rejects(tx, **at, counts=counts, reason=REPEATED, limit=REJECTS_KEPT_MAX)
    rejected = counts.refused + counts.repeated + refused.here + refused.elsewhere + alike.rows
    changed = ahead.moved + ahead.withdrawn + ahead.freed + ahead.redated
    report = codes.UploadReport(
        task_id=task_id,
        rows=counts.rows + counts.refused,
        added=counts.codes - alike.rows - known,
        moved=ahead.moved,
        withdrawn=ahead.withdrawn,
        freed=ahead.freed,
        redated=ahead.redated,
        unchanged=known - changed - refused.here - refused.elsewhere,
        rejected=rejected,
        repeated=counts.repeated,
        known_here=refused.here,
        known_elsewhere=refused.elsewhere,
        replaced=absent,
        pool_ids=[pool.pool_id],
        alike=alike.rows,
    )
    plain: dict[str, Any] = msgspec.to_builtins(report)
    return plain | {"isDryRun": True}


async def cancel(tx: Tx, *, project_id: int, task_id: int, now: datetime) -> None:
    """Stop an import before it is done; nothing of it stays. Raises NotFound, or Conflict when it is over."""
    if not await imports.cancel(tx, project_id=project_id, task_id=task_id, now=now):
        task = await tasks.get(tx, project_id=project_id, task_id=task_id)
        if task.kind != "import":
            raise Conflict(f"A task of the kind {task.kind!r} is not cancelled here.")
        raise Conflict(f"The import is {task.state} already" + ("; undo it." if task.state == "done" else "."))
    await imports.remove_pieces(tx, project_id=project_id, task_id=task_id)


async def undo(tx: Tx, *, project_id: int, task_id: int, now: datetime) -> dict[str, int]:
    """Take back the codes that an import added and nobody has; gives how many went, and how many stayed.

    What was reserved or issued stays with its owner, and a code that is everybody's stays while it is in use; codes
    that were there before keep the dates that the import gave them. Codes that the import replaced come back. Raises
    NotFound, or Conflict when there is nothing to undo.
    """
    at = {"project_id": project_id, "task_id": task_id}
    task = await tasks.get(tx, **at)
    if task.kind != "import" or task.report.get("isDryRun") or not await imports.mark_undone(tx, **at):
        raise Conflict(f"The task {task_id} is no import that is done; only that can be undone.")
    pool_ids = sorted({*await imports.list_pools(tx, **at), *task.report.get("poolIds", ())})
    await claims.lock_gates(tx, project_id=project_id, pool_ids=pool_ids)
    await folds.forget_free(tx, **at)
    back = await imports.remove_unissued(tx, **at, reason=UNDONE.format(task_id), now=now)
    freed = await _bring_back(tx, project_id, task_id, pool_ids) if task.report.get("replaced") else 0
    if freed:
        await holds.wake(tx, project_id=project_id, pool_ids=pool_ids, now=now)
    kept = await imports.count_kept(tx, **at) - back.withdrawn
    undone = {
        "removed": back.removed,
        "withdrawn": back.withdrawn,
        "kept": kept,
        "used": back.used,
        "broughtBack": freed,
    }
    await tasks.add_to_report(tx, **at, report={"undone": undone})
    return undone


async def _bring_back(tx: Tx, project_id: int, task_id: int, pool_ids: list[int]) -> int:
    reason, after, freed = REPLACED.format(task_id), 0, 0
    while found := await imports.list_replaced(
        tx, project_id=project_id, pool_ids=pool_ids, reason=reason, after=after, limit=uploads.CODES_AT_ONCE
    ):
        await imports.free_again(tx, project_id=project_id, code_ids=found)
        await uploads.join_line(tx, project_id=project_id, code_ids=found)
        after, freed = found[-1], freed + len(found)
    return freed
