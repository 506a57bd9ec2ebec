"""What the handlers work with: the parts of a running process, and the call that is being answered."""

from __future__ import annotations

from asyncio import Semaphore
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from tearoff.actions import asked_claims, events, redemptions
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.actions.coalesce import Coalescer, Lanes
from tearoff.actions.guesses import Watch
from tearoff.actions.redemptions import Redeemed
from tearoff.api.auth import KeyRing
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.domain.events import Accepted, Event
from tearoff.domain.keys import ApiKey
from tearoff.domain.redemptions import Use
from tearoff.errors import TearoffError
from tearoff.store.claims import Claimed
from tearoff.store.db import Database

REDEMPTION_LANES = 2
UPLOADS_MAX = 4
"""Files of codes that are read at once; each keeps a connection for as long as its sender takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts of a running process that serves HTTP; `boot.py` puts it together."""

    db: Database
    clock: Clock
    settings: Settings
    cipher: Any
    keys: KeyRing
    events: Coalescer[int, Event, Accepted]
    claims: Coalescer[ClaimCall, Ask, list[Claimed]]
    redemptions: Lanes[int, Use, Redeemed]
    uploads: Semaphore


def open_site(*, db: Database, clock: Clock, settings: Settings, cipher: Any = None) -> Site:
    """A site over these parts, with its own key ring and its own queues of events, claims, redemptions and uploads."""

    plans, pools, watch = events.Plans(), asked_claims.Pools(), Watch()

    async def accept(project_id: int, batch: list[Event]) -> Sequence[Accepted | TearoffError]:
        return await events.accept(db, project_id=project_id, events=batch, now=clock.now(), plans=plans)

    async def claim(wanted: ClaimCall, batch: list[Ask]) -> Sequence[list[Claimed] | TearoffError]:
        return await asked_claims.claim(db, wanted, batch, now=clock.now(), known=pools)

    async def redeem(project_id: int, batch: list[Use]) -> Sequence[Redeemed | TearoffError]:
        return await redemptions.redeem(db, project_id=project_id, uses=batch, now=clock.now(), watch=watch)

    return Site(
        db=db,
        clock=clock,
        settings=settings,
        cipher=cipher,
        keys=KeyRing(db, clock),
        events=Coalescer(accept),
        claims=Coalescer(claim),
        redemptions=Lanes([Coalescer(redeem) for _ in range(REDEMPTION_LANES)]),
        uploads=Semaphore(UPLOADS_MAX),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of a signed-in caller: who asks, when, and what they may use to answer."""

    site: Site
    key: ApiKey
    project_id: int
    now: datetime
    idempotency_key: str | None


Caller = NamedDependency[Call]
"""How a handler asks for its call: `call: Caller`."""


def call_of(request: Request[Any, Any, Any]) -> Call:
    """The call behind a request; handlers take it as the parameter `call`."""
    site: Site = request.app.state.site
    key: ApiKey = request.scope["auth"]
    return Call(
        site=site,
        key=key,
        project_id=key.project_id,
        now=site.clock.now(),
        idempotency_key=request.headers.get("idempotency-key") or None,
    )
