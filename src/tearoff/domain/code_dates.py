"""Dates of code files, in any form that the dialects use; what a date without a time means depends on its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo

SHOWN_FORMS = "2026-12-31, 31.12.2026, 31.12.2026 23:59 or 2026-12-31T23:59:59+02:00"
KNOWN_MAX = 10_000
_DATE = re.compile(
    r"(?:(?P<y>\d{4})(?P<s>[-./])(?P<m>\d\d)(?P=s)(?P<d>\d\d)|(?P<D>\d\d?)\.(?P<M>\d\d?)\.(?P<Y>\d{4}))"
    r"(?:[T ]+(?P<time>\d\d?:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
START = time(0, 0)
END = time(23, 59, 59)
Parse = Callable[[str], datetime | None]


def parse_instant(text: str, zone: tzinfo, day_time: time) -> datetime | None:
    """The instant that a date names in `zone`, unless it names an offset itself; None for empty text.

    `day_time` is what a date alone means: START of the day or its END. Raises ValueError with a sentence.
    """
    stripped = text.strip()
    if not stripped:
        return None
    found = _DATE.fullmatch(stripped)
    if not found:
        raise ValueError(f"the date {stripped[:40]!r} is not in a form like {SHOWN_FORMS}")
    part = found.groupdict()
    try:
        day = date(int(part["y"] or part["Y"]), int(part["m"] or part["M"]), int(part["d"] or part["D"]))
        at = _time(part["time"]) if part["time"] else day_time
        return datetime.combine(day, at, _zone(part["zone"]) or zone)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"there is no such date as {stripped[:40]!r}") from error


def form_of(text: str) -> str | None:
    """How a date is written, as in `DD.MM.YYYY HH:MM`; None where it is no date."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    part = found.groupdict()
    day = f"YYYY{part['s']}MM{part['s']}DD" if part["y"] else "DD.MM.YYYY"
    clock = "" if not part["time"] else " HH:MM:SS" if part["time"].count(":") > 1 else " HH:MM"
    return day + clock + (" UTC" if (part["zone"] or "").upper() in ("Z", "UTC") else " ±HH:MM" if part["zone"] else "")


def remembered(parse: Parse) -> Parse:
    """The same, but the dates of a file, which repeat, are parsed once each."""
    known: dict[str, datetime | None] = {}

    def look_up(text: str) -> datetime | None:
        if text not in known:
            if len(known) >= KNOWN_MAX:
                known.clear()
            known[text] = parse(text)
        return known[text]

    return look_up


def _time(text: str) -> time:
    clock, _, fraction = text.partition(".")
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return time(hour, minute, second[0] if second else 0, int(fraction[:6].ljust(6, "0")) if fraction else 0)


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC"):
        return UTC
    return datetime.strptime(text.replace(":", ""), "%z").tzinfo
