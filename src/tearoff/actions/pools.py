"""Making and changing pools; two who make the same pool at once make one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tearoff.domain.definitions import Change, Put, slugs
from tearoff.domain.pools import Pool, PoolDefinition, check, type_of
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.store import pools as store
from tearoff.store.db import Tx


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


async def put(
    tx: Tx, *, project_id: int, pools: Sequence[PoolDefinition], now: datetime, places: Sequence[str] = ()
) -> list[Put]:
    """The pools as they now stand, in the order given; raises Invalid with every problem.

    `places` are the JSON pointers of the pools, for the problems; without them their indexes are.
    """
    places = places or [f"/{n}" for n in range(len(pools))]
    problems = [problem for at, pool in zip(places, pools, strict=True) for problem in check(pool, at)]
    owners = await store.find_by_types(tx, project_id=project_id, types=[pool.wanted_type for pool in pools])
    before = {
        pool.key: pool for pool in await store.find_by_keys(tx, project_id=project_id, keys=[p.key for p in pools])
    }
    for at, pool in zip(places, pools, strict=True):
        owner = owners.get(pool.wanted_type)
        if owner is not None and (pool.key not in before or before[pool.key].pool_id != owner):
            problems.append(Problem(f"{at}/type", f"Another pool has the type {pool.wanted_type!r}."))
    if problems:
        raise Invalid(*problems)
    written = {row.key: row for row in await store.put(tx, project_id=project_id, pools=pools, now=now)}
    return [put_of(pool.key, before, written) for pool in pools]


def put_of(key: str, before: dict[str, Pool], written: dict[str, store.Written]) -> Put:
    """What became of one pool."""
    row = written.get(key)
    if row is None:
        return Put(before[key].pool_id, key, "unchanged")
    change: Change = "created" if row.is_new else "changed"
    return Put(row.pool_id, key, change)


async def launch(tx: Tx, *, project_id: int, pool_id: int) -> Pool:
    """The launched pool; raises Invalid when it has no description. One that is launched already stays so."""
    pool = await store.get(tx, project_id=project_id, pool_id=pool_id)
    is_moved = await store.mark_state(tx, project_id=project_id, pool_id=pool_id, state="launched")
    if not is_moved and not pool.description:
        raise Invalid(Problem("/description", "A pool needs a description before it is launched."))
    return await store.get(tx, project_id=project_id, pool_id=pool_id)


async def archive(tx: Tx, *, project_id: int, pool_id: int) -> Pool:
    """The archived pool; its codes stay, and none is handed out."""
    await store.mark_state(tx, project_id=project_id, pool_id=pool_id, state="archived")
    return await store.get(tx, project_id=project_id, pool_id=pool_id)


async def remove(tx: Tx, *, project_id: int, pool_id: int) -> None:
    """Forget a pool that never held codes; raises NotFound, or Conflict when it did."""
    pool = await store.get(tx, project_id=project_id, pool_id=pool_id)
    if not await store.remove(tx, project_id=project_id, pool_id=pool_id):
        raise Conflict(f"The pool {pool.key!r} holds or held codes; archive it instead.")
