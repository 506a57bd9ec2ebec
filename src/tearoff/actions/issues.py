"""Issuing to one contact: the next code of a pool, or one that is named by its value, made when it is not there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from tearoff.actions import asked_claims, contacts, handouts
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.actions.handouts import tried
from tearoff.domain.codes import Wish, fit, parse_value
from tearoff.domain.contacts import Identity
from tearoff.domain.handouts import Policy, window_of
from tearoff.domain.issues import IssueStatus, refusal_of_code, refusal_of_pool, status_of
from tearoff.domain.validity import Window
from tearoff.errors import (
    CapReached,
    ClaimReturned,
    Conflict,
    Invalid,
    KeyReused,
    NotFound,
    NotIssuable,
    Problem,
    TearoffError,
)
from tearoff.store import claims, folds, pools, projects, uploads, valued_claims
from tearoff.store.claims import Claimed, ClaimTerms, ClaimWish, Scope
from tearoff.store.db import Database, Tx
from tearoff.store.valued_claims import NamedCode


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One issue under a caller's key. Without `value` the next code of the pool; with it that very code.

    `is_made`: a code that is not there is made in the pool. `window` stands in for the pool's validity after issue.
    """

    key: str
    contact: Identity | None = None
    pool: int | str | None = None
    value: str | None = None
    is_made: bool = False
    window: Window | None = None
    scope: Scope = "api"


class Issued(NamedTuple):
    """What came of an issue, in the vendor's words, and the code when there is one."""

    status: IssueStatus
    claimed: Claimed | None = None
    refusal: TearoffError | None = None


class _Case(NamedTuple):
    """An issue by value while its pool's gate is held."""

    project_id: int
    policy: Policy
    code: NamedCode
    owner: int | None
    wanted: Wanted
    request: str
    now: datetime


async def issue(db: Database, *, project_id: int, wanted: Wanted, now: datetime) -> Issued:
    """What came of it; a repeat of the key gives the same code. `now` is the instant of the issue, also a past one.

    Raises what is no matter of the code: NotFound for the contact, KeyReused, ClaimReturned, Invalid.
    """
    try:
        if wanted.value is not None:
            return Issued("Issued", await by_value(db, project_id=project_id, wanted=wanted, now=now))
        call = ClaimCall(project_id, wanted.pool, None, Wish(), None, wanted.window)
        [answer] = await asked_claims.claim(db, call, [Ask(wanted.key, wanted.contact)], now=now)
        if isinstance(answer, TearoffError):
            raise answer
        return Issued("Issued", answer[0])
    except TearoffError as error:
        status = status_of(error)
        if status is None:
            raise
        return Issued(status, None, error)


async def by_value(db: Database, *, project_id: int, wanted: Wanted, now: datetime) -> Claimed:
    """The code that was named, now the contact's; a repeat of the key gives it again.

    Raises NotFound (code, pool, contact), NotIssuable, OutsideWindow, CapReached, KeyReused, ClaimReturned, Invalid.
    """
    try:
        value = parse_value(wanted.value or "")
    except ValueError as error:
        raise Invalid(Problem("/code", f"{error}.")) from error

    async def act() -> Claimed:
        async with db.transaction() as tx:
            return await _take(tx, project_id, wanted, value, now)

    return await tried(act)


async def _take(tx: Tx, project_id: int, wanted: Wanted, value: str, now: datetime) -> Claimed:
    owner = None
    if wanted.contact is not None:
        [owner] = await contacts.find(tx, project_id=project_id, identities=[wanted.contact])
        if owner is None:
            raise NotFound("contact", asked_claims.shown(wanted.contact))
    request = f"value={value};contact={owner or ''};use={wanted.window or ''}"
    known = await _repeat(tx, project_id, wanted, request)
    if known is not None:
        return known
    code = await _named(tx, project_id, wanted, value)
    zone = (await projects.get(tx, project_id=project_id)).zone
    policy = Policy(await pools.get(tx, project_id=project_id, pool_id=code.pool_id), zone)
    known = await _repeat(tx, project_id, wanted, request)
    if known is not None:
        return known
    return await _give(tx, _Case(project_id, policy, code, owner, wanted, request, now))


async def _repeat(tx: Tx, project_id: int, wanted: Wanted, request: str) -> Claimed | None:
    """What the key has already."""
    rows = await claims.list_by_key(tx, project_id=project_id, scope=wanted.scope, key=wanted.key)
    if not rows:
        return None
    row = rows[0]
    if row.request != request:
        raise KeyReused(wanted.key)
    if row.value is None or row.revoked_at is not None:
        raise ClaimReturned(wanted.key)
    return Claimed(
        row.key, row.part, row.code_id, row.value, row.expires_at, row.discount, request, None, False, row.use_from
    )


async def _named(tx: Tx, project_id: int, wanted: Wanted, value: str) -> NamedCode:
    """The code under its pool's gate; it is made when that is wanted."""
    pool = None if wanted.pool is None else await pools.resolve(tx, project_id=project_id, reference=wanted.pool)
    value = await folds.spell(tx, project_id=project_id, value=value)
    code = await valued_claims.find(tx, project_id=project_id, value=value)
    if code is None and (pool is None or not wanted.is_made):
        raise NotFound("code", value)
    if pool is not None and code is not None and pool.pool_id != code.pool_id:
        raise NotIssuable(f"The code is in another pool than {pool.key!r}.")
    pool_id = pool.pool_id if pool is not None else code.pool_id if code is not None else 0
    await claims.lock_gates(tx, project_id=project_id, pool_ids=[pool_id])
    if code is None and pool is not None:
        if pool.fill_method == "generated":
            raise NotIssuable(f"The codes of the pool {pool.key!r} are generated; none is added by its value.")
        if await folds.list_loose(tx, project_id=project_id, pool_ids=[pool_id]):
            await folds.add_all(tx, project_id=project_id, values=[value])
            value = await folds.spell(tx, project_id=project_id, value=value)
        await valued_claims.add_code(tx, project_id=project_id, pool_id=pool_id, value=value)
    found = await valued_claims.find(tx, project_id=project_id, value=value)
    if found is None:
        raise NotFound("code", value)
    if found.pool_id != pool_id:
        raise Conflict("The code was moved to another pool just now; ask again.")
    return found


async def _give(tx: Tx, case: _Case) -> Claimed:
    policy, code, now = case.policy, case.code, case.now
    if (refusal := refusal_of_pool(policy.pool, now)) is not None:
        raise refusal
    again = await _again(tx, case)
    if again is not None:
        return again
    window = window_of(policy, now, case.wanted.window)
    use = code.use_window & window
    refusal = refusal_of_code(code.issue_window, use, is_free=code.is_free, is_withdrawn=code.is_withdrawn, now=now)
    if refusal is not None:
        raise refusal
    wish = ClaimWish(case.wanted.key, case.request, 0, case.owner)
    exact = fit(Wish(), now, policy.zone)
    if await handouts.capped(tx, project_id=case.project_id, policy=policy, fit=exact, wishes=[wish]):
        raise CapReached(policy.pool.key)
    await uploads.leave_line(tx, project_id=case.project_id, code_ids=[code.code_id])
    terms = ClaimTerms(case.wanted.scope, is_issued=True, is_exposed=True, use_from=window.start, use_until=window.end)
    await valued_claims.add_claim(tx, project_id=case.project_id, code=code, terms=terms, wish=wish, now=now)
    return Claimed(wish.key, 0, code.code_id, code.value, use.end, code.discount, case.request, None, True, use.start)


async def _again(tx: Tx, case: _Case) -> Claimed | None:
    """The same code for its owner, where the pool gives codes again."""
    pool = case.policy.pool
    if case.owner is None or case.code.owner_id != case.owner or pool.reissue != "pool" or case.code.is_revoked:
        return None
    wish = ClaimWish(case.wanted.key, case.request, 0, case.owner)
    terms = ClaimTerms(case.wanted.scope, is_issued=True, is_exposed=True)
    at: dict[str, Any] = {"project_id": case.project_id, "policy": case.policy}
    exact = fit(Wish(), case.now, case.policy.zone)
    got = await handouts.hand_out(tx, **at, fit=exact, terms=terms, wishes=[wish], is_turn=False)
    return next((row for row in got.claimed if row.code_id == case.code.code_id), None)
