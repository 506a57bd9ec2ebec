"""Looking after stock and guessing: problems opened, renewed and closed, and everybody told who wants to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tearoff.actions import events
from tearoff.domain.events import Event
from tearoff.domain.problems import (
    EVENT_TYPES,
    Content,
    Decision,
    Occasion,
    OpenProblem,
    decide,
    guessing_detail,
    is_due,
    next_digest,
    vendor_params,
)
from tearoff.domain.projects import Project
from tearoff.store import problems, projects, stock, subscriptions
from tearoff.store.db import Tx
from tearoff.store.problems import StoredProblem

PROBLEMS_MAX = 1000


async def watch(tx: Tx, *, project_id: int, now: datetime) -> list[Decision]:
    """Compare every pool's stock with its thresholds; gives what changed. The last step of its transaction.

    Each change is written once, also when several watch: with the notices of those who are told at once, and with the
    vendor's alert event, which starts workflows as any event does.
    """
    project = await projects.get(tx, project_id=project_id)
    stocks = await stock.list_all(tx, project_id=project_id, now=now)
    await stock.put_samples(tx, project_id=project_id, stocks=list(stocks.values()), now=now)
    rungs = await stock.list_rungs(tx, project_id=project_id)
    written: list[Decision] = []
    fired: list[Event] = []
    for pool in await problems.list_watched(tx, project_id=project_id):
        decision = decide(pool, stocks[pool.pool_id], rungs.get(pool.pool_id, []))
        if decision is None or (pool.problem_id is None and not decision.happened):
            continue
        problem_id = await problems.write(tx, project_id=project_id, decision=decision, now=now)
        if problem_id is None:
            continue
        written.append(decision)
        occasion = decision.occasion
        if occasion is not None and decision.is_news(now):
            await _tell(tx, project, problem_id, occasion, now)
            if decision.happened:
                fired.append(_event(project, decision, problem_id))
    await _watch_guessing(tx, project, now)
    await _digests(tx, project, now)
    if fired:
        await events.record(tx, project_id=project_id, events=fired, now=now)
    return written


def _event(project: Project, decision: Decision, problem_id: int) -> Event:
    number = decision.pool.events + len(decision.happened)
    return Event(
        type_key=EVENT_TYPES[decision.level],
        key_value=decision.pool.key,
        params=vendor_params(decision, project.name),
        key=f"problem-{problem_id}-{number}",
    )


async def _watch_guessing(tx: Tx, project: Project, now: datetime) -> None:
    """Open the problem of guessing for who was locked out since the last look; close it when nobody is any more."""
    at = {"project_id": project.project_id}
    suspects = await problems.take_suspects(tx, **at)
    state = await problems.get_guess_state(tx, **at, now=now)
    if suspects:
        is_told = not state.is_open or is_due(state.told_at, now)
        told_at = now if is_told else state.told_at
        detail = guessing_detail(suspects)
        problem_id = await problems.open_guessing(tx, **at, detail=detail, told_at=told_at, now=now)
        if is_told:
            await _tell(tx, project, problem_id, "problem.repeated" if state.is_open else "problem.opened", now)
    elif state.is_open and not state.locked:
        closed = await problems.close_guessing(tx, **at, now=now)
        if closed is not None:
            await _tell(tx, project, closed, "problem.closed", now)


async def _tell(tx: Tx, project: Project, problem_id: int, occasion: Occasion, now: datetime) -> None:
    """Mails say what is wrong; only webhooks are told that it is over."""
    problem = await problems.get(tx, project_id=project.project_id, problem_id=problem_id)
    told = await subscriptions.list_told_at_once(tx, project_id=project.project_id, pool_id=problem.pool_id)
    if occasion == "problem.closed":
        told = [each for each in told if each.kind == "webhook"]
    content = _content(project, problem, occasion, now)
    notices = [(each.subscription_id, content) for each in told]
    await subscriptions.add_notices(tx, project_id=project.project_id, notices=notices, now=now)


def _content(project: Project, problem: StoredProblem, occasion: Occasion, now: datetime) -> Content:
    name = f"problem-{problem.problem_id}-{problem.events}{'-closed' if occasion == 'problem.closed' else ''}"
    return Content(id=name, event=occasion, project=project.name, at=now, problems=(shown(problem),))


async def _digests(tx: Tx, project: Project, now: datetime) -> None:
    """All open problems, for those whose day or week is over; who has none is not written to."""
    at = {"project_id": project.project_id}
    due = await subscriptions.list_digests_due(tx, **at, now=now)
    opened = await problems.list_page(tx, **at, is_open=True, limit=PROBLEMS_MAX) if due else []
    for each in due:
        wanted = [problem for problem in opened if each.pools is None or problem.pool_id in each.pools]
        name = f"digest-{each.subscription_id}-{each.next_at:%Y-%m-%d}"
        content = Content(
            id=name, event="problems.digest", project=project.name, at=now, problems=tuple(map(shown, wanted))
        )
        await subscriptions.add_notices(tx, **at, notices=[(each.subscription_id, content)] if wanted else [], now=now)
        next_at = next_digest(each.frequency, now, project.zone)
        await subscriptions.set_next(tx, **at, subscription_id=each.subscription_id, next_at=next_at)


async def tell_open(tx: Tx, *, project_id: int, subscription_id: int, now: datetime) -> None:
    """Let a new subscriber who is told at once hear of what is wrong already; later changes would not repeat it."""
    project = await projects.get(tx, project_id=project_id)
    told = await subscriptions.get(tx, project_id=project_id, subscription_id=subscription_id)
    if told.frequency != "at-once":
        return
    opened = await problems.list_page(tx, project_id=project_id, is_open=True, limit=PROBLEMS_MAX)
    wanted = [problem for problem in opened if told.pools is None or problem.pool_id in told.pools]
    notices = [(subscription_id, _content(project, problem, "problem.opened", now)) for problem in wanted]
    await subscriptions.add_notices(tx, project_id=project_id, notices=notices, now=now)


async def test_subscription(tx: Tx, *, project_id: int, subscription_id: int, now: datetime) -> None:
    """Send a subscriber a notice that says that it is a test; raises NotFound."""
    await subscriptions.get(tx, project_id=project_id, subscription_id=subscription_id)
    project = await projects.get(tx, project_id=project_id)
    name = f"test-{subscription_id}-{now:%Y%m%dT%H%M%S}"
    content = Content(id=name, event="test", project=project.name, at=now, problems=())
    await subscriptions.add_notices(tx, project_id=project_id, notices=[(subscription_id, content)], now=now)


async def close(tx: Tx, *, project_id: int, problem_ids: Sequence[int], by: str, now: datetime) -> list[int]:
    """Close problems that somebody looks after; gives those that were open. Something new opens them again."""
    return await problems.close(tx, project_id=project_id, problem_ids=problem_ids, by=by, now=now)


def shown(problem: StoredProblem) -> OpenProblem:
    """A problem as subscribers are told of it."""
    return OpenProblem(
        id=problem.problem_id,
        kind=problem.kind,
        pool=problem.pool_key,
        level=problem.level,
        detail=problem.detail,
        ready=problem.ready,
        events=problem.events,
        opened_at=problem.opened_at,
        last_at=problem.last_at,
    )
