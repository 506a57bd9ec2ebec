"""Template files for imports: the columns with nothing in them, as CSV and as a spreadsheet that explains them."""

from __future__ import annotations

import io
from collections.abc import Callable

COLUMNS = {
    "Code": "The code itself, up to 500 characters. The only column that is needed.",
    "Issue-start": "From when the code may be handed out. Empty: at once.",
    "Issue-end": "Until when it may be handed out. Empty: always.",
    "Available-from": "From when it may be used. Empty: at once.",
    "Available-till": "Until when it may be used; a day without a time means its end. Empty: always.",
}
ADVICE = (
    "Dates are written like 31.12.2026 23:59 or 2026-12-31 23:59, in the time zone of the project.",
    "More columns are read when they are there: discount (0 to 99) and inUse (true or false).",
)
TEXT_FORMAT = "@"
WIDTH = 22


def csv() -> bytes:
    """The header alone, with a byte order mark by which spreadsheets know the encoding."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()


def xlsx() -> bytes:
    """A sheet of text columns, so that no spreadsheet rounds a code or turns a date around, and a page of advice."""
    from openpyxl.workbook.workbook import Workbook  # takes a quarter of a second, which only this file need spend

    book = Workbook()
    sheet = book.active
    sheet.title = "Codes"
    sheet.append(list(COLUMNS))
    for letter in "ABCDE":
        sheet.column_dimensions[letter].number_format = TEXT_FORMAT
        sheet.column_dimensions[letter].width = WIDTH
    sheet.freeze_panes = "A2"
    page = book.create_sheet("How to fill it in")
    for row in [*COLUMNS.items(), *(("", line) for line in ADVICE)]:
        page.append(row)
    page.column_dimensions["A"].width = WIDTH
    page.column_dimensions["B"].width = 4 * WIDTH
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", csv),
    "xlsx": (XLSX_TYPE, xlsx),
}
