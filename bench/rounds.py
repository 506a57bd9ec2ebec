"""Contestants measured in turn, round after round, because machines are noisy: what counts is the median."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from statistics import median

import msgspec

Contestant = Callable[[], Awaitable[float]]
"""Runs for a short while and gives its speed, a second."""
TRIES_MAX = 5


class Speed(msgspec.Struct, frozen=True):
    """What a contestant reached in its rounds, a second."""

    median: float
    low: float
    high: float


async def alternate(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, Speed]:
    """Every contestant once a round, in an order that turns round, so that none always follows the same one."""
    seen: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            seen[name].append(await _speed(name, contestants[name]))
    return {name: speed_of(values) for name, values in seen.items()}


async def _speed(name: str, contestant: Contestant) -> float:
    """One round; again when the machine was too busy for a single piece of work, which says nothing about anybody."""
    for _ in range(TRIES_MAX):
        if speed := await contestant():
            return speed
    raise RuntimeError(f"The machine is too busy to measure: {name} did nothing in {TRIES_MAX} rounds.")


def speed_of(values: list[float]) -> Speed:
    """The median of some rounds and their spread."""
    return Speed(round(median(values), 1), round(min(values), 1), round(max(values), 1))


def figures_of(speeds: Mapping[str, Speed]) -> dict[str, float]:
    """The speeds as figures, with the spread of their rounds."""
    return {
        f"{name}_{what}per_s": value
        for name, speed in speeds.items()
        for what, value in (("", speed.median), ("low_", speed.low), ("high_", speed.high))
    }
