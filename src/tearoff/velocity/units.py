"""What compiling gives: the Python of one text, and where each of its lines stands in the template."""

from __future__ import annotations

from types import CodeType

from tearoff.velocity import calls, runtime
from tearoff.velocity.survey import Survey


class Compiled:
    """Python made of a tree: the main function, the macros, and for each line its place in the template."""

    __slots__ = ("code", "macros", "main", "places")

    def __init__(
        self, main: runtime.Function, macros: list[calls.MacroCode], places: list[int], code: CodeType
    ) -> None:
        self.main, self.macros, self.places, self.code = main, macros, places, code


class Unit:
    """One text compiled: a template, a snippet, or what #evaluate was given."""

    __slots__ = ("compiled", "filename", "found", "name", "text")

    def __init__(self, text: str, name: str, filename: str, found: Survey, compiled: Compiled) -> None:
        self.text, self.name, self.filename, self.found, self.compiled = text, name, filename, found, compiled
