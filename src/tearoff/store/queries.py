"""Named SQL paragraphs: `load("pools").find_by_type` is the text under `-- name: find_by_type` in sql/pools.sql.

A paragraph starts with `-- name: …`; comment lines right before or after that line say why it is as it is. A percent
sign that is not a parameter is written twice, as psycopg asks.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "sql"
NAME = re.compile(r"^--\s*name:\s*([a-z][a-z0-9_]*)\s*$")


class Paragraph(msgspec.Struct, frozen=True):
    """One query: its name, the sentence that says why, and the text that goes to PostgreSQL."""

    name: str
    why: str
    text: str


class Paragraphs:
    """The queries of one noun; an attribute or `[name]` gives a text, an unknown name raises LookupError."""

    def __init__(self, noun: str, paragraphs: list[Paragraph]) -> None:
        self._noun = noun
        self._texts = {p.name: p.text for p in paragraphs}

    def __getitem__(self, name: str) -> str:
        if name not in self._texts:
            raise LookupError(f"sql/{self._noun}.sql has no paragraph {name!r}; it has {', '.join(self._texts)}.")
        return self._texts[name]

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]


def load(noun: str) -> Paragraphs:
    """The paragraphs of sql/<noun>.sql; call it at the top of the module, so that a wrong file fails at import."""
    return Paragraphs(noun, parse((FOLDER / f"{noun}.sql").read_text(encoding="utf-8"), noun))


def parse(text: str, noun: str) -> list[Paragraph]:
    """Split a file into its paragraphs; a name given twice or a paragraph without SQL raises LookupError."""
    paragraphs: list[Paragraph] = []
    lines = text.splitlines()
    starts = [(n, found[1]) for n, line in enumerate(lines) if (found := NAME.match(line))]
    ends = [n for n, _ in starts[1:]] + [len(lines)]
    before = _comments_above(lines[: starts[0][0]]) if starts else []
    for (start, name), end in zip(starts, ends, strict=True):
        body = lines[start + 1 : end]
        following = _comments_above(body) if end < len(lines) else []
        body = body[: len(body) - len(following)]
        after = _comments_below(body)
        sql = "\n".join(body[len(after) :]).strip()
        if not sql or any(p.name == name for p in paragraphs):
            raise LookupError(f"sql/{noun}.sql: the paragraph {name!r} is empty or stands there twice.")
        paragraphs.append(Paragraph(name, _sentence(before + after), sql))
        before = following
    return paragraphs


def _comments_above(lines: list[str]) -> list[str]:
    count = 0
    while count < len(lines) and lines[-1 - count].startswith("--"):
        count += 1
    return lines[len(lines) - count :]


def _comments_below(lines: list[str]) -> list[str]:
    count = 0
    while count < len(lines) and lines[count].startswith("--"):
        count += 1
    return lines[:count]


def _sentence(lines: list[str]) -> str:
    return " ".join(line.lstrip("-").strip() for line in lines)
