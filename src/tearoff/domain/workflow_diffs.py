"""What differs between two definitions of a workflow, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tearoff.domain.workflows import AnyBlock, without_drawing

KIND, EXITS = "kind", "exits"


class NamedBlock(msgspec.Struct, frozen=True):
    """A block that only one of the two has."""

    block: str
    kind: str


class FieldChange(msgspec.Struct, frozen=True):
    """A parameter or exit that is another one; null where it is not set."""

    name: str
    before: Any
    after: Any


class BlockChange(msgspec.Struct, frozen=True):
    """A block that both have, with what is different. A block of another kind shows that as the parameter `kind`."""

    block: str
    kind: str
    fields: list[FieldChange]
    exits: list[FieldChange]


class Diff(msgspec.Struct, frozen=True):
    """Blocks by what became of them; where an editor draws them does not count."""

    added: list[NamedBlock]
    removed: list[NamedBlock]
    changed: list[BlockChange]
    unchanged: list[str]


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> Diff:
    """From the blocks of one definition to those of another."""
    old, new = _bare(before), _bare(after)
    changes = [_change(name, old[name], block) for name, block in new.items() if name in old]
    return Diff(
        added=[NamedBlock(name, _kind(block)) for name, block in new.items() if name not in old],
        removed=[NamedBlock(name, _kind(block)) for name, block in old.items() if name not in new],
        changed=[change for change in changes if change.fields or change.exits],
        unchanged=[change.block for change in changes if not (change.fields or change.exits)],
    )


def _bare(blocks: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: _canonical(without_drawing(block)) if isinstance(block, dict) else {} for name, block in blocks.items()
    }


def _canonical(block: dict[str, Any]) -> dict[str, Any]:
    """A block as a version keeps it: what a draft writes out although it is the default is no difference."""
    try:
        plain: dict[str, Any] = msgspec.to_builtins(msgspec.convert(block, AnyBlock))
    except msgspec.ValidationError:
        return block
    return plain


def _kind(block: Mapping[str, Any]) -> str:
    return str(block.get(KIND, ""))


def _change(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> BlockChange:
    plain = ({key: value for key, value in block.items() if key != EXITS} for block in (old, new))
    return BlockChange(
        name, _kind(new), _changes(*plain), _changes(*((block.get(EXITS) or {}) for block in (old, new)))
    )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    names = dict.fromkeys([*old, *new])
    return [FieldChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
