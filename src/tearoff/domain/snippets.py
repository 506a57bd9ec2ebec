"""Snippets: texts of a project that its templates read with `#parse('<name>')` and `#include('<name>')`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tearoff.domain.definitions import check_key
from tearoff.errors import Problem

NAME_LENGTH_MAX = 200
TEXT_BYTES_MAX = 256 * 1024
SNIPPETS_MAX = 500


class SnippetDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A snippet as somebody wants it; templates name it by its name, which is the key when none is given."""

    key: str
    name: str = ""
    text: str

    @property
    def wanted_name(self) -> str:
        """The name, or the key when none was given."""
        return self.name or self.key


class Snippet(msgspec.Struct, frozen=True, kw_only=True):
    """A snippet as it is stored; the version counts its changes."""

    snippet_id: int
    key: str
    name: str
    text: str
    version: int
    created_at: datetime
    updated_at: datetime


class Reader(msgspec.Struct, frozen=True):
    """A definition whose texts may name snippets; `texts` is plain data with the templates somewhere inside."""

    noun: str
    key: str
    texts: Any

    def templates(self) -> list[str]:
        """Every text in it."""
        found: list[str] = []
        pending = [self.texts]
        while pending:
            value = pending.pop()
            if isinstance(value, str):
                found.append(value)
            elif isinstance(value, dict):
                pending += value.values()
        return found


def definition_of(snippet: Snippet) -> SnippetDefinition:
    """The definition that would make this snippet."""
    return SnippetDefinition(key=snippet.key, name=snippet.name, text=snippet.text)


def check(snippet: SnippetDefinition, at: str = "") -> list[Problem]:
    """Every rule of form that the definition breaks; its text is compiled elsewhere."""
    problems = check_key(snippet.key, f"{at}/key")
    name = snippet.name
    if len(name) > NAME_LENGTH_MAX or name != name.strip() or not name.isprintable():
        detail = f"A name has at most {NAME_LENGTH_MAX} characters, no space at its ends and no new line."
        problems.append(Problem(f"{at}/name", detail))
    if len(snippet.text.encode()) > TEXT_BYTES_MAX:
        problems.append(Problem(f"{at}/text", f"A snippet has at most {TEXT_BYTES_MAX} bytes."))
    return problems
