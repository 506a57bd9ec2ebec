"""Channels as projects have set them up; their secrets come in and go out sealed."""

from __future__ import annotations

from datetime import datetime

from psycopg.types.json import Jsonb

from tearoff.domain.channels import Channel, ChannelDefinition
from tearoff.domain.definitions import Put, as_id
from tearoff.domain.messages import Medium
from tearoff.store import puts, queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional

SQL = queries.load("channels")


async def put(tx: Tx, *, project_id: int, channel: ChannelDefinition, secret: bytes | None, now: datetime) -> Put:
    """The channel as it now stands, with its sealed secret."""
    values = {
        "project_id": project_id,
        "key": channel.key,
        "kind": channel.kind,
        "medium": channel.medium,
        "settings": Jsonb(channel.settings),
        "secret": secret,
        "now": now,
    }
    return await puts.put(tx, SQL.put, values, noun="channel", key=channel.key)


async def find(tx: Tx, *, project_id: int, reference: int | str) -> Channel | None:
    """The channel under an id or key."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_optional(tx, SQL.find, values, into=Channel)


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Channel:
    """The channel under an id or key; raises NotFound."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_one(tx, SQL.find, values, into=Channel, kind="channel", key=reference)


async def find_first(tx: Tx, *, project_id: int, medium: Medium) -> Channel | None:
    """The oldest channel of a medium: the way out for messages that name none."""
    return await fetch_optional(tx, SQL.find_first, {"project_id": project_id, "medium": medium}, into=Channel)


async def list_page(tx: Tx, *, project_id: int, after: int = 0, limit: int = 100) -> list[Channel]:
    """A page of channels by id."""
    values = {"project_id": project_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_page, values, into=Channel)


async def remove(tx: Tx, *, project_id: int, channel_id: int) -> bool:
    """Whether the channel is gone; one that messages use or deliveries wait for stays."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "id": channel_id}) > 0
