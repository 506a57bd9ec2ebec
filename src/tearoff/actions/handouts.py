"""Handing out by a pool's policy: the same code again, no more than the cap, else the next ones that fit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence, Set
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import psycopg

from tearoff.actions import contacts
from tearoff.domain.codes import Fit, nothing_fits
from tearoff.domain.handouts import Policy, again_until, counted_since
from tearoff.errors import Unavailable
from tearoff.store import claims, handouts, runs
from tearoff.store.claims import Claimed, ClaimTerms, ClaimWish
from tearoff.store.db import Database, Tx
from tearoff.store.handouts import Held

T = TypeVar("T")
TRIES_MAX = 5


class HandedOut(NamedTuple):
    """What keys got, and the keys whose contacts have had as much as the cap allows; the others found no stock."""

    claimed: list[Claimed]
    capped: frozenset[str]


async def hand_out_in_turn(
    db: Database,
    *,
    project_id: int,
    policy: Policy,
    fit: Fit,
    criteria: str,
    terms: ClaimTerms,
    wishes: Sequence[ClaimWish],
    held: Set[int],
    lease: UUID,
) -> HandedOut:
    """For runs of this lease, in a transaction of its own; a repeat with the same keys is harmless.

    While others wait for the same, only those in `held` (their ids) get new codes; the look at the queue happens under
    the gate. What a run or its contact has already it gets out of turn.
    """
    at: dict[str, Any] = {"project_id": project_id, "pool_id": policy.pool.pool_id, "criteria": criteria}
    by: dict[str, Any] = {"project_id": project_id, "policy": policy, "fit": fit, "terms": terms}
    run_ids = [wish.run_id for wish in wishes if wish.run_id is not None]

    async def act() -> HandedOut:
        async with db.transaction() as tx:
            await claims.lock_gates(tx, project_id=project_id, pool_ids=[policy.pool.pool_id])
            ours = await runs.list_leased(tx, project_id=project_id, lease=lease, run_ids=run_ids)
            first, late = [wish for wish in wishes if wish.run_id in ours], []
            if await runs.is_queue_before(tx, **at, run_ids=run_ids):
                late = [wish for wish in first if wish.run_id not in held]
                first = [wish for wish in first if wish.run_id in held]
            got = await hand_out(tx, **by, wishes=first)
            behind = await hand_out(tx, **by, wishes=late, is_turn=False)
            return HandedOut(got.claimed + behind.claimed, got.capped | behind.capped)

    return await tried(act)


async def tried(act: Callable[[], Awaitable[T]]) -> T:
    """What `act` gives; a lost connection, a line that moved and a lost race for an owner are tried again."""
    for attempt in range(TRIES_MAX):
        try:
            return await act()
        except (Unavailable, psycopg.errors.SerializationFailure, psycopg.errors.UniqueViolation):
            if attempt == TRIES_MAX - 1:
                raise
    raise AssertionError("unreachable")


async def hand_out(
    tx: Tx,
    *,
    project_id: int,
    policy: Policy,
    fit: Fit,
    terms: ClaimTerms,
    wishes: Sequence[ClaimWish],
    is_turn: bool = True,
) -> HandedOut:
    """The codes of all keys: known keys what they have, fresh ones by the policy. Locks the pool's gate.

    A key that asks for several codes gets new ones: the policy of giving the same again is for single codes. Whose turn
    it is not gets no new code, only what it or its contact has already.
    """
    if not wishes:
        return HandedOut([], frozenset())
    new = fit if is_turn else nothing_fits(fit.now)
    at: dict[str, Any] = {"project_id": project_id, "pool_id": policy.pool.pool_id}
    if not policy.pool.has_policy:
        return HandedOut(await claims.claim_codes(tx, **at, fit=new, terms=terms, wishes=wishes), frozenset())
    await claims.lock_gates(tx, project_id=project_id, pool_ids=[policy.pool.pool_id])
    keys = list(dict.fromkeys(wish.key for wish in wishes))
    got = await handouts.list_reissued(tx, project_id=project_id, scope=terms.scope, keys=keys)
    reissued = {row.key for row in got}
    known = await handouts.list_known(tx, project_id=project_id, scope=terms.scope, keys=keys)
    fresh = [wish for wish in wishes if wish.key not in known and wish.key not in reissued]
    singles = [wish for wish in fresh if _group(policy, terms, wish) is not None and keys.count(wish.key) == 1]
    again = await _again(tx, project_id, policy, fit, terms, singles)
    settled = {row.key for row in again}
    leaders, followers = _split(policy, terms, [wish for wish in fresh if wish.key not in settled])
    too_many = await capped(tx, project_id=project_id, policy=policy, fit=fit, wishes=leaders)
    taking = [wish for wish in wishes if wish.key in known] + [wish for wish in leaders if wish.key not in too_many]
    if taking:
        got += await claims.claim_codes(tx, **at, fit=new, terms=terms, wishes=taking)
    again += await _again(tx, project_id, policy, fit, terms, followers)
    return HandedOut(got + again, frozenset(too_many))


def _group(policy: Policy, terms: ClaimTerms, wish: ClaimWish) -> object:
    """Who shares a code by the policy; None where everybody gets a new one."""
    match policy.pool.reissue:
        case "run":
            return wish.run_id
        case "workflow":
            return wish.contact_id if terms.workflow_id is not None else None
        case "pool":
            return wish.contact_id
    return None


def _split(policy: Policy, terms: ClaimTerms, wishes: Sequence[ClaimWish]) -> tuple[list[ClaimWish], list[ClaimWish]]:
    """Who takes a code, and who then shares it: the first of each group takes."""
    leaders: dict[object, str] = {}
    taking: list[ClaimWish] = []
    following: list[ClaimWish] = []
    for wish in wishes:
        group = _group(policy, terms, wish)
        leads = group is None or leaders.setdefault(group, wish.key) == wish.key
        (taking if leads else following).append(wish)
    return taking, following


async def _again(
    tx: Tx, project_id: int, policy: Policy, fit: Fit, terms: ClaimTerms, wishes: Sequence[ClaimWish]
) -> list[Claimed]:
    """What contacts or runs have already, as answers to their keys."""
    if not wishes:
        return []
    at: dict[str, Any] = {"project_id": project_id, "pool_id": policy.pool.pool_id, "discount": fit.discount}
    at |= {"wishes": wishes, "until": again_until(policy, fit)}
    by_key = {wish.key: wish for wish in wishes}
    if policy.pool.reissue == "run":
        held = await handouts.find_held_by_runs(tx, **at, scope=terms.scope)
    else:
        workflow_id = terms.workflow_id if policy.pool.reissue == "workflow" else None
        held = await handouts.find_held_by_contacts(tx, **at, workflow_id=workflow_id)
    if held:
        shared = [by_key[one.key] for one in held]
        await handouts.reissue(tx, project_id=project_id, scope=terms.scope, wishes=shared, held=held, now=fit.now)
        await _save(tx, project_id, fit, terms, shared, held)
    return [one.claimed(one.key, by_key[one.key].request) for one in held]


async def _save(
    tx: Tx, project_id: int, fit: Fit, terms: ClaimTerms, wishes: Sequence[ClaimWish], held: Sequence[Held]
) -> None:
    """Write the codes to the field that wants them: they are issued already, so nothing else will."""
    if terms.field_id is None:
        return
    pairs = zip(wishes, held, strict=True)
    values = [(wish.contact_id, terms.field_id, one.value) for wish, one in pairs if wish.contact_id is not None]
    await contacts.set_fields(tx, project_id=project_id, values=values, now=fit.now)


async def capped(tx: Tx, *, project_id: int, policy: Policy, fit: Fit, wishes: Sequence[ClaimWish]) -> set[str]:
    """The keys that would pass the cap; a key that wants several codes gets all of them or none."""
    cap = policy.pool.cap
    named = sorted({wish.contact_id for wish in wishes if wish.contact_id is not None})
    if cap is None or not named:
        return set()
    taken = await handouts.count_taken(
        tx,
        project_id=project_id,
        pool_id=policy.pool.pool_id,
        contact_ids=named,
        since=counted_since(cap, fit.now, policy.zone),
    )
    wanted: dict[tuple[str, int], int] = {}
    for wish in wishes:
        if wish.contact_id is not None:
            wanted[wish.key, wish.contact_id] = wanted.get((wish.key, wish.contact_id), 0) + 1
    refused: set[str] = set()
    for (key, contact_id), count in wanted.items():
        if taken.get(contact_id, 0) + count > cap.max:
            refused.add(key)
        else:
            taken[contact_id] = taken.get(contact_id, 0) + count
    return refused
