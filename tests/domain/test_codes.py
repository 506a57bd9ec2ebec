"""What a code may look like, when it expires, and which codes fit a wish."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearoff.domain.codes import (
    Wish,
    fit,
    parse_discount,
    parse_expiry,
    parse_flag,
    parse_type,
    parse_value,
    parse_wish,
)
from tearoff.errors import Invalid

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31", datetime(2026, 12, 31, 23, 59, 59, tzinfo=KYIV)),
        ("2026.12.31", datetime(2026, 12, 31, 23, 59, 59, tzinfo=KYIV)),
        ("2026-12-31T10:20", datetime(2026, 12, 31, 10, 20, tzinfo=KYIV)),
        (" 2026-12-31T10:20:30 ", datetime(2026, 12, 31, 10, 20, 30, tzinfo=KYIV)),
        ("2026-12-31 10:20", datetime(2026, 12, 31, 10, 20, tzinfo=KYIV)),
        ("2026-12-31T10:20:30+02:00", datetime(2026, 12, 31, 10, 20, 30, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-12-31T10:20:30Z", datetime(2026, 12, 31, 10, 20, 30, tzinfo=UTC)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_date_is_read_in_the_projects_zone_and_alone_means_its_end(text, expected) -> None:
    assert parse_expiry(text, KYIV) == expected


@pytest.mark.parametrize(
    "text",
    [
        "31.12.2026",
        "2026-13-01",
        "2026-02-30",
        "2026/12/31",
        "soon",
        "20261231",
        "1767139200",
        "2026-W01-1",
        "2026-12-31T10",
    ],
)
def test_a_date_of_another_form_is_refused_with_the_forms(text) -> None:
    with pytest.raises(ValueError, match=r"is none of 2026-12-31"):
        parse_expiry(text, KYIV)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_sentence(text) -> None:
    try:
        found = parse_expiry(text, KYIV)
    except ValueError as error:
        assert "is none of" in str(error)
    else:
        assert found is None or found.tzinfo is not None


def test_a_code_is_trimmed_and_must_be_printable_and_short() -> None:
    assert parse_value(" SALE 10 ") == "SALE 10"
    assert parse_value("КОД-é") == "КОД-é"
    for wrong, why in (
        ("", "empty"),
        ("  ", "empty"),
        ("x" * 501, "501 characters"),
        ("a\x00b", "printed"),
        ("a\nb", "printed"),
    ):
        with pytest.raises(ValueError, match=why):
            parse_value(wrong)


@pytest.mark.parametrize(
    ("text", "expected"), [("5", 5), ("05", 5), ("10%", 10), ("10.0", 10), (" 99 ", 99), ("0", 0), ("", None)]
)
def test_a_discount_is_a_number_however_it_is_written(text, expected) -> None:
    assert parse_discount(text) == expected


@pytest.mark.parametrize("text", ["100", "-1", "1.5", "10.", ".0", "ten", "٣", "1e1", "x%", "9" * 5000])
def test_a_discount_out_of_range_is_refused(text) -> None:
    with pytest.raises(ValueError, match="0 to 99"):
        parse_discount(text)


def test_flags_and_types_may_be_absent() -> None:
    assert [parse_flag(t) for t in ("true", "FALSE", "1", "0", "yes", "no", "")] == [
        True,
        False,
        True,
        False,
        True,
        False,
        None,
    ]
    with pytest.raises(ValueError, match="neither true nor false"):
        parse_flag("2")
    assert (parse_type(" vip "), parse_type("")) == ("vip", None)
    with pytest.raises(ValueError, match="printable"):
        parse_type("x" * 201)


def test_a_wish_names_all_its_problems() -> None:
    assert parse_wish("05", "10") == parse_wish(5, 10) == parse_wish(5.0, 10.0) == Wish(discount=5, days=10)
    assert parse_wish(None, "") == Wish()
    with pytest.raises(Invalid) as caught:
        parse_wish("x", "9" * 5000)
    assert [p.pointer for p in caught.value.problems] == ["/discount", "/days"]


def test_equal_wishes_have_equal_texts_and_others_do_not() -> None:
    wishes = [Wish(), Wish(discount=0), Wish(days=0), Wish(discount=1, days=2), Wish(discount=12)]
    assert len({wish.text for wish in wishes}) == len(wishes)
    assert Wish(1, 2).text == parse_wish("01", "2").text


@pytest.mark.parametrize(
    ("now", "days", "until"),
    [
        (NOON, 0, datetime(2026, 3, 1, 23, 59, tzinfo=KYIV)),
        (NOON, 10, datetime(2026, 3, 11, 23, 59, tzinfo=KYIV)),
        (datetime(2026, 3, 1, 22, 30, tzinfo=UTC), 0, datetime(2026, 3, 2, 23, 59, tzinfo=KYIV)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), 1, datetime(2026, 3, 29, 20, 59, tzinfo=UTC)),
    ],
)
def test_days_end_with_the_projects_days_also_over_a_change_of_the_clock(now, days, until) -> None:
    assert fit(Wish(days=days), now, KYIV).until == until


def test_a_wish_without_days_takes_whatever_is_valid_now() -> None:
    assert fit(Wish(), NOON, KYIV).until == NOON
