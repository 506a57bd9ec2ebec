"""The digits of a binary fraction as Java before 19 prints them: mostly as few as tell it apart, sometimes one more."""

from __future__ import annotations

import math

DOUBLE_BITS, FLOAT_BITS = 53, 24
_LONG_BITS = 64


def digits(value: float, precision: int = DOUBLE_BITS) -> tuple[str, int]:
    """The digits of a finite number above zero, and how many of them stand before the point."""
    mantissa, top = math.frexp(value)
    top -= 1
    bits = int(mantissa * 2.0**precision)
    bits >>= (bits & -bits).bit_length() - 1
    below_point = max(0, bits.bit_length() - top - 1)
    if below_point == 0 and top < _LONG_BITS - 1:
        return _of_whole(int(value), precision)
    precision = min(precision, top + 1075) if precision == DOUBLE_BITS else min(precision, top + 150)
    return _developed(bits, top, below_point, precision)


def _of_whole(value: int, precision: int) -> tuple[str, int]:
    """All digits but those that half a unit of the last bit can change."""
    lost = int((value.bit_length() - precision - 2) * 0.30103) if value.bit_length() > precision + 1 else 0
    kept = str((value + 10**lost // 2) // 10**lost if lost else value)
    return kept.rstrip("0"), len(kept) + lost


def _developed(bits: int, top: int, below_point: int, precision: int) -> tuple[str, int]:
    """Digits one by one, until what is left is less than half a unit of the last bit, or lacks less than that."""
    power = math.floor(
        (bits / 2.0 ** (bits.bit_length() - 1) - 1.5) * 0.289529654 + 0.176091259 + top * 0.301029995663981
    )
    fives = max(0, -power)
    rest_twos = fives + below_point + top - bits.bit_length() + 1
    unit_twos = max(0, power) + below_point
    step_twos = fives + below_point + top - precision
    shared = min(rest_twos, unit_twos)
    rest_twos, unit_twos, step_twos = rest_twos - shared, unit_twos - shared, step_twos - shared
    if bits == 1:
        step_twos -= 1
    lift = max(0, -step_twos)
    rest = bits * 5**fives << rest_twos + lift
    unit = 5 ** max(0, power) << unit_twos + lift
    step = 5**fives << step_twos + lift
    is_short = _fits(bits.bit_length() + rest_twos + lift, fives) and _fits(unit_twos + lift + 1, max(0, power) + 1)
    ten = unit * 10
    found: list[int] = []
    while True:
        digit, rest = divmod(rest, unit)
        rest, step = rest * 10, step * 10
        is_low, is_high = rest < step, rest + step > ten or (rest + step == ten and not is_short)
        if not found and digit == 0 and not is_high:
            power -= 1
        else:
            found.append(digit)
        if len(found) < 2 and not -3 <= power < 8:
            is_low = is_high = False
        if is_low or is_high:
            break
    twice = rest * 2 - ten
    if is_high and (not is_low or twice > 0 or (twice == 0 and found[-1] % 2)):
        return _rounded_up(found, power + 1)
    return "".join(map(str, found)).rstrip("0") or "0", power + 1


def _fits(twos: int, fives: int) -> bool:
    """Whether Java reckons this in 64 bits, where a tie ends the digits otherwise than in longer numbers."""
    return twos + int(5**fives).bit_length() < _LONG_BITS


def _rounded_up(found: list[int], point: int) -> tuple[str, int]:
    whole = str(int("".join(map(str, found))) + 1)
    return whole.rstrip("0"), point + len(whole) - len(found)
