"""Problems over REST: stock that runs low, and guessing; their log, and closing them; the thresholds behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar.params import JSONBody, QueryParameter

from tearoff.actions import problems as actions
from tearoff.api.pages import After, Id, Limit, Ref, next_page
from tearoff.api.site import Caller
from tearoff.domain.problems import EventKind, ProblemKind
from tearoff.domain.stock import Level, Rung, check_rungs
from tearoff.errors import Invalid, Problem
from tearoff.store import pools, stock
from tearoff.store import problems as store
from tearoff.store.problems import StoredProblem

CLOSED_AT_ONCE_MAX = 1000
StateFilter = Annotated[Literal["open", "closed"] | None, QueryParameter(name="state")]


class ProblemView(msgspec.Struct, rename="camel", kw_only=True):
    """A pool that runs low or that runs wait for, or guessing at codes, which has no pool.

    `ready` is what the pool had when it was looked at last for this.
    """

    id: int
    kind: ProblemKind
    pool: str | None
    state: Literal["open", "closed"]
    level: Level
    detail: str
    ready: int
    events: int
    first_at: datetime
    opened_at: datetime
    last_at: datetime
    closed_at: datetime | None
    closed_by: str | None


class ProblemPage(msgspec.Struct):
    """Problems by id."""

    items: list[ProblemView]
    next: str | None


class LoggedView(msgspec.Struct):
    """One event of a problem."""

    id: int
    kind: EventKind
    level: Level
    detail: str
    at: datetime


class LogPage(msgspec.Struct):
    """What happened, the newest first."""

    items: list[LoggedView]
    next: str | None


class ProblemIds(msgspec.Struct, forbid_unknown_fields=True):
    """The problems to close."""

    ids: list[int]


class Closed(msgspec.Struct):
    """The problems that were open, and are closed now."""

    ids: list[int]


class Ladder(msgspec.Struct, forbid_unknown_fields=True):
    """The thresholds of a pool beside its own `alertBelow`; an empty pool is always an alarm."""

    rungs: list[Rung]


async def list_problems(
    call: Caller, limit: Limit = 100, after: After = None, problem_state: StateFilter = None
) -> ProblemPage:
    """Problems of the project."""
    is_open = None if problem_state is None else problem_state == "open"
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, is_open=is_open, after=after or 0, limit=limit)
    return ProblemPage([view(each) for each in found], next_page([each.problem_id for each in found], limit))


async def get(call: Caller, problem_id: Id) -> ProblemView:
    """One problem."""
    async with call.site.db.transaction() as tx:
        return view(await store.get(tx, project_id=call.project_id, problem_id=problem_id))


async def log(call: Caller, problem_id: Id, limit: Limit = 100, after: After = None) -> LogPage:
    """What opened and renewed a problem, the newest first."""
    async with call.site.db.transaction() as tx:
        await store.get(tx, project_id=call.project_id, problem_id=problem_id)
        found = await store.list_events(
            tx, project_id=call.project_id, problem_id=problem_id, before=after, limit=limit
        )
    items = [LoggedView(each.event_id, each.kind, each.level, each.detail, each.at) for each in found]
    return LogPage(items, next_page([each.event_id for each in found], limit))


async def close(call: Caller, problem_id: Id) -> ProblemView:
    """Close a problem; something new opens it again."""
    async with call.site.db.transaction() as tx:
        await store.get(tx, project_id=call.project_id, problem_id=problem_id)
        await actions.close(tx, project_id=call.project_id, problem_ids=[problem_id], by=call.actor.name, now=call.now)
        return view(await store.get(tx, project_id=call.project_id, problem_id=problem_id))


async def close_many(call: Caller, data: JSONBody[ProblemIds]) -> Closed:
    """Close several problems at once."""
    if len(data.ids) > CLOSED_AT_ONCE_MAX:
        raise Invalid(Problem("/ids", f"At most {CLOSED_AT_ONCE_MAX} problems at once."))
    async with call.site.db.transaction() as tx:
        return Closed(
            await actions.close(tx, project_id=call.project_id, problem_ids=data.ids, by=call.actor.name, now=call.now)
        )


async def get_ladder(call: Caller, pool: Ref) -> Ladder:
    """The thresholds of a pool beside its own."""
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, project_id=call.project_id, reference=pool)
        rungs = await stock.list_rungs(tx, project_id=call.project_id, pool_id=found.pool_id)
    return Ladder(rungs.get(found.pool_id, []))


async def put_ladder(call: Caller, pool: Ref, data: JSONBody[Ladder]) -> Ladder:
    """Set the thresholds of a pool beside its own."""
    if problems := check_rungs(data.rungs):
        raise Invalid(*problems)
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, project_id=call.project_id, reference=pool)
        await pools.lock(tx, project_id=call.project_id, keys=[found.key])
        await stock.put_rungs(tx, project_id=call.project_id, pool_id=found.pool_id, rungs=data.rungs)
    return data


def view(problem: StoredProblem) -> ProblemView:
    """A problem as the API shows it."""
    return ProblemView(
        id=problem.problem_id,
        kind=problem.kind,
        pool=problem.pool_key,
        state="open" if problem.closed_at is None else "closed",
        level=problem.level,
        detail=problem.detail,
        ready=problem.ready,
        events=problem.events,
        first_at=problem.first_at,
        opened_at=problem.opened_at,
        last_at=problem.last_at,
        closed_at=problem.closed_at,
        closed_by=problem.closed_by,
    )
