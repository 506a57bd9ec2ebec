"""The tools that every template may use: `$mathTool`, `$numberTool`, `$dateTool` and `$esc`."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from tearoff.velocity import dates, decimals, escapes
from tearoff.velocity.arguments import text, whole
from tearoff.velocity.arithmetic import Number, calculate, number
from tearoff.velocity.names import names
from tearoff.velocity.problems import Failure
from tearoff.velocity.values import Safe, Tool, text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

Table = dict[tuple[str, int], Callable[..., object]]


class MathTool(Tool):
    """`$mathTool`"""

    __slots__ = ()


class NumberTool(Tool):
    """`$numberTool`"""

    __slots__ = ()


class DateTool(Tool):
    """`$dateTool`"""

    __slots__ = ()


class EscapeTool(Tool):
    """`$esc`"""

    __slots__ = ()


def _fitted(operands: tuple[Number, ...], found: object) -> object:
    """A whole result of whole operands as a whole number, as in Velocity Tools; a double is none, but `'2.0'` is."""
    if isinstance(found, Decimal):
        found = float(found)
    if not all(map(_is_whole, operands)):
        return float(found) if type(found) is int else found
    return int(found) if isinstance(found, float) and found.is_integer() else found


def _is_whole(value: Number) -> bool:
    return type(value) is not float and value == int(value)


def _reckoned(sign: str) -> Callable[..., object]:
    def reckon(render: Render, tool: MathTool, left: object, right: object) -> object:
        a, b = number(left), number(right)
        if a is None or b is None:
            return None
        if sign == "/":
            return None if b == 0 else _fitted((a, b), float(a) / float(b))
        return _fitted((a, b), calculate(render, sign, a, b, 0))

    return reckon


def _rounded(how: Callable[[float], int]) -> Callable[..., object]:
    def rounded(render: Render, tool: MathTool, value: object) -> object:
        found = number(value)
        if found is None or not math.isfinite(found):
            return None
        return how(float(found)) if type(found) is not int else found

    return rounded


def _half_up(value: float) -> int:
    return math.floor(value + 0.5)


def remainder(render: Render, tool: MathTool, left: object, right: object) -> int | None:
    """Of the operands' whole parts, with the sign of the first."""
    a, b = number(left), number(right)
    if a is None or b is None or not (math.isfinite(a) and math.isfinite(b)) or not int(b):
        return None
    return int(math.copysign(1, a)) * (abs(int(a)) % abs(int(b)))


def absolute(render: Render, tool: MathTool, value: object) -> object:
    found = number(value)
    return None if found is None else _fitted((found,), abs(found))


def round_to(render: Render, tool: MathTool, places: object, value: object) -> object:
    found, count = number(value), whole(places)
    if found is None or not -300 <= count <= 300:
        return None
    if count <= 0:
        return float(found)
    scale = 10.0**count
    return _half_up(float(found) * scale) / scale


def _picked(pick: Callable[[Number, Number], Number]) -> Callable[..., object]:
    def picked(render: Render, tool: MathTool, left: object, right: object) -> object:
        a, b = number(left), number(right)
        return None if a is None or b is None else _fitted((a, b), pick(a, b))

    return picked


MATH: Table = {
    ("add", 2): _reckoned("+"),
    ("sub", 2): _reckoned("-"),
    ("mul", 2): _reckoned("*"),
    ("div", 2): _reckoned("/"),
    ("mod", 2): remainder,
    ("max", 2): _picked(max),
    ("min", 2): _picked(min),
    ("floor", 1): _rounded(math.floor),
    ("ceil", 1): _rounded(math.ceil),
    ("round", 1): _rounded(round),
    ("toInteger", 1): _rounded(int),
    ("roundTo", 2): round_to,
    ("abs", 1): absolute,
    ("toDouble", 1): lambda render, tool, value: None if (found := number(value)) is None else float(found),
}


NAMED = {"integer": "#,##0", "number": "#,##0.###", "percent": "#,##0%"}
"""Patterns that Velocity Tools knows by a name."""


def _formatted(render: Render, pattern: str, value: object) -> str | None:
    found = number(value)
    return None if found is None else decimals.written(NAMED.get(pattern, pattern), found, names(render.language))


NUMBERS: Table = {
    ("format", 2): lambda render, tool, pattern, value: _formatted(render, text(render, pattern), value),
    ("integer", 1): lambda render, tool, value: _formatted(render, "integer", value),
    ("number", 1): lambda render, tool, value: _formatted(render, "number", value),
    ("percent", 1): lambda render, tool, value: _formatted(render, "percent", value),
}


def _zone(render: Render) -> tzinfo:
    return render.zone or UTC


def current_date(render: Render, tool: DateTool, pattern: object = "yyyy-MM-dd", zone: object = None) -> str:
    """Now, by the pattern, in the zone named or the contact's."""
    where = _zone(render) if zone is None else dates.zone_of(text(render, zone))
    return dates.written(text(render, pattern), render.now.astimezone(where), render.language)


def _instant(render: Render, value: object, pattern: object, zone: tzinfo) -> tuple[datetime, str]:
    """The instant that a value tells, and the pattern that it has."""
    if type(value) is int or type(value) is float:
        try:
            return datetime(1970, 1, 1, tzinfo=UTC).astimezone(zone) + timedelta(milliseconds=value), "dd/MM/yyyy HH:mm"
        except (OverflowError, ValueError) as error:
            raise Failure("the time is outside the years 1 to 9999") from error
    told = text(render, value)
    if pattern is not None:
        return dates.read(text(render, pattern), told, zone, render.language), text(render, pattern)
    if told.isascii() and told.isdigit() and len(told) > 8:
        return _instant(render, int(told), None, zone)
    for form in dates.INPUT_FORMATS:
        try:
            return dates.read(form, told, zone, render.language), form
        except Failure:
            continue
    raise Failure(f"{told[:40]!r} is a date of none of the forms {', '.join(dates.INPUT_FORMATS)}")


def format_date(render: Render, tool: DateTool, pattern: object, value: object) -> str:
    """A time stamp in milliseconds, or a date, by the pattern."""
    instant, _ = _instant(render, value, None, _zone(render))
    return dates.written(text(render, pattern), instant.astimezone(_zone(render)), render.language)


def format_in_contact_zone(render: Render, tool: DateTool, pattern: object, value: object) -> str:
    """A date told in UTC, or a time stamp, by the pattern in the contact's zone."""
    instant, _ = _instant(render, value, None, UTC)
    return dates.written(text(render, pattern), instant.astimezone(_zone(render)), render.language)


def _shifted(shift: Callable[[datetime, int], datetime]) -> Callable[..., object]:
    def shifted(
        render: Render, tool: DateTool, value: object, count: object, pattern: object = None, result: object = None
    ) -> str:
        instant, form = _instant(render, value, pattern, _zone(render))
        try:
            moved = shift(instant, whole(count))
        except (OverflowError, ValueError) as error:
            raise Failure("the date is outside the years 1 to 9999") from error
        return dates.written(form if result is None else text(render, result), moved, render.language)

    return shifted


UNITS = {"DAYS": 86_400, "HOURS": 3_600, "MINUTES": 60}


def difference(render: Render, tool: DateTool, first: object, second: object, *rest: object) -> int:
    """Whole units from the first date to the second."""
    pattern, unit = (rest[0] if len(rest) == 2 else None), text(render, rest[-1]).upper()
    a, _ = _instant(render, first, pattern, UTC)
    b, _ = _instant(render, second, pattern, UTC)
    if unit in UNITS:
        return int((b - a).total_seconds() / UNITS[unit])
    months = (b.year - a.year) * 12 + b.month - a.month
    if months > 0 and dates.add_months(a, months) > b:
        months -= 1
    elif months < 0 and dates.add_months(a, months) < b:
        months += 1
    if unit == "MONTHS":
        return months
    if unit == "YEARS":
        return int(months / 12)
    raise Failure(f"diff knows YEARS, MONTHS, DAYS, HOURS and MINUTES, not {unit[:20]}")


_SHIFTS: dict[str, Callable[[datetime, int], datetime]] = {
    "addYears": lambda instant, count: dates.add_months(instant, count * 12),
    "addMonths": dates.add_months,
    "addDays": lambda instant, count: instant + timedelta(days=count),
    "addHours": lambda instant, count: instant + timedelta(hours=count),
    "addMinutes": lambda instant, count: instant + timedelta(minutes=count),
}

DATES: Table = {
    ("currentDate", 0): current_date,
    ("currentDate", 1): current_date,
    ("currentDate", 2): current_date,
    ("currentTimeStamp", 0): lambda render, tool: int(render.now.timestamp() * 1000),
    ("formatDate", 2): format_date,
    ("formatInContactTimezone", 2): format_in_contact_zone,
    ("diff", 3): difference,
    ("diff", 4): difference,
    **{(name, count): _shifted(shift) for name, shift in _SHIFTS.items() for count in (2, 3, 4)},
}


def _escaped(escape: Callable[[str], str]) -> Callable[..., object]:
    def escaped(render: Render, tool: EscapeTool, value: object) -> str | None:
        if value is None:
            return None
        found = escape(text_of(render, value))
        render.check_string(len(found))
        return found

    return escaped


ESCAPES: Table = {
    ("html", 1): _escaped(lambda value: Safe(escapes.html(value))),
    ("xml", 1): _escaped(lambda value: Safe(escapes.html(value))),
    ("url", 1): _escaped(escapes.address),
    ("javascript", 1): _escaped(escapes.script),
}

TOOLS: dict[str, object] = {
    "mathTool": MathTool(),
    "numberTool": NumberTool(),
    "dateTool": DateTool(),
    "esc": EscapeTool(),
}
TOOL_METHODS: dict[type, Table] = {MathTool: MATH, NumberTool: NUMBERS, DateTool: DATES, EscapeTool: ESCAPES}
