"""The files of imports, opened: CSV in any encoding, or the first sheet of an XLSX, as batches of rows."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import tzinfo
from typing import IO, Any

import msgspec

from tearoff.actions.codes import Meter
from tearoff.domain.code_files import CodeFile, CodeRow, Home, RejectedRow, RowReader, rejected
from tearoff.domain.encodings import Guess
from tearoff.domain.imports import ImportOptions
from tearoff.domain.spreadsheets import texts_of
from tearoff.errors import Invalid, Problem

FEED_BYTES = 65_536
SHEET_ROWS = 2_000
SHEET_ROWS_MAX = 1_048_576
"""As many as a spreadsheet program can write; a file may claim any number, and its empty rows cost no bytes."""
SHEET_BYTES_MAX = 500_000_000
XLSX_START, XLS_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError, EOFError, TypeError)
Pieces = Callable[[], AsyncIterator[bytes]]
Row = CodeRow | RejectedRow


class OpenFile:
    """One file that is being read: `batches` gives its rows, `found` says afterwards how it was understood."""

    def __init__(self, pieces: Pieces, size: int, options: ImportOptions, zone: tzinfo, home: Home) -> None:
        self._pieces, self._size, self._options = pieces, size, options
        self._zone, self._home = zone, home
        self.found: dict[str, Any] = {}

    async def batches(self, meter: Meter) -> AsyncIterator[Iterable[Row]]:
        """The rows of the file; raises Invalid when it cannot be read at all."""
        start = await anext(self._pieces(), b"")
        if start.startswith(XLS_START):
            raise Invalid(Problem("", "This is an old spreadsheet (.xls); save it as .xlsx or CSV."))
        reading = self._sheet(meter) if start.startswith(XLSX_START) else self._text(meter)
        async for batch in reading:
            yield batch

    async def _text(self, meter: Meter) -> AsyncIterator[Iterable[Row]]:
        encoding = self._options.encoding or await self._recognised()
        file = CodeFile(
            self._zone,
            self._options.defaults,
            dialect="any",
            home=self._home,
            encoding=encoding,
            delimiter=self._options.delimiter,
        )
        read = 0
        async for piece in self._pieces():
            for at in range(0, len(piece), FEED_BYTES):
                part = piece[at : at + FEED_BYTES]
                read += len(part)
                meter.read_share = read / max(1, self._size)
                yield file.feed(part)
                await asyncio.sleep(0)
        yield file.close()
        self._note(file.rows, format="csv", encoding=encoding, delimiter=file.delimiter)

    async def _recognised(self) -> str:
        guess = Guess()
        async for piece in self._pieces():
            guess.feed(piece)
        return guess.encoding

    async def _sheet(self, meter: Meter) -> AsyncIterator[Iterable[Row]]:
        rows = RowReader(self._zone, self._options.defaults, dialect="any", home=self._home)
        with tempfile.TemporaryFile() as copy:
            async for piece in self._pieces():
                await asyncio.to_thread(copy.write, piece)
            opened, total = await asyncio.to_thread(_opened, copy)
            read = 0
            while batch := await asyncio.to_thread(_next_rows, opened, rows, read):
                read += SHEET_ROWS
                if read > SHEET_ROWS_MAX + SHEET_ROWS:
                    raise Invalid(Problem("", f"The spreadsheet has more than {SHEET_ROWS_MAX:,} rows."))
                meter.read_share = min(1.0, read / max(total, read))
                yield [row for row in batch if row is not None]
        self._note(rows, format="xlsx", encoding=None, delimiter=None)

    def _note(self, rows: RowReader, **more: Any) -> None:
        ignored = rows.columns.unknown if rows.columns else []
        self.found = more | {"columns": msgspec.to_builtins(rows.found), "ignoredColumns": ignored}


def _opened(file: IO[bytes]) -> tuple[Iterator[tuple[object, ...]], int]:
    from openpyxl.reader.excel import load_workbook  # takes a quarter of a second, which only spreadsheets need spend

    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > SHEET_BYTES_MAX:
                raise Invalid(Problem("", "The spreadsheet is too large unpacked; save it as CSV."))
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        return sheet.iter_rows(values_only=True), sheet.max_row or 0
    except (*UNREADABLE, IndexError) as error:
        raise Invalid(Problem("", f"The spreadsheet cannot be read: {error}.")) from error


def _next_rows(sheet: Iterator[tuple[object, ...]], rows: RowReader, read: int) -> list[Row | None]:
    try:
        cells = list(itertools.islice(sheet, SHEET_ROWS))
    except UNREADABLE as error:
        raise Invalid(Problem("", f"The spreadsheet cannot be read: {error}.")) from error
    return [_row(line, row, rows) for line, row in enumerate(cells, read + 1)]


def _row(line: int, cells: tuple[object, ...], rows: RowReader) -> Row | None:
    try:
        return rows.read(line, texts_of(cells))
    except ValueError as error:
        return rejected(line, str(cells[0] or ""), str(error))
