"""Columns of code files: the names that each dialect gives them, and how their cells are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import partial
from typing import Any, Literal, NamedTuple

from tearoff.domain.code_dates import END, START, parse_instant, remembered
from tearoff.domain.codes import parse_discount, parse_expiry, parse_flag, parse_type, parse_value

Dialect = Literal["narrow", "any"]
"""narrow: the five columns of the upload door with its forms of dates, the code under any of its names, since a header
that is not known is taken for a code; any: the columns and dates of every dialect."""
Cell = Callable[[str], Any]
NARROW = ("code", "expirationdate", "discount", "type", "inuse")

_HERE = {
    "value": ("code", "codes", "promocode", "promocodes", "coupon", "coupons", "couponcode", "codevalue"),
    "issue_from": ("issuestart", "issuefrom"),
    "issue_until": ("issueend", "issueuntil"),
    "use_from": ("availablefrom", "usefrom"),
    "expires_at": ("availabletill", "useuntil", "expirationdate", "expiresat", "validuntil"),
    "discount": ("discount",),
    "type": ("type", "codetype", "pool"),
    "is_in_use": ("inuse", "used", "isused"),
}
_UTC = {
    "issue_from": ("issuestartdatetimeutc",),
    "issue_until": ("issueenddatetimeutc",),
    "use_from": ("availablefromdatetimeutc", "activefrom"),
    "expires_at": ("availabletilldatetimeutc", "expiredat"),
    "used_at": ("useddatetimeutc",),
}
_IGNORED = ("usedpointofcontact",)
FLAGS = frozenset({"used", "isused"})
"""Names that are codes, too, where no column of the code stands beside them."""


class Column(NamedTuple):
    """What a column of a file says about its codes; no field when it says nothing to us."""

    field: str | None
    is_utc: bool = False


NAMES: dict[str, Column] = {
    **{name: Column(field) for field, names in _HERE.items() for name in names},
    **{name: Column(field, is_utc=True) for field, names in _UTC.items() for name in names},
    **{name: Column(None) for name in _IGNORED},
}


class Columns(NamedTuple):
    """The columns of one file: of each cell that counts its place, its field and how it is read."""

    width: int
    is_header: bool
    readers: list[tuple[int, str, Cell]]
    unknown: list[str]
    titles: list[str]


def recognise(cells: Sequence[str], zone: tzinfo, dialect: Dialect) -> Columns:
    """The columns that the first row names; without names they stand in the order of the upload door.

    Raises ValueError when there are names, but none for the code, or one field is named twice.
    """
    names = [cell.strip().lower().translate(_DROPPED) for cell in cells]
    known = {name: NAMES[name] for name in (*NARROW, *_HERE["value"])} if dialect == "narrow" else NAMES
    is_header = names[0] in known.keys() - FLAGS or any(known.get(name) == Column("value") for name in names)
    if not is_header:
        columns = [NAMES[name] for name in NARROW]
        return Columns(len(NARROW), False, _readers(columns, zone, dialect), [], [""] * len(NARROW))
    columns = [known.get(name, Column(None)) for name in names]
    fields = [column.field for column in columns if column.field]
    if "value" not in fields:
        raise ValueError("the header names no column `code`; see which character stands between the columns")
    if dialect == "any" and len(set(fields)) < len(fields):
        twice = next(
            cell.strip() for cell, column in zip(cells, columns, strict=True) if fields.count(column.field or "") > 1
        )
        raise ValueError(f"two columns of the header say the same as {twice[:40]!r}")
    read = {*known, *_IGNORED}
    unknown = [cell.strip()[:100] for cell, name in zip(cells, names, strict=True) if name and name not in read]
    titles = [cell.strip("\ufeff ")[:100] for cell in cells]
    return Columns(len(names), True, _readers(columns, zone, dialect), unknown, titles)


_DROPPED: Mapping[int, None] = dict.fromkeys(map(ord, "_- \ufeff\u00a0"))


def _readers(columns: Sequence[Column], zone: tzinfo, dialect: Dialect) -> list[tuple[int, str, Cell]]:
    return [
        (place, column.field, _reader(column, zone, dialect)) for place, column in enumerate(columns) if column.field
    ]


def _reader(column: Column, zone: tzinfo, dialect: Dialect) -> Cell:
    plain: dict[str, Cell] = {
        "value": parse_value, "discount": parse_discount, "type": parse_type, "is_in_use": parse_flag
    }  # fmt: skip
    if column.field in plain:
        return plain[column.field]
    if dialect == "narrow":
        return remembered(lambda text: parse_expiry(text, zone))
    day_time = START if column.field in ("issue_from", "use_from") else END
    return remembered(partial(parse_instant, zone=UTC if column.is_utc else zone, day_time=day_time))
