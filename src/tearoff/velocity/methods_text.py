"""The methods of texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tearoff.velocity import patterns
from tearoff.velocity.arguments import Unsuitable, text, whole, within
from tearoff.velocity.printf import printf
from tearoff.velocity.problems import Failure
from tearoff.velocity.values import Char, equals, text_of

if TYPE_CHECKING:
    from tearoff.velocity.runtime import Render

SPACES = "".join(map(chr, range(33)))


def hash_code(value: str) -> int:
    """Java's hash of a text."""
    found = 0
    for unit in _units(value):
        found = (found * 31 + unit) & 0xFFFFFFFF
    return found - 2**32 if found >= 2**31 else found


def _units(value: str) -> list[int]:
    raw = value.encode("utf-16-be", "surrogatepass")
    return [raw[at] << 8 | raw[at + 1] for at in range(0, len(raw), 2)]


def substring(render: Render, value: str, first: object, last: object = None) -> str:
    begin, end = whole(first), len(value) if last is None else whole(last)
    if not 0 <= begin <= end <= len(value):
        raise Failure(f"substring({begin}, {end}) of a text of {len(value)} characters")
    return value[begin:end]


def characters_of(value: object) -> str:
    """A declared `CharSequence`: numbers are not made into one."""
    if value is None:
        raise Failure("null was passed to a method that needs text")
    if not isinstance(value, str) or type(value) is Char:
        raise Unsuitable
    return value


def replace(render: Render, value: str, old: object, new: object) -> str:
    if type(old) is Char and type(new) is Char:
        return value.replace(old, new)
    was, becomes = characters_of(old), characters_of(new)
    render.check_string(len(value) + value.count(was) * max(len(becomes) - len(was), 0))
    return value.replace(was, becomes)


def concat(render: Render, value: str, other: object) -> str:
    tail = text(render, other)
    render.check_string(len(value) + len(tail))
    return value + tail


def repeat(render: Render, value: str, times: object) -> str:
    count = whole(times)
    if count < 0:
        raise Failure(f"repeat({count})")
    render.check_string(len(value) * count)
    return value * count


def compare_to(render: Render, value: str, other: object) -> int:
    if not isinstance(other, str) or type(other) is not type(value):
        raise Failure("compareTo needs a text")
    mine, theirs = _units(value), _units(other)
    for a, b in zip(mine, theirs, strict=False):
        if a != b:
            return a - b
    return len(mine) - len(theirs)


def compare_ignoring_case(render: Render, value: str, other: object) -> int:
    return compare_to(render, value.upper().lower(), text(render, other).upper().lower())


def _needle(render: Render, wanted: object) -> str:
    if type(wanted) is int and 0 <= wanted < 0x110000:
        return chr(wanted)
    return text(render, wanted)


def index_of(render: Render, value: str, wanted: object, start: object = 0) -> int:
    return value.find(_needle(render, wanted), min(max(whole(start), 0), len(value)))


def last_index_of(render: Render, value: str, wanted: object, start: object = None) -> int:
    needle = _needle(render, wanted)
    if start is None:
        return value.rfind(needle)
    end = whole(start)
    return -1 if end < 0 else value.rfind(needle, 0, end + len(needle))


def starts_with(render: Render, value: str, prefix: object, start: object = 0) -> bool:
    at = whole(start)
    return 0 <= at <= len(value) and value.startswith(text(render, prefix), at)


def strip(render: Render, value: str) -> str:
    return value.strip()


def is_equal(render: Render, value: str, other: object) -> bool:
    return isinstance(other, str) and value == other


def is_equal_ignoring_case(render: Render, value: str, other: object) -> bool:
    if other is None:
        return False
    mine, theirs = value, text(render, other)
    return len(mine) == len(theirs) and mine.upper().lower() == theirs.upper().lower()


def character_at(render: Render, value: str, index: object) -> Char:
    return Char(value[within(whole(index), len(value))])


def code_at(render: Render, value: str, index: object) -> int:
    return ord(value[within(whole(index), len(value))])


def formatted(render: Render, value: str, template: object, *values: object) -> str:
    """`String.format`; the text that it is called on does not matter."""
    return printf(render, text(render, template), values)


def formatted_by(render: Render, value: str, *values: object) -> str:
    """`formatted`, whose pattern is the text that it is called on."""
    return printf(render, value, values)


def region_matches(render: Render, value: str, at: object, other: object, start: object, size: object) -> bool:
    mine, theirs, length, wanted = whole(at), whole(start), whole(size), text(render, other)
    if mine < 0 or theirs < 0 or mine + length > len(value) or theirs + length > len(wanted):
        return False
    return length <= 0 or value[mine : mine + length] == wanted[theirs : theirs + length]


def region_matches_so(
    render: Render, value: str, is_blind: object, at: object, other: object, start: object, size: object
) -> bool:
    """With a first argument that says whether upper and lower case are alike."""
    if type(is_blind) is not bool:
        raise Unsuitable
    if not is_blind:
        return region_matches(render, value, at, other, start, size)
    return region_matches(render, value.upper().lower(), at, text(render, other).upper().lower(), start, size)


def indent(render: Render, value: str, width: object) -> str:
    """Every line moved by so many spaces, and ended by a new line."""
    by = whole(width)
    lines = re.split("\r\n|\r|\n", value)
    if lines[-1] == "":
        lines.pop()
    render.check_string(len(value) + (max(by, 0) + 1) * len(lines))
    if by >= 0:
        moved = [" " * by + line for line in lines]
    else:
        moved = [line[min(-by, len(line) - len(line.lstrip())) :] for line in lines]
    return "".join(line + "\n" for line in moved)


def characters(render: Render, value: str) -> list[Char]:
    render.build(len(value))
    return [Char(character) for character in value]


def octets(render: Render, value: str) -> list[int]:
    """The text's UTF-8 as Java's signed bytes."""
    render.build(len(value) * 2)
    return [octet - 256 if octet > 127 else octet for octet in value.encode("utf-8", "replace")]


TEXT: dict[tuple[str, int], Callable[..., object]] = {
    ("length", 0): lambda render, value: len(value),
    ("isEmpty", 0): lambda render, value: not value,
    ("isBlank", 0): lambda render, value: not value.strip(),
    ("toString", 0): lambda render, value: value,
    ("intern", 0): lambda render, value: value,
    ("hashCode", 0): lambda render, value: hash_code(value),
    ("toUpperCase", 0): lambda render, value: value.upper(),
    ("toLowerCase", 0): lambda render, value: value.lower(),
    ("trim", 0): lambda render, value: value.strip(SPACES),
    ("strip", 0): strip,
    ("stripLeading", 0): lambda render, value: value.lstrip(),
    ("stripTrailing", 0): lambda render, value: value.rstrip(),
    ("getBytes", 0): octets,
    ("toCharArray", 0): characters,
    ("substring", 1): substring,
    ("substring", 2): substring,
    ("subSequence", 2): substring,
    ("replace", 2): replace,
    ("replaceAll", 2): patterns.replace_all,
    ("replaceFirst", 2): patterns.replace_first,
    ("matches", 1): patterns.matches,
    ("split", 1): patterns.split,
    ("split", 2): patterns.split,
    ("concat", 1): concat,
    ("repeat", 1): repeat,
    ("contains", 1): lambda render, value, wanted: characters_of(wanted) in value,
    ("startsWith", 1): starts_with,
    ("startsWith", 2): starts_with,
    ("endsWith", 1): lambda render, value, suffix: value.endswith(text(render, suffix)),
    ("indexOf", 1): index_of,
    ("indexOf", 2): index_of,
    ("lastIndexOf", 1): last_index_of,
    ("lastIndexOf", 2): last_index_of,
    ("charAt", 1): character_at,
    ("codePointAt", 1): code_at,
    ("equals", 1): is_equal,
    ("contentEquals", 1): lambda render, value, other: value == characters_of(other),
    ("equalsIgnoreCase", 1): is_equal_ignoring_case,
    ("compareTo", 1): compare_to,
    ("compareToIgnoreCase", 1): compare_ignoring_case,
    ("valueOf", 1): lambda render, value, other: text_of(render, other),
    ("join", 2): lambda render, value, mark, parts: joined(render, characters_of(mark), parts),
    ("regionMatches", 4): region_matches,
    ("regionMatches", 5): region_matches_so,
    ("codePointCount", 2): lambda render, value, first, last: len(substring(render, value, first, last)),
    ("indent", 1): indent,
    **{("format", count): formatted for count in range(1, 12)},
    **{("formatted", count): formatted_by for count in range(1, 12)},
}


CHARACTER: dict[tuple[str, int], Callable[..., object]] = {
    ("toString", 0): lambda render, value: str(value),
    ("charValue", 0): lambda render, value: value,
    ("hashCode", 0): lambda render, value: ord(value),
    ("equals", 1): equals,
    ("compareTo", 1): compare_to,
}


def joined(render: Render, mark: str, parts: object) -> str:
    """`String.join` of a list."""
    if not isinstance(parts, list | tuple | range):
        raise Failure("join needs a list")
    texts = [text_of(render, part) for part in parts]
    render.check_string(sum(map(len, texts)) + len(mark) * len(texts))
    return mark.join(texts)
