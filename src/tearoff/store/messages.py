"""Messages and what they said in each version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.definitions import as_id
from tearoff.domain.messages import Content, Message, MessageDefinition, Version
from tearoff.errors import NotFound
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional, fetch_value

SQL = queries.load("messages")


async def find(tx: Tx, *, project_id: int, references: Sequence[int | str]) -> dict[str, Message]:
    """The messages under these ids or keys, by the text of the reference; one that is not there is not in it."""
    ids = [id for reference in references if (id := as_id(reference)) is not None]
    values = {"project_id": project_id, "ids": ids, "keys": [str(reference) for reference in references]}
    found = await fetch_all(tx, SQL.find, values, into=Message)
    by_name = {name: message for message in found for name in (str(message.message_id), message.key)}
    return {str(reference): by_name[str(reference)] for reference in references if str(reference) in by_name}


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Message:
    """The message under an id or key; raises NotFound."""
    found = await find(tx, project_id=project_id, references=[reference])
    if not found:
        raise NotFound("message", reference)
    return found[str(reference)]


async def list_page(
    tx: Tx, *, project_id: int, after: int = 0, limit: int = 100, words: str | None = None
) -> list[Message]:
    """A page of messages by id, of those whose name or key holds the words."""
    values = {"project_id": project_id, "after": after, "limit": limit, "words": words}
    return await fetch_all(tx, SQL.list_page, values, into=Message)


async def add(
    tx: Tx, *, project_id: int, message: MessageDefinition, channel_id: int | None, now: datetime
) -> int | None:
    """The id of the new message in its first version; None when the key is taken."""
    values = {
        "project_id": project_id,
        "key": message.key,
        "name": message.name or message.key,
        "medium": message.medium,
        "channel_id": channel_id,
        "now": now,
    }
    message_id = await fetch_optional(tx, SQL.add, values, into=int)
    if message_id is not None:
        await add_version(tx, project_id=project_id, message_id=message_id, version=1, content=message.content, now=now)
    return message_id


async def change(
    tx: Tx, *, project_id: int, before: Message, message: MessageDefinition, channel_id: int | None, now: datetime
) -> int | None:
    """The version after the change, a new one when the content is another; None when somebody was faster."""
    is_new = message.content != before.content
    values = {
        "project_id": project_id,
        "message_id": before.message_id,
        "version": before.version,
        "step": int(is_new),
        "name": message.name or message.key,
        "medium": message.medium,
        "channel_id": channel_id,
        "now": now,
    }
    version = await fetch_optional(tx, SQL.change, values, into=int)
    if version is not None and is_new:
        await add_version(
            tx, project_id=project_id, message_id=before.message_id, version=version, content=message.content, now=now
        )
    return version


async def add_version(
    tx: Tx, *, project_id: int, message_id: int, version: int, content: Content, now: datetime
) -> None:
    """Keep what the message says in this version."""
    values = {
        "project_id": project_id,
        "message_id": message_id,
        "version": version,
        "content": Jsonb(msgspec.to_builtins(content)),
        "now": now,
    }
    await execute(tx, SQL.add_version, values)


async def get_versions(tx: Tx, *, project_id: int, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Version]:
    """What messages said, by (message id, version)."""
    values = {
        "project_id": project_id,
        "message_ids": [message_id for message_id, _ in pairs],
        "versions": [version for _, version in pairs],
    }
    return {(row.message_id, row.version): row for row in await fetch_all(tx, SQL.get_versions, values, into=Version)}


async def list_versions(tx: Tx, *, project_id: int, message_id: int, limit: int = 100) -> list[Version]:
    """The versions of a message, the newest first."""
    values = {"project_id": project_id, "message_id": message_id, "limit": limit}
    return await fetch_all(tx, SQL.list_versions, values, into=Version)


async def remove(tx: Tx, *, project_id: int, message_id: int) -> bool:
    """Whether the message is gone; one that was sent stays."""
    values = {"project_id": project_id, "message_id": message_id}
    if await fetch_value(tx, SQL.has_deliveries, values, into=bool):
        return False
    await execute(tx, SQL.remove_versions, values)
    return await execute(tx, SQL.remove, values) > 0
