"""Regular expressions and printf patterns of Java, within limits of time and size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import regex

from tearoff.velocity.arguments import text, whole
from tearoff.velocity.problems import Failure, LimitReached
from tearoff.velocity.values import text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

PATTERN_MAX = 1_000

Pattern: TypeAlias = Any
Match: TypeAlias = Any


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Pattern:
    return regex.compile(pattern, flags=regex.VERSION1)


def compiled(pattern: str) -> Pattern:
    """The pattern ready for use; refuses what cannot be read."""
    if len(pattern) > PATTERN_MAX:
        raise LimitReached(f"a regular expression longer than {PATTERN_MAX} characters")
    try:
        return _compiled(pattern)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise Failure(f"{pattern[:60]!r} is not a regular expression") from error


def _replacement(render: Render, match: Match, replacement: str) -> str:
    """Java's `$1` and `\\x` in a replacement."""
    pieces: list[str] = []
    at = 0
    while at < len(replacement):
        c = replacement[at]
        at += 1
        if c == "\\":
            pieces.append(replacement[at : at + 1])
            at += 1
        elif c == "$":
            digits = replacement[at : at + 1]
            if not digits.isdigit() or int(digits) > match.re.groups:
                raise Failure(f"{replacement[:40]!r} names a group that the expression does not have")
            pieces.append(match[int(digits)] or "")
            at += 1
        else:
            pieces.append(c)
    return "".join(pieces)


def _replace(render: Render, value: str, pattern: object, new: object, count: int) -> str:
    expression, becomes = compiled(text(render, pattern)), text(render, new)
    render.spend(10)

    def made(match: Match) -> str:
        piece = _replacement(render, match, becomes)
        render.build(len(piece))
        return piece

    try:
        found: str = expression.sub(made, value, count=count, timeout=render.regex_seconds())
    except TimeoutError as error:
        raise _too_long(render) from error
    render.check_string(len(found))
    return found


def _too_long(render: Render) -> LimitReached:
    """Which limit a regular expression reached: its own, or the render's."""
    render.check_time()
    return LimitReached(f"a regular expression ran longer than {render.limits.regex_seconds_max} s")


def replace_all(render: Render, value: str, pattern: object, new: object) -> str:
    return _replace(render, value, pattern, new, 0)


def replace_first(render: Render, value: str, pattern: object, new: object) -> str:
    return _replace(render, value, pattern, new, 1)


def matches(render: Render, value: str, pattern: object) -> bool:
    try:
        return compiled(text(render, pattern)).fullmatch(value, timeout=render.regex_seconds()) is not None
    except TimeoutError as error:
        raise _too_long(render) from error


def split(render: Render, value: str, pattern: object, limit: object = 0) -> list[str]:
    """Java's split: no empty text at the end unless the limit asks for it."""
    expression, most = compiled(text(render, pattern)), whole(limit)
    render.build(len(value))
    parts: list[str] = []
    at = 0
    try:
        for match in expression.finditer(value, timeout=render.regex_seconds()):
            if most > 0 and len(parts) == most - 1:
                break
            if match.end() == 0 or (match.start() == match.end() == len(value)):
                continue
            parts.append(value[at : match.start()])
            at = match.end()
    except TimeoutError as error:
        raise _too_long(render) from error
    parts.append(value[at:])
    while most == 0 and len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def printf(render: Render, template: str, values: tuple[object, ...]) -> str:
    """`String.format` with %s, %d, %f and their widths."""
    pieces: list[str] = []
    at = used = 0
    for match in _FORMAT.finditer(template):
        pieces.append(template[at : match.start()])
        at = match.end()
        flags, width, precision, kind = match["flags"], match["width"], match["precision"], match["kind"]
        if kind in "%n":
            pieces.append("%" if kind == "%" else "\n")
            continue
        if used >= len(values):
            raise Failure(f"format has no value for {match[0]}")
        value, used = values[used], used + 1
        body = _formatted(render, value, kind, flags, precision)
        size = int(width or 0)
        render.check_string(size)
        pieces.append(body.ljust(size) if "-" in flags else body.rjust(size, "0" if "0" in flags else " "))
    pieces.append(template[at:])
    found = "".join(pieces)
    render.check_string(len(found))
    return found


_FORMAT = regex.compile(r"%(?P<flags>[-+0, (#]*)(?P<width>\d{1,6})?(?:\.(?P<precision>\d{1,3}))?(?P<kind>[a-zA-Z%])")


def _formatted(render: Render, value: object, kind: str, flags: str, precision: str | None) -> str:
    group = "," if "," in flags else ""
    if kind in "sS":
        body = "null" if value is None else text_of(render, value)
        body = body[: int(precision)] if precision else body
    elif kind in "dxX" and type(value) is int:
        body = format(value, f"{group}d" if kind == "d" else kind)
    elif kind in "fe" and isinstance(value, float | int) and type(value) is not bool:
        body = format(float(value), f"{group}.{precision or 6}{kind}")
    elif kind in "bB":
        body = "true" if value is True or (value is not None and value is not False) else "false"
    elif kind == "c" and isinstance(value, str) and len(value) == 1:
        body = value
    else:
        raise Failure(f"format cannot show this value as %{kind}")
    if "+" in flags and kind in "dfe" and not body.startswith("-"):
        body = "+" + body
    return body.upper() if kind in "SBX" else body
