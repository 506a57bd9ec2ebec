"""Codes of a format from running numbers: letters, fixed parts, check digit and separators, in whole arrays."""

from __future__ import annotations

from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from tearoff.domain.formats import CAPACITY_MAX, FormatDefinition
from tearoff.domain.permutation import Numbers, Permutation

BATCH_MAX = 100_000
"""Codes made and published in one transaction."""


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """What a task makes; `done` of `quantity` are stored."""

    task_id: int
    pool_id: int
    format_id: int
    quantity: int
    discount: int | None
    expires_at: datetime | None
    done: int = 0


class Refill(msgspec.Struct, frozen=True, kw_only=True):
    """How a pool fills itself: when fewer than `below` codes are free, or they last for fewer than `days_left` days at
    their pace, `quantity` more, good for `valid_days`."""

    pool_id: int
    format_id: int
    below: int
    quantity: int
    discount: int | None = None
    valid_days: int | None = None
    days_left: int | None = None
    problem: str | None = None


Letters = NDArray[np.uint8]
Digits = NDArray[np.uint8]


def generate(wanted: FormatDefinition, key: bytes, start: int, count: int) -> list[str]:
    """The codes of the running numbers from `start` on; those that hold a forbidden word are left out.

    Different numbers give different codes, and the same number the same code for ever.
    """
    grid = letters(wanted, key, start, count)
    width = grid.shape[1]
    text = grid.tobytes().decode("ascii")
    codes = [text[at : at + width] for at in range(0, len(text), width)]
    if not wanted.forbidden:
        return codes
    words = [word.casefold() for word in wanted.forbidden]
    return [code for code in codes if not any(word in code.replace(wanted.separator, "").casefold() for word in words)]


def letters(wanted: FormatDefinition, key: bytes, start: int, count: int) -> Letters:
    """The same as a grid of ASCII characters, one code a row."""
    alphabet = np.frombuffer(wanted.letters.encode("ascii"), dtype=np.uint8)
    digits = digits_of(wanted, key, start, count)
    body = alphabet[digits]
    if wanted.has_check_digit:
        body = np.hstack([body, alphabet[check_digits(digits, len(alphabet))][:, None]])
    place = wanted.marker_at if wanted.marker_at is not None else 0
    parts = [_fixed(wanted.prefix, count), body[:, :place], _fixed(wanted.marker, count), body[:, place:]]
    return _grouped(np.hstack([*parts, _fixed(wanted.suffix, count)]), wanted)


def digits_of(wanted: FormatDefinition, key: bytes, start: int, count: int) -> Digits:
    """The free positions as digits of the alphabet: a permuted number, and past 62 bits what follows from it."""
    base = len(wanted.letters)
    head = wanted.free
    while base**head > CAPACITY_MAX:
        head -= 1
    permutation = Permutation(key, base**head)
    numbers = permutation.of(start, count)
    columns = _columns(numbers, base, head)
    if wanted.free > head:
        columns += _columns(permutation.tail(numbers), base, wanted.free - head)
    grid = np.empty((count, wanted.free), dtype=np.uint8)
    for n, column in enumerate(reversed(columns)):
        grid[:, n] = column
    return grid


def check_digits(digits: Digits, base: int) -> Digits:
    """The Luhn check digit modulo the alphabet's size: one wrong or most swapped neighbours show (ISO/IEC 7812-1)."""
    total = np.zeros(digits.shape[0], dtype=np.int64)
    for n, column in enumerate(digits.T[::-1]):
        value = column.astype(np.int64) * (2 if n % 2 == 0 else 1)
        total += value // base + value % base
    return ((base - total % base) % base).astype(np.uint8)


def is_valid(wanted: FormatDefinition, code: str) -> bool:
    """Whether a code has the format's shape, its check digit included; says nothing of whether it was made."""
    plain = _ungrouped(code, wanted)
    if plain is None or not plain.startswith(wanted.prefix) or not plain.endswith(wanted.suffix):
        return False
    body = plain[len(wanted.prefix) : len(plain) - len(wanted.suffix)]
    place = wanted.marker_at or 0
    if body[place : place + len(wanted.marker)] != wanted.marker:
        return False
    body = body[:place] + body[place + len(wanted.marker) :]
    index = {letter: n for n, letter in enumerate(wanted.letters)}
    if any(letter not in index for letter in body):
        return False
    if not wanted.has_check_digit:
        return True
    digits = np.array([[index[letter] for letter in body[:-1]]], dtype=np.uint8)
    return int(check_digits(digits, len(index))[0]) == index[body[-1]]


def _columns(numbers: Numbers, base: int, width: int) -> list[NDArray[np.uint32]]:
    """The lowest digits first; several at once are split off as 32 bits, which divide faster than 64."""
    some = 1
    while base ** (some + 1) < 2**32:
        some += 1
    columns: list[NDArray[np.uint32]] = []
    while len(columns) < width:
        numbers, low = np.divmod(numbers, np.uint64(base**some))
        part = low.astype(np.uint32)
        for _ in range(min(some, width - len(columns))):
            rest = part // np.uint32(base)
            columns.append(part - rest * np.uint32(base))
            part = rest
    return columns


def _fixed(text: str, count: int) -> Letters:
    return np.tile(np.frombuffer(text.encode("ascii"), dtype=np.uint8), (count, 1))


def _ungrouped(code: str, wanted: FormatDefinition) -> str | None:
    """The code without its separators; None when they or the length are wrong."""
    if wanted.group and wanted.separator:
        step = wanted.group + 1
        if any(c != wanted.separator for c in code[wanted.group :: step]):
            return None
        code = "".join(code[at : at + wanted.group] for at in range(0, len(code), step))
    return code if len(code) == wanted.length else None


def _grouped(grid: Letters, wanted: FormatDefinition) -> Letters:
    if not wanted.group or not wanted.separator:
        return grid
    separator = _fixed(wanted.separator, grid.shape[0])
    pieces: list[Letters] = []
    for at in range(0, grid.shape[1], wanted.group):
        pieces += [grid[:, at : at + wanted.group], separator]
    return np.hstack(pieces[:-1])
