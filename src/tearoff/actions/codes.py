"""Uploads of codes: all valid rows or none, in one transaction, with a report of what was refused."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Rollback

from tearoff.actions import holds, pools
from tearoff.domain.code_files import CodeRow, RejectedRow
from tearoff.domain.pools import type_of
from tearoff.errors import Conflict, TooLarge
from tearoff.store import claims, codes, folds, tasks, uploads
from tearoff.store.codes import CodeStory
from tearoff.store.db import Tx
from tearoff.store.folds import AlikeCounts, Chosen

REPEATED = "The code stands in line %s of this upload already."
KNOWN_HERE = "The code is in the pool already."
KNOWN_ELSEWHERE = "The code is in the pool '%s' already."
READS_ALIKE = "The code is another spelling of one that is known, or stands in the file before."
ALIKE = "The code reads like '%s', which is another one."
MADE_LOOSE = "The codes of the pool are found loosely since this upload began; upload them again."
REPLACED = "Replaced by the upload {}."
READING_SHARE = 0.35
"""How much of an upload's time reading takes, for its progress; storing takes the rest."""
ROWS_MAX = 10_000_000
REJECTS_KEPT_MAX = 1_000_000


class UploadReport(msgspec.Struct, frozen=True, rename="camel"):
    """What an upload did; every row is in exactly one of the counts `added` to `rejected`.

    Of the rejected ones, some repeat a code of the file, some are codes that are known here or in other pools and that
    the upload leaves alone, some are only written in another way than a code of a loose pool (`alike`); the rest is
    wrong in itself. `replaced` codes stand in no row: the upload took their place.
    """

    task_id: int
    rows: int
    added: int
    moved: int
    withdrawn: int
    freed: int
    redated: int
    unchanged: int
    rejected: int
    repeated: int
    known_here: int
    known_elsewhere: int
    replaced: int
    pool_ids: list[int]
    alike: int = 0


class UploadRules(msgspec.Struct, frozen=True):
    """What an upload may do to codes that exist: change those of its pool, take those of others, replace free ones."""

    are_known_refused: bool = False
    are_others_refused: bool = False
    replaced_pool_id: int | None = None


class Meter:
    """How far an upload is: the rows read so far, and its share of all the work. Somebody else may look at any time."""

    def __init__(self) -> None:
        self.rows = 0
        self.share = 0.0
        self.read_share = 0.0

    def tell_stored(self, share: float) -> None:
        """Note how much of the storing is done."""
        self.share = READING_SHARE + (1 - READING_SHARE) * share

    def tell_read(self, rows: int) -> None:
        """Note how many rows were read; how much of the file that is, its reader says in `read_share`."""
        self.rows = rows
        self.share = READING_SHARE * self.read_share


async def upload(
    tx: Tx,
    *,
    project_id: int,
    batches: AsyncIterable[Iterable[CodeRow | RejectedRow]],
    now: datetime,
    rules: UploadRules | None = None,
    task_id: int | None = None,
    meter: Meter | None = None,
    noticed: Callable[[], dict[str, Any]] = dict,
) -> UploadReport:
    """Take codes into their pools; pools that are missing are made, launched.

    New codes join closed lots and are published at the end, under the gates, so claims never wait for the file. A free
    code moves to a lot with its new attributes; a reserved or issued one only gets its new date; `inUse: true`
    withdraws a free code, `inUse: false` frees a withdrawn one. What a row does not state stays as it is. Without a
    `task_id` the upload is a task of its own, done with it; its report holds what the reader `noticed` too.
    """
    own_task, rules = task_id is None, rules or UploadRules()
    task = await tasks.add(tx, project_id=project_id, kind="import", now=now) if task_id is None else task_id
    at, meter = {"project_id": project_id, "task_id": task}, meter or Meter()
    counts = await stage(tx, batches, meter)
    known = await uploads.mark_known(tx, project_id=project_id)
    types = await uploads.list_types(tx)
    by_type = await pools.ensure(tx, project_id=project_id, types=types, now=now)
    pool_of = {name: by_type[type_of(name)] for name in types}
    loose = await folds.list_loose(tx, project_id=project_id, pool_ids=list(pool_of.values()))
    alike = await _refuse_alike(tx, at, pool_of, loose, rules)
    known -= alike.known
    lots = await uploads.add_codes(tx, **at, pools=pool_of, now=now, tell=meter.tell_stored)
    added = sum(lot.added for lot in lots)
    if counts.codes - alike.rows > known + added:
        known += await uploads.mark_late(tx, **at)
    replaced_pools = set() if rules.replaced_pool_id is None else {rules.replaced_pool_id}
    if own_task and added:
        filled = sorted(set(pool_of.values()))
        await pools.fill_by(tx, project_id=project_id, pool_ids=filled, method="file", others=pools.BY_API)
    gates = await _lock(tx, project_id, set(pool_of.values()) | replaced_pools, has_known=known > 0)
    if loose != await folds.list_loose(tx, project_id=project_id, pool_ids=list(pool_of.values())):
        raise Conflict(MADE_LOOSE)
    await uploads.publish(tx, project_id=project_id, lots=lots)
    changes = await _update_known(tx, project_id, task, pool_of, rules, now) if known else Changes()
    replaced = await _replace(tx, project_id, task, rules.replaced_pool_id, now)
    await holds.wake(tx, project_id=project_id, pool_ids=sorted(gates), now=now)
    await uploads.keep_rejects(tx, **at, counts=counts, reason=REPEATED, limit=REJECTS_KEPT_MAX)
    report = _report(task, counts, added, changes, replaced, sorted(gates), alike.rows)
    if own_task:
        body = msgspec.to_builtins(report) | noticed()
        await tasks.finish(tx, **at, state="done", done=report.rows, report=body, now=now)
    return report


async def _refuse_alike(
    tx: Tx, at: dict[str, int], pool_of: dict[str, int], loose: list[int], rules: UploadRules
) -> AlikeCounts:
    """Leave out the rows that would be taken for another code of a loose pool; pools that are exact cost nothing."""
    if not loose:
        return AlikeCounts()
    chosen = Chosen(at["project_id"], pool_of, loose, rules.are_others_refused)
    alike = await folds.find_alike_chosen(tx, chosen, is_kept=True)
    await folds.keep_alike(tx, **at, reason=ALIKE, limit=REJECTS_KEPT_MAX)
    return alike


def _report(
    task_id: int, counts: uploads.Counts, added: int, changes: Changes, replaced: int, pool_ids: list[int], alike: int
) -> UploadReport:
    rows = counts.rows + counts.refused
    rejected = counts.refused + counts.repeated + changes.refused.here + changes.refused.elsewhere + alike
    changed = changes.moved + changes.withdrawn + changes.freed + changes.redated
    return UploadReport(
        task_id=task_id,
        rows=rows,
        added=added,
        moved=changes.moved,
        withdrawn=changes.withdrawn,
        freed=changes.freed,
        redated=changes.redated,
        unchanged=rows - added - changed - rejected,
        rejected=rejected,
        repeated=counts.repeated,
        known_here=changes.refused.here,
        known_elsewhere=changes.refused.elsewhere,
        replaced=replaced,
        pool_ids=pool_ids,
        alike=alike,
    )


async def withdraw(tx: Tx, *, project_id: int, value: str, reason: str, now: datetime) -> CodeStory:
    """Take one free code out of circulation for `reason`; a withdrawn one stays as it is.

    Raises NotFound, or Conflict when somebody holds the code.
    """
    code = await codes.get(tx, project_id=project_id, value=value)
    await claims.lock_gates(tx, project_id=project_id, pool_ids=[code.pool_id])
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
    refused: uploads.Refused = uploads.Refused()


async def stage(tx: Tx, batches: AsyncIterable[Iterable[CodeRow | RejectedRow]], meter: Meter) -> uploads.Counts:
    """Read the rows into the staging tables of this transaction; of equal codes the first one counts."""
    rows = 0
    async with uploads.stage(tx) as staging:
        async for batch in batches:
            rows += await staging.add_all(batch)
            if rows > ROWS_MAX:
                raise TooLarge("upload", f"{ROWS_MAX} rows")
            meter.tell_read(rows)
    return await uploads.choose(tx)


async def _lock(tx: Tx, project_id: int, pool_ids: set[int], *, has_known: bool) -> set[int]:
    """The pools whose gates are now held: these, and those in which the known codes are.

    Another upload may move a known code while we wait for a gate; then the locks are let go and taken anew in order.
    """
    while True:
        wanted = pool_ids | set(await uploads.list_pools_of_known(tx, project_id=project_id) if has_known else [])
        async with tx.transaction() as savepoint:
            await claims.lock_gates(tx, project_id=project_id, pool_ids=sorted(wanted))
            if not has_known or wanted.issuperset(await uploads.list_pools_of_known(tx, project_id=project_id)):
                return wanted
            raise Rollback(savepoint)


async def _update_known(
    tx: Tx, project_id: int, task_id: int, pool_of: dict[str, int], rules: UploadRules, now: datetime
) -> Changes:
    """Change codes that existed; the gates are held, so where each one stands cannot change under us."""
    at = {"project_id": project_id, "task_id": task_id}
    refused = await uploads.find_known(
        tx,
        project_id=project_id,
        pools=pool_of,
        are_known_refused=rules.are_known_refused,
        are_others_refused=rules.are_others_refused,
    )
    if refused.here or refused.elsewhere:
        await uploads.keep_known(tx, **at, here=KNOWN_HERE, elsewhere=KNOWN_ELSEWHERE, limit=REJECTS_KEPT_MAX)
    withdrawn = moved = freed = 0
    async for codes_ in uploads.known_sets(tx, "list_withdrawn_now"):
        withdrawn += len(codes_)
        await uploads.withdraw(tx, project_id=project_id, code_ids=codes_, now=now)
    async for codes_ in uploads.known_sets(tx, "list_moving"):
        moved += len(codes_)
        await uploads.leave_line(tx, project_id=project_id, code_ids=codes_)
        await uploads.move(tx, **at, code_ids=codes_)
    async for codes_ in uploads.known_sets(tx, "list_freed"):
        freed += len(codes_)
        await uploads.move(tx, **at, code_ids=codes_)
    redated = await uploads.override_dates(tx, project_id=project_id)
    return Changes(moved, withdrawn, freed, redated, refused)


async def _replace(tx: Tx, project_id: int, task_id: int, pool_id: int | None, now: datetime) -> int:
    """Withdraw the free codes of the pool that stand in no row of the upload; gives how many."""
    if pool_id is None:
        return 0
    reason = REPLACED.format(task_id)
    return await uploads.replace_absent(tx, project_id=project_id, pool_id=pool_id, reason=reason, now=now)
