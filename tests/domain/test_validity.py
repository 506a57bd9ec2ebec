"""Windows and validity: spans follow the project's calendar, also when clocks change, and windows intersect."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tearoff.domain.validity import (
    Span,
    Validity,
    Window,
    check_validity,
    check_window,
    later,
    start_of,
    window_after,
)

KYIV = ZoneInfo("Europe/Kyiv")


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


@pytest.mark.parametrize(
    ("begin", "span", "end"),
    [
        ("2026-03-28T12:00", Span(1, "days"), "2026-03-29T12:00"),
        ("2026-03-28T12:00", Span(24, "hours"), "2026-03-29T13:00"),
        ("2026-10-24T12:00", Span(24, "hours"), "2026-10-25T11:00"),
        ("2026-10-24T12:00", Span(1, "weeks"), "2026-10-31T12:00"),
        ("2026-01-31T12:00", Span(1, "months"), "2026-02-28T12:00"),
        ("2026-11-30T12:00", Span(3, "months"), "2027-02-28T12:00"),
        ("2028-02-29T12:00", Span(1, "years"), "2029-02-28T12:00"),
    ],
)
def test_days_keep_the_wall_clock_and_hours_do_not(begin: str, span: Span, end: str) -> None:
    assert later(kyiv(begin), span, KYIV) == kyiv(end).astimezone(UTC)


def test_a_time_that_the_clocks_skip_falls_behind_the_gap() -> None:
    assert later(kyiv("2026-03-28T03:30"), Span(1, "days"), KYIV) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_end_of_the_day_is_the_project_s() -> None:
    week = Validity(ends_after=Span(7, "days"), is_end_of_day=True)
    window = window_after(week, datetime(2026, 3, 1, 23, 30, tzinfo=UTC), KYIV)
    assert window == Window(None, kyiv("2026-03-09T23:59:59"))


def test_validity_can_begin_after_a_delay_and_end_on_a_date() -> None:
    validity = Validity(starts_after=Span(2, "hours"), ends_at=datetime(2026, 12, 31, tzinfo=UTC))
    window = window_after(validity, datetime(2026, 3, 1, 12, tzinfo=UTC), UTC)
    assert window == Window(datetime(2026, 3, 1, 14, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    assert window_after(None, datetime(2026, 3, 1, tzinfo=UTC), UTC) == Window()


def test_the_effective_window_is_what_all_windows_allow() -> None:
    first, second, third = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3))
    assert Window(first, third) & Window(second, None) & Window() == Window(second, third)
    assert (Window(second, None) & Window(None, first)).is_empty
    assert Window(first, third).holds(first)
    assert not Window(first, third).holds(third)


def test_a_period_of_the_calendar_began_with_its_unit() -> None:
    now = kyiv("2026-03-18T15:20")
    assert start_of(Span(1, "days"), now, KYIV) == kyiv("2026-03-18T00:00")
    assert start_of(Span(1, "weeks"), now, KYIV) == kyiv("2026-03-16T00:00")
    assert start_of(Span(1, "months"), now, KYIV) == kyiv("2026-03-01T00:00")
    assert start_of(Span(2, "months"), now, KYIV) == kyiv("2026-02-01T00:00")
    assert start_of(Span(1, "years"), now, KYIV) == kyiv("2026-01-01T00:00")


def test_what_is_wrong_with_a_validity_is_said() -> None:
    both = Validity(ends_after=Span(1, "days"), ends_at=datetime(2026, 12, 31, tzinfo=UTC))
    dead = Validity(starts_after=Span(3, "days"), ends_after=Span(48, "hours"))
    wrong = Validity(ends_after=Span(0, "days"))
    zoneless = Validity(ends_at=datetime.fromisoformat("2026-12-31"))
    assert [p.pointer for v in (both, dead, wrong, zoneless) for p in check_validity(v, "/validFor")] == [
        "/validFor/endsAt",
        "/validFor/startsAfter",
        "/validFor/endsAfter/amount",
        "/validFor/endsAt",
    ]
    assert not check_validity(Validity(starts_after=Span(1, "days"), ends_after=Span(1, "months")), "")
    assert check_window(Window(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)), "/issueUntil")
