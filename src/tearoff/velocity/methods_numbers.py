"""The methods of numbers and of true and false."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from tearoff.velocity.arguments import text, whole
from tearoff.velocity.arithmetic import INT_MAX, INT_MIN, Number, number
from tearoff.velocity.problems import Failure
from tearoff.velocity.values import equals, text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render


def wrapped(value: int, bits: int) -> int:
    """A whole number cut to `bits` bits, as Java's casts cut it."""
    half = 1 << (bits - 1)
    return (value + half) % (1 << bits) - half


def int_value(render: Render, value: Number) -> int:
    return wrapped(int(value), 32) if type(value) is int else whole(value)


def long_value(render: Render, value: Number) -> int:
    if type(value) is int:
        return wrapped(value, 64)
    return int(max(min(value, 2**63 - 1), -(2**63))) if value == value else 0


def hash_number(render: Render, value: Number) -> int:
    """Java's hash of an Integer, a Long or a Double."""
    if type(value) is int:
        if INT_MIN <= value <= INT_MAX:
            return value
        bits = value & 0xFFFFFFFFFFFFFFFF
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


NUMBER: dict[tuple[str, int], Callable[..., object]] = {
    ("toString", 0): text_of,
    ("intValue", 0): int_value,
    ("longValue", 0): long_value,
    ("shortValue", 0): lambda render, value: wrapped(int_value(render, value), 16),
    ("byteValue", 0): lambda render, value: wrapped(int_value(render, value), 8),
    ("doubleValue", 0): lambda render, value: float(value),
    ("floatValue", 0): lambda render, value: float(value),
    ("hashCode", 0): hash_number,
    ("equals", 1): equals,
    ("compareTo", 1): compare_to,
    ("isNaN", 0): lambda render, value: value != value,
    ("isInfinite", 0): lambda render, value: value in (math.inf, -math.inf),
    ("parseInt", 1): lambda render, value, other: whole(text(render, other)),
    ("valueOf", 1): lambda render, value, other: other if type(other) is int else whole(text(render, other)),
    ("max", 2): lambda render, value, a, b: max(whole(a), whole(b)),
    ("min", 2): lambda render, value, a, b: min(whole(a), whole(b)),
    ("compare", 2): lambda render, value, a, b: (whole(a) > whole(b)) - (whole(a) < whole(b)),
    ("toHexString", 1): lambda render, value, other: format(whole(other) & 0xFFFFFFFF, "x"),
    ("toBinaryString", 1): lambda render, value, other: format(whole(other) & 0xFFFFFFFF, "b"),
}


def compare_truth(render: Render, value: bool, other: object) -> int:
    if type(other) is not bool:
        raise Failure("compareTo needs true or false")
    return int(value) - int(other)


BOOLEAN: dict[tuple[str, int], Callable[..., object]] = {
    ("toString", 0): text_of,
    ("booleanValue", 0): lambda render, value: value,
    ("equals", 1): equals,
    ("parseBoolean", 1): lambda render, value, other: isinstance(other, str) and other.lower() == "true",
    ("hashCode", 0): lambda render, value: 1231 if value else 1237,
    ("compareTo", 1): compare_truth,
}
