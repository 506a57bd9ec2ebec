"""Writing messages; each change of what one says is a new version."""

from __future__ import annotations

from datetime import datetime

from tearoff import velocity
from tearoff.actions import templates
from tearoff.domain.definitions import Put
from tearoff.domain.messages import Message, MessageDefinition, check, definition_of, templates_of
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.store import channels
from tearoff.store import messages as store
from tearoff.store.db import Tx


async def put(
    tx: Tx,
    *,
    project_id: int,
    message: MessageDefinition,
    now: datetime,
    at: str = "",
    limits: velocity.Limits = velocity.DEFAULT,
) -> Put:
    """The message as it now stands; raises Invalid with every problem, and Conflict in a race."""
    problems, channel_id = await find_problems(tx, project_id=project_id, message=message, at=at, limits=limits)
    if problems:
        raise Invalid(*problems)
    return await write(tx, project_id=project_id, message=message, channel_id=channel_id, now=now)


async def find_problems(
    tx: Tx,
    *,
    project_id: int,
    message: MessageDefinition,
    at: str = "",
    limits: velocity.Limits = velocity.DEFAULT,
) -> tuple[list[Problem], int | None]:
    """Everything that is wrong with a message, and the id of its channel."""
    texts = [text for _, text in templates_of(message)]
    terms = await templates.terms_for(tx, project_id=project_id, texts=texts, limits=limits, is_held=True)
    problems = check(message, at) + templates.check(templates_of(message), at, terms)
    channel_id = None
    if message.channel is not None:
        channel = await channels.find(tx, project_id=project_id, reference=message.channel)
        if channel is None:
            problems.append(Problem(f"{at}/channel", f"There is no channel {message.channel!r}."))
        elif channel.medium != message.medium:
            detail = f"The channel {channel.key!r} carries {channel.medium}, not {message.medium}."
            problems.append(Problem(f"{at}/channel", detail))
        else:
            channel_id = channel.channel_id
    problems += await templates.check_pools(
        tx, project_id=project_id, templates=templates_of(message), at=at, terms=terms
    )
    return problems, channel_id


async def write(tx: Tx, *, project_id: int, message: MessageDefinition, channel_id: int | None, now: datetime) -> Put:
    """Add the message, or change it if it is another than before."""
    found = await store.find(tx, project_id=project_id, references=[message.key])
    before = found.get(message.key)
    if before is None:
        message_id = await store.add(tx, project_id=project_id, message=message, channel_id=channel_id, now=now)
        if message_id is None:
            raise Conflict(f"Somebody made a message {message.key!r} at the same moment.")
        return Put(message_id, message.key, "created")
    if is_same(before, message, channel_id):
        return Put(before.message_id, message.key, "unchanged")
    version = await store.change(
        tx, project_id=project_id, before=before, message=message, channel_id=channel_id, now=now
    )
    if version is None:
        raise Conflict(f"Somebody changed the message {message.key!r} at the same moment.")
    return Put(before.message_id, message.key, "changed")


def is_same(before: Message, message: MessageDefinition, channel_id: int | None) -> bool:
    """Whether the definition would change nothing."""
    kept = definition_of(before)
    return (kept.name, kept.medium, kept.content, before.channel_id) == (
        message.name or message.key,
        message.medium,
        message.content,
        channel_id,
    )


async def remove(tx: Tx, *, project_id: int, message: Message) -> None:
    """Forget a message that was never sent; raises Conflict when it was."""
    if not await store.remove(tx, project_id=project_id, message_id=message.message_id):
        raise Conflict(f"The message {message.key!r} was sent; its deliveries refer to it.")
