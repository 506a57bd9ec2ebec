"""Dates of code files in every dialect's form."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tearoff.domain.code_dates import END, START, parse_instant

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("30.06.2022 20:13", datetime(2022, 6, 30, 20, 13, tzinfo=KYIV)),
        ("18.10.2016 20:02:12", datetime(2016, 10, 18, 20, 2, 12, tzinfo=KYIV)),
        ("1.2.2026 9:05", datetime(2026, 2, 1, 9, 5, tzinfo=KYIV)),
        ("2016-08-08 17:34:00", datetime(2016, 8, 8, 17, 34, tzinfo=KYIV)),
        ("2021-06-22 16:18:29.510", datetime(2021, 6, 22, 16, 18, 29, 510_000, tzinfo=KYIV)),
        ("2026-12-31T23:59", datetime(2026, 12, 31, 23, 59, tzinfo=KYIV)),
        ("2026-12-31T23:59:59Z", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-12-31T23:59:59+02:00", datetime(2026, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=2)))),
        ("2026.12.31", datetime(2026, 12, 31, 23, 59, 59, tzinfo=KYIV)),
        (" 31.12.2026 ", datetime(2026, 12, 31, 23, 59, 59, tzinfo=KYIV)),
        ("", None),
    ],
)
def test_a_date_is_read_in_its_zone_and_a_day_alone_means_its_end(text, wanted) -> None:
    assert parse_instant(text, KYIV, END) == wanted


def test_a_day_alone_may_mean_its_start() -> None:
    assert parse_instant("2026-12-31", UTC, START) == datetime(2026, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["12/31/2026", "31.13.2026", "31.02.2026", "2026-12.31", "soon", "2026-12-31 25:00", "1"]
)
def test_a_date_that_is_none_or_means_two_things_is_refused(text) -> None:
    with pytest.raises(ValueError, match="date"):
        parse_instant(text, UTC, END)
