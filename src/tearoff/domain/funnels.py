"""How many runs passed the blocks of a workflow, and by which exits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Protocol

import msgspec

from tearoff.domain.workflows import Workflow, path_of


class Passages(Protocol):
    """How often runs left a block through an exit; without exit and error they ended or wait there."""

    @property
    def block(self) -> str:
        """The block's id."""

    @property
    def exit(self) -> str | None:
        """The exit taken."""

    @property
    def is_error(self) -> bool:
        """Whether they failed there."""

    @property
    def passages(self) -> int:
        """How many."""


class Standing(Protocol):
    """How many runs are in a state, and at which block those are that are on their way."""

    @property
    def block(self) -> str | None:
        """The block's id."""

    @property
    def runs(self) -> int:
        """How many."""


class BlockCount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many runs came to a block: some left through an exit, some failed or ended there, some are there now."""

    block: str
    kind: str | None
    entered: int
    exits: dict[str, int]
    failed: int
    ended: int
    standing: int


def blocks_of(
    workflow: Workflow | None, passages: Iterable[Passages], chosen: Iterable[Standing] = ()
) -> list[BlockCount]:
    """The blocks in the order of the workflow, then those that only other versions have."""
    exits: dict[str, Counter[str]] = defaultdict(Counter)
    failed: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    for each in passages:
        if each.is_error:
            failed[each.block] += each.passages
        elif each.exit is None:
            ended[each.block] += each.passages
        else:
            exits[each.block][each.exit] += each.passages
    for run in chosen:
        if run.block is not None:
            standing[run.block] += run.runs
    path = path_of(workflow) if workflow else []
    kinds = {name: str(workflow.blocks[name].__struct_config__.tag) for name in path} if workflow else {}
    names = dict.fromkeys([*kinds, *exits, *failed, *ended, *standing])
    return [
        BlockCount(
            block=name,
            kind=kinds.get(name),
            entered=exits[name].total() + failed[name] + ended[name] + standing[name],
            exits=dict(exits[name]),
            failed=failed[name],
            ended=ended[name],
            standing=standing[name],
        )
        for name in names
    ]
