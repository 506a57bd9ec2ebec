"""Concurrent callers of the claim action, and runs that claim in sets."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC

from bench.stock import Stock

from tearoff.actions import claims
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.api.site import Site, open_site
from tearoff.clock import Clock, monotonic
from tearoff.config import Settings
from tearoff.domain.codes import Wish, fit
from tearoff.domain.runs import claim_key
from tearoff.store.claims import ClaimTerms, ClaimWish
from tearoff.store.db import Database

CALLERS = 64
HASHED = 500
NUMBERS = itertools.count(1)


@dataclass
class Taken:
    """What callers got: the codes, and how long each claim took in seconds."""

    values: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def wait_ms(self, share: float) -> float:
        """The wait that this share of the claims stayed below."""
        return round(sorted(self.waits)[int(len(self.waits) * share)] * 1000, 2)


def site_of(db: Database) -> Site:
    """The site behind the doors, with its coalescers."""
    return open_site(db=db, clock=Clock(), settings=Settings())


async def claim_singly(site: Site, stock: Stock, taken: Taken, *, seconds: float = 60.0, count: int = 10**9) -> float:
    """Claims a second of 64 callers that ask for one code each, again and again, for a time or up to a count."""
    call = ClaimCall(stock.project_id, stock.pool_id, None, Wish(), None)
    before, began = len(taken.values), monotonic()
    end, left = began + seconds, itertools.count(count, -1)

    async def caller() -> None:
        while (asked := monotonic()) < end and next(left) > 0:
            [claimed] = await site.claims.submit(call, Ask(f"bench-{next(NUMBERS)}"))
            taken.values.append(claimed.value)
            taken.waits.append(monotonic() - asked)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return (len(taken.values) - before) / (monotonic() - began)


async def claim_sets(
    db: Database, stock: Stock, taken: Taken, *, size: int, seconds: float = 60.0, count: int = 10**9
) -> float:
    """Claims a second of sets of runs, one set after the other as a runner claims, for a time or up to a count."""
    now, wish = Clock().now(), Wish(discount=10)
    before, began = len(taken.values), monotonic()
    while monotonic() - began < seconds and len(taken.values) - before < count:
        runs = [next(NUMBERS) for _ in range(min(size, count - len(taken.values) + before))]
        got = await claims.claim_in_turn(
            db,
            project_id=stock.project_id,
            pool_id=stock.pool_id,
            fit=fit(wish, now, UTC),
            criteria=wish.text,
            terms=ClaimTerms("run"),
            wishes=[ClaimWish(claim_key(run, "code", 0), wish.text, 0, run, run) for run in runs],
            held=set(),
        )
        if len(got) < len(runs):
            raise RuntimeError("The stock of the benchmark is too small.")
        taken.values.extend(row.value for row in got)
    return (len(taken.values) - before) / (monotonic() - began)


def digest(values: Iterable[str]) -> str:
    """The same for the same work: codes leave a pool in one order, so the first ones tell; all must differ."""
    seen = list(values)
    if len(set(seen)) != len(seen):
        raise RuntimeError("A code was given twice.")
    return hashlib.sha256(" ".join(sorted(seen[:HASHED])).encode()).hexdigest()[:16]
