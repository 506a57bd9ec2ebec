"""Curly quotes where code is meant: the vendor's documentation prints ‘promocode’, and people copy it."""

from __future__ import annotations

import re

import msgspec

CURLY = "‘’‚‛“”„‟′″«»"
STRAIGHT = str.maketrans({quote: "'" if quote in "‘’‚‛′" else '"' for quote in CURLY})
# a reference with a call, a directive with its argument, a parameter: the places where quotes are code
CODE = re.compile(r"\$!?\{?[A-Za-z_][\w.-]*\([^()\n<>]*\)|#\{?[a-z]+\}?\s*\([^\n<>]*?\)(?!\))|\$\{[^}\n]*\}")
WRAPPED = re.compile(rf"\s*[{CURLY}]([^{CURLY}]*)[{CURLY}]\s*")


class Curly(msgspec.Struct, frozen=True):
    """A piece of code with curly quotes: where it starts, how it reads, and how it should."""

    line: int
    column: int
    found: str
    correction: str

    @property
    def detail(self) -> str:
        """The sentence that names it and offers the correction."""
        return f"{self.found} has curly quotes, which are not code; write {self.correction}."


def find(template: str) -> list[Curly]:
    """Every reference or directive of a template that has curly quotes; those in prose are left alone."""
    found = []
    for match in CODE.finditer(template):
        if match[0] != (straight := match[0].translate(STRAIGHT)):
            before = template[: match.start()]
            line, column = before.count("\n") + 1, match.start() - before.rfind("\n")
            found.append(Curly(line, column, match[0], straight))
    return found


def find_in_parameter(value: str) -> Curly | None:
    """What is curly in a block's parameter: a reference in it, or the quotes that the whole value stands in."""
    if found := find(value):
        return found[0]
    if wrapped := WRAPPED.fullmatch(value):
        return Curly(1, 1, value, wrapped[1])
    return None
