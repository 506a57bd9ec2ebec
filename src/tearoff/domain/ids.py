"""Ids: whole numbers that the database can hold, read from the text of a path, a parameter or a file."""

from __future__ import annotations

ID_MAX = 2**63 - 1
_DIGITS_MAX = len(str(ID_MAX))


def read_id(text: str) -> int | None:
    """The id that a text writes in digits; None for anything else, and for more than an id can be.

    The length is looked at first: Python refuses to read numbers of thousands of digits.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS_MAX:
        return None
    number = int(text)
    return number if number <= ID_MAX else None
