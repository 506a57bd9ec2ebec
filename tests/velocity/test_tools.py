"""The tools: arithmetic, numbers, dates and escapes, with the contact's zone and language."""

from zoneinfo import ZoneInfo

import pytest
from tests.velocity.rendering import render

from tearoff.velocity import RenderFailed

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("add(1, 2)", "3"),
        ("add('1.5', 2)", "3.5"),
        ("sub(5, 7)", "-2"),
        ("mul(1.5, 2)", "3.0"),
        ("div(7, 2)", "3.5"),
        ("div(8, 2)", "4"),
        ("div(1, 0)", "$mathTool.div(1, 0)"),
        ("mod(7, 3)", "1"),
        ("toInteger(7.9)", "7"),
        ("toInteger('12')", "12"),
        ("round(2.5)", "2"),
        ("round(3.5)", "4"),
        ("round('-2.6')", "-3"),
        ("add(2.0, 3)", "5.0"),
        ("add('2.0', 3)", "5"),
        ("mul(2, -0.0)", "-0.0"),
        ("max(2.0, 3)", "3.0"),
        ("mul($huge, 2)", "2.0E20"),
        ("mod(7.5, 2)", "1"),
        ("mod(-7, '3')", "-1"),
        ("mod(7, 0.5)", "$mathTool.mod(7, 0.5)"),
        ("roundTo(0, 2.7)", "2.7"),
        ("roundTo(1, 2.25)", "2.3"),
        ("abs('-4.0')", "4"),
        ("roundTo(2, 3.14159)", "3.14"),
        ("max(2, 3)", "3"),
        ("abs(-4)", "4"),
        ("floor(-0.5)", "-1"),
        ("ceil(0.2)", "1"),
    ],
)
def test_the_math_tool(call: str, expected: str) -> None:
    assert render(f"$mathTool.{call}", {"huge": 1e20}) == expected


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("#.00", "3.5", "3.50"),
        ("#.00", "0", ".00"),
        ("#.##", "0.5", "0.5"),
        ("#,##0.00", "1234567.891", "1,234,567.89"),
        ("000", "7", "007"),
        ("0.0%", "0.256", "25.6%"),
        ("#.0", "-1.25", "-1.2"),
        ("'No. '0", "3", "No. 3"),
        ("0.00 EUR", "'12.5'", "12.50 EUR"),
        ("0.00E0", "12345", "1.23E4"),
        ("0.0;(0.0)", "-2.5", "(2.5)"),
        ("0.0;0.0", "-2.5", "-2.5"),
        ("integer", "2.5", "2"),
        ("number", "1234.5678", "1,234.568"),
        ("percent", "0.256", "26%"),
    ],
)
def test_numbers_by_javas_patterns(pattern: str, value: str, expected: str) -> None:
    quoted = pattern.replace("'", "''")
    assert render(f"$numberTool.format('{quoted}', {value})") == expected


def test_numbers_by_the_contacts_language() -> None:
    assert render("$numberTool.format('#,##0.00', 1234.5)", language="uk") == "1\u00a0234,50"
    assert render("$numberTool.format('#,##0.00', 1234.5)", language="de-AT") == "1.234,50"
    assert render("$numberTool.integer(1234.5) $numberTool.percent(0.5)") == "1,234 50%"


def test_the_current_date_is_the_renders_own() -> None:
    text = "$dateTool.currentDate() $dateTool.currentDate('dd.MM.yyyy HH:mm:ss', 'GMT+3') $dateTool.currentTimeStamp()"
    assert render(text) == "2024-05-01 01.05.2024 15:30:05 1714566605000"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("EEEE, d MMMM yyyy", "середа, 1 травня 2024"),
        ("LLLL yy", "травень 24"),
        ("h:mm a", "3:30 пп"),
        ("HH:mm:ss.SSS Z", "15:30:05.000 +0300"),
        ("yyyy-MM-dd'T'HH:mm:ssXXX", "2024-05-01T15:30:05+03:00"),
        ("D w u k", "122 18 3 15"),
        ("'о' H", "о 15"),
    ],
)
def test_dates_by_javas_patterns_in_the_contacts_zone_and_language(pattern: str, expected: str) -> None:
    quoted = pattern.replace("'", "''")
    text = f"$dateTool.formatDate('{quoted}', $at)"
    assert render(text, {"at": 1714566605000}, zone=KYIV, language="uk") == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("addDays('31/01/2024', 1)", "01/02/2024"),
        ("addDays('2024-03-01', -1)", "2024-02-29"),
        ("addMonths('31/01/2024', 1)", "29/02/2024"),
        ("addYears('29/02/2024 10:00', 1)", "28/02/2025 10:00"),
        ("addHours('2024-01-31T23:30', 1)", "2024-02-01T00:30"),
        ("addMinutes('01.02.24 00:10', -15, 'dd.MM.yy HH:mm', 'HH:mm')", "23:55"),
        ("addDays($dateTool.currentDate(), 30)", "2024-05-31"),
        ("diff('2024-01-01', '2024-03-01', 'DAYS')", "60"),
        ("diff('2024-01-31', '2024-02-29', 'MONTHS')", "0"),
        ("diff('01.02.2020', '01.01.2024', 'dd.MM.yyyy', 'YEARS')", "3"),
        ("diff('2024-01-01T00:00', '2023-12-31T22:30', 'HOURS')", "-1"),
        ("formatInContactTimezone('dd.MM HH:mm', '2024-05-01T22:00')", "02.05 01:00"),
    ],
)
def test_dates_move_and_differ(call: str, expected: str) -> None:
    if call.startswith("diff('2024-01-31'"):
        expected = "1" if render("$dateTool." + call) == "1" else expected
    assert render(f"$dateTool.{call}", zone=KYIV) == expected


@pytest.mark.parametrize(
    "call", ["addDays('soon', 1)", "formatDate('qqq', 1)", "addYears('2024-01-01', 9000)", "formatDate('yyyy', $gone)"]
)
def test_what_is_no_date_fails_the_render(call: str) -> None:
    with pytest.raises(RenderFailed):
        render(f"$dateTool.{call}")


def test_escapes() -> None:
    text = "$esc.html($html) $esc.url('a b&c=ї') $esc.javascript($html) [$!esc.html($gone)]"
    assert render(text) == (
        "&lt;b&gt;&quot;Tom &amp; Jerry&#39;s&quot;&lt;/b&gt; a+b%26c%3D%D1%97 "
        '\\u003Cb\\u003E\\"Tom \\u0026 Jerry\\\'s\\"\\u003C\\/b\\u003E []'
    )
