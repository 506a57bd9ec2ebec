"""What a benchmark gives: figures, ratios against rivals in the same run, and whether the targets are met."""

from __future__ import annotations

import msgspec


class Result(msgspec.Struct, frozen=True):
    """One run of one benchmark.

    `figures` are in the unit that their name ends with; a ratio is a speed, ours by theirs, named after the rival.
    `hash` tells whether two runs did the same work; `absent` names rivals that are not installed.
    """

    bench: str
    size: str
    figures: dict[str, float]
    ratios: dict[str, float]
    targets: dict[str, float]
    hash: str
    absent: list[str]

    @property
    def met(self) -> bool:
        """Whether every target has a ratio that reaches it."""
        return not self.absent and all(self.ratios.get(name, 0.0) >= least for name, least in self.targets.items())
