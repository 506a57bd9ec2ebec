"""Additional fields: their types, and what each type takes.

Values are kept in the field's own JSON type: numbers as numbers, dates as `YYYY-MM-DD`, date-times as
`YYYY-MM-DDTHH:MM`, lists as lists of strings. An empty value clears the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args

import msgspec

from tearoff.errors import Invalid, Problem

FieldType = Literal[
    "TEXTFIELD", "TEXTAREA", "NUMBER", "DECIMAL", "DATE", "DATETIME", "COMBOBOX", "CHECKBOXLIST", "TAGS"
]
TYPES: tuple[str, ...] = get_args(FieldType)
TEXTFIELD_MAX, TEXTAREA_MAX = 1000, 5000
INT32 = range(-(2**31), 2**31)
DIGITS_MAX = 15
ITEMS_MAX, ITEM_MAX = 200, 200
ALLOWED_MAX = 1000
KEY = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,99}$")
NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
DATETIME = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$")


class FieldDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A field as somebody wants it. `allowed`: what a COMBOBOX or CHECKBOXLIST may hold; empty means anything."""

    key: str
    name: str
    section: str = "PERSONAL"
    type: FieldType = "TEXTFIELD"
    is_required: bool = False
    is_read_only: bool = False
    allowed: tuple[str, ...] = ()


class Field(FieldDefinition, frozen=True, kw_only=True):
    """A field of a project; templates call it `SECTION.KEY`."""

    field_id: int


def check(definition: FieldDefinition) -> list[Problem]:
    """What is wrong with a definition."""
    problems = [
        Problem(f"/{name}", f"{value!r} must start with a letter and go on with letters, digits and _, 100 at most.")
        for name, value in (("key", definition.key), ("section", definition.section))
        if not KEY.match(value)
    ]
    if not 0 < len(definition.name.strip()) <= ITEM_MAX:
        problems.append(Problem("/name", f"A field needs a name of 1 to {ITEM_MAX} characters."))
    if len(definition.allowed) > ALLOWED_MAX or any(not 0 < len(a) <= ITEM_MAX for a in definition.allowed):
        problems.append(Problem("/allowed", f"At most {ALLOWED_MAX} values of 1 to {ITEM_MAX} characters each."))
    return problems


def parse(field: Field, value: Any, pointer: str = "") -> Any:
    """The value in the field's own type, None when it clears the field; raises Invalid with the field's name."""
    try:
        text = _text(value)
        if text is None:
            return None
        found = READERS[field.type](text)
        chosen = [found] if field.type == "COMBOBOX" else found if field.type == "CHECKBOXLIST" else []
        if field.allowed and (strange := [item for item in chosen if item not in field.allowed]):
            raise ValueError(f"takes only {', '.join(field.allowed)}, not {strange[0]!r}")
    except ValueError as error:
        name = f"{field.section}.{field.key}"
        raise Invalid(Problem(pointer, f"The field {name} ({field.type}, id {field.field_id}) {error}.")) from error
    return found


def as_text(value: Any) -> str:
    """A kept value as the vendor's door shows it."""
    if isinstance(value, list):
        return ",".join(value)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        if any(isinstance(item, list | dict) for item in value):
            raise ValueError("takes a flat list")
        value = ",".join(_shown(item) for item in value if item is not None)
    if isinstance(value, dict):
        raise ValueError("takes a single value, not an object")
    if value is None:
        return None
    text = _shown(value)
    return text if text.strip() else None


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _short(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > limit:
            raise ValueError(f"takes at most {limit} characters, not {len(text)}")
        return text

    return read


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text.strip()):
        raise ValueError(f"takes a whole number, not {text[:50]!r}")
    number = int(text)
    if number not in INT32:
        raise ValueError(f"takes a number from {INT32[0]} to {INT32[-1]}, not {number}")
    return number


def _decimal(text: str) -> float:
    written = text.strip().replace(",", ".")
    if not DECIMAL.fullmatch(written):
        raise ValueError(f"takes a decimal number, not {text[:50]!r}")
    number = Decimal(written)
    if len(number.as_tuple().digits) > DIGITS_MAX or abs(number.adjusted()) > DIGITS_MAX:
        raise ValueError(f"takes a decimal number of at most {DIGITS_MAX} digits, not {text[:50]!r}")
    return float(number)


def _date(text: str) -> str:
    stripped = text.strip()
    try:
        if not DATE.match(stripped) and not DATETIME.match(stripped):
            raise ValueError
        return date.fromisoformat(stripped[:10]).isoformat()
    except ValueError as error:
        raise ValueError(f"takes a date such as 2026-12-31, not {text[:50]!r}") from error


def _datetime(text: str) -> str:
    try:
        if not DATETIME.match(text.strip()):
            raise ValueError
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"takes a date and time such as 2026-12-31T20:15, not {text[:50]!r}") from error
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def _items(text: str) -> list[str]:
    items = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(items) > ITEMS_MAX or any(len(item) > ITEM_MAX for item in items):
        raise ValueError(f"takes at most {ITEMS_MAX} items of at most {ITEM_MAX} characters")
    return items


READERS: dict[str, Callable[[str], Any]] = {
    "TEXTFIELD": _short(TEXTFIELD_MAX),
    "TEXTAREA": _short(TEXTAREA_MAX),
    "NUMBER": _number,
    "DECIMAL": _decimal,
    "DATE": _date,
    "DATETIME": _datetime,
    "COMBOBOX": _short(ITEM_MAX),
    "CHECKBOXLIST": _items,
    "TAGS": _items,
}
