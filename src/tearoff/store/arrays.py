"""Lists on their way to PostgreSQL: plain ones are written by the JSON encoder, not one value at a time.

A JSON list and an array literal differ in their brackets and in escapes only. Such an array goes without a type, so the
query says which it is, by a cast or by the column beside it.
"""

from __future__ import annotations

from datetime import datetime
from types import NoneType
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.abc import Buffer, DumperKey
from psycopg.adapt import PyFormat
from psycopg.types.array import ListDumper
from psycopg.types.json import Jsonb

PLAIN: tuple[frozenset[type], ...] = tuple(frozenset({kind}) for kind in (int, str, bool, datetime, UUID, Jsonb))
NOTHING = frozenset({NoneType})


class ArrayDumper(ListDumper):
    """Psycopg's own for lists of anything else: nested ones, and elements that JSON has no like for."""

    def get_key(self, obj: list[Any], format: PyFormat) -> DumperKey:
        """One dumper serves all plain lists; others get one by what is in them."""
        return self.cls if set(map(type, obj)) - NOTHING in PLAIN else super().get_key(obj, format)

    def dump(self, obj: list[Any]) -> Buffer | None:
        """The array literal; raises DataError for what no column takes, such as U+0000."""
        if self.sub_dumper is not None:
            return super().dump(obj)
        if Jsonb in set(map(type, obj)):
            # the text of a document has no control characters: what is escaped in it is escaped alike in both
            return b"{" + msgspec.json.encode([None if value is None else _text(value) for value in obj])[1:-1] + b"}"
        try:
            written = msgspec.json.encode(obj)
        except OverflowError as error:
            raise psycopg.errors.NumericValueOutOfRange(str(error)) from error
        if b"\\" in written:
            written = _escaped(obj)
        return b"{" + written[1:-1] + b"}"


def _text(document: Jsonb) -> str:
    return msgspec.json.encode(document.obj).decode()


def _escaped(obj: list[Any]) -> bytes:
    """As the encoder writes a list, but for the escapes: a backslash makes only the next character literal."""
    if any("\0" in value for value in obj if value is not None):
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    words = ("null" if value is None else '"' + _quoted(value) + '"' for value in obj)
    return f"[{','.join(words)}]".encode()


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def register() -> None:
    """Write all lists so, on every connection that is opened from now on."""
    psycopg.adapters.register_dumper(list, ArrayDumper)
