"""Pools over REST."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import pools
from tearoff.api.pages import After, Limit, Ref, next_page
from tearoff.api.rest.definitions import create_once, patched, require_new
from tearoff.api.site import Caller
from tearoff.domain.pools import Pool, PoolDefinition, State, definition_of
from tearoff.store import codes
from tearoff.store import pools as store
from tearoff.store.db import Tx

SOON = timedelta(days=7)


class PoolPatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a pool; what is left out stays."""

    type: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    parameter: str | UnsetType = UNSET
    state: State | UnsetType = UNSET


class PoolView(msgspec.Struct, rename="camel", kw_only=True):
    """A pool."""

    id: int
    key: str
    type: str
    name: str
    description: str
    parameter: str
    state: State
    created_at: datetime


class PoolPage(msgspec.Struct):
    """Pools, the oldest first."""

    items: list[PoolView]
    next: str | None


class StockView(msgspec.Struct, rename="camel", kw_only=True):
    """A pool's codes by state; of the free ones, how many can be handed out now, and expire within a week."""

    free: int
    reserved: int
    issued: int
    withdrawn: int
    available: int
    expiring: int


async def list_pools(call: Caller, limit: Limit = 100, after: After = None) -> PoolPage:
    """The pools of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit)
    return PoolPage([view(pool) for pool in found], next_page([pool.pool_id for pool in found], limit))


async def get(call: Caller, pool: Ref) -> PoolView:
    """One pool, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=pool))


async def create(call: Caller, data: JSONBody[PoolDefinition]) -> PoolView:
    """Make a pool; one that is launched needs a description."""

    async def make(tx: Tx) -> PoolView:
        [put] = await pools.put(tx, project_id=call.project_id, pools=[data], now=call.now, places=[""])
        return view(await store.get(tx, project_id=call.project_id, pool_id=require_new(put, "pool")))

    return await create_once(call, "pools", data, make, PoolView)


async def change(call: Caller, pool: Ref, data: JSONBody[PoolPatch]) -> PoolView:
    """Change some of a pool."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=pool)
        wanted = patched(definition_of(before), data)
        await pools.put(tx, project_id=call.project_id, pools=[wanted], now=call.now, places=[""])
        return view(await store.get(tx, project_id=call.project_id, pool_id=before.pool_id))


async def remove(call: Caller, pool: Ref) -> None:
    """Forget a pool that never held codes."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        await pools.remove(tx, project_id=call.project_id, pool_id=found.pool_id)


async def launch(call: Caller, pool: Ref) -> PoolView:
    """Let a pool hand out codes."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        return view(await pools.launch(tx, project_id=call.project_id, pool_id=found.pool_id))


async def archive(call: Caller, pool: Ref) -> PoolView:
    """Put a pool away."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        return view(await pools.archive(tx, project_id=call.project_id, pool_id=found.pool_id))


async def stock(call: Caller, pool: Ref) -> StockView:
    """What is in a pool, exactly."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        left = await store.get_stock(
            tx, project_id=call.project_id, pool_id=found.pool_id, soon=call.now + SOON, now=call.now
        )
        counts = await codes.count_by_state(tx, project_id=call.project_id, pool_id=found.pool_id)
    return StockView(
        free=counts.free,
        reserved=counts.reserved,
        issued=counts.issued,
        withdrawn=counts.withdrawn,
        available=left.free,
        expiring=left.expiring,
    )


def view(pool: Pool) -> PoolView:
    """A pool as the API shows it."""
    return PoolView(
        id=pool.pool_id,
        key=pool.key,
        type=pool.type,
        name=pool.name,
        description=pool.description,
        parameter=pool.parameter,
        state=pool.state,
        created_at=pool.created_at,
    )
