"""Connectors over REST. Secrets go in and never come out: an answer only names those that are set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import connectors
from tearoff.api.pages import After, Limit, Ref, next_page
from tearoff.api.rest.definitions import create_once, patched, require_new
from tearoff.api.site import Caller
from tearoff.domain.connectors import SECRETS, Connector, ConnectorDefinition, Kind
from tearoff.store import connectors as store
from tearoff.store.db import Tx


class ConnectorPatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a connector; what is left out stays."""

    kind: Kind | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET
    secrets: dict[str, str] | UnsetType = UNSET


class ConnectorView(msgspec.Struct, rename="camel", kw_only=True):
    """A connector; `secrets` are names only."""

    id: int
    key: str
    kind: Kind
    settings: dict[str, Any]
    secrets: list[str]
    created_at: datetime


class ConnectorPage(msgspec.Struct):
    """Connectors, the oldest first."""

    items: list[ConnectorView]
    next: str | None


async def list_connectors(call: Caller, limit: Limit = 100, after: After = None) -> ConnectorPage:
    """The connectors of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit)
    return ConnectorPage([view(each) for each in found], next_page([each.connector_id for each in found], limit))


async def get(call: Caller, connector: Ref) -> ConnectorView:
    """One connector, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=connector))


async def create(call: Caller, data: JSONBody[ConnectorDefinition]) -> ConnectorView:
    """Set up a connector."""

    async def make(tx: Tx) -> ConnectorView:
        put = await connectors.put(
            tx, project_id=call.project_id, connector=data, cipher=call.site.cipher, now=call.now
        )
        return view(await store.resolve(tx, project_id=call.project_id, reference=require_new(put, "connector")))

    return await create_once(call, "connectors", data, make, ConnectorView)


async def change(call: Caller, connector: Ref, data: JSONBody[ConnectorPatch]) -> ConnectorView:
    """Change some of a connector; without `secrets` the ones it has stay."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=connector)
        kept = ConnectorDefinition(key=before.key, kind=before.kind, settings=before.settings)
        await connectors.put(
            tx, project_id=call.project_id, connector=patched(kept, data), cipher=call.site.cipher, now=call.now
        )
        return view(await store.resolve(tx, project_id=call.project_id, reference=before.connector_id))


async def remove(call: Caller, connector: Ref) -> None:
    """Forget a connector that no source uses."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=connector)
        await connectors.remove(tx, project_id=call.project_id, connector=found)


def view(connector: Connector) -> ConnectorView:
    """A connector as the API shows it."""
    return ConnectorView(
        id=connector.connector_id,
        key=connector.key,
        kind=connector.kind,
        settings=connector.settings,
        secrets=[SECRETS[connector.kind]] if connector.secret else [],
        created_at=connector.created_at,
    )
