"""Series over time: instants in buckets of an hour or a day in the project's zone, and what a pool had in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from tearoff.domain.forecasts import DAY, Loss
from tearoff.errors import Invalid, Problem

Bucket = Literal["hour", "day"]
HOUR = timedelta(hours=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
RANGE_MAX: dict[Bucket, timedelta] = {"hour": timedelta(days=31), "day": timedelta(days=366)}
RANGE_DEFAULT: dict[Bucket, timedelta] = {"hour": timedelta(days=1), "day": timedelta(days=30)}


class Buckets(NamedTuple):
    """When each bucket starts, and when the last one ends."""

    starts: list[datetime]
    until: datetime

    @property
    def since(self) -> datetime:
        """When the first one starts."""
        return self.starts[0]


def buckets(bucket: Bucket, since: datetime | None, until: datetime | None, now: datetime, zone: ZoneInfo) -> Buckets:
    """The buckets from the one that holds `since` to the one that holds the last instant before `until`.

    Days are those of the zone, so one of them may have 23 or 25 hours. Raises Invalid for a range that is no range, too
    long, or without a zone.
    """
    for name, instant in (("from", since), ("until", until)):
        if instant is not None and instant.tzinfo is None:
            raise Invalid(Problem(f"/{name}", "A time names its zone, such as 2026-12-31T00:00:00+02:00."))
        if instant is not None and instant < EARLIEST:
            raise Invalid(Problem(f"/{name}", f"Nothing is known of the time before {EARLIEST:%Y-%m-%d}."))
    end = min(until or now, now + DAY)
    begin = since or end - RANGE_DEFAULT[bucket]
    if begin >= end:
        raise Invalid(Problem("/from", "The range begins after its end."))
    if end - begin > RANGE_MAX[bucket] + DAY:
        days = RANGE_MAX[bucket].days
        raise Invalid(Problem("/from", f"By the {bucket}, a range has at most {days} days."))
    starts = _days(begin, end, zone) if bucket == "day" else _hours(begin, end, zone)
    return Buckets(starts, _next(bucket, starts[-1], zone))


def _days(begin: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    day = begin.astimezone(zone).date()
    starts = []
    while (start := datetime.combine(day, time(), zone).astimezone(UTC)) < end:
        starts.append(start)
        day += timedelta(days=1)
    return starts


def _hours(begin: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    local = begin.astimezone(zone)
    start = begin.astimezone(UTC) - timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )
    return [start + n * HOUR for n in range(-((start - end) // HOUR))]


def _next(bucket: Bucket, start: datetime, zone: ZoneInfo) -> datetime:
    if bucket == "hour":
        return start + HOUR
    day = start.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def gains(known: Mapping[int, int], count: int, *, is_new: bool) -> list[int]:
    """What came in each of the buckets, by what was counted until their ends; 0 is the end of the time before.

    A bucket that nobody looked at has 0, and what it had comes with the next look. A count that falls gives 0. Of a
    pool that is older than the first look nothing is known before it; a new one began with nothing.
    """
    before = known.get(0, 0 if is_new else None)
    found = []
    for n in range(1, count + 1):
        so_far = known.get(n)
        found.append(max(0, so_far - before) if so_far is not None and before is not None else 0)
        before = before if so_far is None else so_far
    return found


def carried(looks: Mapping[int, int], count: int) -> list[int | None]:
    """What was there at the end of each bucket: the last look until then, None before the first."""
    found, last = [], looks.get(0)
    for n in range(1, count + 1):
        last = looks.get(n, last)
        found.append(last)
    return found


def run_down(ready: int, per_day: float, losses: Sequence[Loss], now: datetime, ahead: Sequence[datetime]) -> list[int]:
    """How many codes are left at each instant ahead, when so many go a day and the soonest to expire go first."""
    left, gone, lost, due, at = float(ready), 0.0, 0.0, 0.0, now
    marks = sorted([*((loss.at, loss.codes) for loss in losses), *((instant, 0) for instant in ahead)])
    found: dict[datetime, int] = {}
    for instant, codes in marks:
        taken = min(left, per_day * (max(instant - at, timedelta()) / DAY))
        left, gone, at, due = left - taken, gone + taken, max(at, instant), due + codes
        expired = min(left, max(0.0, due - gone - lost)) if codes else 0.0
        left, lost = left - expired, lost + expired
        found[instant] = round(left)
    return [found[instant] for instant in ahead]


def days_ahead(starts: Buckets, days: int, zone: ZoneInfo) -> list[datetime]:
    """The ends of the next days in the zone, the first being that of the last bucket."""
    ends = [starts.until]
    for _ in range(days - 1):
        ends.append(_next("day", ends[-1], zone))
    return ends
