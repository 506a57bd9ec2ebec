"""What a tree uses, found once before it is compiled: tools, tags, and the rare features that cost speed."""

from __future__ import annotations

import msgspec

from tearoff.velocity.methods import MUTATORS
from tearoff.velocity.nodes import (
    Break,
    Define,
    Evaluate,
    Foreach,
    Interpolated,
    Macro,
    Method,
    Node,
    Parse,
    Property,
    Reference,
    Set,
    Tag,
)
from tearoff.velocity.tags import MergeTag


class Survey:
    """Facts about one tree."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.tags: dict[MergeTag, None] = {}
        self.macros: list[Macro] = []
        self.nodes = 0
        self.mutates = False
        self.is_dynamic = False
        self.has_blocks = False
        self.jumps = False

    def add(self, value: object, in_string: bool = False) -> None:
        """Take in a node, and all below it."""
        pending: list[tuple[object, bool]] = [(value, in_string)]
        while pending:
            value, in_string = pending.pop()
            if isinstance(value, tuple):
                pending += [(each, in_string) for each in reversed(value)]
            elif isinstance(value, msgspec.Struct):
                self.nodes += 1
                self._note(value, in_string)
                in_string = isinstance(value, Interpolated) or (in_string and not isinstance(value, Foreach))
                pending += [(getattr(value, name), in_string) for name in reversed(value.__struct_fields__)]

    def _note(self, value: msgspec.Struct, in_string: bool) -> None:
        if isinstance(value, Reference):
            self.names.add(value.name)
        elif isinstance(value, Tag):
            self.tags[MergeTag(value.name, value.fallback)] = None
        elif isinstance(value, Method):
            self.mutates |= value.name in MUTATORS
            self.jumps |= value.name == "stop"
        elif isinstance(value, Property):
            self.jumps |= value.name == "stop"
        elif isinstance(value, Set):
            self.mutates |= bool(value.target.path)
        elif isinstance(value, Macro):
            self.macros.append(value)
        elif isinstance(value, Evaluate | Parse):
            self.is_dynamic = self.mutates = self.jumps = self.has_blocks = True
        elif isinstance(value, Define):
            self.has_blocks = True
        elif isinstance(value, Break):
            self.jumps |= in_string or value.scope is not None
        if getattr(value, "body", None) is not None and type(value).__name__ == "Call":
            self.has_blocks = True


def survey(nodes: tuple[Node, ...]) -> Survey:
    """The facts about a tree."""
    found = Survey()
    found.add(nodes)
    return found
