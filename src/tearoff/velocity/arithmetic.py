"""Arithmetic and comparison as Java does them: whole numbers lose no digits, doubles are doubles, null spoils all."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeAlias

from tearoff.velocity.problems import Failure, LimitReached
from tearoff.velocity.values import Safe, equals, number_text, text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

Number: TypeAlias = int | float | Decimal

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
_NUMERAL = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?").fullmatch
_EXACT = Context(prec=2000, Emax=999999, Emin=-999999)


def number(value: object) -> Number | None:
    """The number that a value is, or that a text spells; None for anything else."""
    kind = type(value)
    if kind is int or kind is float or kind is Decimal:
        return value  # type: ignore[return-value]
    if isinstance(value, str) and 0 < len(value) <= 400 and _NUMERAL(value) is not None:
        try:
            found = _EXACT.create_decimal(value)
        except InvalidOperation:
            return None
        return found if found is not None and found.is_finite() else None
    return None


def _is_long(value: Number) -> bool:
    return type(value) is int and LONG_MIN <= value <= LONG_MAX


def _decimal(value: Number) -> Decimal:
    """Java's BigDecimal of a number: of a double or a long by what a double prints, which decides its digits."""
    if type(value) is Decimal:
        return value
    if type(value) is float and not math.isfinite(value):
        raise Failure("a number without an end has no digits")
    return Decimal(number_text(float(value)) if type(value) is float or _is_long(value) else value)


LEFT_LITERAL, RIGHT_LITERAL = 1, 2


def operand(value: object, is_literal: bool) -> Number | None:
    """The number of an operand; None for null and for what is no number, unless it is one that never could be."""
    found = number(value)
    if found is None and is_literal:
        raise Failure("this operand is not a number")
    return found


def calculate(render: Render, sign: str, left: object, right: object, literals: int) -> object:
    """`left sign right`, or None when an operand is no number, or a divisor is zero.

    `literals` tells which operands are written as lists, maps, ranges or truth values.
    """
    a = operand(left, bool(literals & LEFT_LITERAL))
    if a is None:
        return None
    b = operand(right, bool(literals & RIGHT_LITERAL))
    if b is None:
        return None
    if sign in "/%" and b == 0:
        return None
    if type(a) is int and type(b) is int:
        return _whole(render, sign, a, b)
    if not all(type(each) is float or _is_long(each) for each in (a, b)):
        return _decimals(sign, _decimal(a), _decimal(b))
    return _doubles(sign, float(a), float(b))


def _whole(render: Render, sign: str, a: int, b: int) -> int:
    if sign == "+":
        found = a + b
    elif sign == "-":
        found = a - b
    elif sign == "*":
        if a.bit_length() + b.bit_length() > render.limits.digits_max * 4:
            raise LimitReached(f"the product has more than {render.limits.digits_max} digits")
        found = LONG_MIN if (a, b) == (LONG_MIN, -1) else a * b
    elif sign == "/":
        found = abs(a) // abs(b)
        if (a < 0) != (b < 0):
            found = -found
        elif (a, b) == (LONG_MIN, -1):
            found = LONG_MIN
    elif not (_is_long(a) and _is_long(b)):
        if b < 0:
            raise Failure("a remainder of a number beyond 64 bits needs a divisor above zero")
        found = a % b
    else:
        found = abs(a) % abs(b)
        if a < 0:
            found = -found
    return found


def _doubles(sign: str, a: float, b: float) -> float:
    if sign == "%":
        return math.fmod(a, b) if not math.isinf(a) else math.nan
    return _FLOATS[sign](a, b)


def _decimals(sign: str, a: Decimal, b: Decimal) -> Decimal:
    found = _reckoned(sign, a, b)
    return found if found else found.copy_abs()


def _reckoned(sign: str, a: Decimal, b: Decimal) -> Decimal:
    try:
        if sign == "+":
            return _EXACT.add(a, b)
        if sign == "-":
            return _EXACT.subtract(a, b)
        if sign == "*":
            return _EXACT.multiply(a, b)
        if sign == "/":
            places = Decimal((0, (1,), int(a.as_tuple().exponent)))
            return _EXACT.divide(a, b).quantize(places, rounding=ROUND_HALF_DOWN, context=_EXACT)
    except ArithmeticError as error:
        raise LimitReached("the result has too many digits") from error
    raise Failure("a remainder of decimal texts cannot be taken")


_FLOATS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


TEXTS = frozenset({str, Safe})


def add(
    render: Render, left: object, right: object, left_literal: str | None, right_literal: str | None, literals: int
) -> object:
    """A sum, or the two texts joined when one side is text; a null operand then shows how it was written."""
    if type(left) is int and type(right) is int:
        return left + right
    if type(left) in TEXTS or type(right) in TEXTS:
        joined = _text(render, left, left_literal) + _text(render, right, right_literal)
        render.check_string(len(joined))
        return joined
    return calculate(render, "+", left, right, literals)


def _text(render: Render, value: object, literal: str | None) -> str:
    if value is not None:
        return text_of(render, value)
    if literal is None:
        raise Failure("this operand is null")
    return literal


def negate(value: object, is_literal: bool) -> object:
    """`-value`, or None when it is no number."""
    found = operand(value, is_literal)
    return None if found is None else -found


def compare(sign: str, left: object, right: object, literals: int) -> bool:
    """`left sign right` of two numbers, one of which may be a text; false for anything else."""
    if (left is None and literals & LEFT_LITERAL) or (left is not None and right is None and literals & RIGHT_LITERAL):
        raise Failure("this operand is null")
    if type(left) in TEXTS and type(right) in TEXTS:
        return False
    a, b = number(left), number(right)
    if a is None or b is None:
        return False
    return _COMPARE[sign](_order(a, b), 0)


def _order(a: Number, b: Number) -> int:
    """Below, at or above zero; what is not a number is in no order, and so counts as equal."""
    if type(a) is not type(b):
        a, b = _alike(a, b)
    return (a > b) - (a < b)


def _alike(a: Number, b: Number) -> tuple[Number, Number]:
    if all(type(each) is float or _is_long(each) for each in (a, b)):
        return float(a), float(b)
    return _decimal(a), _decimal(b)


_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_KINDS = frozenset({int, float, Decimal})


def same(render: Render, left: object, right: object) -> bool:
    """`left == right`: numbers by value, things of one kind by their own rule, all else by what it prints."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is type(right) and kind in (str, int, bool):
        return left == right
    if kind in _KINDS and type(right) in _KINDS:
        return not _order(left, right)  # type: ignore[arg-type]
    if kind in _KINDS or type(right) in _KINDS:
        a, b = number(left), number(right)
        if a is not None and b is not None:
            return not _order(a, b)
    if equals(render, left, right):
        return True
    if kind is type(right):
        return False
    return text_of(render, left) == text_of(render, right)
