"""Channels over REST. Secrets go in and never come out: an answer only names those that are set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import channels
from tearoff.api.pages import After, Limit, Ref, next_page
from tearoff.api.rest.definitions import create_once, patched, require_new
from tearoff.api.site import Call, Caller
from tearoff.domain.channels import Channel, ChannelDefinition
from tearoff.domain.deliveries import Kind
from tearoff.domain.messages import Medium
from tearoff.store import channels as store
from tearoff.store.db import Tx


class ChannelPatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a channel; what is left out stays."""

    settings: dict[str, Any] | UnsetType = UNSET
    secrets: dict[str, str] | UnsetType = UNSET


class ChannelView(msgspec.Struct, rename="camel", kw_only=True):
    """A channel; `secrets` are names only."""

    id: int
    key: str
    kind: Kind
    medium: Medium
    settings: dict[str, Any]
    secrets: list[str]
    created_at: datetime


class ChannelPage(msgspec.Struct):
    """Channels, the oldest first."""

    items: list[ChannelView]
    next: str | None


async def list_channels(call: Caller, limit: Limit = 100, after: After = None) -> ChannelPage:
    """The channels of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit)
    return ChannelPage([view(call, each) for each in found], next_page([each.channel_id for each in found], limit))


async def get(call: Caller, channel: Ref) -> ChannelView:
    """One channel, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(call, await store.resolve(tx, project_id=call.project_id, reference=channel))


async def create(call: Caller, data: JSONBody[ChannelDefinition]) -> ChannelView:
    """Set up a channel; nothing is connected."""

    async def make(tx: Tx) -> ChannelView:
        put = await channels.put(tx, project_id=call.project_id, channel=data, cipher=call.site.cipher, now=call.now)
        channel_id = require_new(put, "channel")
        return view(call, await store.resolve(tx, project_id=call.project_id, reference=channel_id))

    return await create_once(call, "channels", data, make, ChannelView)


async def change(call: Caller, channel: Ref, data: JSONBody[ChannelPatch]) -> ChannelView:
    """Change the settings or secrets of a channel; its kind and medium stay."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=channel)
        kept = ChannelDefinition(key=before.key, kind=before.kind, medium=before.medium, settings=before.settings)
        await channels.put(
            tx, project_id=call.project_id, channel=patched(kept, data), cipher=call.site.cipher, now=call.now
        )
        return view(call, await store.resolve(tx, project_id=call.project_id, reference=before.channel_id))


async def remove(call: Caller, channel: Ref) -> None:
    """Forget a channel that no message uses."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=channel)
        await channels.remove(tx, project_id=call.project_id, channel=found)


def view(call: Call, channel: Channel) -> ChannelView:
    """A channel as the API shows it."""
    return ChannelView(
        id=channel.channel_id,
        key=channel.key,
        kind=channel.kind,
        medium=channel.medium,
        settings=channel.settings,
        secrets=sorted(channels.secrets_of(channel, project_id=call.project_id, cipher=call.site.cipher)),
        created_at=channel.created_at,
    )
