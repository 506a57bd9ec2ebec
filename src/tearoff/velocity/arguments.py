"""How arguments become what a Java method declares, and which of several forms of a method a call means.

A form names the kinds of its parameters by letters: `o` anything, `s` text, `n` text or null, `q` text that is not
made of something else, `i` whole number of 32 bits, `j` of 64, `d` double, `b` truth value, `l` list, `a` array,
`m` map, `c` character.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tearoff.velocity.problems import Failure
from tearoff.velocity.values import SEQUENCES, Array, Char, mapping, text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

Method = Callable[..., object]

NEVER, CONVERTED, WIDENED, EXACT = range(4)
LEAST, MOST = -(2**31), 2**31 - 1
INT = range(LEAST, MOST + 1)
LONG = range(-(2**63), 2**63)
DIGITS_MAX = 1_000
"""A decimal beyond so many digits ends in more zeros than 32 bits have."""
_WHOLE = re.compile(r"[+-]?\d{1,400}")
_REAL = re.compile(r"[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?)")


PLAIN: dict[str, type] = {"s": str, "n": str, "q": str, "i": int, "b": bool, "d": float, "c": Char}
"""Values of these types are arguments as they are; all else is looked at more closely."""


class Unsuitable(Exception):  # noqa: N818, RUF100 - says "no such method" to the caller of a method
    """An argument is of a kind that no form of the method takes, or no form is better than another."""


def fit(kind: str, value: object) -> int:
    """How well a value suits a parameter: as it is, widened, converted, or never."""
    if kind == "o":
        return WIDENED
    if value is None:
        return NEVER if kind in "ijdbc" else WIDENED
    is_text = isinstance(value, str)
    is_char = type(value) is Char
    if kind in "sn":
        return EXACT if is_text and not is_char else CONVERTED
    if kind == "q":
        return WIDENED if is_text and not is_char else NEVER
    if kind == "c":
        return EXACT if is_char else NEVER
    if kind == "l":
        return WIDENED if isinstance(value, SEQUENCES) and type(value) is not Array else NEVER
    if kind == "a":
        return WIDENED if type(value) is Array else NEVER
    if kind == "m":
        return WIDENED if mapping(value) is not None else NEVER
    return _fit_number(kind, value, is_text and not is_char)


def _fit_number(kind: str, value: object, is_text: bool) -> int:
    if isinstance(value, bool):
        return EXACT if kind == "b" else CONVERTED if kind in "ij" else NEVER
    if type(value) is int:
        if kind == "i":
            return EXACT if value in INT else CONVERTED
        if kind == "j":
            return EXACT if value in LONG and value not in INT else WIDENED if value in INT else CONVERTED
        if value not in LONG:
            return CONVERTED if kind == "d" else NEVER
        return WIDENED if kind == "d" else CONVERTED
    if type(value) is float or type(value) is Decimal:
        return EXACT if kind == "d" and type(value) is float else CONVERTED
    return CONVERTED if is_text or (kind == "b" and type(value) is Char) else NEVER


def converted(render: Render, kind: str, value: object) -> object:
    """A value that suits, as the parameter's kind; raises Failure for a text that spells none, or for null."""
    if kind in "on" and (kind == "o" or value is None):
        return value
    if value is None:
        raise Failure("null was passed to a method that needs a value")
    if kind in "sn":
        return value if isinstance(value, str) else text_of(render, value)
    if kind in "ij":
        return whole(value, INT if kind == "i" else LONG)
    if kind == "d":
        return real(value)
    if kind == "b" and type(value) is not bool:
        if isinstance(value, str):
            return value != "\0" if type(value) is Char else value.lower() == "true"
        return value != 0
    return value


def taking(*forms: tuple[str, Method]) -> Method:
    """A method with its forms, which have the same number of parameters; the one that suits best is called."""

    plain = {tuple(PLAIN[kind] for kind in kinds): method for kinds, method in forms if not set(kinds) - PLAIN.keys()}

    def call(render: Render, value: object, *arguments: object) -> object:
        quick = plain.get(tuple(map(type, arguments)))
        if quick is not None:
            for each in arguments:
                if type(each) is int and not LEAST <= each <= MOST:
                    break
            else:
                return quick(render, value, *arguments)
        best, chosen, count = NEVER, forms[0], 0
        for form in forms:
            suits = min(map(fit, form[0], arguments))
            if suits > best:
                best, chosen, count = suits, form, 1
            elif suits == best:
                count += 1
        if best == NEVER or count > 1:
            raise Unsuitable
        kinds, method = chosen
        given = [converted(render, kind, each) for kind, each in zip(kinds, arguments, strict=True)]
        return method(render, value, *given)

    return call


def cut(value: object) -> int:
    """Java's `intValue`: whole numbers lose their upper bits, doubles stop at the ends."""
    if type(value) is float:
        return int(max(min(value, INT[-1]), INT[0])) if value == value else 0
    assert isinstance(value, int | Decimal)
    if type(value) is Decimal and value.adjusted() > DIGITS_MAX:
        return 0
    return (int(value) - INT[0]) % 2**32 + INT[0]


def whole(value: object, among: range = INT) -> int:
    """A declared `int`, or `long`: numbers lose their fraction, texts are read."""
    if isinstance(value, bool):
        return int(value)
    if type(value) is int:
        found = value
    elif isinstance(value, str):
        if _WHOLE.fullmatch(value) is None:
            raise Failure(f"{value[:40]!r} is not a whole number")
        found = int(value)
    elif isinstance(value, float):
        found = int(max(min(value, 2**63 - 1), -(2**63))) if value == value else 0
    elif isinstance(value, Decimal):
        if value.adjusted() > DIGITS_MAX or value != value.to_integral_value():
            raise Failure(f"{str(value)[:40]} is not a whole number")
        found = int(value)
    else:
        raise Unsuitable
    if found not in among:
        raise Failure(f"{str(found)[:40]} is too large a whole number")
    return found


def real(value: object) -> float:
    """A declared `double`: numbers as they are, texts are read."""
    if isinstance(value, str):
        told = value.strip("".join(map(chr, range(33))))
        if _REAL.fullmatch(told) is None:
            raise Failure(f"{value[:40]!r} is not a number")
        return float(told.rstrip("fFdD") if told[-1:] in "fFdD" else told)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unsuitable
    return float(value)


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
