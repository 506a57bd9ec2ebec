"""Dates by Java's SimpleDateFormat patterns: written and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tearoff.velocity.names import Names, names
from tearoff.velocity.problems import Failure

PATTERN_MAX = 200
INPUT_FORMATS = ("dd/MM/yyyy HH:mm", "dd/MM/yyyy", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd")
"""How dates are read where no pattern is given, in this order."""

_TOKEN = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+")
_FIXED_ZONE = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?")
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")


@lru_cache(maxsize=256)
def parts(pattern: str) -> tuple[tuple[str, int, str], ...]:
    """The pattern as (letter, count, literal text); refuses what SimpleDateFormat refuses."""
    if len(pattern) > PATTERN_MAX:
        raise Failure(f"a date pattern longer than {PATTERN_MAX} characters")
    found: list[tuple[str, int, str]] = []
    at = 0
    while at < len(pattern):
        match = _TOKEN.match(pattern, at)
        if match is None:
            raise Failure(f"the date pattern {pattern!r} has an open quote")
        token = match[0]
        at = match.end()
        if match[1] is not None:
            if match[1] not in WRITERS:
                raise Failure(f"the date pattern {pattern!r} has an unknown letter {match[1]!r}")
            found.append((match[1], len(token), ""))
        elif token[0] == "'":
            found.append(("", 0, token[1:-1].replace("''", "'") or "'"))
        else:
            found.append(("", 0, token))
    return tuple(found)


def zone_of(name: str) -> tzinfo:
    """A time zone by Java's names: `GMT+3`, `Europe/Kyiv`; unknown ones are GMT, as in Java."""
    fixed = _FIXED_ZONE.fullmatch(name)
    if fixed is not None:
        minutes = int(fixed[2]) * 60 + int(fixed[3] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if fixed[1] == "+" else -minutes))
        return UTC
    if _ZONE_NAME.fullmatch(name) is None or len(name) > 60:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _number(value: int, count: int) -> str:
    return str(value).rjust(count, "0")


def _year(instant: datetime, count: int, _: Names) -> str:
    return _number(instant.year % 100, 2) if count == 2 else _number(instant.year, count)


def _month(instant: datetime, count: int, words: Names, alone: bool = False) -> str:
    if count < 3:
        return _number(instant.month, count)
    short = words.lone_months_short if alone else words.months_short
    full = words.lone_months if alone else words.months
    return (full if count > 3 else short)[instant.month - 1]


def _offset(instant: datetime) -> tuple[str, int, int]:
    minutes = int((instant.utcoffset() or timedelta()).total_seconds()) // 60
    return ("-" if minutes < 0 else "+"), *divmod(abs(minutes), 60)


def _zone(instant: datetime, count: int, _: Names) -> str:
    name = instant.tzname() or "GMT"
    if name in ("UTC", "GMT") or name[:3] == "UTC" or name[0] in "+-":
        sign, hours, minutes = _offset(instant)
        return "UTC" if name == "UTC" else f"GMT{sign}{hours:02}:{minutes:02}"
    return name


def _iso_zone(instant: datetime, count: int, _: Names) -> str:
    sign, hours, minutes = _offset(instant)
    if not hours and not minutes:
        return "Z"
    return f"{sign}{hours:02}" + ("" if count == 1 else f"{':' if count > 2 else ''}{minutes:02}")


def _rfc_zone(instant: datetime, count: int, _: Names) -> str:
    sign, hours, minutes = _offset(instant)
    return f"{sign}{hours:02}{minutes:02}"


def _week(instant: datetime) -> int:
    if instant.month == 12 and instant.day - instant.isoweekday() % 7 > 25:
        return 1
    first = instant.replace(month=1, day=1)
    return (instant.timetuple().tm_yday - 1 + (first.weekday() + 1) % 7) // 7 + 1


WRITERS: dict[str, Callable[[datetime, int, Names], str]] = {
    "G": lambda i, n, w: "AD",
    "y": _year,
    "Y": _year,
    "u": lambda i, n, w: _number(i.isoweekday(), n),
    "M": _month,
    "L": lambda i, n, w: _month(i, n, w, True),
    "w": lambda i, n, w: _number(_week(i), n),
    "W": lambda i, n, w: _number((i.day - 1 + (i.replace(day=1).weekday() + 1) % 7) // 7 + 1, n),
    "D": lambda i, n, w: _number(i.timetuple().tm_yday, n),
    "d": lambda i, n, w: _number(i.day, n),
    "F": lambda i, n, w: _number((i.day - 1) // 7 + 1, n),
    "E": lambda i, n, w: (w.days if n > 3 else w.days_short)[i.weekday()],
    "a": lambda i, n, w: w.halves[i.hour // 12],
    "H": lambda i, n, w: _number(i.hour, n),
    "k": lambda i, n, w: _number(i.hour or 24, n),
    "K": lambda i, n, w: _number(i.hour % 12, n),
    "h": lambda i, n, w: _number(i.hour % 12 or 12, n),
    "m": lambda i, n, w: _number(i.minute, n),
    "s": lambda i, n, w: _number(i.second, n),
    "S": lambda i, n, w: _number(i.microsecond // 1000, n),
    "z": _zone,
    "Z": _rfc_zone,
    "X": _iso_zone,
}


def written(pattern: str, instant: datetime, language: str | None) -> str:
    """The instant, in its own zone, by the pattern."""
    words = names(language)
    return "".join(
        text if not letter else WRITERS[letter](instant, count, words) for letter, count, text in parts(pattern)
    )


_FIELDS = {"y": "year", "u": "", "M": "month", "L": "month", "d": "day", "H": "hour", "h": "hour", "K": "hour"}
_FIELDS |= {"k": "hour", "m": "minute", "s": "second", "S": "milli", "a": "half", "E": "", "z": "zone", "Z": "zone"}
_FIELDS |= {"X": "zone", "G": ""}


@lru_cache(maxsize=256)
def _reader(pattern: str, language: str | None) -> re.Pattern[str]:
    pieces: list[str] = []
    used: set[str] = set()
    whole = parts(pattern)
    for at, (letter, count, text) in enumerate(whole):
        if not letter:
            pieces.append(re.escape(text))
            continue
        field = _FIELDS.get(letter)
        if field is None:
            raise Failure(f"the date pattern {pattern!r} cannot be read with {letter!r}")
        is_packed = at + 1 < len(whole) and bool(whole[at + 1][0])
        body = _body(letter, count, is_packed, names(language))
        pieces.append(f"(?P<{field}>{body})" if field and field not in used else f"(?:{body})")
        used.add(field)
    return re.compile("".join(pieces), re.IGNORECASE)


def _body(letter: str, count: int, is_packed: bool, words: Names) -> str:
    if letter in "ML" and count > 2:
        return _any((*words.months, *words.lone_months, *words.months_short, *words.lone_months_short))
    if letter == "E":
        return _any((*words.days, *words.days_short))
    if letter == "a":
        return _any(words.halves)
    if letter in "zZX":
        return r"Z|[+-]\d{2}:?\d{2}|(?:GMT|UTC)(?:[+-]\d{1,2}(?::?\d{2})?)?"
    if letter == "G":
        return "AD|BC"
    return rf"\d{{{count}}}" if is_packed else r"\d{1,9}" if letter == "S" else r"\d{1,4}"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def read(pattern: str, text: str, zone: tzinfo, language: str | None) -> datetime:
    """The instant that a text tells by the pattern, in `zone` unless the text names another."""
    match = _reader(pattern, language).match(text.strip()) if len(text) <= PATTERN_MAX else None
    if match is None:
        raise Failure(f"{text[:40]!r} is not a date of the form {pattern!r}")
    found = match.groupdict()
    words = names(language)
    hour = int(found.get("hour") or 0)
    if found.get("half"):
        hour = hour % 12 + (12 if found["half"].lower() == words.halves[1].lower() else 0)
    year = int(found.get("year") or 1970)
    if found.get("year") and len(found["year"]) <= 2:
        year += 2000 if year < 70 else 1900
    named = found.get("zone")
    try:
        start = datetime(max(year, 1), 1, 1, tzinfo=UTC if named == "Z" else zone_of(named) if named else zone)
        month = _month_number(found.get("month") or "1", words)
        day = add_months(start, month - 1) + timedelta(days=int(found.get("day") or 1) - 1)
        return day + timedelta(
            hours=hour,
            minutes=int(found.get("minute") or 0),
            seconds=int(found.get("second") or 0),
            milliseconds=int(found.get("milli") or 0),
        )
    except (ValueError, OverflowError) as error:
        raise Failure(f"{text[:40]!r} is not a date") from error


def _month_number(text: str, words: Names) -> int:
    if text.isdigit():
        return int(text)
    lowered = text.lower()
    for table in (words.months, words.lone_months, words.months_short, words.lone_months_short):
        for number, name in enumerate(table, 1):
            if name.lower() == lowered:
                return number
    return 1


def add_months(instant: datetime, months: int) -> datetime:
    """As many months later; the day is cut to the month's last."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Failure("the date is outside the years 1 to 9999")
    following = datetime(year + month // 11, (month + 1) % 12 + 1, 1, tzinfo=UTC) if year < 9999 or month < 11 else None
    last = 31 if following is None else (following - timedelta(days=1)).day
    return instant.replace(year=year, month=month + 1, day=min(instant.day, last))
