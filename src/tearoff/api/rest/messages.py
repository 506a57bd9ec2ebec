"""Messages over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import messages
from tearoff.actions.templates import limits_for
from tearoff.api.pages import After, Limit, Named, Ref, next_page
from tearoff.api.rest.definitions import Found, create_once, patched, require_new
from tearoff.api.site import Caller
from tearoff.domain.messages import Medium, Message, MessageDefinition, definition_of
from tearoff.store import messages as store
from tearoff.store.db import Tx

BODY_MAX = 10_000_000


class MessagePatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a message; what is left out stays."""

    name: str | UnsetType = UNSET
    channel: str | int | UnsetType | None = UNSET
    default_language: str | UnsetType = UNSET
    escape_html: bool | UnsetType = UNSET
    languages: dict[str, dict[str, Any]] | UnsetType = UNSET


class MessageView(msgspec.Struct, rename="camel", kw_only=True):
    """A message with its newest texts."""

    id: int
    key: str
    name: str
    medium: Medium
    channel: str | None
    version: int
    default_language: str
    escape_html: bool
    languages: dict[str, dict[str, Any]]
    created_at: datetime
    updated_at: datetime


class MessagePage(msgspec.Struct):
    """Messages, the oldest first."""

    items: list[MessageView]
    next: str | None


class VersionView(msgspec.Struct, rename="camel", kw_only=True):
    """What a message said in one of its versions."""

    version: int
    default_language: str
    escape_html: bool
    languages: dict[str, dict[str, Any]]
    created_at: datetime


class VersionPage(msgspec.Struct):
    """Versions, the newest first."""

    items: list[VersionView]


async def list_messages(call: Caller, limit: Limit = 100, after: After = None, q: Named = None) -> MessagePage:
    """The messages of the project, of those whose name or key holds `q`."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit, words=q)
    return MessagePage([view(each) for each in found], next_page([each.message_id for each in found], limit))


async def get(call: Caller, message: Ref) -> MessageView:
    """One message, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=message))


async def create(call: Caller, data: JSONBody[MessageDefinition]) -> MessageView:
    """Write a message; its templates must compile."""

    async def make(tx: Tx) -> MessageView:
        limits = await limits_for(tx, project_id=call.project_id, settings=call.site.settings)
        put = await messages.put(tx, project_id=call.project_id, message=data, now=call.now, limits=limits)
        return view(await store.resolve(tx, project_id=call.project_id, reference=require_new(put, "message")))

    return await create_once(call, "messages", data, make, MessageView)


async def change(call: Caller, message: Ref, data: JSONBody[MessagePatch]) -> MessageView:
    """Change some of a message; other texts are a new version."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=message)
        wanted = patched(definition_of(before), data)
        limits = await limits_for(tx, project_id=call.project_id, settings=call.site.settings)
        await messages.put(tx, project_id=call.project_id, message=wanted, now=call.now, limits=limits)
        return view(await store.resolve(tx, project_id=call.project_id, reference=before.message_id))


async def remove(call: Caller, message: Ref) -> None:
    """Forget a message that was never sent."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=message)
        await messages.remove(tx, project_id=call.project_id, message=found)


async def check(call: Caller, message: Ref, data: JSONBody[MessagePatch]) -> Found:
    """Everything wrong with the message as it would be with these changes; `{}` checks it as it is."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=message)
        wanted = patched(definition_of(before), data)
        limits = await limits_for(tx, project_id=call.project_id, settings=call.site.settings)
        problems, _ = await messages.find_problems(tx, project_id=call.project_id, message=wanted, limits=limits)
    return Found(problems)


async def list_versions(call: Caller, message: Ref, limit: Limit = 100) -> VersionPage:
    """What the message said in each of its versions."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=message)
        versions = await store.list_versions(tx, project_id=call.project_id, message_id=found.message_id, limit=limit)
    return VersionPage(
        [
            VersionView(version=each.version, created_at=each.created_at, **msgspec.structs.asdict(each.content))
            for each in versions
        ]
    )


def view(message: Message) -> MessageView:
    """A message as the API shows it."""
    return MessageView(
        id=message.message_id,
        key=message.key,
        name=message.name,
        medium=message.medium,
        channel=message.channel_key,
        version=message.version,
        created_at=message.created_at,
        updated_at=message.updated_at,
        **msgspec.structs.asdict(message.content),
    )
