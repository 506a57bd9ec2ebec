"""Cells of spreadsheets as the text that a code file would hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

EXACT_MAX = 10**15
"""Spreadsheets keep fifteen digits of a number and replace the others with zeros."""


def text_of(cell: object) -> str:
    """The text of a cell; a day without a time is a date alone. Raises ValueError for a number that lost digits."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "milliseconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        if abs(cell) >= EXACT_MAX:
            raise ValueError("a number of more than 15 digits has lost some of them; write the column as text")
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return str(cell)


def texts_of(row: Sequence[object]) -> list[str]:
    """The cells of a row without the empty ones at its end; raises ValueError."""
    cells = [text_of(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
