"""`String.format` of Java: %s, %d, %f and their relatives, with flags, widths and places."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, NoReturn

from tearoff.velocity.problems import Failure
from tearoff.velocity.surrogates import gathered, spread
from tearoff.velocity.values import text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

_FORMAT = re.compile(
    r"%(?:(?:(?P<index>[1-9]\d{0,3})\$|(?P<again><))?(?P<flags>[-+0, (#]*)"
    r"(?P<width>[1-9]\d{0,6})?(?:\.(?P<places>\d{1,3}))?(?P<kind>[a-zA-Z%]))?"
)
_EXACT = Context(prec=800)
FLAGS = {
    **dict.fromkeys("%sbhc", "-"),
    **dict.fromkeys("xo", "-#0+ ("),
    "d": "-+ 0,(",
    "e": "-#+ 0(",
    "f": "-#+ 0,(",
    "g": "-+ 0,(",
}
"""The flags that each conversion takes."""


def printf(render: Render, template: str, values: tuple[object, ...]) -> str:
    """The template with its values; raises Failure for a conversion that Java does not know, or not of this value."""
    used = last = 0

    def piece(match: re.Match[str]) -> str:
        nonlocal used, last
        kind, flags, size = match["kind"], match["flags"] or "", int(match["width"] or 0)
        render.check_string(size)
        if kind is None or (("-" in flags or "0" in flags) and (not size or {"-", "0"} <= set(flags))):
            _refuse(match)
        if len(set(flags)) < len(flags) or {"+", " "} <= set(flags) or (match["again"] and not last):
            _refuse(match)
        if set(flags) - set(FLAGS.get(kind.lower(), "")) or (match["places"] and kind in "%ncCdxXo"):
            _refuse(match)
        if kind == "n" and size:
            _refuse(match)
        if kind in "%n":
            return "\n" if kind == "n" else _padded("%", flags, size)
        if match["index"]:
            last = int(match["index"])
        elif not match["again"]:
            used = last = used + 1
        if values == (None,):
            return _padded(_shown(render, None, match), flags, size)
        if not 0 < last <= len(values):
            raise Failure(f"format has no value for {match[0]}")
        return _padded(_shown(render, values[last - 1], match), flags, size)

    found = _FORMAT.sub(piece, template)
    render.check_string(len(found))
    return found


def _refuse(match: re.Match[str]) -> NoReturn:
    raise Failure(f"format cannot show this value as {match[0] or '%'}")


def _padded(body: str, flags: str, size: int) -> str:
    size -= len(spread(body)) - len(body)
    if "-" in flags:
        return body.ljust(size)
    if "0" not in flags or not any(map(str.isdigit, body)):
        return body.rjust(size)
    lead = body[:1] if body[:1] in ("-", "+", "(", " ") else ""
    return lead + body[len(lead) :].rjust(size - len(lead), "0")


def _shown(render: Render, value: object, match: re.Match[str]) -> str:
    kind, flags, places = match["kind"], match["flags"], match["places"]
    body: str | None = None
    if kind in "sSbBhH":
        body = _general(render, value, kind.lower())
        body = gathered(spread(body)[: int(places)]) if places else body
    elif value is None and kind in "dxXofeEgGcCaA":
        body = "null"[: int(places or 4)]
    elif kind in "dxXo" and type(value) is int:
        body = _whole(value, kind, flags)
    elif kind in "feEgG" and isinstance(value, float | Decimal):
        body = _real(value, kind.lower(), flags, int(places or 6))
    elif kind in "cC":
        body = _character(value)
    if body is None:
        _refuse(match)
    return body.upper() if kind.isupper() else body


def _general(render: Render, value: object, kind: str) -> str:
    if kind == "b":
        return "true" if value is True or (value is not None and value is not False) else "false"
    if kind == "h" and value is not None:
        from tearoff.velocity.methods import hash_of

        return format(hash_of(render, value) & 0xFFFFFFFF, "x")
    return "null" if value is None else text_of(render, value)


def _whole(value: int, kind: str, flags: str) -> str | None:
    if kind == "d":
        return _signed(format(abs(value), "," if "," in flags else ""), value < 0, flags)
    lead = {"x": "0x", "X": "0X", "o": "0"}[kind] if "#" in flags else ""
    if not -(2**63) <= value < 2**63:
        return _signed(lead + format(abs(value), kind.lower()), value < 0, flags)
    if set(flags) & set("+ ("):
        return None
    unit = 1 << (32 if -(2**31) <= value < 2**31 else 64)
    return lead + format(value % unit, kind.lower())


def _real(value: float | Decimal, kind: str, flags: str, places: int) -> str:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "NaN" if value != value else _signed("Infinity", value < 0, flags)
    exact = abs(Decimal(repr(value)) if isinstance(value, float) else value)
    if kind == "g":
        places = max(places, 1)
        rounded = Context(prec=places, rounding=ROUND_HALF_UP).plus(exact)
        is_small = not rounded or Decimal("0.0001") <= rounded < Decimal(10) ** places
        kind, places = ("f", places - 1 - (rounded.adjusted() if rounded else 0)) if is_small else ("e", places - 1)
    if kind == "e":
        exponent = exact.adjusted() if exact else 0
        digits = exact.scaleb(-exponent, _EXACT).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
        if digits >= 10:
            digits, exponent = digits / 10, exponent + 1
        body = f"{digits:.{places}f}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    else:
        body = format(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT), ",f" if "," in flags else "f")
    if "#" in flags and "." not in body:
        body = body.replace("e", ".e") if "e" in body else body + "."
    return _signed(body, value < 0 or str(value).startswith("-"), flags)


def _signed(body: str, is_negative: bool, flags: str) -> str:
    if is_negative:
        return f"({body})" if "(" in flags else f"-{body}"
    return "+" + body if "+" in flags else " " + body if " " in flags else body


def _character(value: object) -> str | None:
    if isinstance(value, str) and len(value) == 1 and type(value) is not str:
        return str(value)
    return chr(value) if type(value) is int and 0 <= value < 0x110000 else None
