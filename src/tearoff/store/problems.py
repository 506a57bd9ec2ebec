"""Problems: one a pool and one of guessing, each with its log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from tearoff.domain.problems import CALM, REFILLED, Decision, EventKind, ProblemKind, Watched
from tearoff.domain.stock import Level
from tearoff.errors import NotFound
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional, fetch_value

SQL = queries.load("problems")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StoredProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem; `closed_by` is who closed it, or `refill`, or `calm`. That of guessing has no pool."""

    problem_id: int
    kind: ProblemKind
    pool_id: int | None
    pool_key: str | None
    level: Level
    detail: str
    ready: int
    events: int
    first_at: datetime
    opened_at: datetime
    last_at: datetime
    closed_at: datetime | None
    closed_by: str | None


class LoggedEvent(msgspec.Struct, frozen=True):
    """One thing that opened or renewed a problem."""

    event_id: int
    kind: EventKind
    level: Level
    detail: str
    at: datetime


async def list_watched(tx: Tx, *, project_id: int) -> list[Watched]:
    """The launched pools, and those with open problems."""
    return await fetch_all(tx, SQL.list_watched, {"project_id": project_id, "epoch": EPOCH}, Watched)


async def write(tx: Tx, *, project_id: int, decision: Decision, now: datetime) -> int | None:
    """The id of the problem that the decision changed; None when another watcher was faster."""
    pool = decision.pool
    params: dict[str, Any] = {
        "project_id": project_id,
        "pool_id": pool.pool_id,
        "problem_id": pool.problem_id,
        "level": decision.level,
        "detail": decision.detail,
        "rung": decision.rung,
        "ready": decision.ready,
        "count": len(decision.happened),
        "events": pool.events,
        "held_at": pool.held_at,
        "held_run_id": pool.held_run_id,
        "is_open": decision.is_open or not pool.is_open,
        "by": REFILLED,
        "told_at": now if decision.is_news(now) else pool.told_at,
        "now": now,
    }
    if not decision.happened:
        return await fetch_optional(tx, SQL.move, params, int)
    problem_id = await fetch_optional(tx, SQL.add if pool.problem_id is None else SQL.reopen, params, int)
    if problem_id is not None:
        log = {
            "problem_id": problem_id,
            "kinds": [event.kind for event in decision.happened],
            "levels": [event.level for event in decision.happened],
            "details": [event.detail for event in decision.happened],
        }
        await execute(tx, SQL.add_events, params | log)
    return problem_id


async def list_page(
    tx: Tx, *, project_id: int, is_open: bool | None = None, problem_id: int | None = None, after: int = 0, limit: int
) -> list[StoredProblem]:
    """A page of problems by id."""
    params = {"project_id": project_id, "is_open": is_open, "problem_id": problem_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, StoredProblem)


async def get(tx: Tx, *, project_id: int, problem_id: int) -> StoredProblem:
    """One problem; raises NotFound."""
    found = await list_page(tx, project_id=project_id, problem_id=problem_id, limit=1)
    if not found:
        raise NotFound("problem", problem_id)
    return found[0]


async def list_events(tx: Tx, *, project_id: int, problem_id: int, before: int | None, limit: int) -> list[LoggedEvent]:
    """The log of a problem, the newest first."""
    params = {"project_id": project_id, "problem_id": problem_id, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_events, params, LoggedEvent)


async def close(tx: Tx, *, project_id: int, problem_ids: Sequence[int], by: str, now: datetime) -> list[int]:
    """Close open problems; gives those that were open."""
    params = {"project_id": project_id, "problem_ids": list(problem_ids), "by": by, "now": now}
    return await fetch_all(tx, SQL.close, params, int)


class GuessState(msgspec.Struct, frozen=True):
    """The problem of guessing, if there ever was one, and how many must wait now."""

    problem_id: int | None
    is_open: bool
    told_at: datetime | None
    locked: int


async def take_suspects(tx: Tx, *, project_id: int) -> list[str]:
    """Who was locked out since the last look: each lock is given once, to one watcher."""
    return sorted(await fetch_all(tx, SQL.take_suspects, {"project_id": project_id}, str))


async def get_guess_state(tx: Tx, *, project_id: int, now: datetime) -> GuessState:
    """How it stands with guessing."""
    return await fetch_one(tx, SQL.get_guess_state, {"project_id": project_id, "now": now}, GuessState)


async def open_guessing(tx: Tx, *, project_id: int, detail: str, told_at: datetime | None, now: datetime) -> int:
    """The id of the problem of guessing, which is open now, with one more event in its log."""
    params = {"project_id": project_id, "detail": detail, "told_at": told_at, "now": now}
    problem_id = await fetch_value(tx, SQL.open_guessing, params, int)
    log = {"problem_id": problem_id, "kinds": ["guessing"], "levels": ["alarm"], "details": [detail]}
    await execute(tx, SQL.add_events, params | log)
    return problem_id


async def close_guessing(tx: Tx, *, project_id: int, now: datetime) -> int | None:
    """The id of the problem of guessing when it is closed by this call."""
    return await fetch_optional(tx, SQL.close_guessing, {"project_id": project_id, "by": CALM, "now": now}, int)
