"""Previews of messages over REST: kept or still being written, over a past event, a contact, or given data."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.params import JSONBody

from tearoff.actions import message_previews
from tearoff.api.pages import Ref
from tearoff.api.rest.definitions import patched
from tearoff.api.rest.messages import MessagePatch
from tearoff.api.site import Caller
from tearoff.domain.messages import definition_of
from tearoff.engine.readables import Given, choose
from tearoff.errors import Problem
from tearoff.store import messages as store


class PreviewBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """What to render, and over what. `changes` are not kept; without a language the message's default is used.

    A past event brings its parameters and its contact; `contactId` names another one; `data` wins over both.
    """

    language: str | None = None
    changes: MessagePatch | None = None
    event_id: int | None = None
    contact_id: int | None = None
    data: dict[str, Any] = {}


class PreviewView(msgspec.Struct, rename="camel", kw_only=True):
    """The rendered texts by name; those that cannot be rendered are among the problems.

    `samples` says what stands for the code of each name, `sampleCode` what stands for `promocode`; `missing` names
    what was read and is not in the data.
    """

    language: str
    texts: dict[str, str]
    problems: list[Problem]
    sample_code: str
    samples: dict[str, str]
    missing: list[str]


async def preview(call: Caller, message: Ref, data: JSONBody[PreviewBody]) -> PreviewView:
    """How the message would read; no code is taken and no source is called."""
    async with call.site.db.transaction() as tx:
        found = definition_of(await store.resolve(tx, project_id=call.project_id, reference=message))
        wanted = found if data.changes is None else patched(found, data.changes)
        given = Given(event_id=data.event_id, contact_id=data.contact_id, data=data.data)
        known, contact = await choose(tx, project_id=call.project_id, given=given)
        shown = await message_previews.render(
            tx,
            project_id=call.project_id,
            content=wanted.content,
            language=data.language,
            data=known,
            now=call.now,
            settings=call.site.settings,
            contact=contact,
        )
    facts = msgspec.structs.asdict(shown)
    return PreviewView(sample_code=shown.samples[message_previews.PROMOCODE], **facts)
