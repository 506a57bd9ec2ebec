"""How fast a pool empties, when it will be empty, and whether a workflow's demand fits its stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WINDOWS = (timedelta(hours=24), timedelta(days=7))
"""The last day tells a campaign that runs, the last week what is usual; the faster of the two counts."""
KNOWN_MIN = HOUR
HORIZON = timedelta(days=366)


class Taken(msgspec.Struct, frozen=True):
    """How many codes were claimed, less those that came back, up to an instant."""

    at: datetime
    claimed: int


class Loss(msgspec.Struct, frozen=True):
    """Codes that run out at an instant if nobody takes them before."""

    at: datetime
    codes: int


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """`per_day` is how many codes go; None while too little is known. `days_left` is None when the pool does not empty
    within a year. `lost` is how many codes will run out unused on the way."""

    ready: int
    per_day: float | None
    days_left: float | None
    empty_at: datetime | None
    lost: int


class Outlook(msgspec.Struct, frozen=True):
    """The forecast at the faster pace of the last day and the last week, and at the slower one."""

    fast: Forecast
    slow: Forecast


def outlook(ready: int, samples: Sequence[Taken], losses: Sequence[Loss], now: datetime) -> Outlook:
    """When the pool will be empty, between the two paces that it had."""
    paces = rates(samples, now)
    return Outlook(
        forecast(ready, max(paces, default=None), losses, now), forecast(ready, min(paces, default=None), losses, now)
    )


def per_day(until: Mapping[date, int], days: Sequence[date]) -> list[int]:
    """What was taken on each of the days but the first, from what was taken until the end of each known day.

    A day that nobody looked at counts as quiet; what came back makes a day no less than 0.
    """
    taken, before = [], until.get(days[0])
    for day in days[1:]:
        so_far = until.get(day)
        taken.append(max(0, so_far - (before or 0)) if so_far is not None and before is not None else 0)
        before = before if so_far is None else so_far
    return taken


def rate(samples: Sequence[Taken], now: datetime) -> float | None:
    """Codes a day, by the faster of the last day and the last week; None when less than an hour is known."""
    return max(rates(samples, now), default=None)


def rates(samples: Sequence[Taken], now: datetime) -> list[float]:
    """Codes a day in the last day and in the last week, as far as an hour of it is known."""
    found = []
    for window in WINDOWS:
        known = [sample for sample in samples if now - window <= sample.at <= now]
        if len(known) > 1 and known[-1].at - known[0].at >= KNOWN_MIN:
            found.append(max(0, known[-1].claimed - known[0].claimed) / ((known[-1].at - known[0].at) / DAY))
    return found


def forecast(ready: int, per_day: float | None, losses: Iterable[Loss], now: datetime) -> Forecast:
    """When the pool will be empty at this rate. The soonest to expire go first, so what expires is lost only where it
    is more than was taken until then."""
    left, at, lost = float(ready), now, 0.0
    speed = per_day or 0.0
    gone = 0.0
    due = 0.0
    for loss in sorted(losses, key=lambda each: each.at):
        taken = speed * ((loss.at - at) / DAY)
        if taken >= left and speed:
            break
        left -= taken
        gone += taken
        at = loss.at
        due += loss.codes
        expired = max(0.0, due - gone - lost)
        left -= expired
        lost += expired
        if left <= 0:
            return _ended(ready, per_day, at, now, lost)
    if left <= 0:
        return _ended(ready, per_day, at, now, lost)
    if not speed or timedelta(days=min(left / speed, HORIZON / DAY + 1)) + (at - now) > HORIZON:
        return Forecast(ready=ready, per_day=per_day, days_left=None, empty_at=None, lost=round(lost))
    return _ended(ready, per_day, at + timedelta(days=left / speed), now, lost)


def _ended(ready: int, per_day: float | None, at: datetime, now: datetime, lost: float) -> Forecast:
    days = round((at - now) / DAY, 3)
    return Forecast(ready=ready, per_day=per_day, days_left=days, empty_at=at, lost=round(lost))


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What a workflow is expected to take from one pool, beside what is there. `short` is what will be missing."""

    block: str
    pool: str
    expected: int
    ready: int

    @property
    def short(self) -> int:
        """How many codes are missing."""
        return max(0, self.expected - self.ready)
