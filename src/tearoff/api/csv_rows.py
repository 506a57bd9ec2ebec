"""Rows of CSV answers, guarded against spreadsheets that run what a cell holds."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_line(*cells: object) -> str:
    """One row; a text that a spreadsheet would take for a formula is led by an apostrophe."""
    return ",".join(str(cell) if isinstance(cell, int) else _quoted(str(cell)) for cell in cells) + "\r\n"


def _quoted(text: str) -> str:
    guarded = f"'{text}" if text.startswith(FORMULA_STARTS) else text
    if any(c in guarded for c in ',"\r\n'):
        return '"' + guarded.replace('"', '""') + '"'
    return guarded
