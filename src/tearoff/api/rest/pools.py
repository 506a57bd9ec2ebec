"""Pools over REST."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET, UnsetType

from tearoff.actions import pools
from tearoff.api.pages import After, Limit, Ref, next_page
from tearoff.api.rest.definitions import create_once, patched, require_new, taken
from tearoff.api.site import Call, Caller
from tearoff.domain.pools import (
    SETTINGS,
    Cap,
    CodeType,
    FillMethod,
    Lookup,
    Pool,
    PoolDefinition,
    Processing,
    Reissue,
    Settings,
    State,
    definition_of,
    missing_parts,
)
from tearoff.domain.validity import Validity
from tearoff.errors import Invalid, Problem
from tearoff.store import pools as store
from tearoff.store import stock as stocks
from tearoff.store.db import Tx

StateFilter = Annotated[State | None, QueryParameter(name="state")]
Words = Annotated[str | None, QueryParameter(name="q", max_length=200, description="Words to look for")]


class NewPool(PoolDefinition, frozen=True, kw_only=True):
    """A pool to make; without a key it gets one from its name."""

    key: str = ""


class PoolPatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a pool; what is left out stays."""

    key: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    parameter: str | UnsetType = UNSET
    state: State | UnsetType = UNSET
    code_type: CodeType | UnsetType = UNSET
    fill_method: FillMethod | UnsetType | None = UNSET
    is_issue_checked: bool | UnsetType | None = UNSET
    valid_for: Validity | UnsetType | None = UNSET
    processing: Processing | UnsetType = UNSET
    issue_from: datetime | UnsetType | None = UNSET
    issue_until: datetime | UnsetType | None = UNSET
    days_left_min: int | UnsetType | None = UNSET
    reissue: Reissue | UnsetType = UNSET
    reissue_days: int | UnsetType = UNSET
    cap: Cap | UnsetType | None = UNSET
    alert_below: int | UnsetType | None = UNSET
    lookup: Lookup | UnsetType = UNSET


class PoolView(Settings, kw_only=True, frozen=True):
    """A pool. `missing` is what it still needs to be launched, `warnings` what the change just made may break."""

    id: int
    key: str
    type: str
    name: str
    description: str
    parameter: str
    state: State
    created_at: datetime
    launched_at: datetime | None
    missing: list[Problem]
    warnings: list[Problem]


class ChangeView(msgspec.Struct, rename="camel", kw_only=True):
    """One change of a pool: who changed which fields, from what to what."""

    id: int
    at: datetime
    by: str
    fields: dict[str, list[Any]]


class ChangePage(msgspec.Struct):
    """The changes of a pool, the newest first."""

    items: list[ChangeView]
    next: str | None


class PoolPage(msgspec.Struct):
    """Pools, the oldest first."""

    items: list[PoolView]
    next: str | None


class StockView(msgspec.Struct, rename="camel", kw_only=True):
    """A pool's codes, each counted once: total = free + reserved + issued + withdrawn.

    free = available + scheduled + closed (their issue window is over, so nobody gets them) + expired. `expiring` are
    the available ones that expire within a week; `redeemed` counts the uses in force.
    """

    total: int
    free: int
    available: int
    scheduled: int
    closed: int
    expired: int
    reserved: int
    issued: int
    withdrawn: int
    redeemed: int
    expiring: int


async def list_pools(
    call: Caller, limit: Limit = 100, after: After = None, pool_state: StateFilter = None, words: Words = None
) -> PoolPage:
    """The pools of the project: all, or those in a state whose name, key or type holds `q`."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(
            tx, project_id=call.project_id, after=after or 0, limit=limit, state=pool_state, words=words
        )
    return PoolPage([view(pool) for pool in found], next_page([pool.pool_id for pool in found], limit))


async def get(call: Caller, pool: Ref) -> PoolView:
    """One pool, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=pool))


async def create(call: Caller, data: JSONBody[NewPool]) -> PoolView:
    """Make a pool; one that is launched needs a description."""

    async def make(tx: Tx) -> PoolView:
        [put] = await pools.put(
            tx,
            project_id=call.project_id,
            pools=[await _with_key(tx, call, data)],
            now=call.now,
            places=[""],
            by=call.actor.name,
        )
        return view(await store.get(tx, project_id=call.project_id, pool_id=require_new(put, "pool")))

    return await create_once(call, "pools", data, make, PoolView)


async def _with_key(tx: Tx, call: Call, wanted: NewPool) -> NewPool:
    if wanted.key:
        if await store.find_by_key(tx, project_id=call.project_id, key=wanted.key) is not None:
            raise taken(wanted.key, "pool")
        return wanted
    if not wanted.wanted_name.strip():
        raise Invalid(Problem("/key", "Give a key, or a name that one can be made from."))
    key = await pools.free_key(tx, project_id=call.project_id, name=wanted.wanted_name)
    return msgspec.structs.replace(wanted, key=key)


async def change(call: Caller, pool: Ref, data: JSONBody[PoolPatch]) -> PoolView:
    """Change some of a pool; the answer warns where others may know it by what it was called."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=pool)
        wanted = patched(definition_of(before), data)
        changed = await pools.change(
            tx, project_id=call.project_id, pool_id=before.pool_id, wanted=wanted, now=call.now, by=call.actor.name
        )
    return view(changed.pool, changed.warnings)


async def changes(call: Caller, pool: Ref, limit: Limit = 100, after: After = None) -> ChangePage:
    """What was changed on a pool, the newest first."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        log = await store.list_changes(tx, project_id=call.project_id, pool_id=found.pool_id, before=after, limit=limit)
    items = [ChangeView(id=one.change_id, at=one.changed_at, by=one.changed_by, fields=one.fields) for one in log]
    return ChangePage(items, next_page([one.change_id for one in log], limit))


async def remove(call: Caller, pool: Ref) -> None:
    """Forget a pool that never held codes."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        await pools.remove(tx, project_id=call.project_id, pool_id=found.pool_id)


async def launch(call: Caller, pool: Ref) -> PoolView:
    """Let a pool hand out codes."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        return view(
            await pools.launch(tx, project_id=call.project_id, pool_id=found.pool_id, now=call.now, by=call.actor.name)
        )


async def archive(call: Caller, pool: Ref) -> PoolView:
    """Put a pool away."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        return view(
            await pools.archive(tx, project_id=call.project_id, pool_id=found.pool_id, now=call.now, by=call.actor.name)
        )


async def stock(call: Caller, pool: Ref) -> StockView:
    """What is in a pool, exactly; reading it costs the same however many codes there are."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=pool)
        held = await stocks.get(tx, project_id=call.project_id, pool_id=found.pool_id, now=call.now)
    return StockView(**{name: getattr(held, name) for name in StockView.__struct_fields__})


def view(pool: Pool, warnings: Sequence[Problem] = ()) -> PoolView:
    """A pool as the API shows it."""
    settings: dict[str, Any] = {name: getattr(pool, name) for name in SETTINGS}
    return PoolView(
        id=pool.pool_id,
        key=pool.key,
        type=pool.type,
        name=pool.name,
        description=pool.description,
        parameter=pool.parameter,
        state=pool.state,
        created_at=pool.created_at,
        launched_at=pool.launched_at,
        missing=missing_parts(pool),
        warnings=list(warnings),
        **settings,
    )
