"""Codes: what they may look like, when they expire, and which of them fit a wish."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

import msgspec

from tearoff.errors import Invalid, Problem

CODE_LENGTH_MAX = 500
TYPE_LENGTH_MAX = 200
DISCOUNT_MAX = 99
DAYS_MAX = 36_500
DATE_FORMS = "2026-12-31, 2026.12.31, 2026-12-31T23:59 or 2026-12-31T23:59:59"
State = Literal["free", "reserved", "issued", "withdrawn"]
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{4}\.\d\d\.\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)
_WHOLE = re.compile(r"(\d{1,9})(?:\.0{1,9})?", re.ASCII)  # some shops send 10 as 10.0
_TRUE = {"true", "1", "yes"}
_FALSE = {"false", "0", "no"}


class Wish(msgspec.Struct, frozen=True):
    """What a code must satisfy: an equal discount, and validity until the end of the day `days` from today.

    Either may be absent. `text` is its stable form, the same for equal wishes.
    """

    discount: int | None = None
    days: int | None = None

    @property
    def text(self) -> str:
        """A stable text of the criteria, for comparing requests and queueing behind equal ones."""
        return (
            f"discount={'' if self.discount is None else self.discount};days={'' if self.days is None else self.days}"
        )

    def __str__(self) -> str:
        parts = [] if self.discount is None else [f"discount {self.discount}"]
        parts += [] if self.days is None else [f"valid for {self.days} more days"]
        return ", ".join(parts)


class Fit(msgspec.Struct, frozen=True):
    """A wish made exact for one instant: the one rule that claim, list and count share.

    A code fits when its discount equals `discount` (None: any), it expires at or after `until` and after `now`, `now`
    is inside its issue window, and it can be used before `use_end` (None: whenever), when its new owner's time is over.
    """

    discount: int | None
    until: datetime
    now: datetime
    use_end: datetime | None = None


def fit(wish: Wish, now: datetime, zone: tzinfo) -> Fit:
    """The wish at `now` in the project's `zone`: 23:59 of the last day counts as the whole day."""
    until = now
    if wish.days is not None:
        last_day = now.astimezone(zone).date() + timedelta(days=wish.days)
        until = datetime.combine(last_day, time(23, 59), zone)
    return Fit(discount=wish.discount, until=until, now=now)


def nothing_fits(now: datetime) -> Fit:
    """What no code satisfies: a claim with it gives known keys what they have, and takes nothing."""
    return Fit(discount=-1, until=now, now=now)


def parse_expiry(text: str, zone: tzinfo) -> datetime | None:
    """The instant that a vendor's date names in the project's zone; a date alone means the end of that day.

    Empty text is None: it never expires. Raises ValueError with a sentence.
    """
    stripped = text.strip()
    if not stripped:
        return None
    try:
        if not _DATE.fullmatch(stripped):
            raise ValueError
        if len(stripped) == 10:
            day = date.fromisoformat(stripped.replace(".", "-"))
            return datetime.combine(day, time(23, 59, 59), zone)
        instant = datetime.fromisoformat(stripped)
        if instant.tzinfo is None and len(stripped) not in (16, 19):
            raise ValueError
    except ValueError:
        raise ValueError(f"the date {stripped[:40]!r} is none of {DATE_FORMS}") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def parse_value(text: str) -> str:
    """The code without surrounding white space; raises ValueError with a sentence."""
    value = text.strip()
    if not value:
        raise ValueError("the code is empty")
    if len(value) > CODE_LENGTH_MAX:
        raise ValueError(f"the code has {len(value)} characters, at most {CODE_LENGTH_MAX} are allowed")
    if not value.isprintable():
        raise ValueError("the code holds a character that cannot be printed")
    return value


def parse_discount(text: str) -> int | None:
    """The discount as a number, 0 to 99; empty is None. Raises ValueError with a sentence."""
    stripped = text.strip().removesuffix("%").rstrip()
    if not stripped:
        return None
    number = _whole(stripped)
    if number is None or number > DISCOUNT_MAX:
        raise ValueError(f"the discount {stripped[:40]!r} is not a whole number from 0 to {DISCOUNT_MAX}")
    return number


def parse_type(text: str) -> str | None:
    """The pool's type as the vendor writes it; empty is None. Raises ValueError with a sentence."""
    stripped = text.strip()
    if len(stripped) > TYPE_LENGTH_MAX or not stripped.isprintable():
        raise ValueError(f"the type must be printable and at most {TYPE_LENGTH_MAX} characters long")
    return stripped or None


def parse_flag(text: str) -> bool | None:
    """Whether inUse is set; empty is None: not stated. Raises ValueError with a sentence."""
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    if not word:
        return None
    raise ValueError(f"inUse {word[:40]!r} is neither true nor false")


def parse_wish(discount: object, days: object) -> Wish:
    """A wish from what a block or a query says, numbers also as text ("05" is 5). Raises Invalid with all problems."""
    problems: list[Problem] = []
    wished: int | None = None
    try:
        wished = parse_discount("" if discount is None else str(discount))
    except ValueError as error:
        problems.append(Problem("/discount", f"{error}."))
    text = "" if days is None else str(days).strip()
    wished_days = _whole(text)
    if text and (wished_days is None or wished_days > DAYS_MAX):
        problems.append(Problem("/days", f"the days {text[:40]!r} are not a whole number from 0 to {DAYS_MAX}."))
    if problems:
        raise Invalid(*problems)
    return Wish(discount=wished, days=wished_days)


def _whole(text: str) -> int | None:
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found else None
