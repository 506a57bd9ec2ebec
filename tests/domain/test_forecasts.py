"""How fast a pool empties and when it is empty: by the faster of day and week, and with what expires on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearoff.domain.forecasts import DAY, HOUR, Loss, Taken, forecast, outlook, per_day, rate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def taken(*pairs: tuple[float, int]) -> list[Taken]:
    return [Taken(NOW - timedelta(hours=hours), claimed) for hours, claimed in pairs]


def test_the_faster_of_the_last_day_and_the_last_week_counts():
    assert rate(taken((168, 0), (24, 600), (0, 700)), NOW) == pytest.approx(100)
    assert rate(taken((168, 0), (24, 10), (0, 250)), NOW) == pytest.approx(240)


def test_less_than_an_hour_is_too_little_to_know():
    assert rate(taken((0.5, 0), (0, 90)), NOW) is None
    assert rate([], NOW) is None
    assert rate(taken((2, 50), (0, 10)), NOW) == 0


def test_a_pool_is_empty_when_what_is_left_is_taken():
    seen = forecast(500, 100.0, [], NOW)
    assert (seen.days_left, seen.empty_at, seen.lost) == (5, NOW + 5 * DAY, 0)


def test_a_pool_that_nobody_takes_from_stays():
    assert forecast(500, 0.0, [], NOW).days_left is None
    assert forecast(500, None, [], NOW).empty_at is None
    assert forecast(10_000, 1.0, [], NOW).days_left is None


def test_codes_that_expire_before_they_are_taken_are_lost():
    seen = forecast(500, 100.0, [Loss(NOW + DAY, 300)], NOW)
    assert (seen.lost, seen.days_left) == (200, 3)
    gone = forecast(500, None, [Loss(NOW + 2 * DAY, 500)], NOW)
    assert (gone.lost, gone.days_left) == (500, 2)
    late = forecast(500, 100.0, [Loss(NOW + 4 * DAY, 100)], NOW)
    assert (late.lost, late.days_left) == (0, 5)


@given(
    ready=st.integers(0, 10_000),
    per_day=st.floats(0, 5_000),
    losses=st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 3_000)), max_size=8),
)
def test_no_more_is_lost_than_there_is_and_a_loss_never_prolongs(ready, per_day, losses):
    losses = [Loss(NOW + HOUR * hours, codes) for hours, codes in losses if sum(c for _, c in losses) <= ready]
    with_loss, without = forecast(ready, per_day, losses, NOW), forecast(ready, per_day, [], NOW)
    assert 0 <= with_loss.lost <= ready
    if without.days_left is not None:
        assert with_loss.days_left is not None
        assert with_loss.days_left <= without.days_left + 0.002


def test_the_outlook_lies_between_the_pace_of_the_day_and_of_the_week():
    seen = outlook(1000, taken((168, 0), (24, 600), (0, 1000)), [], NOW)
    assert (seen.fast.per_day, round(seen.fast.days_left, 3)) == (400, 2.5)
    assert (round(seen.slow.per_day), round(seen.slow.days_left)) == (143, 7)


def test_what_was_taken_is_told_day_by_day_and_days_without_a_look_are_quiet():
    first = date(2026, 3, 1)
    days = [first + timedelta(days=n) for n in range(6)]
    until = {days[0]: 5, days[1]: 12, days[3]: 20, days[4]: 18, days[5]: 21}
    assert per_day(until, days) == [7, 0, 8, 0, 3]
    assert per_day({days[2]: 9, days[3]: 10}, days) == [0, 0, 1, 0, 0]
