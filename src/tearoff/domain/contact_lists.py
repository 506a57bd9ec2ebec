"""Lists of contacts in CSV: a header that names what finds them, and a line each."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from tearoff.domain.contacts import Identity, locator_of
from tearoff.domain.ids import read_id
from tearoff.errors import Invalid, Problem

COLUMNS = {
    "contactid": "contact_id",
    "externalcustomerid": "external_id",
    "externalid": "external_id",
    "email": "email",
    "emailaddress": "email",
    "phone": "phone",
    "sms": "phone",
    "mobilephone": "phone",
}
DELIMITERS = ",;\t"
NO_NAME = "The line names no contact."


class ListedContact(msgspec.Struct, frozen=True):
    """One line of a list: whom it names, or why nobody can be found by it."""

    line: int
    shown: str
    identity: Identity | None
    reason: str = ""


def read(text: str) -> list[ListedContact]:
    """The lines behind the header; empty ones are left out. Raises Invalid when the header names no contact, or the
    lines cannot be told apart."""
    head, _, _ = text.removeprefix("\ufeff").partition("\n")
    delimiter = max(DELIMITERS, key=head.count)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    try:
        return _read(rows)
    except csv.Error as error:
        raise Invalid(Problem(f"line {rows.line_num}", f"The list cannot be read from here on: {error}.")) from error


def _read(rows: Any) -> list[ListedContact]:
    names = [COLUMNS.get(name.strip().lower().replace("_", "")) for name in next(rows, [])]
    if not any(names):
        raise Invalid(Problem("line 1", f"The first line names the columns: one or more of {', '.join(COLUMNS)}."))
    listed = []
    before = rows.line_num
    for row in rows:
        line, before = before + 1, rows.line_num
        if any(cell.strip() for cell in row):
            listed.append(_contact(line, dict(zip(names, row, strict=False))))
    return listed


def _contact(line: int, cells: dict[str | None, str]) -> ListedContact:
    given = {name: cell.strip() for name, cell in cells.items() if name is not None and cell.strip()}
    shown = next(iter(given.values()), "")
    try:
        identity = _identity(given)
    except ValueError as error:
        return ListedContact(line, shown, None, f"{error}")
    if identity == Identity():
        return ListedContact(line, shown, None, NO_NAME)
    return ListedContact(line, shown, identity)


def _identity(given: dict[str, str]) -> Identity:
    number = given.get("contact_id")
    contact_id = None if number is None else read_id(number)
    if number is not None and contact_id is None:
        raise ValueError(f"the contact id {number[:40]!r} is not a number")
    return Identity(
        contact_id=contact_id,
        external_id=given.get("external_id"),
        email=locator_of("email", given["email"]).value if "email" in given else None,
        phone=locator_of("sms", given["phone"]).value if "phone" in given else None,
    )
