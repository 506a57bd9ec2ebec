"""How arguments become what a Java method declares: texts to numbers and back, and what null does."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tearoff.velocity.problems import Failure
from tearoff.velocity.values import text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render


class Unsuitable(Exception):  # noqa: N818, RUF100 - says "no such method" to the caller of a method
    """An argument is of a kind that no form of the method takes."""


def whole(value: object) -> int:
    """A declared `int`: numbers lose their fraction, texts are read."""
    if type(value) is int:
        return (value + 2**31) % 2**32 - 2**31
    if isinstance(value, str):
        digits = value[1:] if value[:1] in ("-", "+") else value
        if digits.isascii() and digits.isdigit() and len(digits) <= 10:
            return int(value)
        raise Failure(f"{value[:40]!r} is not a whole number")
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float | Decimal):
        if value != value:
            return 0
        return int(max(min(value, 2**31 - 1), -(2**31)))
    raise Unsuitable


def text(render: Render, value: object) -> str:
    """A declared `String`: anything prints itself, null is refused."""
    if isinstance(value, str):
        return value
    if value is None:
        raise Failure("null was passed to a method that needs text")
    if isinstance(value, bool | int | float | Decimal):
        return text_of(render, value)
    raise Unsuitable


def within(index: int, length: int) -> int:
    """An index that must exist."""
    if not 0 <= index < length:
        raise Failure(
            f"the index {index} is outside 0 to {length - 1}" if length else f"the index {index}: it is empty"
        )
    return index
