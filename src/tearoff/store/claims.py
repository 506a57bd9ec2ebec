"""Claims: who holds which code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from tearoff.domain.codes import Fit
from tearoff.domain.runs import OpenClaim
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_value

SQL = queries.load("claims")

Scope = Literal["run", "api", "request", "task"]


class ClaimWish(msgspec.Struct, frozen=True):
    """One code wanted under one key; `part` counts the codes of a key, `request` is what a repeat must equal."""

    key: str
    request: str
    part: int = 0
    contact_id: int | None = None
    run_id: int | None = None


class ClaimTerms(msgspec.Struct, frozen=True):
    """What a set of claims has in common."""

    scope: Scope
    is_issued: bool = False
    is_exposed: bool = False
    hold_until: datetime | None = None
    field_id: int | None = None
    use_from: datetime | None = None
    use_until: datetime | None = None
    workflow_id: int | None = None


class Claimed(msgspec.Struct, frozen=True):
    """One code that a key holds or held, and from when until when it can be used."""

    key: str
    part: int
    code_id: int
    value: str
    expires_at: datetime | None
    discount: int | None
    request: str
    returned_at: datetime | None
    is_fresh: bool
    use_from: datetime | None = None


class ClaimRow(msgspec.Struct, frozen=True):
    """A claim as its owner sees it; a returned one shows no value."""

    key: str
    part: int
    pool_id: int
    code_id: int
    value: str | None
    expires_at: datetime | None
    discount: int | None
    contact_id: int | None
    run_id: int | None
    request: str
    reserved_at: datetime
    hold_until: datetime | None
    issued_at: datetime | None
    exposed_at: datetime | None
    returned_at: datetime | None
    reason: str | None
    use_from: datetime | None
    revoked_at: datetime | None


class IssuedClaim(msgspec.Struct, frozen=True):
    """A claim that was just issued, and the field that wants its code."""

    key: str
    part: int
    contact_id: int | None
    field_id: int | None
    code_id: int


class ReturnedClaim(msgspec.Struct, frozen=True):
    """A claim that was just returned."""

    key: str
    part: int
    code_id: int


class HeldCode(msgspec.Struct, frozen=True):
    """A code that a live claim holds, for rendering."""

    key: str
    code_id: int
    value: str
    expires_at: datetime | None
    discount: int | None


class EndedHold(msgspec.Struct, frozen=True):
    """A hold that ran out."""

    pool_id: int
    key: str


async def claim_codes(
    tx: Tx, *, project_id: int, pool_id: int, fit: Fit, terms: ClaimTerms, wishes: Sequence[ClaimWish]
) -> list[Claimed]:
    """The codes of all keys: known keys what they have (returned ones too), fresh keys the next that fit, in order.

    Fresh keys past the stock are absent, and so are all fresh keys of a pool that hands out nothing now. Locks the
    pool's gate; needs no transaction around it. Raises the driver's SerializationFailure when the line moved under it
    (try again with the same keys), and its NoDataFound when there is no such pool.
    """
    requests = [w.request for w in wishes]
    params = {
        "project_id": project_id,
        "pool_id": pool_id,
        "discount": fit.discount,
        "until": fit.until,
        "now": fit.now,
        "scope": terms.scope,
        "keys": [w.key for w in wishes],
        "requests": requests if len(set(requests)) > 1 else requests[:1],
        "parts": _unless_empty([w.part or None for w in wishes]),
        "contacts": _unless_empty([w.contact_id for w in wishes]),
        "runs": _unless_empty([w.run_id for w in wishes]),
        "field_id": terms.field_id,
        "hold_until": terms.hold_until,
        "is_issued": terms.is_issued,
        "is_exposed": terms.is_exposed,
        "use_from": terms.use_from,
        "use_until": terms.use_until,
        "workflow_id": terms.workflow_id,
    }
    async with tx.cursor() as cursor:
        await cursor.execute(SQL.claim_fresh, params)
        taken = await cursor.fetchone()
        if taken is not None:
            return _fresh(wishes, *taken)
        await cursor.execute(SQL.claim_codes, params)
        # the columns are the fields, and checking each value of a hot row again costs more than the row
        return [Claimed(*row) for row in await cursor.fetchall()]


def _fresh(
    wishes: Sequence[ClaimWish],
    ids: list[int],
    values: list[str],
    ends: Sequence[datetime | None],
    discounts: Sequence[int | None],
    starts: Sequence[datetime | None],
) -> list[Claimed]:
    """What the first keys got, as many as there are codes; one date or discount stands for all codes of one lot."""
    if len(ends) == 1:
        [end], [discount], [start] = ends, discounts, starts
        return [
            Claimed(wish.key, wish.part, code_id, value, end, discount, wish.request, None, True, start)
            for wish, code_id, value in zip(wishes, ids, values, strict=False)
        ]
    return [
        Claimed(wish.key, wish.part, code_id, value, end, discount, wish.request, None, True, start)
        for wish, code_id, value, end, discount, start in zip(
            wishes, ids, values, ends, discounts, starts, strict=False
        )
    ]


def _unless_empty(values: list[int | None]) -> list[int | None] | None:
    """The values, or None when there is none: an array of nulls costs as much as one of numbers."""
    return values if any(values) else None


async def lock_gates(tx: Tx, *, project_id: int, pool_ids: Sequence[int]) -> None:
    """Lock the lines of these pools until the transaction ends."""
    await execute(tx, SQL.lock_gates, {"project_id": project_id, "pool_ids": sorted(set(pool_ids))})


async def list_by_key(tx: Tx, *, project_id: int, scope: Scope, key: str) -> list[ClaimRow]:
    """The claims under a key of one scope, by part; empty when the key is unknown."""
    return await fetch_all(tx, SQL.list_by_key, {"project_id": project_id, "scope": scope, "key": key}, into=ClaimRow)


async def mark_issued(
    tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str], now: datetime, reason: str | None = None
) -> list[IssuedClaim]:
    """Turn live reserved claims into issued ones; gives those that changed."""
    params = {"project_id": project_id, "scope": scope, "keys": list(keys), "now": now, "reason": reason}
    return await fetch_all(tx, SQL.mark_issued, params, into=IssuedClaim)


async def return_claims(
    tx: Tx,
    *,
    project_id: int,
    pool_id: int,
    scope: Scope,
    keys: Sequence[str],
    now: datetime,
    reason: str,
    is_forced: bool = False,
) -> list[ReturnedClaim]:
    """Put the codes of reserved claims back in line; exposed ones only when forced, issued ones never."""
    params = {
        "project_id": project_id,
        "pool_id": pool_id,
        "scope": scope,
        "keys": list(keys),
        "now": now,
        "reason": reason,
        "is_forced": is_forced,
    }
    return await fetch_all(tx, SQL.return_claims, params, into=ReturnedClaim)


async def list_pools_of(tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str]) -> list[int]:
    """The pools that these keys claimed from, ascending."""
    params = {"project_id": project_id, "scope": scope, "keys": list(keys)}
    return await fetch_all(tx, SQL.list_pools_of, params, into=int)


async def lock(tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str]) -> None:
    """Lock the claims under these keys until the transaction ends; the caller holds the gates that it needs."""
    await execute(tx, SQL.lock_claims, {"project_id": project_id, "scope": scope, "keys": list(keys)})


async def mark_exposed(tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str], now: datetime) -> int:
    """Record that the codes of live claims left us; gives how many were not exposed before."""
    params = {"project_id": project_id, "scope": scope, "keys": list(keys), "now": now}
    return await execute(tx, SQL.mark_exposed, params)


async def list_values(tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str]) -> list[HeldCode]:
    """The codes that live claims under these keys hold."""
    params = {"project_id": project_id, "scope": scope, "keys": list(keys)}
    return await fetch_all(tx, SQL.list_values, params, into=HeldCode)


async def list_open(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> list[OpenClaim]:
    """What is still reserved for these runs."""
    return await fetch_all(tx, SQL.list_open, {"project_id": project_id, "run_ids": list(run_ids)}, into=OpenClaim)


async def list_live_keys(tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str]) -> set[str]:
    """Which of these keys still hold their code."""
    params = {"project_id": project_id, "scope": scope, "keys": list(keys)}
    return set(await fetch_all(tx, SQL.list_live_keys, params, into=str))


async def list_ended_holds(tx: Tx, *, project_id: int, now: datetime, limit: int) -> list[EndedHold]:
    """Holds of API claims that ran out, oldest first."""
    return await fetch_all(
        tx, SQL.list_ended_holds, {"project_id": project_id, "now": now, "limit": limit}, into=EndedHold
    )


async def own(tx: Tx, *, project_id: int, owners: Mapping[str, int]) -> int:
    """Say whose the codes under these keys of runs are, where nobody was known yet; gives how many changed."""
    if not owners:
        return 0
    params = {"project_id": project_id, "keys": list(owners), "contact_ids": list(owners.values())}
    return await fetch_value(tx, SQL.own, params, into=int)
