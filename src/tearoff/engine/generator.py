"""The generator: makes the codes of generation tasks in batches, and starts tasks for pools that run low."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tearoff.actions import forecasts, holds
from tearoff.actions import formats as actions
from tearoff.domain.formats import Format
from tearoff.domain.generation import BATCH_MAX, Generation, Refill, generate
from tearoff.domain.validity import Span, end_of_day, later
from tearoff.engine.parts import Engine
from tearoff.errors import TearoffError
from tearoff.logs import get_logger
from tearoff.store import claims, folds, formats, pools, projects, stock, tasks, uploads
from tearoff.store.db import Tx
from tearoff.store.secrets import context
from tearoff.store.uploads import FilledLot

LOG = get_logger("generator")
LEASE = timedelta(seconds=60)


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Make one batch of one task of a project; gives how many batches that were, 0 or 1."""
    await _start_refills(engine, project_id, now)
    lease = uuid4()
    async with engine.db.transaction() as tx:
        generation = await formats.lease_generation(tx, project_id=project_id, lease=lease, until=now + LEASE, now=now)
        if generation is None:
            return 0
        format = await formats.resolve(tx, project_id=project_id, reference=generation.format_id)
        sealed = await formats.get_secret(tx, project_id=project_id, format_id=format.format_id)
    secret = engine.cipher.open(sealed, context(project_id, "format", format.key))
    async with engine.db.transaction() as tx:
        made = await _batch(tx, project_id, generation, format, secret, lease, now)
        if made is not None:
            await formats.free_lease(tx, project_id=project_id, task_id=generation.task_id, lease=lease)
    LOG.info("codes_generated", project_id=project_id, task_id=generation.task_id, codes=made or 0)
    return 1


async def _batch(
    tx: Tx, project_id: int, generation: Generation, format: Format, secret: bytes, lease: UUID, now: datetime
) -> int | None:
    """One batch in one transaction: numbers, codes, lot, progress. None when the task was cancelled meanwhile.

    A number is used once, also when its code turns out to be taken or holds a forbidden word: the next batch goes on.
    """
    at = {"project_id": project_id}
    count = min(generation.quantity - generation.done, BATCH_MAX)
    first = await formats.reserve(tx, **at, format_id=format.format_id, count=count)
    room = format.definition.capacity - first
    if room <= 0:
        return await _end(tx, project_id, generation, "The format has no more codes.", now)
    codes = generate(format.definition, secret, first, min(count, room))
    loose = await folds.list_loose(tx, **at, pool_ids=[generation.pool_id])
    if loose:
        apart = await folds.add_all(tx, **at, values=codes)
        codes = [code for code in codes if code in apart]
    lot_id, added = await formats.store_codes(tx, **at, generation=generation, codes=codes)
    done = await formats.advance(tx, **at, task_id=generation.task_id, lease=lease, count=added.added)
    if done is None:
        await tx.rollback()
        return None
    await claims.lock_gates(tx, **at, pool_ids=[generation.pool_id])
    if loose != await folds.list_loose(tx, **at, pool_ids=[generation.pool_id]):
        await tx.rollback()
        return None
    lot = FilledLot(lot_id, added.added, added.added, added.last)
    await uploads.publish(tx, **at, lots=[lot])
    await holds.wake(tx, **at, pool_ids=[generation.pool_id], now=now)
    if done >= generation.quantity:
        await _end(tx, project_id, generation, None, now)
    return added.added


async def _end(tx: Tx, project_id: int, generation: Generation, problem: str | None, now: datetime) -> int:
    task = await tasks.get(tx, project_id=project_id, task_id=generation.task_id)
    report = {"added": task.done, "poolId": generation.pool_id, **({"problem": problem} if problem else {})}
    await tasks.finish(
        tx,
        project_id=project_id,
        task_id=generation.task_id,
        state="failed" if problem else "done",
        done=task.done,
        report=report,
        now=now,
    )
    return 0


async def _start_refills(engine: Engine, project_id: int, now: datetime) -> None:
    async with engine.db.transaction() as tx:
        low = await formats.list_low(tx, project_id=project_id, now=now)
        low += await _short_lived(tx, project_id, {refill.pool_id for refill in low}, now)
        zone = (await projects.get(tx, project_id=project_id)).zone if low else None
    for refill in low:
        days = refill.valid_days
        ends = None if days is None or zone is None else end_of_day(later(now, Span(days, "days"), zone), zone)
        await _refill(engine, project_id, refill, ends, now)


async def _short_lived(tx: Tx, project_id: int, low: Set[int], now: datetime) -> list[Refill]:
    """The rules of pools that are not low, and yet will be empty sooner than their owners want."""
    rules = [refill for refill in await formats.list_timed(tx, project_id=project_id) if refill.pool_id not in low]
    if not rules:
        return []
    pool_ids = [refill.pool_id for refill in rules]
    stocks = await stock.list_all(tx, project_id=project_id, pool_ids=pool_ids, now=now)
    ahead = await forecasts.look_ahead(tx, project_id=project_id, stocks=stocks, now=now)
    left = {pool_id: outlook.fast.days_left for pool_id, outlook in ahead.items()}
    return [
        refill
        for refill in rules
        if (days := left[refill.pool_id]) is not None and refill.days_left is not None and days < refill.days_left
    ]


async def _refill(engine: Engine, project_id: int, refill: Refill, ends: datetime | None, now: datetime) -> None:
    """Start the task of one pool; why it cannot be is kept with its rule, where the pool's page shows it."""
    at = {"project_id": project_id, "pool_id": refill.pool_id}
    problem = None
    try:
        async with engine.db.transaction() as tx:
            await actions.start(
                tx,
                project_id=project_id,
                pool=await pools.get(tx, **at),
                format=await formats.resolve(tx, project_id=project_id, reference=refill.format_id),
                quantity=refill.quantity,
                discount=refill.discount,
                expires_at=ends,
                now=now,
            )
    except TearoffError as error:
        if error.type == "unavailable":
            raise
        problem = str(error)
    async with engine.db.transaction() as tx:
        await formats.mark_refill_problem(tx, **at, problem=problem)
