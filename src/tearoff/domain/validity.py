"""When a code may be handed out and used: windows, their intersection, and validity that begins with the hand-out."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple

import msgspec

from tearoff.errors import Problem

Unit = Literal["hours", "days", "weeks", "months", "years"]
AMOUNT_MAX: dict[Unit, int] = {"hours": 876_000, "days": 36_500, "weeks": 5_200, "months": 1_200, "years": 100}
LAST_SECOND = time(23, 59, 59)


class Span(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A length of time; days and longer follow the calendar of the project's zone, hours the clock."""

    amount: int
    unit: Unit


class Validity(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """For how long a code is good once it was handed out: at once or later, until a span after it, a date, or for ever.

    `is_end_of_day` moves the end to the last second of its day in the project's zone.
    """

    starts_after: Span | None = None
    ends_after: Span | None = None
    ends_at: datetime | None = None
    is_end_of_day: bool = False


class Window(NamedTuple):
    """From `start` on and before `end`; None is open."""

    start: datetime | None = None
    end: datetime | None = None

    def __and__(self, other: Window) -> Window:
        """What both windows allow."""
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        return Window(max(starts, default=None), min(ends, default=None))

    def holds(self, instant: datetime) -> bool:
        """Whether the instant is inside."""
        return (self.start is None or self.start <= instant) and (self.end is None or instant < self.end)

    @property
    def is_empty(self) -> bool:
        """Whether no instant is inside."""
        return self.start is not None and self.end is not None and self.end <= self.start


ALWAYS = Window()


def later(instant: datetime, span: Span, zone: tzinfo, times: int = 1) -> datetime:
    """The instant `times` spans on (negative: back). Days keep the time of the clock on the wall; a day that is too
    short for the month counts as its last one; a time that the clocks skip is the same distance behind the gap."""
    amount = span.amount * times
    if span.unit == "hours":
        return instant.astimezone(UTC) + timedelta(hours=amount)
    local = instant.astimezone(zone)
    if span.unit in ("days", "weeks"):
        moved = local.replace(tzinfo=None) + timedelta(days=amount * (7 if span.unit == "weeks" else 1))
    else:
        months = local.year * 12 + local.month - 1 + amount * (12 if span.unit == "years" else 1)
        year, month = divmod(months, 12)
        day = min(local.day, monthrange(year, month + 1)[1])
        moved = local.replace(tzinfo=None, year=year, month=month + 1, day=day)
    return moved.replace(tzinfo=zone, fold=local.fold).astimezone(UTC)


def end_of_day(instant: datetime, zone: tzinfo) -> datetime:
    """The last second of the instant's day in the zone."""
    return datetime.combine(instant.astimezone(zone).date(), LAST_SECOND, zone).astimezone(UTC)


def start_of(span: Span, now: datetime, zone: tzinfo) -> datetime:
    """When the span's units of the calendar began, the present one included: days, weeks from Monday, months, years."""
    local = now.astimezone(zone)
    if span.unit == "hours":
        begun = local.replace(minute=0, second=0, microsecond=0)
    else:
        begun = datetime.combine(local.date(), time(0), zone)
        if span.unit == "weeks":
            begun = datetime.combine(local.date() - timedelta(days=local.weekday()), time(0), zone)
        elif span.unit == "months":
            begun = begun.replace(day=1)
        elif span.unit == "years":
            begun = begun.replace(month=1, day=1)
    return later(begun.astimezone(UTC), Span(span.amount - 1, span.unit), zone, -1)


def window_after(validity: Validity | None, issued_at: datetime, zone: tzinfo) -> Window:
    """The window that a hand-out at `issued_at` opens; without a validity it is open on both sides."""
    if validity is None:
        return ALWAYS
    start = None if validity.starts_after is None else later(issued_at, validity.starts_after, zone)
    end = validity.ends_at
    if validity.ends_after is not None:
        end = later(issued_at, validity.ends_after, zone)
    if end is not None and validity.is_end_of_day:
        end = end_of_day(end, zone)
    return Window(start, end)


def check_span(span: Span | None, at: str) -> list[Problem]:
    """What is wrong with a span at a JSON pointer."""
    if span is None or 1 <= span.amount <= AMOUNT_MAX[span.unit]:
        return []
    return [Problem(f"{at}/amount", f"1 to {AMOUNT_MAX[span.unit]} {span.unit} are possible.")]


def check_window(window: Window, at: str) -> list[Problem]:
    """A window must begin before it ends, and its times must name a zone."""
    if any(instant is not None and instant.tzinfo is None for instant in window):
        return [Problem(at, "A time names its zone, such as 2026-12-31T23:59:59+02:00.")]
    return [Problem(at, "The window ends before it begins.")] if window.is_empty else []


def check_validity(validity: Validity | None, at: str) -> list[Problem]:
    """What is wrong with a validity at a JSON pointer."""
    if validity is None:
        return []
    problems = [
        *check_span(validity.starts_after, f"{at}/startsAfter"),
        *check_span(validity.ends_after, f"{at}/endsAfter"),
        *check_window(Window(None, validity.ends_at), f"{at}/endsAt"),
    ]
    if validity.ends_after is not None and validity.ends_at is not None:
        problems.append(Problem(f"{at}/endsAt", "A code ends a span after the hand-out or on a date, not both."))
    if not problems and _never_begins(validity):
        problems.append(Problem(f"{at}/startsAfter", "The code would end before it begins."))
    return problems


def _never_begins(validity: Validity) -> bool:
    sample = datetime(2001, 1, 1, tzinfo=UTC)
    return validity.ends_after is not None and window_after(validity, sample, UTC).is_empty
