"""Numbers by Java's DecimalFormat patterns, `#,##0.00`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

import msgspec

from tearoff.velocity.names import Names
from tearoff.velocity.problems import Failure

PATTERN_MAX = 100
DIGITS_MAX = 340
_SHAPE = re.compile(
    r"(?P<prefix>(?:'[^']*'|[^#0,.'])*)"
    r"(?P<number>[#,]*[0,]*)(?:\.(?P<fraction>0*#*))?(?P<exponent>E0+)?"
    r"(?P<suffix>(?:'[^']*'|[^#0,.'])*)"
)


class Shape(msgspec.Struct, frozen=True):
    """What a pattern asks for."""

    prefix: str
    suffix: str
    whole_min: int
    group: int
    fraction_min: int
    fraction_max: int
    factor: int
    exponent: int
    has_point: bool
    below_zero: tuple[str, str]
    """What stands around a number below zero."""


@lru_cache(maxsize=256)
def shape(pattern: str) -> Shape:
    """The pattern read; refuses what DecimalFormat refuses. After `;` only what stands around the digits counts."""
    positive, _, negative = pattern.partition(";")
    other = _SHAPE.fullmatch(negative) if negative else None
    match = _SHAPE.fullmatch(positive) if len(pattern) <= PATTERN_MAX else None
    if match is None or (not match["number"] and not match["fraction"]):
        raise Failure(f"{pattern[:40]!r} is not a number pattern")
    number, fraction = match["number"], match["fraction"] or ""
    around = match["prefix"] + match["suffix"]
    whole_min = number.count("0")
    if match["fraction"] is not None and "0" not in number + fraction:
        whole_min = 1
    plain = _plain(match["prefix"]), _plain(match["suffix"])
    minus = "-" + plain[0], plain[1]
    factor = 100 if "%" in around else 1000 if "‰" in around else 1
    return Shape(
        *plain,
        whole_min,
        len(number) - 1 - number.rfind(",") if "," in number else 0,
        fraction.count("0"),
        len(fraction),
        factor,
        len(match["exponent"] or "E") - 1,
        match["fraction"] is not None and not fraction,
        ends if other is not None and (ends := (_plain(other["prefix"]), _plain(other["suffix"]))) != plain else minus,
    )


def _plain(text: str) -> str:
    return re.sub(r"'([^']*)'", lambda m: m[1] or "'", text)


def exact(value: int | float | Decimal) -> Decimal:
    """The number with all its digits: a double is rounded from what it really is."""
    return Decimal(value)


def written(pattern: str, value: int | float | Decimal, words: Names) -> str:
    """The number by the pattern, rounded half to even, with the language's marks."""
    form = shape(pattern)
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        if value != value:
            return "NaN"
        return "∞".join(form.below_zero if value < 0 else (form.prefix, form.suffix))
    number = exact(value) * form.factor
    if number.adjusted() > DIGITS_MAX:
        raise Failure(f"a number of more than {DIGITS_MAX} digits")
    tail = ""
    if form.exponent:
        power = number.adjusted() - max(form.whole_min, 1) + 1 if number else 0
        number = number.scaleb(-power)
        tail = f"E{'-' if power < 0 else ''}{abs(power):0{form.exponent}d}"
    context = Context(prec=DIGITS_MAX * 3, Emax=9999, Emin=-9999)
    rounded = number.quantize(Decimal(1).scaleb(-form.fraction_max), rounding=ROUND_HALF_EVEN, context=context)
    digits = format(abs(rounded), "f")
    whole, _, fraction = digits.partition(".")
    fraction = fraction[: form.fraction_min] + fraction[form.fraction_min :].rstrip("0")
    whole = whole.lstrip("0").rjust(form.whole_min, "0")
    if not whole and not fraction:
        whole = "0"
    if form.group:
        whole = _grouped(whole, form.group, words.group_mark)
    point = words.decimal_mark if fraction or form.has_point else ""
    is_below = rounded.is_signed() and (rounded or isinstance(value, float))
    return f"{whole}{point}{fraction}{tail}".join(form.below_zero if is_below else (form.prefix, form.suffix))


def _grouped(digits: str, size: int, mark: str) -> str:
    head = len(digits) % size
    groups = ([digits[:head]] if head else []) + [digits[at : at + size] for at in range(head, len(digits), size)]
    return mark.join(groups)
