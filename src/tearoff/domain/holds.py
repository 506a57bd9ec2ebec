"""Held runs: how many of a queue may be woken."""

from __future__ import annotations

from datetime import timedelta

from tearoff.domain.codes import Wish

HOLD_DEFAULT = timedelta(hours=24)


def wish_of(criteria: str) -> Wish:
    """The wish behind a queue's criteria, as `Wish.text` wrote them."""
    parts = dict(part.split("=") for part in criteria.split(";"))
    return Wish(
        discount=int(parts["discount"]) if parts["discount"] else None,
        days=int(parts["days"]) if parts["days"] else None,
    )


def may_wake(stock: int, woken: int) -> int:
    """How many more runs the stock serves; those woken already have the first turn."""
    return max(0, stock - woken)
