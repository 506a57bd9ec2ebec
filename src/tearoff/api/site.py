"""What the handlers work with: the parts of a running process, and the call that is being answered."""

from __future__ import annotations

from asyncio import Semaphore
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from litestar import Request
from litestar.di import NamedDependency

from tearoff.actions import asked_claims, events, redemptions
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.actions.coalesce import Coalescer, Lanes
from tearoff.actions.guesses import Watch
from tearoff.actions.passwords import Passwords
from tearoff.actions.redemptions import Redeemed
from tearoff.api.auth import KeyRing
from tearoff.channels.http_source import Sources
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.domain.events import Accepted, Event
from tearoff.domain.keys import ApiKey
from tearoff.domain.people import Member
from tearoff.domain.redemptions import Use
from tearoff.engine.open_channels import OpenChannels
from tearoff.engine.parts import Engine
from tearoff.engine.versions import Versions
from tearoff.errors import TearoffError
from tearoff.store.claims import Claimed
from tearoff.store.db import Database

REDEMPTION_LANES = 2
UPLOADS_MAX = 4
"""Files of codes that are read at once; each keeps a connection for as long as its sender takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts of a running process that serves HTTP; `boot.py` puts it together.

    `engine` is what previews, test launches and test sends work with; its actors run elsewhere.
    """

    db: Database
    clock: Clock
    settings: Settings
    cipher: Any
    keys: KeyRing
    events: Coalescer[int, Event, Accepted]
    claims: Coalescer[ClaimCall, Ask, list[Claimed]]
    redemptions: Lanes[int, Use, Redeemed]
    uploads: Semaphore
    passwords: Passwords
    engine: Engine


def open_site(*, db: Database, clock: Clock, settings: Settings, cipher: Any = None) -> Site:
    """A site over these parts, with its own key ring and its own queues of events, claims, redemptions and uploads."""

    plans, pools, watch = events.Plans(), asked_claims.Pools(), Watch()
    guarded = Http(settings.source_allow)

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
        passwords=Passwords(),
        engine=Engine(
            db=db,
            clock=clock,
            settings=settings,
            cipher=cipher,
            http=guarded,
            sources=Sources(guarded),
            channels=OpenChannels(cipher=cipher, http=guarded, clock=clock),
            versions=Versions(),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of a caller: who asks, a key or a person, when, and what they may use to answer."""

    site: Site
    auth: object
    project_id: int
    now: datetime
    idempotency_key: str | None

    @property
    def actor(self) -> ApiKey | Member:
        """Who asks. (The framework takes no union of Structs as the type of a field.)"""
        return cast(ApiKey | Member, self.auth)


Caller = NamedDependency[Call]
"""How a handler asks for its call: `call: Caller`."""


def call_of(request: Request[Any, Any, Any]) -> Call:
    """The call behind a request; handlers take it as the parameter `call`."""
    site: Site = request.app.state.site
    actor: ApiKey | Member = request.scope["auth"]
    return Call(
        site=site,
        auth=actor,
        project_id=actor.project_id,
        now=site.clock.now(),
        idempotency_key=request.headers.get("idempotency-key") or None,
    )
