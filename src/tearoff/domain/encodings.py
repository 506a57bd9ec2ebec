"""Encodings of text files: named by people and code pages, or recognised from the bytes."""

from __future__ import annotations

import codecs
import re

from tearoff.errors import Invalid, Problem

NAMES = {
    "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8",
    "utf-16": "utf-16", "utf16": "utf-16",
    "utf-16le": "utf-16-le", "utf-16-le": "utf-16-le", "1200": "utf-16-le",
    "utf-16be": "utf-16-be", "utf-16-be": "utf-16-be", "1201": "utf-16-be",
    "windows-1251": "windows-1251", "cp1251": "windows-1251", "1251": "windows-1251",
    "windows-1252": "windows-1252", "cp1252": "windows-1252", "1252": "windows-1252",
    "iso-8859-1": "windows-1252", "latin1": "windows-1252",
}  # fmt: skip
SHOWN = "utf-8, utf-16, windows-1251 or windows-1252"
SAMPLE_MAX = 65_536
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# what Windows-1251 has no character for, and what Windows-1252 has none for
_NOT_1251 = frozenset(b"\x98")
_NOT_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


def named(text: str) -> str:
    """The encoding that a person or a code page number names; raises Invalid."""
    try:
        return NAMES[text.strip().lower().replace("_", "-")]
    except KeyError:
        raise Invalid(Problem("/encoding", f"The encoding {text[:40]!r} is not known here; use {SHOWN}.")) from None


class Guess:
    """Recognises the encoding of a file that is fed piece by piece.

    A byte order mark decides. Zero bytes mean UTF-16. What is UTF-8 throughout is UTF-8, and so is a file that has
    proper UTF-8 characters before a wrong byte: that one is damaged. What is left is told by its letters: Cyrillic
    words are runs of high bytes, Western ones are Latin letters with a high byte here and there.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._start = b""
        self._runs: list[bytes] = []
        self._sampled = 0
        self._is_utf8, self._has_utf8 = True, False

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes of the file."""
        if len(self._start) < SAMPLE_MAX:
            self._start += piece[:SAMPLE_MAX]
        if self._is_utf8:
            try:
                self._has_utf8 = not self._decoder.decode(piece).isascii() or self._has_utf8
            except UnicodeDecodeError as error:
                self._is_utf8 = False
                self._has_utf8 = self._has_utf8 or not error.object[: error.start].isascii()
        if self._sampled < SAMPLE_MAX and not piece.isascii():
            for run in _HIGH_RUN.findall(piece):
                self._runs.append(run)
                self._sampled += len(run)

    @property
    def encoding(self) -> str:
        """The encoding of what was fed, when that is the whole file."""
        if self._start.startswith(codecs.BOM_UTF8):
            return "utf-8"
        if self._start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        zeros_even, zeros_odd = self._start[0::2].count(0), self._start[1::2].count(0)
        if max(zeros_even, zeros_odd) * 4 > len(self._start):
            return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
        if self._has_utf8 or (self._is_utf8 and self._is_whole()):
            return "utf-8"
        return _by_letters(self._runs)

    def _is_whole(self) -> bool:
        try:
            self._decoder.decode(b"", True)
        except UnicodeDecodeError:
            return False
        return True


def _by_letters(runs: list[bytes]) -> str:
    seen = frozenset(b"".join(runs))
    if seen & _NOT_1251:
        return "windows-1252"
    if seen & _NOT_1252:
        return "windows-1251"
    in_words = sum(len(run) for run in runs if len(run) > 1)
    return "windows-1251" if in_words * 2 > sum(map(len, runs)) else "windows-1252"
