"""The methods of texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tearoff.velocity import patterns
from tearoff.velocity.arguments import Unsuitable, taking, within
from tearoff.velocity.printf import printf
from tearoff.velocity.problems import Failure
from tearoff.velocity.surrogates import gathered, spread, units
from tearoff.velocity.values import Array, Char, equals, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tearoff.velocity.runtime import Render

SPACES = "".join(map(chr, range(33)))
LOCALE = re.compile(
    r"|[a-z]{2,3}(?:[_-](?:[A-Z]{2}|[0-9]{3})(?:[_-].*)?|__.+)?|[_-][A-Z]{2}(?:[_-].+)?", re.S
).fullmatch
TURKIC = frozenset({"tr", "az"})
"""Languages that tell an i with a dot from one without."""
LATIN = "\xff"
"""Texts with characters above this are compared by whole characters, others by halves of an emoji."""
BLANKS = "".join(each for each in map(chr, range(0x3001)) if each.isspace() and each not in "\x85\xa0\u2007\u202f")
"""What `strip` takes off and `isBlank` passes over; `trim` knows only SPACES."""


def hash_code(value: str) -> int:
    """Java's hash of a text."""
    found = 0
    for unit in units(value):
        found = (found * 31 + unit) & 0xFFFFFFFF
    return found - 2**32 if found >= 2**31 else found


def substring(render: Render, value: str, begin: int, last: int | None = None) -> str:
    places = spread(value)
    end = len(places) if last is None else last
    if not 0 <= begin <= end <= len(places):
        raise Failure(f"substring({begin}, {end}) of a text of {len(places)} characters")
    return gathered(places[begin:end])


def replace_character(render: Render, value: str, old: Char, new: Char) -> str:
    return gathered(spread(value).replace(old, new))


def replace(render: Render, value: str, was: str, becomes: str) -> str:
    render.check_string(len(value) + value.count(was) * max(len(becomes) - len(was), 0))
    return value.replace(was, becomes)


def _language(told: str) -> str:
    """The language of a locale's name such as `tr_TR`; fails for what names none."""
    if LOCALE(told) is None:
        raise Failure(f"{told[:40]!r} is no name of a language")
    return re.split("[_-]", told)[0]


def upper_in(render: Render, value: str, language: str) -> str:
    return (value.replace("i", "\u0130") if _language(language) in TURKIC else value).upper()


def lower_in(render: Render, value: str, language: str) -> str:
    if _language(language) in TURKIC:
        value = value.replace("I\u0307", "i").replace("I", "\u0131").replace("\u0130", "i")
    return value.lower()


def concat(render: Render, value: str, tail: str) -> str:
    render.check_string(len(value) + len(tail))
    return value + tail


def repeat(render: Render, value: str, count: int) -> str:
    if count < 0:
        raise Failure(f"repeat({count})")
    render.check_string(len(value) * count)
    return value * count


def compare_to(render: Render, value: str, other: object) -> int:
    if not isinstance(other, str) or type(other) is not type(value):
        raise Failure("compareTo needs a text")
    mine, theirs = units(value), units(other)
    for a, b in zip(mine, theirs, strict=False):
        if a != b:
            return a - b
    return len(mine) - len(theirs)


def _folded(character: str) -> str:
    """A character without its case, as Java's comparisons see it: one by one, whatever stands around."""
    upper = character.upper()
    lower = (upper if len(upper) == 1 else character).lower()
    return lower[0]


def folded(value: str) -> str:
    """A text without upper and lower case, and of the same length."""
    return value.lower() if value.isascii() else "".join(map(_folded, value))


def compare_ignoring_case(render: Render, value: str, other: str) -> int:
    mine, theirs = spread(value), spread(other)
    if max(value, default="") > LATIN and max(other, default="") > LATIN:
        value, other = folded(value), folded(other)
    else:
        value, other = folded(mine), folded(theirs)
    for a, b in zip(value, other, strict=False):
        if a != b:
            return ord(a) - ord(b)
    return len(mine) - len(theirs)


def index_of(render: Render, value: str, wanted: str, start: int = 0) -> int:
    places = spread(value)
    return places.find(spread(wanted), min(max(start, 0), len(places)))


def last_index_of(render: Render, value: str, wanted: str, start: int | None = None) -> int:
    needle, places = spread(wanted), spread(value)
    if start is None:
        return places.rfind(needle)
    return -1 if start < 0 else places.rfind(needle, 0, start + len(needle))


def _of_number(find: Callable[..., int]) -> Callable[..., object]:
    """The same with the number of a character; one that is none is nowhere."""

    def found(render: Render, value: str, wanted: int, *start: int) -> int:
        return find(render, value, chr(wanted), *start) if 0 <= wanted < 0x110000 else -1

    return found


def starts_with(render: Render, value: str, prefix: str, at: int = 0) -> bool:
    places = spread(value)
    return 0 <= at <= len(places) and places.startswith(spread(prefix), at)


def is_equal(render: Render, value: str, other: object) -> bool:
    return isinstance(other, str) and value == other


def is_same_content(render: Render, value: str, other: object) -> bool:
    """Of texts only; Java has two forms of it, so that null means neither."""
    if not isinstance(other, str) or type(other) is Char:
        raise Unsuitable
    return value == other


def is_equal_ignoring_case(render: Render, value: str, other: str | None) -> bool:
    return other is not None and len(value) == len(other) and folded(value) == folded(other)


def character_at(render: Render, value: str, index: int) -> Char:
    places = spread(value)
    return Char(places[within(index, len(places))])


def code_at(render: Render, value: str, index: int) -> int:
    places = spread(value)
    at = within(index, len(places))
    return ord(gathered(places[at : at + 2])[0])


def formatted(render: Render, value: str, template: str, *values: object) -> str:
    """`String.format`; the text that it is called on does not matter."""
    return printf(render, template, values)


def format_of(count: int) -> Callable[..., object]:
    """`String.format` of so many arguments; where the first is null and the second a text, the first is a language."""
    plain = taking(("s" + "o" * (count - 1), formatted))

    def call(render: Render, value: str, *arguments: object) -> object:
        if count > 1 and arguments[0] is None:
            if arguments[1] is None:
                raise Unsuitable
            if isinstance(arguments[1], str) and type(arguments[1]) is not Char:
                return printf(render, arguments[1], arguments[2:])
        return plain(render, value, *arguments)

    return call


def formatted_by(render: Render, value: str, *values: object) -> str:
    """`formatted`, whose pattern is the text that it is called on."""
    return printf(render, value, values)


def region_matches(render: Render, value: str, mine: int, other: str, theirs: int, length: int) -> bool:
    places, wanted = spread(value), spread(other)
    if mine < 0 or theirs < 0 or mine + length > len(places) or theirs + length > len(wanted):
        return False
    return length <= 0 or places[mine : mine + length] == wanted[theirs : theirs + length]


def region_matches_so(render: Render, value: str, is_blind: bool, at: int, other: str, start: int, size: int) -> bool:
    """With a first argument that says whether upper and lower case are alike."""
    if not is_blind:
        return region_matches(render, value, at, other, start, size)
    return region_matches(render, folded(value), at, folded(other), start, size)


def indent(render: Render, value: str, by: int) -> str:
    """Every line moved by so many spaces, and ended by a new line."""
    lines = re.split("\r\n|\r|\n", value)
    if lines[-1] == "":
        lines.pop()
    render.check_string(len(value) + (max(by, 0) + 1) * len(lines))
    if by >= 0:
        moved = [" " * by + line for line in lines]
    else:
        moved = [line[min(-by, len(line) - len(line.lstrip(BLANKS))) :] for line in lines]
    return "".join(line + "\n" for line in moved)


def characters(render: Render, value: str) -> Array:
    render.build(len(value))
    return Array(map(Char, spread(value)), Char)


def octets(render: Render, value: str) -> Array:
    """The text's UTF-8 as Java's signed bytes."""
    render.build(len(value) * 2)
    return Array((octet - 256 if octet > 127 else octet for octet in value.encode("utf-8", "replace")), bytes)


def joined(render: Render, value: str, mark: str, parts: Sequence[object]) -> str:
    """`String.join` of a list of texts."""
    texts: list[str] = []
    for part in parts:
        if part is not None and (not isinstance(part, str) or type(part) is Char):
            raise Failure("join needs a list of texts")
        texts.append("null" if part is None else part)
    return joined_texts(render, value, mark, *texts)


def joined_texts(render: Render, value: str, mark: str, *texts: str) -> str:
    """`String.join` of texts that are told one by one."""
    render.check_string(sum(map(len, texts)) + len(mark) * len(texts))
    return mark.join(texts)


JOIN = taking(("ql", joined), ("qa", joined), ("qq", joined_texts))


def join(render: Render, value: str, mark: object, parts: object) -> object:
    """`String.join`, which fails for null, whatever that stands for."""
    if parts is None and (mark is None or isinstance(mark, str)):
        raise Failure("null was passed to join")
    return JOIN(render, value, mark, parts)


TEXT: dict[tuple[str, int], Callable[..., object]] = {
    ("length", 0): lambda render, value: len(spread(value)),
    ("isEmpty", 0): lambda render, value: not value,
    ("isBlank", 0): lambda render, value: not value.strip(BLANKS),
    ("toString", 0): lambda render, value: value,
    ("intern", 0): lambda render, value: value,
    ("hashCode", 0): lambda render, value: hash_code(value),
    ("toUpperCase", 0): lambda render, value: value.upper(),
    ("toLowerCase", 0): lambda render, value: value.lower(),
    ("toUpperCase", 1): taking(("q", upper_in)),
    ("toLowerCase", 1): taking(("q", lower_in)),
    ("trim", 0): lambda render, value: value.strip(SPACES),
    ("strip", 0): lambda render, value: value.strip(BLANKS),
    ("stripLeading", 0): lambda render, value: value.lstrip(BLANKS),
    ("stripTrailing", 0): lambda render, value: value.rstrip(BLANKS),
    ("getBytes", 0): octets,
    ("toCharArray", 0): characters,
    ("substring", 1): taking(("i", substring)),
    ("substring", 2): taking(("ii", substring)),
    ("subSequence", 2): taking(("ii", substring)),
    ("replace", 2): taking(("qq", replace), ("cc", replace_character)),
    ("replaceAll", 2): taking(("sn", patterns.replace_all)),
    ("replaceFirst", 2): taking(("ss", patterns.replace_first)),
    ("matches", 1): taking(("s", patterns.matches)),
    ("split", 1): taking(("s", patterns.split)),
    ("split", 2): taking(("si", patterns.split)),
    ("concat", 1): taking(("s", concat)),
    ("repeat", 1): taking(("i", repeat)),
    ("contains", 1): taking(("q", lambda render, value, wanted: wanted in value)),
    ("startsWith", 1): taking(("s", starts_with)),
    ("startsWith", 2): taking(("si", starts_with)),
    ("endsWith", 1): taking(("s", lambda render, value, suffix: value.endswith(suffix))),
    ("indexOf", 1): taking(("s", index_of), ("i", _of_number(index_of))),
    ("indexOf", 2): taking(("si", index_of), ("ii", _of_number(index_of))),
    ("lastIndexOf", 1): taking(("s", last_index_of), ("i", _of_number(last_index_of))),
    ("lastIndexOf", 2): taking(("si", last_index_of), ("ii", _of_number(last_index_of))),
    ("charAt", 1): taking(("i", character_at)),
    ("codePointAt", 1): taking(("i", code_at)),
    ("equals", 1): is_equal,
    ("contentEquals", 1): is_same_content,
    ("equalsIgnoreCase", 1): taking(("n", is_equal_ignoring_case)),
    ("compareTo", 1): compare_to,
    ("compareToIgnoreCase", 1): taking(("s", compare_ignoring_case)),
    ("valueOf", 0): lambda render, value: "",
    ("valueOf", 1): lambda render, value, other: text_of(render, other),
    ("compare", 2): taking(("qq", lambda render, value, left, right: compare_to(render, left, right))),
    ("join", 1): taking(("q", joined_texts)),
    ("join", 2): join,
    **{("join", count): taking(("q" * count, joined_texts)) for count in range(3, 12)},
    ("regionMatches", 4): taking(("isii", region_matches)),
    ("regionMatches", 5): taking(("bisii", region_matches_so)),
    ("codePointCount", 2): taking(("ii", lambda render, value, *ends: len(substring(render, value, *ends)))),
    ("indent", 1): taking(("i", indent)),
    **{("format", count): format_of(count) for count in range(1, 12)},
    **{("formatted", count): formatted_by for count in range(12)},
}


CHARACTER: dict[tuple[str, int], Callable[..., object]] = {
    ("toString", 0): lambda render, value: str(value),
    ("charValue", 0): lambda render, value: value,
    ("hashCode", 0): lambda render, value: ord(value),
    ("equals", 1): equals,
    ("compareTo", 1): compare_to,
}
