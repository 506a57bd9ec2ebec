"""Concurrent callers of the claim action, and runs that claim in sets."""

from __future__ import annotations

import asyncio
import itertools

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
NUMBERS = itertools.count(1)


def site_of(db: Database) -> Site:
    """The site behind the doors, with its coalescers."""
    return open_site(db=db, clock=Clock(), settings=Settings())


async def claim_singly(site: Site, stock: Stock, *, seconds: float, values: list[str]) -> float:
    """Claims a second of 64 callers that ask for one code each, again and again; their codes go to `values`."""
    call = ClaimCall(stock.project_id, stock.pool_id, None, Wish(), None)
    began = monotonic()
    end = began + seconds
    before = len(values)

    async def caller() -> None:
        while monotonic() < end:
            [claimed] = await site.claims.submit(call, Ask(f"bench-{next(NUMBERS)}"))
            values.append(claimed.value)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return (len(values) - before) / (monotonic() - began)


async def claim_sets(db: Database, stock: Stock, *, size: int, seconds: float, values: list[str]) -> float:
    """Claims a second of sets of runs, one set after the other as a runner claims."""
    now = Clock().now()
    wish = Wish(discount=10)
    began = monotonic()
    before = len(values)
    while monotonic() - began < seconds:
        runs = [next(NUMBERS) for _ in range(size)]
        got = await claims.claim_in_turn(
            db,
            project_id=stock.project_id,
            pool_id=stock.pool_id,
            fit=fit(wish, now, now.tzinfo),
            criteria=wish.text,
            terms=ClaimTerms("run"),
            wishes=[ClaimWish(claim_key(run, "code", 0), wish.text, 0, run, run) for run in runs],
            held=set(),
        )
        if not got:
            break
        values.extend(row.value for row in got)
    return (len(values) - before) / (monotonic() - began)
