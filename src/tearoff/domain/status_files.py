"""Files that say which codes were used elsewhere: which columns they have, and what a row means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from tearoff.domain.code_dates import START, parse_instant
from tearoff.domain.code_files import RejectedRow, rejected
from tearoff.domain.codes import parse_flag, parse_value

CODE, USED, USED_AT, POINT = ("code",), ("used", "isused"), ("useddatetimeutc",), ("usedpointofcontact",)


class ToldUse(NamedTuple):
    """What a row says of a code: that it was used, when and where, or that it was not."""

    line: int
    value: str
    is_used: bool
    used_at: datetime | None
    point: str | None


class StatusColumns(NamedTuple):
    """Where the columns of a file stand; None where it has none."""

    code: int
    used: int | None
    used_at: int | None
    point: int | None

    @property
    def tells_uses(self) -> bool:
        """Whether the file can say that a code was used."""
        return self.used is not None or self.used_at is not None


def recognise(cells: Sequence[str]) -> StatusColumns:
    """The columns that the first row names; raises ValueError when it names no code."""
    names = [cell.strip().lower().lstrip("\ufeff").replace("_", "").replace("-", "") for cell in cells]

    def place(wanted: Sequence[str]) -> int | None:
        return next((n for n, name in enumerate(names) if name in wanted), None)

    code = place(CODE)
    if code is None:
        raise ValueError("the header names no column `Code`")
    return StatusColumns(code, place(USED), place(USED_AT), place(POINT))


def read(rows: Iterable[list[str]], columns: StatusColumns) -> Iterator[ToldUse | RejectedRow]:
    """What the rows after the header say of their codes; those that say nothing are left out."""
    for line, cells in enumerate(rows, 2):
        if not any(cells):
            continue
        try:
            told = _told(line, cells, columns)
        except ValueError as error:
            yield rejected(line, _cell(cells, columns.code), str(error))
            continue
        if told is not None:
            yield told


def _told(line: int, cells: Sequence[str], columns: StatusColumns) -> ToldUse | None:
    value = parse_value(_cell(cells, columns.code))
    used_at = parse_instant(_cell(cells, columns.used_at), UTC, START)
    flag = parse_flag(_cell(cells, columns.used))
    if flag is None and used_at is None:
        return None
    return ToldUse(line, value, flag is not False, used_at, _cell(cells, columns.point)[:200] or None)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""
