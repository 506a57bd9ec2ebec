"""Files of codes: CSV with a header or code-only lines, read in pieces; each bad row has its line and its reason."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TypeVar

import msgspec

from tearoff.domain.codes import parse_discount, parse_expiry, parse_flag, parse_type, parse_value
from tearoff.errors import Invalid, Problem

COLUMNS = ("code", "expirationdate", "discount", "type", "inuse")
DELIMITERS = (",", ";", "\t")
RECORD_CHARS_MAX = 1_000_000
SHOWN_CHARS_MAX = 200
_T = TypeVar("_T")


class CodeRow(msgspec.Struct, frozen=True):
    """One valid row; None means not stated."""

    line: int
    value: str
    expires_at: datetime | None
    discount: int | None
    type: str | None
    is_in_use: bool | None


class RejectedRow(msgspec.Struct, frozen=True):
    """One row that was not taken, and why, as a sentence."""

    line: int
    value: str
    reason: str


class Attributes(msgspec.Struct, frozen=True):
    """What holds for every code of a request that does not say otherwise itself."""

    expires_at: datetime | None = None
    discount: int | None = None
    type: str | None = None
    is_in_use: bool | None = None


class CodeFile:
    """Reads a CSV piece by piece: `feed` what arrived, then `close`; both give the rows that are complete.

    The delimiter (`,` `;` or tab) and the header are recognised from the first line; without a header the columns are
    code, expirationDate, discount, type, inUse, and may end early. A byte order mark is skipped.
    """

    def __init__(self, zone: tzinfo, defaults: Attributes) -> None:
        self._zone, self._defaults = zone, defaults
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._rest = ""
        self._line = 0
        self._delimiter = ","
        self._columns: tuple[str | None, ...] | None = None
        self._dates: dict[str, datetime | None] = {}

    def feed(self, piece: bytes) -> Iterator[CodeRow | RejectedRow]:
        """The rows that `piece` completes; raises Invalid when the bytes are not UTF-8 or a quote never closes."""
        text = self._rest + self._decode(piece, final=False)
        cut = text.rfind("\n") + 1
        self._rest = text[cut:]
        yield from self._rows(text[:cut], is_last=False)
        if len(self._rest) > RECORD_CHARS_MAX:
            raise _refused(self._line + 1, "a quoted value starts here and never ends")

    def close(self) -> Iterator[CodeRow | RejectedRow]:
        """The rows of what is left when the file has ended."""
        text = self._rest + self._decode(b"", final=True)
        self._rest = ""
        yield from self._rows(text, is_last=True)

    def _decode(self, piece: bytes, *, final: bool) -> str:
        try:
            return self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            line = self._line + self._rest.count("\n") + error.object[: error.start].count(b"\n") + 1
            raise _refused(line, f"the file is not UTF-8 ({error.reason})") from error

    def _rows(self, text: str, *, is_last: bool) -> Iterator[CodeRow | RejectedRow]:
        if self._columns is None and text.strip():
            self._delimiter = _delimiter_of(text.lstrip().split("\n", 1)[0])
        # not str.splitlines: it also breaks at characters that csv keeps inside a value, such as U+2028
        lines = list(io.StringIO(text, newline=""))
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        first = 0
        while first < len(lines):
            line = self._line + first + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                if reader.line_num >= len(lines) and not is_last:
                    break
                reason = f"the quotes from here to line {self._line + reader.line_num} do not match ({error})"
                yield _rejected(line, [lines[first].strip()], reason)
                cells = []
            first = reader.line_num
            if cells is None:
                break
            row = self._read(line, cells)
            if row is not None:
                yield row
        self._rest = "".join(lines[first:]) + self._rest
        self._line += first

    def _read(self, line: int, cells: list[str]) -> CodeRow | RejectedRow | None:
        if not any(cells):
            return None
        if self._columns is None:
            self._columns, is_header = _columns_of(cells)
            if is_header:
                return None
        return self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> CodeRow | RejectedRow:
        columns = self._columns or ()
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            return _rejected(line, cells, f"the row has {len(cells)} values for {len(columns)} columns")
        given = dict(zip(columns, cells, strict=False))
        try:
            return CodeRow(
                line=line,
                value=parse_value(given.get("code", "")),
                expires_at=self._expiry(given.get("expirationdate", "")) or self._defaults.expires_at,
                discount=_or(parse_discount(given.get("discount", "")), self._defaults.discount),
                type=parse_type(given.get("type", "")) or self._defaults.type,
                is_in_use=_or(parse_flag(given.get("inuse", "")), self._defaults.is_in_use),
            )
        except ValueError as error:
            return _rejected(line, cells, str(error))

    def _expiry(self, text: str) -> datetime | None:
        if text not in self._dates:
            if len(self._dates) > 10_000:
                self._dates.clear()
            self._dates[text] = parse_expiry(text, self._zone)
        return self._dates[text]


def listed(values: list[str], attributes: Attributes) -> Iterator[CodeRow | RejectedRow]:
    """The rows of a plain list of codes that share their attributes; `line` is the position in the list, from 1."""
    for line, text in enumerate(values, 1):
        try:
            value = parse_value(text)
        except ValueError as error:
            yield _rejected(line, [text], str(error))
            continue
        yield CodeRow(line, value, attributes.expires_at, attributes.discount, attributes.type, attributes.is_in_use)


def _refused(line: int, reason: str) -> Invalid:
    """Why the whole file is refused; the sentence names the line, as not every door shows the place beside it."""
    return Invalid(Problem("", f"Line {line}: {reason}."))


def _rejected(line: int, cells: list[str], reason: str) -> RejectedRow:
    shown = "".join(c if c.isprintable() else "\ufffd" for c in (cells[0] if cells else ""))
    return RejectedRow(line, shown[:SHOWN_CHARS_MAX], reason + ".")


def _or(value: _T | None, default: _T | None) -> _T | None:
    return default if value is None else value


def _delimiter_of(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def _columns_of(cells: list[str]) -> tuple[tuple[str | None, ...], bool]:
    """The columns of the file and whether its first row names them."""
    names = [cell.strip().lower().replace("_", "").replace(" ", "") for cell in cells]
    if names[0] in COLUMNS or "code" in names:
        if "code" not in names:
            raise _refused(1, "the header names no column `code`")
        return tuple(name if name in COLUMNS else None for name in names), True
    return COLUMNS, False
