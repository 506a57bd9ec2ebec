"""Reading what the vendor's clients send, with the tolerance that they need."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import Any, TypeVar

import msgspec

from tearoff.errors import Invalid, Problem

T = TypeVar("T")
NUL = b"\\u0000"


def read(body: bytes, shape: type[T], name: str) -> T:
    """The body as a value of `shape`; numbers may come as strings. Raises Invalid with a sentence for people."""
    body = body.removeprefix(BOM_UTF8)
    try:
        found = msgspec.json.decode(body, type=shape, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(Problem("", f"The {name} could not be read: {_sentence(str(error))}")) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(Problem("", f"The body is not valid JSON: {error}.")) from error
    if NUL in body and _has_nul(msgspec.json.decode(body)):
        raise Invalid(Problem("", "A value holds the character U+0000, which cannot be stored."))
    return found


def listed(value: Any) -> list[Any]:
    """A list, also where a client sent a single object or nothing at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _sentence(message: str) -> str:
    text, _, path = message.replace("`", "").partition(" - at ")
    return f"{text} (at {path.removeprefix('$.')})." if path not in ("", "$") else f"{text}."


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(k) or _has_nul(v) for k, v in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))
