"""The runner: leases due runs of one project, takes them through their blocks as sets, and writes all of it at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from tearoff.actions import contacts, holds
from tearoff.actions import runs as run_actions
from tearoff.clock import monotonic
from tearoff.domain.projects import Project
from tearoff.domain.runs import Run, message_failure
from tearoff.domain.shapes import keepable
from tearoff.engine.blocks import KINDS
from tearoff.engine.parts import Engine
from tearoff.engine.recipients import add_contact
from tearoff.engine.travellers import Carried, Group, Traveller
from tearoff.engine.versions import request_data
from tearoff.errors import Overloaded, TearoffError, Unavailable
from tearoff.logs import get_logger
from tearoff.store import claims, deliveries, dues, projects, runs, steps
from tearoff.store.claims import HeldCode
from tearoff.store.db import Tx, said

LOG = get_logger("runner")
STEPS_MAX = 1000
DETAIL_MAX = 500
Go = Callable[[Sequence[Run]], Awaitable[None]]


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Move what is due in one project; gives how many runs were taken."""
    lease = uuid4()
    async with engine.db.transaction() as tx:
        taken = await runs.lease(
            tx,
            project_id=project_id,
            lease=lease,
            until=now + engine.limits.lease,
            now=now,
            limit=engine.limits.run_batch_max,
        )
        if not taken:
            await dues.settle(tx, project_id=project_id, actor="runner")
            return 0

    async def go(some: Sequence[Run]) -> None:
        project, travellers = await ready(engine, project_id, some)
        await travel(engine, project, travellers, now)
        await write(engine, project_id, lease, travellers, now)

    await isolated(engine, project_id, lease, taken, now, go)
    return len(taken)


async def isolated(engine: Engine, project_id: int, lease: UUID, taken: Sequence[Run], now: datetime, go: Go) -> None:
    """Let a set go; when it breaks, its halves, down to the one run that breaks: it fails, and its set goes on.

    What the database lost or put off is tried again by lease, all of it.
    """
    try:
        await go(taken)
    except (Unavailable, Overloaded, psycopg.OperationalError):
        raise
    except Exception as error:
        if len(taken) > 1:
            middle = len(taken) // 2
            await isolated(engine, project_id, lease, taken[:middle], now, go)
            await isolated(engine, project_id, lease, taken[middle:], now, go)
            return
        LOG.error("run_broke", project_id=project_id, run_id=taken[0].run_id, exc_info=error)
        await _fail_alone(engine, project_id, lease, taken[0].run_id, error, now)


async def _fail_alone(
    engine: Engine, project_id: int, lease: UUID, run_id: int, error: Exception, now: datetime
) -> None:
    reason = {"type": "internal", "detail": keepable(f"{type(error).__name__}: {said(error)}")[:DETAIL_MAX]}
    async with engine.db.transaction() as tx:
        if await runs.fail_leased(tx, project_id=project_id, lease=lease, run_id=run_id, error=reason, now=now):
            await run_actions.settle(tx, project_id=project_id, states={run_id: "failed"}, now=now)


async def ready(engine: Engine, project_id: int, taken: Sequence[Run]) -> tuple[Project, list[Traveller]]:
    """The runs with everything that they knew before they were put down."""
    keys = [claim["key"] for run in taken for claim in run.data.get("claims", ())]
    contact_ids = sorted({r.contact_id for r in taken if r.contact_id is not None and r.data.get("hasContact")})
    event_ids = [run.event_id for run in taken if run.event_id is not None]
    async with engine.db.transaction() as tx:
        project = await projects.get(tx, project_id=project_id)
        await engine.versions.load(tx, project_id=project_id, runs=taken)
        params = await runs.list_params(tx, project_id=project_id, event_ids=event_ids) if event_ids else {}
        held = await claims.list_values(tx, project_id=project_id, scope="run", keys=keys) if keys else []
        known = await contacts.load(tx, project_id=project_id, contact_ids=contact_ids) if contact_ids else []
    codes = {code.key: code for code in held}
    by_id = {contact.contact_id: contact for contact in known}
    travellers = [_traveller(engine, project_id, run, params.get(run.event_id or 0, {}), codes) for run in taken]
    for traveller in travellers:
        contact = by_id.get(traveller.run.contact_id or 0)
        if contact is not None:
            add_contact(traveller, contact)
    return project, travellers


def _traveller(
    engine: Engine, project_id: int, run: Run, params: dict[str, Any], codes: dict[str, HeldCode]
) -> Traveller:
    if run.event_id is None:
        params = _request_params(run)
    known = {} if run.contact_id is None else {"contactId": run.contact_id}
    traveller = Traveller(
        run=run,
        workflow=engine.versions.workflow_of(project_id, run),
        params=params,
        data={**known, **params, **({} if run.workflow_id else request_data(run))},
        block_id=run.block,
        contact_id=run.contact_id,
    )
    for claim in run.data.get("claims", ()):
        code = codes.get(claim["key"])
        if code is not None:
            carried = Carried(claim["block"], code.key, claim["parameter"], code.code_id, code.value, code.expires_at)
            if "%" in code.key:
                traveller.carried.append(carried)
            else:
                traveller.carry(carried)
    return traveller


def _request_params(run: Run) -> dict[str, Any]:
    """What a send without a workflow may read: its jsonParam, and who it is for."""
    given = run.data.get("jsonParam")
    params = dict(given) if isinstance(given, dict) else {}
    if run.data.get("externalCustomerId"):
        params["externalCustomerId"] = run.data["externalCustomerId"]
    return params


async def travel(engine: Engine, project: Project, travellers: Sequence[Traveller], now: datetime) -> None:
    """Take every run from block to block until it is over or must wait.

    A block that breaks fails its group's runs, never the whole set; what the database lost is tried again by lease.
    """
    until = monotonic() + engine.limits.lease.total_seconds() / 2
    for _ in range(STEPS_MAX):
        groups: dict[tuple[Any, ...], list[Traveller]] = defaultdict(list)
        for t in travellers:
            if t.end is None:
                groups[(t.run.workflow_id, t.run.version, t.run.data.get("messageId"), t.block_id)].append(t)
        if not groups:
            return
        for (*_, block_id), members in groups.items():
            block = members[0].block
            group = Group(project=project, block_id=block_id, block=block, travellers=members, now=now, until=until)
            await _act(engine, group)
    for t in travellers:
        if t.end is None:
            t.fail("too-many-steps", f"The run passed {STEPS_MAX} blocks without an end.", now)


async def _act(engine: Engine, group: Group) -> None:
    try:
        await KINDS[type(group.block)](engine, group)
    except TearoffError as error:
        if isinstance(error, Unavailable | Overloaded):
            raise
        LOG.warning("block_failed", project_id=group.project_id, block=group.block_id, error=error.type)
        for traveller in group.travellers:
            if traveller.end is None and traveller.block_id == group.block_id:
                traveller.fail(error.type, str(error), group.now)


async def write(engine: Engine, project_id: int, lease: UUID, travellers: Sequence[Traveller], now: datetime) -> None:
    """Everything that the set did, in one transaction; runs whose lease was lost are left to who has them now."""
    async with engine.db.transaction() as tx:
        ids = [t.run.run_id for t in travellers]
        ours = await runs.lock_leased(tx, project_id=project_id, lease=lease, run_ids=ids)
        kept = [t for t in travellers if t.run.run_id in ours]
        if len(kept) < len(travellers):
            LOG.warning("leases_lost", project_id=project_id, runs=len(travellers) - len(kept))
        written = [delivery for t in kept for delivery in t.deliveries]
        if written:
            await deliveries.add_all(tx, project_id=project_id, deliveries=written, now=now)
        await steps.add_all(tx, project_id=project_id, steps=[step for t in kept for step in t.steps])
        moves = [t.end for t in kept if t.end is not None]
        await runs.move_all(tx, project_id=project_id, moves=moves, now=now)
        await _settle(tx, project_id, kept, now)
        # also those that a source answered: while the caller had them, the runner may have looked and gone to rest
        if any(move.state in ("calling", "due") for move in moves):
            await dues.bump(tx, project_id=project_id, actor="runner", due_at=now)
        if written:
            await dues.bump(tx, project_id=project_id, actor="sender", due_at=now)
    LOG.info("runs_moved", project_id=project_id, runs=len(kept), deliveries=len(written))
    if lost := sorted(set(ids) - ours):
        await _settle_lost(engine, project_id, lost, now)


async def _settle_lost(engine: Engine, project_id: int, run_ids: Sequence[int], now: datetime) -> None:
    """Settle runs that were taken from us and are over: who ended one did not see a claim that we made just then."""
    async with engine.db.transaction() as tx:
        states = await runs.lock(tx, project_id=project_id, run_ids=run_ids)
        await run_actions.settle(tx, project_id=project_id, states=states, now=now)


async def _settle(tx: Tx, project_id: int, kept: Sequence[Traveller], now: datetime) -> None:
    """What the ends of these runs mean: for their codes, and for the queues that some of them join.

    A message of an earlier stretch may have failed while its run was still on its way.
    """
    ends = {t.run.run_id: t.end for t in kept if t.end is not None}
    states = {run_id: end.state for run_id, end in ends.items()}
    resumed = [t.run.run_id for t in kept if t.run.position and states.get(t.run.run_id) == "done"]
    if resumed:
        failed = await deliveries.list_failed(tx, project_id=project_id, run_ids=resumed)
        errors = {f.run_id: (f.run_id, f.block, message_failure(f.block, f.detail)) for f in reversed(failed)}
        for run_id in await runs.mark_failed(tx, project_id=project_id, errors=list(errors.values()), now=now):
            states[run_id] = "failed"
    queued = {end.hold.pool_id for end in ends.values() if end.hold is not None}
    await run_actions.settle(tx, project_id=project_id, states=states, now=now, gates=queued)
    if queued:
        await holds.wake(tx, project_id=project_id, pool_ids=sorted(queued), now=now)
