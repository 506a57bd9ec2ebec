"""Problems: pools that run low or that runs wait for, and guessing; who is told, and when. A decision is a value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Literal

import msgspec

from tearoff.domain.pools import CodeType, State
from tearoff.domain.stock import Level, Rung, Stock, crossed, ladder

Kind = Literal["email", "webhook"]
Frequency = Literal["at-once", "daily", "weekly"]
ProblemKind = Literal["stock", "guessing"]
EventKind = Literal["low", "held", "guessing"]
Occasion = Literal["problem.opened", "problem.repeated", "problem.closed", "problems.digest", "test"]

DIGEST_AT = time(9)
"""When digests are made, in the project's zone; weekly ones on Mondays."""
SLACK = 20
"""A threshold counts as passed again one part in so many above it, so that a returned code sends no second mail."""
REFILLED, CALM = "refill", "calm"
"""Who closes problems by themselves: a refill, and that nobody is locked out any more."""
SILENCE = timedelta(hours=1)
"""What goes on and gets no worse is told again after so long; its log has it all."""
NAMED_MAX = 5
EVENT_TYPES: dict[Level, str] = {
    "warning": "alertSettingsWarningTriggerEvent",
    "alarm": "alertSettingsAlarmTriggerEvent",
}
PERIOD_DAYS = 1


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A pool with its problem, if it ever had one, and the runs that wait for it now.

    `rung` is the lowest threshold crossed and not passed again; `fresh` of the `held` runs began to wait since the last
    look, the newest of them at (held_at, held_run_id).
    """

    pool_id: int
    key: str
    type: str
    name: str
    state: State
    code_type: CodeType
    alert_below: int | None
    problem_id: int | None
    level: Level | None
    rung: int | None
    events: int
    is_open: bool
    held: int
    fresh: int
    held_at: datetime
    held_run_id: int
    told_at: datetime | None = None


class Happened(msgspec.Struct, frozen=True):
    """One thing that makes or renews a problem."""

    kind: EventKind
    level: Level
    detail: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a pool's problem. `happened` opens it again; without, it is closed, or only its rung moves."""

    pool: Watched
    rung: int | None
    ready: int
    threshold: int
    level: Level
    detail: str
    is_open: bool
    happened: tuple[Happened, ...] = ()

    @property
    def occasion(self) -> Occasion | None:
        """What subscribers are told; None is nothing."""
        if self.happened:
            return "problem.repeated" if self.pool.is_open else "problem.opened"
        return "problem.closed" if self.pool.is_open and not self.is_open else None

    def is_news(self, now: datetime) -> bool:
        """Whether anybody is told: not when an open problem only goes on."""
        if not self.pool.is_open or not self.happened or any(event.kind == "low" for event in self.happened):
            return True
        return is_due(self.pool.told_at, now)


def is_due(told_at: datetime | None, now: datetime) -> bool:
    """Whether it is long enough ago that somebody was told."""
    return told_at is None or now - told_at >= SILENCE


def guessing_detail(subjects: Sequence[str]) -> str:
    """Who was locked out, for people; subjects are a kind and a name, such as `address:192.0.2.1`."""
    named = [f"the {kind} {name}" for kind, _, name in (each.partition(":") for each in subjects[:NAMED_MAX])]
    more = len(subjects) - len(named)
    who = ", ".join(named) + (f" and {more} more" if more else "")
    return f"Too many codes were named that nobody has or that belong to others. Locked out for a while: {who}."


def decide(pool: Watched, stock: Stock, more: Sequence[Rung]) -> Decision | None:
    """What becomes of the pool's problem; None when all stays as it is."""
    is_watched = pool.state == "launched" and pool.code_type != "multi"
    rungs = ladder(pool.alert_below if is_watched else None, more)
    low = crossed(rungs, stock.ready)
    rung = _rung(pool.rung, low, stock.ready) if rungs else None
    happened = tuple(_happened(pool, stock, low, rung) if is_watched else ())
    is_open = bool(happened) or (pool.is_open and is_watched and (rung is not None or pool.held > 0))
    if not happened and is_open == pool.is_open and rung == pool.rung:
        return None
    worst: Level = "alarm" if any(event.level == "alarm" for event in happened) else "warning"
    return Decision(
        pool=pool,
        rung=rung,
        ready=stock.ready,
        threshold=rung if rung is not None else pool.alert_below or 0,
        level=worst if happened else pool.level or worst,
        detail=" ".join(event.detail for event in happened),
        is_open=is_open,
        happened=happened,
    )


def _rung(before: int | None, low: Rung | None, ready: int) -> int | None:
    below = None if low is None else low.below
    if before is not None and ready < before + before // SLACK:
        return before if below is None else min(before, below)
    return below


def _happened(pool: Watched, stock: Stock, low: Rung | None, rung: int | None) -> list[Happened]:
    happened = []
    if low is not None and rung == low.below and (pool.rung is None or rung < pool.rung):
        left = "is empty" if stock.ready == 0 else f"has {stock.ready} codes left, fewer than {low.below}"
        happened.append(Happened("low", low.level, f"The pool {pool.name!r} {left}."))
    if pool.fresh:
        runs = "1 run waits" if pool.fresh == 1 else f"{pool.fresh} runs wait"
        happened.append(Happened("held", "alarm", f"{runs} for a code of the pool {pool.name!r} that fits."))
    return happened


def vendor_params(decision: Decision, project: str) -> dict[str, Any]:
    """The parameters of the vendor's alert event."""
    return {
        "alertLevel": decision.level.upper(),
        "periodDays": PERIOD_DAYS,
        "threshold": decision.threshold,
        "alertTrackingSourceType": "PROMOCODE",
        "alertTrackingSourceName": decision.pool.type,
        "actualCount": decision.ready,
        "organisationName": project,
    }


def next_digest(frequency: Frequency, now: datetime, zone: tzinfo) -> datetime | None:
    """When the next digest is due, strictly after now; None for those who are told at once."""
    if frequency == "at-once":
        return None
    local = now.astimezone(zone)
    day = local.date()
    if frequency == "weekly":
        day -= timedelta(days=day.weekday())
    step = timedelta(days=1 if frequency == "daily" else 7)
    while (at := datetime.combine(day, DIGEST_AT, zone)) <= local:
        day += step
    return at


class OpenProblem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A problem as subscribers are told of it."""

    id: int
    kind: ProblemKind = "stock"
    pool: str | None
    level: Level
    detail: str
    ready: int
    events: int
    opened_at: datetime
    last_at: datetime


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What one subscriber is told, as a mail or as the body of a webhook. `id` is the same for every repeat."""

    id: str
    event: Occasion
    project: str
    at: datetime
    problems: tuple[OpenProblem, ...]

    @property
    def subject(self) -> str:
        """The subject of the mail."""
        if self.event == "test":
            return f"{self.project}: a test of this subscription"
        if len(self.problems) == 1:
            [problem] = self.problems
            ended = " (closed)" if self.event == "problem.closed" else ""
            where = "guessing at codes" if problem.pool is None else f"in the pool {problem.pool}"
            return f"{self.project}: {problem.level} {where}{ended}"
        return f"{self.project}: {len(self.problems)} open problems"

    @property
    def text(self) -> str:
        """The mail, a line a problem."""
        lines = [f"{each.level.upper()} {each.pool or each.kind}: {each.detail}" for each in self.problems]
        return "\n".join(lines or ["If you can read this, the subscription works."]) + "\n"
