"""Texts as Java counts them: a character outside the basic plane, such as an emoji, takes two places."""

from __future__ import annotations

import re

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")


def spread(text: str) -> str:
    """The text with two surrogates for each character outside the basic plane."""
    return text if text.isascii() else _ASTRAL.sub(_halves, text)


def gathered(text: str) -> str:
    """The text with one character for each pair of surrogates."""
    return text if text.isascii() else _PAIR.sub(_whole, text)


def writable(text: str) -> str:
    """The text as Java writes it out: half a character becomes a question mark."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _LONE.sub("?", gathered(text))
    return text


def units(text: str) -> list[int]:
    """The numbers of the text's places."""
    raw = text.encode("utf-16-be", "surrogatepass")
    return [raw[at] << 8 | raw[at + 1] for at in range(0, len(raw), 2)]


def _halves(match: re.Match[str]) -> str:
    high, low = divmod(ord(match[0]) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _whole(match: re.Match[str]) -> str:
    return chr(0x10000 + (ord(match[0][0]) - 0xD800) * 0x400 + ord(match[0][1]) - 0xDC00)
