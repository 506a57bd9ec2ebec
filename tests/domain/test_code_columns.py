"""The columns of every dialect, found by their names."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tearoff.domain.code_files import Attributes, CodeFile, CodeRow, Home
from tearoff.errors import Invalid

KYIV = ZoneInfo("Europe/Kyiv")
DIALECTS = [
    "Code,Issue-start,Issue-end,Available-from,Available-till\nA,{},{},{},{}\n",
    "Code;IssueStartDateTimeUtc;IssueEndDateTimeUtc;AvailableFromDateTimeUtc;AvailableTillDateTimeUtc\nA;{};{};{};{}\n",
    "code\tissue-start\tissue_end\tavailable from\tavailable-till\nA\t{}\t{}\t{}\t{}\n",
]


def read(text: str, **more) -> list:
    file = CodeFile(KYIV, Attributes(), dialect="any", **more)
    return [*file.feed(text.encode()), *file.close()]


@pytest.mark.parametrize("text", DIALECTS)
def test_each_dialects_windows_mean_its_own_zone(text) -> None:
    zone = UTC if "Utc" in text else KYIV
    days = [datetime(2026, 3, day, 12, tzinfo=zone) for day in (1, 2, 3, 4)]
    [row] = read(text.format(*(f"{day:%d.%m.%Y %H:%M}" for day in days)))
    assert [row.issue_from, row.issue_until, row.use_from, row.expires_at] == days


def test_the_older_names_and_the_upload_doors_columns_are_read_too() -> None:
    [row] = read("Code;expired-at;active-from;CodeType\nA;2016-08-08 17:34:00;2016-08-07 00:00:00;x\n")
    assert (row.expires_at, row.type) == (datetime(2016, 8, 8, 17, 34, tzinfo=UTC), "x")
    [row] = read("code,expirationDate,discount,type,inUse\nA,2026-12-31,5,vip,true\n")
    assert row == CodeRow(2, "A", datetime(2026, 12, 31, 23, 59, 59, tzinfo=KYIV), 5, "vip", True)


def test_a_used_column_says_that_a_code_is_taken_and_the_code_used_is_one() -> None:
    assert [row.is_in_use for row in read("Code;used\nA;true\nB;false\nC;\n")] == [True, False, None]
    assert [row.value for row in read("USED\nFRESH\n")] == ["USED", "FRESH"]


def test_a_column_twice_or_none_for_the_code_is_refused() -> None:
    for header in ("code,Available-till,expirationDate", "type,discount"):
        with pytest.raises(Invalid, match="Line 1"):
            read(f"{header}\nA,,\n")


def test_the_code_of_a_refused_row_is_shown_wherever_its_column_stands() -> None:
    [bad] = read("discount,code\n500,A\n")
    assert (bad.value, "0 to 99" in bad.reason) == ("A", True)


def test_rows_may_call_their_pool_by_any_of_its_names() -> None:
    home = Home("Summer", frozenset({"summer", "7"}))
    first, second, third = read("code,type\nA,SUMMER\nB,7\nC,winter\n", home=home)
    assert (first.type, second.type) == ("Summer", "Summer")
    assert "'winter'" in third.reason


def found(text: str) -> list[tuple[str, str, str | None]]:
    file = CodeFile(KYIV, Attributes(), dialect="any")
    list(file.feed(text.encode()))
    list(file.close())
    return [(column.title, column.field, column.form) for column in file.rows.found]


def test_the_columns_that_count_are_told_with_how_their_dates_are_written() -> None:
    text = "Code;Issue-start;Colour;Available-till\nA;;red;\nB;20.06.2022 20:13;;2022-08-31T20:13:00Z\n"
    assert found(text) == [
        ("Code", "value", None),
        ("Issue-start", "issue_from", "DD.MM.YYYY HH:MM"),
        ("Available-till", "expires_at", "YYYY-MM-DD HH:MM:SS UTC"),
    ]


def test_columns_without_titles_are_told_as_far_as_rows_have_them() -> None:
    assert found("A\nB,2026-12-31\n") == [("", "value", None), ("", "expires_at", "YYYY-MM-DD")]
    assert found("") == []
