"""Event types as operators see and set them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.events import Wanted
from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all, fetch_value

SQL = queries.load("event_types")


class StoredEventType(msgspec.Struct, frozen=True, kw_only=True):
    """An event type with its description; `params` None means that nothing is asked of its events."""

    event_type_id: int
    key: str
    name: str
    description: str
    params: tuple[Wanted, ...] | None
    created_at: datetime


async def list_page(
    tx: Tx, *, project_id: int, after: int = 0, key: str | None = None, words: str | None = None, limit: int
) -> list[StoredEventType]:
    """Event types behind `after`, oldest first; `key` picks one, `words` those whose name or key holds them."""
    values = {"project_id": project_id, "after": after, "key": key, "words": words, "limit": limit}
    return await fetch_all(tx, SQL.list_page, values, StoredEventType)


async def put(
    tx: Tx,
    *,
    project_id: int,
    key: str,
    name: str | None = None,
    description: str | None = None,
    params: Sequence[Wanted] | None = None,
    sets_params: bool = False,
    now: datetime,
) -> int:
    """Make or change an event type; gives its id. None keeps what is there; `params` count with `sets_params`."""
    values = {
        "project_id": project_id,
        "key": key,
        "name": name,
        "description": description,
        "params": Jsonb([{"name": w.name, "required": w.required} for w in params]) if params is not None else None,
        "sets_params": sets_params,
        "now": now,
    }
    return await fetch_value(tx, SQL.put, values, int)
