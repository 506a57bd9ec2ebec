"""A message as somebody looks at it before it is sent: in the editor's preview, and as a test send."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tearoff.actions import public_codes, received_codes
from tearoff.actions.templates import limits_of, terms_for
from tearoff.domain.deliveries import Content
from tearoff.domain.messages import Message, language_for, text_in
from tearoff.domain.tags import as_data
from tearoff.domain.test_launches import SentTest
from tearoff.engine.parts import Engine
from tearoff.engine.readables import Given, Readable, read
from tearoff.engine.rendering import Reading, render, tag_names, templates_in
from tearoff.engine.test_sends import send_test
from tearoff.errors import NotFound
from tearoff.store import channels, pools, projects
from tearoff.store.db import Tx


class Look(NamedTuple):
    """The rendered message in the language chosen, and what it was rendered with."""

    language: str
    content: Content
    readable: Readable


async def look(
    engine: Engine, tx: Tx, *, project_id: int, message: Message, language: str | None, given: Given, now: datetime
) -> Look:
    """The message as a channel would get it, with marked samples for codes; sources read as null.

    Raises TemplateError with the place when it cannot be rendered, also for a code that nobody will give.
    """
    project = await projects.get(tx, project_id=project_id)
    readable = await read(tx, project_id=project_id, given=given)
    wanted = language or (readable.contact.language if readable.contact else None)
    chosen = language_for(message.content, wanted)
    text = text_in(message.content, message.medium, chosen)
    limits = limits_of(engine.settings, project.template_limits)
    terms = await terms_for(tx, project_id=project_id, texts=templates_in(text), limits=limits)
    parameters = await pools.list_parameters(tx, project_id=project_id)
    public = await public_codes.readable(tx, project_id=project_id, now=now)
    content = render(
        text,
        {
            **as_data(readable.tags),
            public_codes.NAME: public,
            received_codes.NAME: readable.received,
            **readable.data,
        },
        Reading((), parameters, project.zone, chosen, now, terms),
        readable.tags_with(tag_names(text, terms)),
        escape_html=message.content.escape_html,
    )
    return Look(chosen, content, readable)


async def send(
    engine: Engine,
    *,
    project_id: int,
    message: Message,
    language: str | None,
    given: Given,
    to: str,
    now: datetime,
) -> tuple[Look, SentTest]:
    """The message as it was sent as a test, and what came of it. No code is taken, and no delivery written."""
    reader = replace(engine, db=engine.db.read_only())
    async with reader.db.transaction() as tx:
        seen = await look(reader, tx, project_id=project_id, message=message, language=language, given=given, now=now)
        channel_id = message.channel_id
        if channel_id is None:
            channel = await channels.find_first(tx, project_id=project_id, medium=message.medium)
            if channel is None:
                raise NotFound("channel for", message.medium)
            channel_id = channel.channel_id
    return seen, await send_test(reader, project_id, channel_id, message.medium, seen.content, to, now)
