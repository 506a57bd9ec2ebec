"""Setting up channels."""

from __future__ import annotations

from datetime import datetime

from tearoff.actions.secrets import open_all, seal_all
from tearoff.channels import registry
from tearoff.domain.channels import Channel, ChannelDefinition
from tearoff.domain.definitions import Put, check_key
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.store import channels as store
from tearoff.store.db import Tx
from tearoff.store.secrets import Cipher


async def put(
    tx: Tx, *, project_id: int, channel: ChannelDefinition, cipher: Cipher, now: datetime, at: str = ""
) -> Put:
    """The channel as it now stands; raises Invalid with every problem. Nothing is connected."""
    if problems := check(channel, at):
        raise Invalid(*problems)
    before = await store.find(tx, project_id=project_id, reference=channel.key)
    secret = seal_all(
        cipher,
        project_id=project_id,
        kind="channel",
        key=channel.key,
        secrets=channel.secrets,
        before=before.secret if before else None,
    )
    return await store.put(tx, project_id=project_id, channel=channel, secret=secret, now=now)


def check(channel: ChannelDefinition, at: str = "") -> list[Problem]:
    """Every rule that the definition breaks, those of its kind among them."""
    problems = check_key(channel.key, f"{at}/key")
    medium = "push" if channel.medium in ("mobilepush", "webpush") else channel.medium
    if medium not in registry.entry(channel.kind).media:
        problems.append(Problem(f"{at}/medium", f"A channel of the kind {channel.kind} carries no {channel.medium}."))
    try:
        registry.check_settings(channel.kind, channel.settings)
    except Invalid as error:
        problems += [Problem(f"{at}/settings{problem.pointer}", problem.detail) for problem in error.problems]
    return problems


async def remove(tx: Tx, *, project_id: int, channel: Channel) -> None:
    """Forget a channel; raises Conflict when messages use it or deliveries wait for it."""
    if not await store.remove(tx, project_id=project_id, channel_id=channel.channel_id):
        raise Conflict(f"The channel {channel.key!r} is used by a message, or deliveries wait to go out by it.")


def secrets_of(channel: Channel, *, project_id: int, cipher: Cipher) -> dict[str, str]:
    """The channel's secrets by name; raises Misconfigured when they do not open."""
    return open_all(cipher, project_id=project_id, kind="channel", key=channel.key, sealed=channel.secret)
