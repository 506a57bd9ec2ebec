"""Claims that callers of the API ask for: taken in batches, kept by key, confirmed or returned while they are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

import msgspec
import psycopg

from tearoff.actions import claims, contacts
from tearoff.actions.handouts import HandedOut, hand_out, tried
from tearoff.domain.codes import Fit, Wish
from tearoff.domain.contacts import Identity
from tearoff.domain.handouts import Policy, fit_of, window_of
from tearoff.domain.issues import refusal_of_pool
from tearoff.domain.pools import Pool, type_of
from tearoff.domain.validity import Window
from tearoff.errors import (
    CapReached,
    ClaimReturned,
    Conflict,
    KeyReused,
    NotFound,
    PoolEmpty,
    TearoffError,
)
from tearoff.store import claims as store
from tearoff.store import handouts as handout_store
from tearoff.store import pools, projects
from tearoff.store.claims import Claimed, ClaimRow, ClaimTerms, ClaimWish
from tearoff.store.db import Database, Tx

COUNT_MAX = 1000
HOLD_MAX = timedelta(days=30)
BELIEVED_FOR = timedelta(seconds=1)
KNOWN_MAX = 1000
RETURNED_BY_CALLER, HOLD_ENDED = "returned-by-caller", "hold-ended"


class ClaimCall(msgspec.Struct, frozen=True, cache_hash=True):
    """What claims must share to be taken in one batch; the pool is named by id or key, or by its type."""

    project_id: int
    pool: int | str | None
    type: str | None
    wish: Wish
    hold: timedelta | None
    window: Window | None = None


class Ask(msgspec.Struct, frozen=True):
    """One caller's claim: `count` codes under `key`, for a contact or for nobody in particular."""

    key: str
    contact: Identity | None = None
    count: int = 1


class _Batch(NamedTuple):
    """Claims of one pool with what they are decided by; `owners` are the contacts of `asks`."""

    call: ClaimCall
    pool: Pool
    policy: Policy
    fit: Fit
    terms: ClaimTerms
    owners: list[int | None]


class _Asked(NamedTuple):
    """What one caller asks for, its contact, and what a repeat of the key must equal."""

    ask: Ask
    owner: int | None
    request: str

    @property
    def is_stranger(self) -> bool:
        """Whether the contact is not there."""
        return self.ask.contact is not None and self.owner is None


class _Known(NamedTuple):
    """A pool under the name by which it was asked for, and its project's zone, as they were at an instant."""

    pool: Pool
    zone: tzinfo
    at: datetime


class Pools:
    """Launched pools that were just found, believed for a second, so that a hot pool is not looked up each time.

    What they must not be believed for, the claim itself decides under the gate: whether the pool is launched.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int | str | None, str | None], _Known] = {}

    def recall(self, call: ClaimCall, now: datetime) -> _Known | None:
        """The pool if it was found within the last second."""
        known = self._known.get((call.project_id, call.pool, call.type))
        return known if known is not None and now - known.at < BELIEVED_FOR else None

    async def find(self, tx: Tx, call: ClaimCall, now: datetime) -> _Known:
        """The pool as it is now; raises NotFound."""
        pool = await _find_pool(tx, call)
        known = _Known(pool, (await projects.get(tx, project_id=call.project_id)).zone, now)
        self.forget(call)
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        if pool.state == "launched":
            self._known[(call.project_id, call.pool, call.type)] = known
        return known

    def forget(self, call: ClaimCall) -> None:
        """Look it up again the next time."""
        self._known.pop((call.project_id, call.pool, call.type), None)


async def claim(
    db: Database, call: ClaimCall, asks: list[Ask], *, now: datetime, known: Pools | None = None
) -> list[list[Claimed] | TearoffError]:
    """What each caller gets: all its codes, or the error that concerns it alone.

    Callers of one key in one batch share an answer when their requests are equal. Raises NotFound for the pool, and
    PoolEmpty when a claim of several codes in the batch falls short: then the callers are tried one by one. A door that
    keeps `known` saves the look-up of the pool.
    """
    known = known or Pools()
    try:
        return await _claim(db, call, asks, now, known)
    except (PoolEmpty, psycopg.errors.NoDataFound):
        # the pool may have gone or been closed within the second for which it was believed
        known.forget(call)
        return await _claim(db, call, asks, now, known)


async def _claim(
    db: Database, call: ClaimCall, asks: list[Ask], now: datetime, known: Pools
) -> list[list[Claimed] | TearoffError]:
    batch = await _prepare(db, call, asks, now, known)
    all_asked = [_Asked(ask, owner, _request(batch, ask, owner)) for ask, owner in zip(asks, batch.owners, strict=True)]
    first: dict[str, list[ClaimWish]] = {}
    for asked in all_asked:
        if not asked.is_stranger and asked.ask.key not in first:
            first[asked.ask.key] = _wishes(asked)
    wishes = [wish for of_key in first.values() for wish in of_key]
    got: dict[str, list[Claimed]] = {}
    handed = await _take(db, batch, wishes, is_whole=any(ask.count > 1 for ask in asks))
    for row in handed.claimed:
        got.setdefault(row.key, []).append(row)
    if len(got) + len(handed.capped) < len(first):
        async with db.transaction() as tx:
            batch = batch._replace(pool=(await known.find(tx, call, now)).pool)
    return [
        CapReached(batch.pool.key) if asked.ask.key in handed.capped else _answer(batch, asked, got.get(asked.ask.key))
        for asked in all_asked
    ]


async def _prepare(db: Database, call: ClaimCall, asks: list[Ask], now: datetime, known: Pools) -> _Batch:
    recalled = known.recall(call, now)
    named = [ask.contact for ask in asks if ask.contact is not None]
    found: list[int | None] = []
    if recalled is None or named:
        async with db.transaction() as tx:
            recalled = recalled or await known.find(tx, call, now)
            found = await contacts.find(tx, project_id=call.project_id, identities=named) if named else []
    pool, zone, _ = recalled
    policy = Policy(pool, zone)
    window = window_of(policy, now, call.window)
    terms = ClaimTerms(
        "api",
        is_issued=call.hold is None,
        is_exposed=True,
        hold_until=None if call.hold is None else now + call.hold,
        use_from=window.start,
        use_until=window.end,
    )
    exact = fit_of(policy, call.wish, now, call.window)
    of_named = iter(found)
    owners = [None if ask.contact is None else next(of_named) for ask in asks]
    return _Batch(call, pool, policy, exact, terms, owners)


async def _find_pool(tx: Tx, call: ClaimCall) -> Pool:
    if call.pool is not None:
        return await pools.resolve(tx, project_id=call.project_id, reference=call.pool)
    found = await pools.find_by_type(tx, project_id=call.project_id, type=type_of(call.type))
    if found is None:
        raise NotFound("pool", type_of(call.type))
    return found


def _wishes(asked: _Asked) -> list[ClaimWish]:
    ask, owner, request = asked
    if ask.count == 1:
        return [ClaimWish(ask.key, request, 0, owner)]
    return [ClaimWish(ask.key, request, part, owner) for part in range(ask.count)]


def _request(batch: _Batch, ask: Ask, owner: int | None) -> str:
    return _request_text(batch.call, batch.pool.pool_id, owner, ask.count)


@lru_cache(maxsize=1024)
def _request_text(call: ClaimCall, pool_id: int, owner: int | None, count: int) -> str:
    hold = "" if call.hold is None else f"{call.hold.total_seconds():.0f}"
    text = f"pool={pool_id};{call.wish.text};contact={owner or ''};count={count};hold={hold}"
    return text if call.window is None else f"{text};use={call.window.start or ''}/{call.window.end or ''}"


async def _take(db: Database, batch: _Batch, wishes: Sequence[ClaimWish], *, is_whole: bool) -> HandedOut:
    if not wishes:
        return HandedOut([], frozenset())
    if not is_whole and not batch.pool.has_policy:
        rows = await claims.claim(
            db,
            project_id=batch.call.project_id,
            pool_id=batch.pool.pool_id,
            fit=batch.fit,
            terms=batch.terms,
            wishes=wishes,
        )
        return HandedOut(rows, frozenset())
    return await tried(lambda: _take_by_policy(db, batch, wishes, is_whole=is_whole))


async def _take_by_policy(db: Database, batch: _Batch, wishes: Sequence[ClaimWish], *, is_whole: bool) -> HandedOut:
    """What the policy gives; whole: all codes of all keys, or none of them, since what falls short is rolled back."""
    async with db.transaction() as tx:
        handed = await hand_out(
            tx,
            project_id=batch.call.project_id,
            policy=batch.policy,
            fit=batch.fit,
            terms=batch.terms,
            wishes=wishes,
        )
        known = {row.key for row in handed.claimed if not row.is_fresh} | handed.capped
        fresh = sum(row.is_fresh for row in handed.claimed)
        if is_whole and fresh < sum(wish.key not in known for wish in wishes):
            raise _short_of(batch)
        return handed


def _short_of(batch: _Batch) -> TearoffError:
    refusal = refusal_of_pool(batch.pool, batch.fit.now)
    return refusal or PoolEmpty(batch.pool.key, str(batch.call.wish))


def _answer(batch: _Batch, asked: _Asked, rows: list[Claimed] | None) -> list[Claimed] | TearoffError:
    if asked.is_stranger:
        return NotFound("contact", shown(asked.ask.contact))
    if not rows:
        return _short_of(batch)
    if not all([row.request == asked.request for row in rows]):
        return KeyReused(asked.ask.key)
    if not all([row.returned_at is None for row in rows]):
        return ClaimReturned(asked.ask.key)
    return rows if len(rows) == 1 else sorted(rows, key=lambda row: row.part)


def shown(identity: Identity | None) -> object:
    """The first thing by which an identity looks for a contact, for messages to its caller."""
    return next((value for value in msgspec.structs.astuple(identity) if value is not None), None) if identity else None


async def find(tx: Tx, *, project_id: int, key: str) -> list[ClaimRow]:
    """The codes under a caller's key, by part, returned ones without their values; empty when it is unknown."""
    return await store.list_by_key(tx, project_id=project_id, scope="api", key=key)


async def get(tx: Tx, *, project_id: int, key: str) -> list[ClaimRow]:
    """As `find`; raises NotFound."""
    rows = await find(tx, project_id=project_id, key=key)
    if not rows:
        raise NotFound("claim", key)
    return rows


async def confirm(tx: Tx, *, project_id: int, key: str, now: datetime) -> list[ClaimRow]:
    """Issue what the key holds; a repeat changes nothing. Raises NotFound, or ClaimReturned when the hold has ended."""
    await _begin(tx, project_id, key, now)
    await claims.issue(tx, project_id=project_id, scope="api", keys=[key], now=now)
    rows = await get(tx, project_id=project_id, key=key)
    if any(row.returned_at is not None for row in rows):
        raise ClaimReturned(key)
    return rows


async def _begin(tx: Tx, project_id: int, key: str, now: datetime) -> None:
    """Let what is held become valid from now, where the pool counts from the hand-out."""
    held = [row for row in await find(tx, project_id=project_id, key=key) if row.hold_until is not None]
    if held:
        pool = await pools.get(tx, project_id=project_id, pool_id=held[0].pool_id)
        if pool.valid_for is not None:
            zone = (await projects.get(tx, project_id=project_id)).zone
            before = window_of(Policy(pool, zone), held[0].reserved_at)
            after = window_of(Policy(pool, zone), now)
            await handout_store.renew_windows(
                tx, project_id=project_id, scope="api", key=key, before=before, after=after
            )


async def give_back(tx: Tx, *, project_id: int, key: str, now: datetime) -> list[ClaimRow]:
    """Return what the key holds; a repeat changes nothing. Raises NotFound, or Conflict when it is issued.

    Its code was exposed to the caller, and the caller says that nobody else saw it.
    """
    await claims.give_back(
        tx, project_id=project_id, scope="api", keys=[key], now=now, reason=RETURNED_BY_CALLER, is_forced=True
    )
    rows = await get(tx, project_id=project_id, key=key)
    if any(row.issued_at is not None for row in rows):
        raise Conflict(f"The claim under the key {key!r} is issued; only a held claim can be returned.")
    return rows


async def end_holds(tx: Tx, *, project_id: int, now: datetime, limit: int) -> list[str]:
    """Return the codes of holds whose time is over, also seen ones: that is what a hold means. Gives their keys."""
    ended = await store.list_ended_holds(tx, project_id=project_id, now=now, limit=limit)
    if not ended:
        return []
    keys = sorted({hold.key for hold in ended})
    return await claims.give_back(
        tx, project_id=project_id, scope="api", keys=keys, now=now, reason=HOLD_ENDED, is_forced=True
    )
