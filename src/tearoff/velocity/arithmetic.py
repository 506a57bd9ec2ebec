"""Arithmetic and comparison as Java does them: whole numbers lose no digits, doubles are doubles, null spoils all."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from tearoff.velocity.problems import Failure, LimitReached
from tearoff.velocity.values import Safe, equals, text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

Number: TypeAlias = int | float | Decimal

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
_EXACT = Context(prec=2000, Emax=999999, Emin=-999999)


def number(value: object) -> Number | None:
    """The number that a value is, or that a text spells; None for anything else."""
    kind = type(value)
    if kind is int or kind is float or kind is Decimal:
        return value  # type: ignore[return-value]
    if isinstance(value, str) and 0 < len(value) <= 400 and value.isascii():
        try:
            found = _EXACT.create_decimal(value) if "_" not in value and value == value.strip() else None
        except InvalidOperation:
            return None
        return found if found is not None and found.is_finite() else None
    return None


def _decimal(value: Number) -> Decimal:
    return value if type(value) is Decimal else Decimal(repr(float(value)))


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
    if type(a) is Decimal or type(b) is Decimal:
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
        found = a * b
    elif sign == "/":
        found = abs(a) // abs(b)
        if (a < 0) != (b < 0):
            found = -found
    else:
        found = abs(a) % abs(b)
        if a < 0:
            found = -found
    return found


def _doubles(sign: str, a: float, b: float) -> float:
    if sign == "%":
        return math.fmod(a, b) if not math.isinf(a) else math.nan
    return _FLOATS[sign](a, b)


def _decimals(sign: str, a: Decimal, b: Decimal) -> Decimal | None:
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
    if isinstance(left, str) and isinstance(right, str):
        return False
    a, b = number(left), number(right)
    if a is None or b is None:
        return False
    if type(a) is not type(b) and (type(a) is Decimal or type(b) is Decimal):
        a, b = _decimal(a), _decimal(b)
    return bool(_COMPARE[sign](a, b))


_COMPARE: dict[str, Callable[[Number, Number], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_KINDS = frozenset({int, float, Decimal})


def _differ(left: Any, right: Any) -> bool:
    if Decimal in (type(left), type(right)):
        return _decimal(left) != _decimal(right)
    return bool(left != right)


def same(render: Render, left: object, right: object) -> bool:
    """`left == right`: numbers by value, things of one kind by their own rule, all else by what it prints."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is type(right) and kind in (str, int, bool):
        return left == right
    if kind in _KINDS and type(right) in _KINDS:
        return not _differ(left, right)
    if kind in _KINDS or type(right) in _KINDS:
        a, b = number(left), number(right)
        if a is not None and b is not None:
            return not _differ(a, b)
    if equals(render, left, right):
        return True
    if kind is type(right):
        return False
    return text_of(render, left) == text_of(render, right)
