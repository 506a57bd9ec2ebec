"""Operations over REST: what callers of the Maestra dialect mean by a name."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.params import JSONBody, PathParameter

from tearoff.api.site import Caller
from tearoff.domain.operations import BUILT_IN, Kind, Operation, check
from tearoff.errors import Invalid, NotFound
from tearoff.store import operations as store
from tearoff.store import pools
from tearoff.store.db import Tx

Name = Annotated[str, PathParameter(max_length=100, description="The name of the operation")]


class OperationBody(msgspec.Struct, forbid_unknown_fields=True):
    """What an operation does; with a pool (id or key) its callers name none."""

    kind: Kind
    pool: int | str | None = None


class OperationView(msgspec.Struct, rename="camel", kw_only=True):
    """An operation; one that is built in can be defined anew."""

    key: str
    kind: Kind
    pool: str | None
    is_built_in: bool


class OperationPage(msgspec.Struct):
    """Every operation that callers may name."""

    items: list[OperationView]
    next: str | None = None


async def list_operations(call: Caller) -> OperationPage:
    """The project's operations, then those that are built in."""
    async with call.site.db.transaction() as tx:
        own = await store.list_all(tx, project_id=call.project_id)
        items = [await _view(tx, call.project_id, operation) for operation in own]
    taken = {operation.key.lower() for operation in own}
    items += [
        OperationView(key=operation.key, kind=operation.kind, pool=None, is_built_in=True)
        for name, operation in BUILT_IN.items()
        if name not in taken
    ]
    return OperationPage(items)


async def get(call: Caller, key: Name) -> OperationView:
    """One operation of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.find(tx, project_id=call.project_id, key=key)
        if found is None:
            raise NotFound("operation", key)
        return await _view(tx, call.project_id, found)


async def put(call: Caller, key: Name, data: JSONBody[OperationBody]) -> OperationView:
    """Say what an operation does."""
    async with call.site.db.transaction() as tx:
        pool = None
        if data.pool is not None:
            pool = await pools.resolve(tx, project_id=call.project_id, reference=data.pool)
        operation = Operation(key=key, kind=data.kind, pool_id=pool.pool_id if pool else None)
        problems = check(operation.key, operation.kind, operation.pool_id)
        if problems:
            raise Invalid(*problems)
        await store.put(tx, project_id=call.project_id, operation=operation, now=call.now)
    return OperationView(key=key, kind=data.kind, pool=pool.key if pool else None, is_built_in=False)


async def remove(call: Caller, key: Name) -> None:
    """Forget what the project said about an operation."""
    async with call.site.db.transaction() as tx:
        if not await store.remove(tx, project_id=call.project_id, key=key):
            raise NotFound("operation", key)


async def _view(tx: Tx, project_id: int, operation: Operation) -> OperationView:
    pool = None
    if operation.pool_id is not None:
        pool = await pools.get(tx, project_id=project_id, pool_id=operation.pool_id)
    return OperationView(key=operation.key, kind=operation.kind, pool=pool.key if pool else None, is_built_in=False)
