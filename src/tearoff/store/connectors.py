"""Connectors; their secrets come in and go out sealed."""

from __future__ import annotations

from datetime import datetime

from psycopg.types.json import Jsonb

from tearoff.domain.connectors import Connector, ConnectorDefinition
from tearoff.domain.definitions import Put, as_id
from tearoff.store import puts, queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional

SQL = queries.load("connectors")


async def put(tx: Tx, *, project_id: int, connector: ConnectorDefinition, secret: bytes | None, now: datetime) -> Put:
    """The connector as it now stands, with its sealed secret."""
    values = {
        "project_id": project_id,
        "key": connector.key,
        "kind": connector.kind,
        "settings": Jsonb(connector.settings),
        "secret": secret,
        "now": now,
    }
    return await puts.put(tx, SQL.put, values, noun="connector", key=connector.key)


async def find(tx: Tx, *, project_id: int, reference: int | str) -> Connector | None:
    """The connector under an id or key."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_optional(tx, SQL.find, values, into=Connector)


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Connector:
    """The connector under an id or key; raises NotFound."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_one(tx, SQL.find, values, into=Connector, kind="connector", key=reference)


async def list_page(tx: Tx, *, project_id: int, after: int = 0, limit: int = 100) -> list[Connector]:
    """A page of connectors by id."""
    values = {"project_id": project_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_page, values, into=Connector)


async def remove(tx: Tx, *, project_id: int, connector_id: int) -> bool:
    """Whether the connector is gone; one that a source uses stays."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "id": connector_id}) > 0
