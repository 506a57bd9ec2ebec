"""The issuer: goes on with tasks that issue codes to many contacts, a batch in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tearoff.actions import contacts
from tearoff.actions.handouts import HandedOut, hand_out, tried
from tearoff.domain.code_files import RejectedRow
from tearoff.domain.handouts import Policy, fit_of, window_of
from tearoff.domain.issues import refusal_of_pool
from tearoff.engine.parts import Engine
from tearoff.logs import get_logger
from tearoff.store import dues, issuances, pools, projects, tasks
from tearoff.store.claims import ClaimTerms, ClaimWish
from tearoff.store.db import Tx
from tearoff.store.issuances import Issuance, Line

LOG = get_logger("issuer")
LEASE = timedelta(seconds=60)
BATCH_MAX = 1_000
CAPPED = "The contact has had as many codes of the pool as it may."
EMPTY = "No code of the pool was left that fits."


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Issue to one batch of one task of a project; gives how many lines were settled."""
    lease = uuid4()
    async with engine.db.transaction() as tx:
        issuance = await issuances.lease(tx, project_id=project_id, lease=lease, until=now + LEASE, now=now)
        if issuance is None:
            await dues.settle(tx, project_id=project_id, actor="issuer")
            return 0

    async def act() -> int:
        async with engine.db.transaction() as tx:
            return await _batch(tx, project_id, issuance, lease, now)

    settled = await tried(act)
    LOG.info("codes_issued", project_id=project_id, task_id=issuance.task_id, lines=settled)
    return max(settled, 1)


async def _batch(tx: Tx, project_id: int, issuance: Issuance, lease: UUID, now: datetime) -> int:
    lines = await issuances.list_lines(tx, project_id=project_id, issuance=issuance, limit=BATCH_MAX)
    zone = (await projects.get(tx, project_id=project_id)).zone
    policy = Policy(await pools.get(tx, project_id=project_id, pool_id=issuance.pool_id), zone)
    handed = await _hand_out(tx, project_id, policy, issuance, lines, now) if lines else HandedOut([], frozenset())
    got = {row.key for row in handed.claimed}
    left = refusal_of_pool(policy.pool, now)
    rejects = [
        RejectedRow(line.line, str(line.contact_id), CAPPED if key in handed.capped else str(left or EMPTY))
        for line in lines
        if (key := _key(issuance, line)) not in got
    ]
    if rejects:
        await issuances.add_rejects(tx, project_id=project_id, task_id=issuance.task_id, rows=rejects)
    issued = len(lines) - len(rejects)
    at: dict[str, Any] = {"project_id": project_id, "task_id": issuance.task_id}
    reached = lines[-1].line if lines else issuance.reached
    if not await issuances.advance(tx, **at, lease=lease, reached=reached, issued=issued, refused=len(rejects)):
        await tx.rollback()
        return 0
    if len(lines) < BATCH_MAX:
        await _finish(tx, project_id, issuance, issued, now)
    return len(lines)


async def _hand_out(
    tx: Tx, project_id: int, policy: Policy, issuance: Issuance, lines: Sequence[Line], now: datetime
) -> HandedOut:
    """The codes of a batch, issued at once and written to the field that wants them."""
    window = window_of(policy, now)
    handed = await hand_out(
        tx,
        project_id=project_id,
        policy=policy,
        fit=fit_of(policy, issuance.wish, now),
        terms=ClaimTerms(
            "task", is_issued=True, field_id=issuance.field_id, use_from=window.start, use_until=window.end
        ),
        wishes=[ClaimWish(_key(issuance, line), f"pool={issuance.pool_id}", 0, line.contact_id) for line in lines],
    )
    if issuance.field_id is not None:
        owner_of = {_key(issuance, line): line.contact_id for line in lines}
        values = [(owner_of[row.key], issuance.field_id, row.value) for row in handed.claimed]
        await contacts.set_fields(tx, project_id=project_id, values=values, now=now)
    return handed


def _key(issuance: Issuance, line: Line) -> str:
    return f"{issuance.task_id}:{line.line}"


async def _finish(tx: Tx, project_id: int, issuance: Issuance, issued: int, now: datetime) -> None:
    task = await tasks.get(tx, project_id=project_id, task_id=issuance.task_id)
    total = issuance.issued + issued
    report = {"rows": task.done, "issued": total, "refused": task.done - total, "poolId": issuance.pool_id}
    await tasks.finish(
        tx,
        project_id=project_id,
        task_id=issuance.task_id,
        state="done",
        done=task.done,
        report=report,
        now=now,
    )
