"""Making and changing pools; two who make the same pool at once make one, and what changed is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import NamedTuple

import msgspec

from tearoff.domain.definitions import Change, Put, slug, slugs
from tearoff.domain.pools import (
    FillMethod,
    Pool,
    PoolDefinition,
    State,
    changes_of,
    check,
    locked,
    missing_parts,
    type_of,
    warnings,
)
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.logs import masked
from tearoff.store import claims, folds
from tearoff.store import pools as store
from tearoff.store.db import Tx

ALIKE_SHOWN_MAX = 5
BY_API: tuple[FillMethod, ...] = ("file", "typed")
"""How a pool may be filled that an API adds codes to; generated codes stay among themselves."""


class Changed(NamedTuple):
    """A pool after a change, and what the change may break elsewhere."""

    pool: Pool
    warnings: list[Problem]


async def ensure(tx: Tx, *, project_id: int, types: Sequence[str | None], now: datetime) -> dict[str, int]:
    """Type → pool id for every type; a missing pool is created launched. No type means `General`.

    Rows are inserted in the order of their keys, so that two uploads never wait for each other in a ring.
    """
    wanted = sorted({type_of(type) for type in types}, key=lambda type: slugs(type, "pool"))
    known = await store.find_by_types(tx, project_id=project_id, types=wanted)
    for attempt in (0, 1):
        missing = [type for type in wanted if type not in known]
        if not missing:
            break
        keys = [slugs(type, "pool")[attempt] for type in missing]
        await store.add_missing(tx, project_id=project_id, keys=keys, types=missing, now=now)
        known = await store.find_by_types(tx, project_id=project_id, types=wanted)
    return known


async def free_key(tx: Tx, *, project_id: int, name: str) -> str:
    """A key made from a pool's name that no pool has as its key or type: `gifts`, or `gifts-2` where that is taken."""
    plain = slug(name, "pool")
    taken = set(await store.list_keys_like(tx, project_id=project_id, key=plain))
    return next(key for n in count(1) if (key := plain if n == 1 else f"{plain}-{n}") not in taken)


async def put(
    tx: Tx,
    *,
    project_id: int,
    pools: Sequence[PoolDefinition],
    now: datetime,
    places: Sequence[str] = (),
    by: str = "",
) -> list[Put]:
    """The pools as they now stand, in the order given; raises Invalid with every problem.

    `places` are the JSON pointers of the pools, for the problems; without them their indexes are. `by` is who does it.
    """
    places = places or [f"/{n}" for n in range(len(pools))]
    keys = [pool.key for pool in pools]
    await store.lock(tx, project_id=project_id, keys=keys)
    before = {pool.key: pool for pool in await store.find_by_keys(tx, project_id=project_id, keys=keys)}
    pools = [_kept(pool, before.get(pool.key)) for pool in pools]
    loaded = await store.list_loaded(tx, project_id=project_id, pool_ids=[pool.pool_id for pool in before.values()])
    owners = await store.find_by_types(tx, project_id=project_id, types=[pool.wanted_type for pool in pools])
    problems = [problem for at, pool in zip(places, pools, strict=True) for problem in check(pool, at)]
    for at, pool in zip(places, pools, strict=True):
        known = before.get(pool.key)
        if known is not None:
            problems += locked(known, pool, is_loaded=known.pool_id in loaded, at=at)
        owner = owners.get(pool.wanted_type)
        if owner is not None and (known is None or known.pool_id != owner):
            problems.append(Problem(f"{at}/type", f"Another pool has the type {pool.wanted_type!r}."))
    if problems:
        raise Invalid(*problems)
    written = {row.key: row for row in await store.put(tx, project_id=project_id, pools=pools, now=now)}
    if met := [key for key in keys if key not in before and not (key in written and written[key].is_new)]:
        raise Conflict(f"Somebody made a pool with the key {met[0]!r} at the same moment.")
    changes = {
        written[pool.key].pool_id: changes_of(before.get(pool.key), pool) for pool in pools if pool.key in written
    }
    await store.add_changes(tx, project_id=project_id, changes=changes, by=by, now=now)
    for at, pool in zip(places, pools, strict=True):
        await _fold(tx, project_id, before.get(pool.key), pool, at)
    return [put_of(pool.key, before, written) for pool in pools]


async def _fold(tx: Tx, project_id: int, before: Pool | None, after: PoolDefinition, at: str) -> None:
    """Let the codes that are in a pool be found as it says from now on; raises Invalid where two of them read alike."""
    if before is None or before.lookup == after.lookup:
        return
    named = {"project_id": project_id, "pool_id": before.pool_id}
    await claims.lock_gates(tx, project_id=project_id, pool_ids=[before.pool_id])
    if after.lookup == "exact":
        await folds.remove_pool(tx, **named)
        return
    alike = await folds.add_pool(tx, **named, limit=ALIKE_SHOWN_MAX)
    if alike:
        pairs = ", ".join(f"{masked(pair.asked)} and {masked(pair.value)}" for pair in alike)
        raise Invalid(Problem(f"{at}/lookup", f"Codes of the pool would be taken for one another: {pairs}."))


def _kept(pool: PoolDefinition, before: Pool | None) -> PoolDefinition:
    """The definition with the fill method that the first load chose, where it says nothing about it."""
    if before is None or pool.fill_method is not None:
        return pool
    return msgspec.structs.replace(pool, fill_method=before.fill_method)


def put_of(key: str, before: dict[str, Pool], written: dict[str, store.Written]) -> Put:
    """What became of one pool."""
    row = written.get(key)
    if row is None:
        return Put(before[key].pool_id, key, "unchanged")
    change: Change = "created" if row.is_new else "changed"
    return Put(row.pool_id, key, change)


async def change(
    tx: Tx, *, project_id: int, pool_id: int, wanted: PoolDefinition, now: datetime, by: str = ""
) -> Changed:
    """The pool after the change, which may also be of its key, and what that may break; raises Invalid, Conflict."""
    before = await store.get(tx, project_id=project_id, pool_id=pool_id)
    if wanted.key != before.key:
        problems = check(wanted)
        if problems:
            raise Invalid(*problems)
        await store.rename(tx, project_id=project_id, pool_id=pool_id, key=wanted.key)
        changes = {pool_id: {"key": [before.key, wanted.key]}}
        await store.add_changes(tx, project_id=project_id, changes=changes, by=by, now=now)
    await put(tx, project_id=project_id, pools=[wanted], now=now, places=[""], by=by)
    return Changed(await store.get(tx, project_id=project_id, pool_id=pool_id), warnings(before, wanted))


async def launch(tx: Tx, *, project_id: int, pool_id: int, now: datetime, by: str = "") -> Pool:
    """The launched pool; raises Invalid with everything that it still needs. A launched one stays so."""
    pool = await store.get(tx, project_id=project_id, pool_id=pool_id)
    missing = missing_parts(pool)
    if missing:
        raise Invalid(*missing)
    return await _move(tx, project_id, pool, "launched", now, by)


async def archive(tx: Tx, *, project_id: int, pool_id: int, now: datetime, by: str = "") -> Pool:
    """The archived pool; its codes stay, none is handed out, and those that were can be used. Launch brings it back."""
    pool = await store.get(tx, project_id=project_id, pool_id=pool_id)
    return await _move(tx, project_id, pool, "archived", now, by)


async def _move(tx: Tx, project_id: int, pool: Pool, state: State, now: datetime, by: str) -> Pool:
    if await store.mark_state(tx, project_id=project_id, pool_id=pool.pool_id, state=state, now=now):
        changes = {pool.pool_id: {"state": [pool.state, state]}}
        await store.add_changes(tx, project_id=project_id, changes=changes, by=by, now=now)
    return await store.get(tx, project_id=project_id, pool_id=pool.pool_id)


async def fill_by(
    tx: Tx, *, project_id: int, pool_ids: Sequence[int], method: FillMethod, others: Sequence[FillMethod] = ()
) -> None:
    """Note how these pools are filled; the first load decides. Raises Conflict for a pool that is filled otherwise.

    Call it in the transaction of the load, before codes are added. `others` are methods that this load may join.
    """
    strange = await store.fix_fill_method(
        tx, project_id=project_id, pool_ids=pool_ids, method=method, allowed=[method, *others]
    )
    if strange:
        named = ", ".join(repr(key) for key in strange)
        raise Conflict(f"How a pool is filled is fixed with its first load; {named} takes no {method} codes.")


async def remove(tx: Tx, *, project_id: int, pool_id: int) -> None:
    """Forget a pool that never held codes; raises NotFound, or Conflict when it did."""
    pool = await store.get(tx, project_id=project_id, pool_id=pool_id)
    if not await store.remove(tx, project_id=project_id, pool_id=pool_id):
        raise Conflict(f"The pool {pool.key!r} holds or held codes; archive it instead.")
