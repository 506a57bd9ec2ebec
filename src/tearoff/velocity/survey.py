"""What a tree uses, found once before it is compiled: tools, tags, and the rare features that cost speed."""

from __future__ import annotations

import msgspec

from tearoff.velocity import nodes
from tearoff.velocity.methods import MUTATORS
from tearoff.velocity.nodes import (
    Break,
    Call,
    Constant,
    Define,
    Evaluate,
    Expression,
    Foreach,
    Include,
    Interpolated,
    Macro,
    Method,
    Node,
    Parse,
    Property,
    Reference,
    Set,
    Stop,
    Tag,
)
from tearoff.velocity.tags import MergeTag


class Survey:
    """Facts about one tree."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.set_names: set[str] = set()
        self.loop_names: set[str] = set()
        self.tags: dict[MergeTag, None] = {}
        self.nodes = 0
        self.snippets: dict[str, int] = {}
        self.included: dict[str, int] = {}
        self.has_computed_snippets = False
        self.mutates = False
        self.is_dynamic = False
        self.has_blocks = False
        self.jumps = False
        self.ends_in_string = False

    @property
    def assigned(self) -> set[str]:
        """Names that the tree itself gives values."""
        return self.set_names | self.loop_names

    def add(self, value: object, in_string: bool = False) -> None:
        """Take in a node, and all below it."""
        pending = [value]
        while pending:
            value = pending.pop()
            kind = type(value)
            if kind is tuple:
                pending += value[::-1]  # type: ignore[index]
                continue
            below = BELOW.get(kind)
            if below is None:
                continue
            self.nodes += 1
            inside = in_string
            if kind is Reference:
                self.names.add(value.name)  # type: ignore[attr-defined]
            elif kind in NOTED:
                self._note(value, in_string)  # type: ignore[arg-type]
                inside = kind is Interpolated or (in_string and kind is not Foreach)
            other: list[object] = []
            keep = pending.append if inside is in_string else other.append
            for name in below:
                if each := getattr(value, name):
                    keep(each)
            if other:
                self.add(tuple(reversed(other)), inside)

    def _note_snippet(self, name: Expression, found: dict[str, int], at: int) -> None:
        if isinstance(name, Constant):
            found.setdefault(str(name.value), at)
        else:
            self.has_computed_snippets = True

    def _note(self, value: msgspec.Struct, in_string: bool) -> None:
        self.ends_in_string |= in_string and isinstance(value, ENDING)
        if isinstance(value, Tag):
            self.tags[MergeTag(value.name, value.fallback)] = None
        elif isinstance(value, Method):
            self.mutates |= value.name in MUTATORS
            self.jumps |= value.name == "stop"
        elif isinstance(value, Property):
            self.jumps |= value.name == "stop"
        elif isinstance(value, Set):
            self.mutates |= bool(value.target.path)
            self.set_names.add(value.target.name)
        elif isinstance(value, Foreach):
            self.loop_names.add(value.name)
        elif isinstance(value, Macro):
            self.set_names.update(name for name, _ in value.parameters)
        elif isinstance(value, Evaluate | Parse):
            self.is_dynamic = self.mutates = self.jumps = self.has_blocks = True
            if isinstance(value, Parse):
                self._note_snippet(value.name, self.snippets, value.at)
        elif isinstance(value, Include):
            for name in value.names:
                self._note_snippet(name, self.included, value.at)
        elif isinstance(value, Define):
            self.has_blocks = True
            self.set_names.add(value.name)
        elif isinstance(value, Break):
            self.jumps |= in_string or value.scope is not None
        elif isinstance(value, Call):
            self.has_blocks |= value.body is not None


ENDING = (Break, Call, Evaluate, Foreach, Parse, Stop)
"""What may end a render or a loop from inside a string, with what stands before the string already printed."""


def _below(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    leaves = {"at", "name", "text", "literal", "before", "absent", "present", "fallback", "operator"}
    leaves |= {"left_literal", "right_literal", "refused", "value"} if kind is not Set else set()
    return tuple(reversed([name for name in kind.__struct_fields__ if name not in leaves or kind is Parse]))


BELOW: dict[type, tuple[str, ...]] = {
    kind: _below(kind) for kind in vars(nodes).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
}
"""The fields of each kind of node that hold other nodes, last first."""

NOTED = frozenset(
    {Tag, Method, Property, Set, Foreach, Macro, Evaluate, Parse, Include, Define, Break, Call, Interpolated, Stop}
)


def survey(tree: tuple[Node, ...]) -> Survey:
    """The facts about a tree."""
    found = Survey()
    found.add(tree)
    return found
