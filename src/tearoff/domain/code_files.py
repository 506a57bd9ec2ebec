"""Files of codes: CSV with a header or code-only lines, read in pieces; each bad row has its line and its reason."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from tearoff.domain.code_columns import Columns, Dialect, recognise
from tearoff.domain.code_dates import form_of
from tearoff.domain.codes import parse_value
from tearoff.errors import Invalid, Problem

DELIMITERS = (",", ";", "\t")
RECORD_CHARS_MAX = 1_000_000
SHOWN_CHARS_MAX = 200
SAMPLE_ROWS = 50
DATES = ("issue_from", "issue_until", "use_from", "expires_at", "used_at")


class CodeRow(msgspec.Struct, frozen=True):
    """One valid row; None means not stated."""

    line: int
    value: str
    expires_at: datetime | None
    discount: int | None
    type: str | None
    is_in_use: bool | None
    issue_from: datetime | None = None
    issue_until: datetime | None = None
    use_from: datetime | None = None


class RejectedRow(msgspec.Struct, frozen=True):
    """One row that was not taken, and why, as a sentence."""

    line: int
    value: str
    reason: str


class FoundColumn(msgspec.Struct, frozen=True):
    """A column of a file: its title, what it says of codes, how its dates are written in the first rows."""

    title: str
    field: str
    form: str | None


class Attributes(msgspec.Struct, frozen=True):
    """What holds for every code of a request that does not say otherwise itself."""

    expires_at: datetime | None = None
    discount: int | None = None
    type: str | None = None
    is_in_use: bool | None = None
    issue_from: datetime | None = None
    issue_until: datetime | None = None
    use_from: datetime | None = None


class Home(msgspec.Struct, frozen=True):
    """The one pool that a file may fill: its type, and the names by which rows may call it."""

    type: str
    names: frozenset[str]


ATTRIBUTES = CodeRow.__struct_fields__[2:]
PLACES = {name: place for place, name in enumerate(ATTRIBUTES)}


class RowReader:
    """Reads rows of cells; the first one may name the columns. With a `home`, rows for other pools are refused."""

    def __init__(
        self, zone: tzinfo, defaults: Attributes, *, dialect: Dialect = "narrow", home: Home | None = None
    ) -> None:
        self._zone, self._dialect, self._home = zone, dialect, home
        given = msgspec.structs.asdict(defaults) | ({"type": home.type} if home else {})
        self._defaults = [given[name] for name in ATTRIBUTES]
        self.columns: Columns | None = None
        self._sample: list[Sequence[str]] = []

    @property
    def found(self) -> list[FoundColumn]:
        """The columns that count, in their order; those without a title only as far as the first rows have them."""
        if self.columns is None:
            return []
        width = self.columns.width if self.columns.is_header else max(map(len, self._sample), default=0)
        named = [(place, field) for place, field, _ in self.columns.readers if place < width]
        return [FoundColumn(self.columns.titles[place], field, self._form(place, field)) for place, field in named]

    def _form(self, place: int, field: str) -> str | None:
        if field not in DATES:
            return None
        forms = (form_of(cells[place]) for cells in self._sample if place < len(cells))
        return next((form for form in forms if form), None)

    def read(self, line: int, cells: Sequence[str]) -> CodeRow | RejectedRow | None:
        """The code in a row; None for an empty row and for the header. Raises Invalid when the header is no use."""
        if not any(cells):
            return None
        if self.columns is None:
            try:
                self.columns = recognise(cells, self._zone, self._dialect)
            except ValueError as error:
                raise refused(line, str(error)) from error
            if self.columns.is_header:
                return None
        if len(self._sample) < SAMPLE_ROWS:
            self._sample.append(cells)
        if len(cells) > self.columns.width and any(cell.strip() for cell in cells[self.columns.width :]):
            return rejected(
                line, self._shown(cells), f"the row has {len(cells)} values for {self.columns.width} columns"
            )
        given = self._defaults.copy()
        value, width = "", len(cells)
        try:
            for place, field, parse in self.columns.readers:
                cell = cells[place] if place < width else ""
                if field == "value":
                    value = parse(cell)
                elif cell and (found := parse(cell)) is not None:
                    self._set(given, field, found)
        except ValueError as error:
            return rejected(line, self._shown(cells), str(error))
        return CodeRow(line, value, *given)

    def _shown(self, cells: Sequence[str]) -> str:
        readers = self.columns.readers if self.columns else []
        place = next((place for place, field, _ in readers if field == "value"), 0)
        return cells[place] if place < len(cells) else ""

    def _set(self, given: list[Any], field: str, found: Any) -> None:
        if field == "used_at":
            given[PLACES["is_in_use"]] = True
        elif field == "type" and self._home is not None:
            if found.casefold() not in self._home.names:
                raise ValueError(f"the row is for the pool {found[:40]!r}, and this upload is for {self._home.type!r}")
        else:
            given[PLACES[field]] = found


def noticed(columns: Columns | None) -> dict[str, Any]:
    """What a report says of a file beside its rows: columns that nobody read."""
    ignored = columns.unknown if columns else []
    if not ignored:
        return {}
    warning = f"Columns that this door does not read were left out: {', '.join(ignored)}."
    return {"file": {"ignoredColumns": ignored}, "warnings": [warning]}


class CodeFile:
    """Reads a CSV piece by piece: `feed` what arrived, then `close`; both give the rows that are complete.

    The delimiter (`,` `;` or tab, when none is given) and the header are recognised from the first line; without a
    header the columns are code, expirationDate, discount, type, inUse, and may end early. A byte order mark is skipped.
    """

    def __init__(
        self,
        zone: tzinfo,
        defaults: Attributes,
        *,
        dialect: Dialect = "narrow",
        home: Home | None = None,
        encoding: str = "utf-8",
        delimiter: str | None = None,
    ) -> None:
        self.rows = RowReader(zone, defaults, dialect=dialect, home=home)
        self.delimiter = delimiter
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
        self._rest = ""
        self._line = 0

    def feed(self, piece: bytes) -> Iterator[CodeRow | RejectedRow]:
        """The rows that `piece` completes; raises Invalid when the bytes are not UTF-8 or a quote never closes."""
        text = self._rest + self._decode(piece, final=False)
        cut = text.rfind("\n") + 1
        self._rest = text[cut:]
        yield from self._rows(text[:cut], is_last=False)
        if len(self._rest) > RECORD_CHARS_MAX:
            raise refused(self._line + 1, "a quoted value starts here and never ends")

    def close(self) -> Iterator[CodeRow | RejectedRow]:
        """The rows of what is left when the file has ended."""
        text = self._rest + self._decode(b"", final=True)
        self._rest = ""
        yield from self._rows(text, is_last=True)

    def _decode(self, piece: bytes, *, final: bool) -> str:
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            line = self._line + self._rest.count("\n") + error.object[: error.start].count(b"\n") + 1
            raise refused(line, f"the file is not {self._encoding.upper()} ({error.reason})") from error
        except UnicodeError as error:
            raise refused(1, "the file has no byte order mark; name its encoding utf-16le or utf-16be") from error
        return text.removeprefix("\ufeff") if self._line == 0 and not self._rest else text

    def _rows(self, text: str, *, is_last: bool) -> Iterator[CodeRow | RejectedRow]:
        if self.delimiter is None and text.strip():
            self.delimiter = _delimiter_of(text.lstrip().split("\n", 1)[0])
        # not str.splitlines: it also breaks at characters that csv keeps inside a value, such as U+2028
        lines = list(io.StringIO(text, newline=""))
        reader = csv.reader(lines, delimiter=self.delimiter or ",", strict=True)
        first = 0
        while first < len(lines):
            line = self._line + first + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                if reader.line_num >= len(lines) and not is_last:
                    break
                reason = f"the quotes from here to line {self._line + reader.line_num} do not match ({error})"
                yield rejected(line, lines[first].strip(), reason)
                cells = []
            first = reader.line_num
            if cells is None:
                break
            row = self.rows.read(line, cells)
            if row is not None:
                yield row
        self._rest = "".join(lines[first:]) + self._rest
        self._line += first


def listed(values: list[str], attributes: Attributes) -> Iterator[CodeRow | RejectedRow]:
    """The rows of a plain list of codes that share their attributes; `line` is the position in the list, from 1."""
    shared = msgspec.structs.asdict(attributes)
    for line, text in enumerate(values, 1):
        try:
            value = parse_value(text)
        except ValueError as error:
            yield rejected(line, text, str(error))
            continue
        yield CodeRow(line, value, **shared)


def refused(line: int, reason: str) -> Invalid:
    """Why the whole file is refused; the sentence names the line, as not every door shows the place beside it."""
    return Invalid(Problem("", f"Line {line}: {reason}."))


def rejected(line: int, value: str, reason: str) -> RejectedRow:
    """A row that is not taken; what cannot be printed of its value is replaced, and what is cut off is marked."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in value[: SHOWN_CHARS_MAX + 1])
    cut = shown[:SHOWN_CHARS_MAX] + "…" if len(shown) > SHOWN_CHARS_MAX else shown
    return RejectedRow(line, cut, reason + ".")


def _delimiter_of(line: str) -> str:
    return max(DELIMITERS, key=line.count)
