"""The methods of numbers and of true and false."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tearoff.velocity.arguments import INT, LONG, Unsuitable, cut, real, taking, whole
from tearoff.velocity.arithmetic import INT_MAX, INT_MIN, Number, number
from tearoff.velocity.doubles import FLOAT_BITS, digits
from tearoff.velocity.problems import Failure
from tearoff.velocity.values import equals, text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render


def wrapped(value: int, bits: int) -> int:
    """A whole number cut to `bits` bits, as Java's casts cut it."""
    half = 1 << (bits - 1)
    return (value + half) % (1 << bits) - half


def int_value(render: Render, value: Number) -> int:
    return cut(value)


def long_value(render: Render, value: Number) -> int:
    if type(value) is int:
        return wrapped(value, 64)
    return int(max(min(value, 2**63 - 1), -(2**63))) if value == value else 0


def _hash_of_huge(value: int) -> int:
    found, size = 0, (value.bit_length() + 31) // 32
    for word in struct.unpack(f">{size}I", abs(value).to_bytes(size * 4, "big")):
        found = (found * 31 + word) & 0xFFFFFFFF
    return wrapped(-found if value < 0 else found, 32)


def hash_number(render: Render, value: Number) -> int:
    """Java's hash of an Integer, a Long, a BigInteger, a BigDecimal or a Double."""
    if type(value) is int:
        if INT_MIN <= value <= INT_MAX:
            return value
        if value not in LONG:
            return _hash_of_huge(value)
        bits = value & 0xFFFFFFFFFFFFFFFF
    elif isinstance(value, Decimal):
        sign, digits_of, exponent = value.as_tuple()
        unscaled = int("".join(map(str, digits_of)))
        return wrapped(31 * _hash_of_huge(-unscaled if sign else unscaled) - int(exponent), 32)
    else:
        (bits,) = struct.unpack(">Q", struct.pack(">d", float(value)))
    return wrapped((bits ^ (bits >> 32)) & 0xFFFFFFFF, 32)


def size_of(value: object) -> str:
    """The name of the Java class that a number would have."""
    if type(value) is int:
        return "Integer" if INT_MIN <= value <= INT_MAX else "Long" if -(2**63) <= value < 2**63 else "BigInteger"
    return type(value).__name__


def compare_to(render: Render, value: Number, other: object) -> int:
    found = number(other)
    if found is None or size_of(other) != size_of(value):
        raise Failure("compareTo needs a number of the same kind")
    return (value > found) - (value < found)


def float_value(render: Render, value: Number) -> float:
    """The number with the precision of Java's float, and with the digits that Java prints of one."""
    try:
        (short,) = struct.unpack("f", struct.pack("f", float(value)))
    except OverflowError:
        return math.copysign(math.inf, value)
    if not short or not math.isfinite(short):
        return short  # type: ignore[no-any-return]
    text, point = digits(abs(short), FLOAT_BITS)
    return math.copysign(float(f"{text}e{point - len(text)}"), short)


def in_radix(render: Render, value: Number, left: int, base: int) -> str:
    """A whole number in another base, with a minus where it is below zero; a base that is none means ten."""
    base = base if 2 <= base <= 36 else 10
    digits = ""
    sign, left = "-" if left < 0 else "", abs(left)
    while left or not digits:
        left, digit = divmod(left, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return sign + digits


ANY: dict[tuple[str, int], Callable[..., object]] = {
    ("toString", 0): text_of,
    ("intValue", 0): int_value,
    ("longValue", 0): long_value,
    ("shortValue", 0): lambda render, value: wrapped(int_value(render, value), 16),
    ("byteValue", 0): lambda render, value: wrapped(int_value(render, value), 8),
    ("doubleValue", 0): lambda render, value: float(value),
    ("floatValue", 0): float_value,
    ("hashCode", 0): hash_number,
    ("equals", 1): equals,
    ("compareTo", 1): compare_to,
}


def _by_size(
    narrow: Callable[..., object] | None, wide: Callable[..., object] | None, huge: Callable[..., object] | None = None
) -> Callable[..., object]:
    """A method that Java's Integer, Long and BigInteger have each in its own way, or not at all."""

    def call(render: Render, value: int, *arguments: object) -> object:
        method = narrow if value in INT else wide if value in LONG else huge
        if method is None:
            raise Unsuitable
        return method(render, value, *arguments)

    return call


def _sized(count: int, method: Callable[..., object]) -> Callable[..., object]:
    """A method of whole numbers of 32 or 64 bits, which is told how many."""
    return _by_size(
        taking(("i" * count, lambda render, value, *given: method(32, *given))),
        taking(("j" * count, lambda render, value, *given: method(64, *given))),
    )


def _bits(letter: str) -> Callable[..., object]:
    return _sized(1, lambda bits, other: format(other % (1 << bits), letter))


OF_INT = taking(("i", lambda render, value, other: other), ("s", lambda render, value, other: whole(str(other))))
OF_LONG = taking(("j", lambda render, value, other: other), ("s", lambda render, value, other: whole(str(other), LONG)))
OF_HUGE = taking(("j", lambda render, value, other: other))

NUMBER: dict[tuple[str, int], Callable[..., object]] = ANY | {
    ("parseInt", 1): _by_size(taking(("s", lambda render, value, told: whole(told))), None),
    ("parseLong", 1): _by_size(None, taking(("s", lambda render, value, told: whole(told, LONG)))),
    ("valueOf", 1): _by_size(OF_INT, OF_LONG, OF_HUGE),
    ("max", 2): _sized(2, lambda bits, a, b: max(a, b)),
    ("min", 2): _sized(2, lambda bits, a, b: min(a, b)),
    ("sum", 2): _sized(2, lambda bits, a, b: wrapped(a + b, bits)),
    ("compare", 2): _sized(2, lambda bits, a, b: (a > b) - (a < b)),
    ("signum", 1): _sized(1, lambda bits, other: (other > 0) - (other < 0)),
    ("bitCount", 1): _sized(1, lambda bits, other: (other % (1 << bits)).bit_count()),
    ("toHexString", 1): _bits("x"),
    ("toOctalString", 1): _bits("o"),
    ("toBinaryString", 1): _bits("b"),
    ("toString", 1): _by_size(
        taking(("i", lambda render, value, other: str(other))),
        taking(("j", lambda render, value, other: str(other))),
        taking(("i", lambda render, value, base: in_radix(render, value, value, base))),
    ),
    ("toString", 2): _by_size(taking(("ii", in_radix)), taking(("ji", in_radix))),
}
DOUBLE: dict[tuple[str, int], Callable[..., object]] = ANY | {
    ("isNaN", 0): lambda render, value: value != value,
    ("isInfinite", 0): lambda render, value: value in (math.inf, -math.inf),
    ("isNaN", 1): taking(("d", lambda render, value, other: other != other)),
    ("isInfinite", 1): taking(("d", lambda render, value, other: other in (math.inf, -math.inf))),
    ("parseDouble", 1): taking(("s", lambda render, value, other: real(str(other)))),
    ("valueOf", 1): taking(
        ("d", lambda render, value, other: other), ("s", lambda render, value, other: real(str(other)))
    ),
    ("max", 2): taking(("dd", lambda render, value, a, b: max(a, b))),
    ("min", 2): taking(("dd", lambda render, value, a, b: min(a, b))),
    ("sum", 2): taking(("dd", lambda render, value, a, b: a + b)),
    ("compare", 2): taking(("dd", lambda render, value, a, b: (a > b) - (a < b))),
    ("toString", 1): taking(("d", lambda render, value, other: text_of(render, other))),
}


def compare_truth(render: Render, value: bool, other: object) -> int:
    if type(other) is not bool:
        raise Failure("compareTo needs true or false")
    return int(value) - int(other)


BOOLEAN: dict[tuple[str, int], Callable[..., object]] = {
    ("toString", 0): text_of,
    ("booleanValue", 0): lambda render, value: value,
    ("equals", 1): equals,
    ("parseBoolean", 1): taking(("n", lambda render, value, other: str(other).lower() == "true")),
    ("hashCode", 0): lambda render, value: 1231 if value else 1237,
    ("compareTo", 1): compare_truth,
    ("compare", 2): taking(("bb", lambda render, value, a, b: int(a) - int(b))),
    ("logicalAnd", 2): taking(("bb", lambda render, value, a, b: a and b)),
    ("logicalOr", 2): taking(("bb", lambda render, value, a, b: a or b)),
    ("logicalXor", 2): taking(("bb", lambda render, value, a, b: a != b)),
    ("valueOf", 1): taking(
        ("b", lambda render, value, other: other), ("n", lambda render, value, other: str(other).lower() == "true")
    ),
    ("toString", 1): taking(("b", lambda render, value, other: text_of(render, other))),
}
