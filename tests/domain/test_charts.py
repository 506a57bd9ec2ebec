"""Buckets of hours and days in a zone, with its changes of the clock, and what came in each."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tearoff.domain.charts import buckets, carried, days_ahead, gains, run_down
from tearoff.domain.forecasts import Loss
from tearoff.errors import Invalid

KYIV, KOLKATA, BEIRUT = ZoneInfo("Europe/Kyiv"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Beirut")
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def day(month: int, number: int, zone: ZoneInfo = KYIV, hour: int = 0) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=zone)


@pytest.mark.parametrize(("month", "first", "hours"), [(3, 28, [24, 23, 24]), (10, 24, [24, 25, 24]), (6, 1, [24] * 3)])
def test_a_day_is_a_day_of_the_zone_also_when_the_clock_changes(month, first, hours) -> None:
    span = buckets("day", day(month, first, hour=13), day(month, first + 2, hour=13), NOW, KYIV)
    edges = [*span.starts, span.until]
    assert [(b - a) / timedelta(hours=1) for a, b in pairwise(edges)] == hours
    assert all(edge.astimezone(KYIV).hour == 0 for edge in edges)


def test_a_day_without_a_midnight_begins_when_it_begins() -> None:
    span = buckets("day", day(3, 28, BEIRUT), day(3, 30, BEIRUT), NOW, BEIRUT)
    assert [(start.astimezone(BEIRUT).day, start.astimezone(BEIRUT).hour) for start in span.starts] == [
        (28, 0),
        (29, 1),
    ]


def test_hours_go_on_through_a_change_of_the_clock_and_begin_as_the_zone_counts_them() -> None:
    span = buckets("hour", day(10, 25), day(10, 26), NOW, KYIV)
    assert len(span.starts) == 25
    assert [s.astimezone(KYIV).hour for s in span.starts[2:5]] == [2, 3, 3]
    span = buckets(
        "hour", datetime(2026, 5, 1, 10, 45, tzinfo=KOLKATA), datetime(2026, 5, 1, 12, tzinfo=KOLKATA), NOW, KOLKATA
    )
    assert [s.astimezone(KOLKATA).strftime("%H:%M") for s in span.starts] == ["10:00", "11:00"]
    assert span.until == datetime(2026, 5, 1, 12, tzinfo=KOLKATA)


def test_without_a_range_it_is_the_last_day_or_month() -> None:
    assert len(buckets("hour", None, None, NOW, KYIV).starts) == 25
    assert len(buckets("day", None, None, NOW, KYIV).starts) == 31


@pytest.mark.parametrize(
    ("bucket", "since", "until"),
    [
        ("hour", NOW - timedelta(days=33), NOW),
        ("day", NOW - timedelta(days=368), NOW),
        ("day", NOW, NOW),
        ("day", NOW, NOW - timedelta(days=1)),
        ("day", NOW.replace(tzinfo=None), None),
    ],
)
def test_a_range_that_is_none_or_too_long_is_refused(bucket, since, until) -> None:
    with pytest.raises(Invalid):
        buckets(bucket, since, until, NOW, KYIV)


@pytest.mark.parametrize(
    ("known", "is_new", "wanted"),
    [
        ({0: 5, 1: 7, 2: 7, 3: 10}, False, [2, 0, 3]),
        ({1: 7, 3: 10}, False, [0, 0, 3]),
        ({1: 7, 3: 10}, True, [7, 0, 3]),
        ({0: 5, 1: 3, 2: 4}, False, [0, 1, 0]),
        ({-1: 0}, True, [0, 0, 0]),
    ],
)
def test_what_came_is_the_difference_of_the_looks(known, is_new, wanted) -> None:
    assert gains(known, 3, is_new=is_new) == wanted


def test_what_was_there_is_the_last_look() -> None:
    assert carried({2: 7}, 4) == [None, 7, 7, 7]
    assert carried({0: 3, 2: 7}, 3) == [3, 7, 7]


def test_stock_runs_down_at_its_pace_and_loses_what_expires() -> None:
    ahead = [NOW + timedelta(days=n) for n in (1, 2, 3, 4)]
    assert run_down(35, 10.0, [], NOW, ahead) == [25, 15, 5, 0]
    assert run_down(35, 0.0, [Loss(NOW + timedelta(days=2), 20)], NOW, ahead) == [35, 15, 15, 15]
    assert run_down(35, 10.0, [Loss(NOW + timedelta(days=2), 20)], NOW, ahead) == [25, 15, 5, 0]
    assert run_down(35, 5.0, [Loss(NOW + timedelta(days=2), 20)], NOW, ahead) == [30, 15, 10, 5]


def test_the_days_ahead_begin_with_the_end_of_this_one() -> None:
    today = buckets("day", None, None, NOW, KYIV)
    ends = days_ahead(today, 3, KYIV)
    assert [end.astimezone(KYIV).strftime("%d %H") for end in ends] == ["21 00", "22 00", "23 00"]
