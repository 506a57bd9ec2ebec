"""Events and their types, as the event doors write and read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from tearoff.domain.events import Event, EventType
from tearoff.domain.ids import ID_MAX
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all

SQL = queries.load("events")


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it was accepted."""

    event_id: int
    type_key: str
    key_value: str
    params: dict[str, Any]
    received_at: datetime


async def find_types(tx: Tx, *, project_id: int, keys: Sequence[str]) -> dict[str, EventType]:
    """The event types that are there, by key."""
    values = {"project_id": project_id, "keys": list(keys)}
    return {kind.key: kind for kind in await fetch_all(tx, SQL.find_types, values, EventType)}


async def add_types(tx: Tx, *, project_id: int, keys: Sequence[str], now: datetime) -> None:
    """Make these event types, except those that are there."""
    await execute(tx, SQL.add_types, {"project_id": project_id, "keys": list(keys), "now": now})


async def add_all(
    tx: Tx, *, project_id: int, events: Sequence[Event], event_type_ids: Sequence[int], now: datetime
) -> list[int]:
    """The ids of the stored events, in order."""
    values = {
        "project_id": project_id,
        "event_type_ids": list(event_type_ids),
        "key_values": [event.key_value for event in events],
        "params": [msgspec.json.encode(event.params).decode() for event in events],
        "now": now,
    }
    return sorted(await fetch_all(tx, SQL.add_all, values, int))


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    before: int | None = None,
    event_id: int | None = None,
    type_key: str | None = None,
    key_value: str | None = None,
    limit: int,
) -> list[StoredEvent]:
    """Events, the newest first, older than `before`."""
    values = {
        "project_id": project_id,
        "before": before or ID_MAX,
        "event_id": event_id,
        "type_key": type_key,
        "key_value": key_value,
        "limit": limit,
    }
    return await fetch_all(tx, SQL.list_page, values, StoredEvent)
