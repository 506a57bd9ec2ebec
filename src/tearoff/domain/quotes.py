"""Curly quotes where code is meant: the vendor's documentation prints ‘promocode’, and people copy it."""

from __future__ import annotations

import re

import msgspec

CURLY = "‘’‚‛“”„‟′″«»"
STRAIGHT = str.maketrans({quote: "'" if quote in "‘’‚‛′" else '"' for quote in CURLY})
# where code starts: a reference with a call, one in braces, a directive with its argument
CODE = re.compile(r"\$!?[A-Za-z_][\w.-]*\(|\$!?\{|#\{?[a-z]+\}?[ \t]*\(")
FURTHER = re.compile(r"\.\w+\(")
NAME = re.compile(r"\$\{([^{}]*)\}")
QUOTES = CURLY + "'\"`"
WRAPPED = re.compile(rf"\s*[{CURLY}]([^{CURLY}]*)[{CURLY}]\s*")


class Curly(msgspec.Struct, frozen=True):
    """A piece of code with curly quotes: where it starts, how it reads, and how it should."""

    line: int
    column: int
    found: str
    correction: str
    fault: str = "has curly quotes, which are not code"

    @property
    def detail(self) -> str:
        """The sentence that names it and offers the correction."""
        return f"{self.found} {self.fault}; write {self.correction}."


def find(template: str) -> list[Curly]:
    """Every reference or directive of a template that has curly quotes; those in prose are left alone."""
    found: list[Curly] = []
    end = 0
    for match in CODE.finditer(template):
        if match.start() >= end:
            end = end_of(template, match.end())
            code = template[match.start() : end]
            if code != (straight := code.translate(STRAIGHT)):
                before = template[: match.start()]
                found.append(Curly(before.count("\n") + 1, match.start() - before.rfind("\n"), code, straight))
    return found


def end_of(template: str, start: int) -> int:
    """Where the code ends whose first bracket opened before `start`: at its last bracket, or with the line."""
    depth = 1
    at = start
    while at < len(template) and template[at] != "\n":
        depth += (template[at] in "({") - (template[at] in ")}")
        at += 1
        if depth == 0:
            further = FURTHER.match(template, at)
            if further is None:
                break
            at, depth = further.end(), 1
    return at


def find_in_parameter(value: str) -> Curly | None:
    """What is wrong with a block's parameter: quotes around a name in it, curly ones in a reference, or around all of
    it."""
    for match in NAME.finditer(value):
        if (name := match[1].strip(QUOTES + " ")) != match[1].strip():
            return Curly(1, match.start() + 1, match[0], f"${{{name}}}", "has quotes, and a name stands without them")
    if found := find(value):
        return found[0]
    if wrapped := WRAPPED.fullmatch(value):
        return Curly(1, 1, value, wrapped[1])
    return None
