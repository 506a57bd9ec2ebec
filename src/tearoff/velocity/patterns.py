"""Regular expressions of Java, within limits of time and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import regex

from tearoff import clock
from tearoff.velocity.problems import Failure, LimitReached
from tearoff.velocity.values import Array

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

PATTERN_MAX = 1_000

Pattern: TypeAlias = Any
Match: TypeAlias = Any


_JAVA = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)"
    r"|\\k<(?P<named>[A-Za-z][A-Za-z0-9]*)>|\\c(?P<control>.)|\\0(?P<octal>[0-3]?[0-7]{1,2})"
    r"|\\[pPxNkK]\{[^{}]*\}|\\.|(?P<open>\[\^?\]?)|(?P<close>\])|(?P<count>\{\d+(?:,\d*)?\})|(?P<brace>\{)|\(\?[^:=!<>a-zA-Z-]|(?P<dot>\.)",
    re.S,
)
CLASSES = {
    "\\d": "[0-9]",
    "\\D": "[^0-9]",
    "\\w": "[A-Za-z0-9_]",
    "\\W": "[^A-Za-z0-9_]",
    "\\s": r"[ \t\n\x0b\f\r]",
    "\\S": r"[^ \t\n\x0b\f\r]",
    "\\h": r"[ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]",
    "\\e": r"\x1b",
    "\\z": r"\Z",
    "\\Z": r"(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?\Z)",
}
"""What Java's classes hold: no letter or digit outside ASCII; and its names for an escape and for the end."""
for _name, _held in {
    "Lower": "a-z",
    "Upper": "A-Z",
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Alnum": "A-Za-z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r" \t\n\x0b\f\r",
    "Blank": r" \t",
    "XDigit": "0-9A-Fa-f",
    "ASCII": r"\x00-\x7f",
}.items():
    CLASSES |= {f"\\p{{{_name}}}": f"[{_held}]", f"\\P{{{_name}}}": f"[^{_held}]"}
LINE_ENDS = r"[^\n\r\u0085\u2028\u2029]"


def _python(pattern: str) -> str:
    """Java's syntax in ours; raises ValueError for what Java refuses and we would read otherwise."""
    depth = 0

    def piece(match: re.Match[str]) -> str:
        nonlocal depth
        if match["quoted"] is not None:
            return str(regex.escape(match["quoted"]))
        if match["named"]:
            return f"(?P={match['named']})"
        if match["control"] or match["octal"]:
            return f"\\x{ord(match['control']) ^ 64 if match['control'] else int(match['octal'], 8):02x}"
        if match[0] in CLASSES:
            return CLASSES[match[0]]
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(depth - 1, 0)
        elif (match["brace"] and not depth) or match[0].startswith("(?"):
            raise ValueError("not in Java")
        elif match["dot"] and not depth:
            return LINE_ENDS
        return match[0]

    return _JAVA.sub(piece, pattern)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Pattern:
    return regex.compile(_python(pattern), flags=regex.VERSION1)


def compiled(pattern: str) -> Pattern:
    """The pattern ready for use; refuses what cannot be read."""
    if len(pattern) > PATTERN_MAX:
        raise LimitReached(f"a regular expression longer than {PATTERN_MAX} characters")
    try:
        return _compiled(pattern)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise Failure(f"{pattern[:60]!r} is not a regular expression") from error


_GROUP = re.compile(r"\\(?P<plain>.?)|\$(?:(?P<number>\d+)|\{(?P<name>[A-Za-z][A-Za-z0-9]*)\}|)", re.S)


def _replacement(match: Match, replacement: str) -> str:
    """Java's `$1`, `${name}` and `\\x` in a replacement; a number takes as many digits as there are groups for."""

    def piece(found: re.Match[str]) -> str:
        if found["plain"]:
            return found["plain"]
        if found["name"] in match.re.groupindex:
            return match[found["name"]] or ""
        digits = found["number"] or ""
        for size in range(len(digits), 0, -1):
            if size == 1 or int(digits[:size]) <= match.re.groups:
                if int(digits[:size]) > match.re.groups:
                    break
                return (match[int(digits[:size])] or "") + digits[size:]
        raise Failure(f"{replacement[:40]!r} names a group that the expression does not have")

    return _GROUP.sub(piece, replacement)


def _replace(render: Render, value: str, pattern: str, becomes: str | None, count: int) -> str:
    render.spend(10)
    pieces: list[str] = []
    at = 0
    for match in _found(render, compiled(pattern), value):
        if becomes is None:
            raise Failure("null was passed to a method that needs text")
        pieces += (value[at : match.start()], _replacement(match, becomes))
        render.build(len(pieces[-1]))
        at = match.end()
        if len(pieces) == count * 2:
            break
    pieces.append(value[at:])
    render.check_string(sum(map(len, pieces)))
    return "".join(pieces)


def _found(render: Render, expression: Pattern, value: str) -> Iterator[Match]:
    """The matches one by one; behind an empty one the next begins a character further, as in Java."""
    until = clock.monotonic() + render.regex_seconds()
    at = 0
    try:
        while at <= len(value):
            begin, at, left = at, len(value) + 1, until - clock.monotonic()
            if left <= 0:
                raise TimeoutError
            empty = -1
            for match in expression.finditer(value, begin, timeout=left):
                if match.start() == empty:
                    at = empty + 1
                    break
                yield match
                empty = match.end() if match.start() == match.end() else -1
    except TimeoutError as error:
        raise _too_long(render) from error


def _too_long(render: Render) -> LimitReached:
    """Which limit a regular expression reached: its own, or the render's."""
    render.check_time()
    return LimitReached(f"a regular expression ran longer than {render.limits.regex_seconds_max} s")


def replace_all(render: Render, value: str, pattern: str, new: str | None) -> str:
    return _replace(render, value, pattern, new, 0)


def replace_first(render: Render, value: str, pattern: str, new: str | None) -> str:
    return _replace(render, value, pattern, new, 1)


def matches(render: Render, value: str, pattern: str) -> bool:
    try:
        return compiled(pattern).fullmatch(value, timeout=render.regex_seconds()) is not None
    except TimeoutError as error:
        raise _too_long(render) from error


def split(render: Render, value: str, pattern: str, most: int = 0) -> Array:
    """Java's split: no empty text at the end unless the limit asks for it."""
    expression = compiled(pattern)
    render.build(len(value))
    parts: list[str] = []
    at = 0
    is_cut = False
    for match in _found(render, expression, value):
        if most > 0 and len(parts) == most - 1:
            break
        if match.end() == 0:
            continue
        parts.append(value[at : match.start()])
        at, is_cut = match.end(), True
    parts.append(value[at:])
    while most == 0 and is_cut and parts and not parts[-1]:
        parts.pop()
    return Array(parts, str)
