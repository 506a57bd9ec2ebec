"""What is in a pool: every code counted once, and which thresholds that falls below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from tearoff.errors import Problem

Level = Literal["warning", "alarm"]
RUNGS_MAX = 20
BELOW_MAX = 1_000_000_000
EMPTY = 1


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """A pool's codes. total = available + scheduled + closed + expired + reserved + issued + withdrawn.

    `available` can be handed out now, `scheduled` later; `closed` missed their issue window, `expired` are past their
    date, all of them waiting. `expiring` are the available ones that expire soon. `redeemed` counts uses in force.
    """

    pool_id: int
    free: int
    available: int
    scheduled: int
    expired: int
    expiring: int
    claimed: int
    issued: int
    withdrawn: int
    redeemed: int

    @property
    def closed(self) -> int:
        """Waiting codes that nobody will get: their issue window is over."""
        return self.free - self.available - self.scheduled - self.expired

    @property
    def reserved(self) -> int:
        """Codes that have an owner and may still come back."""
        return self.claimed - self.issued

    @property
    def total(self) -> int:
        """Every code of the pool."""
        return self.free + self.claimed + self.withdrawn

    @property
    def ready(self) -> int:
        """What the thresholds count: codes for now and for later."""
        return self.available + self.scheduled


class Rung(msgspec.Struct, frozen=True):
    """A threshold: fewer codes than `below` are worth telling."""

    below: int
    level: Level


def ladder(alert_below: int | None, more: Iterable[Rung]) -> list[Rung]:
    """The thresholds of a pool, the lowest first: its own, those beside it, and always the empty pool.

    None, for a pool that is not watched.
    """
    if alert_below is None:
        return []
    by_below = {alert_below: Rung(alert_below, "warning"), EMPTY: Rung(EMPTY, "alarm")}
    by_below |= {rung.below: rung for rung in more}
    return sorted(by_below.values(), key=lambda rung: rung.below)


def crossed(rungs: Iterable[Rung], ready: int) -> Rung | None:
    """The lowest threshold that the stock is below."""
    return next((rung for rung in rungs if ready < rung.below), None)


def check_rungs(rungs: list[Rung]) -> list[Problem]:
    """What is wrong with a ladder."""
    problems = [
        Problem(f"/rungs/{n}/below", f"A whole number from 1 to {BELOW_MAX} is needed here.")
        for n, rung in enumerate(rungs)
        if not 1 <= rung.below <= BELOW_MAX
    ]
    if len(rungs) > RUNGS_MAX:
        problems.append(Problem("/rungs", f"At most {RUNGS_MAX} thresholds are possible."))
    if len({rung.below for rung in rungs}) < len(rungs):
        problems.append(Problem("/rungs", "Two thresholds are the same."))
    return problems
