"""Previews of messages over REST: kept or still being written, over a past event, a contact, or given data."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.params import JSONBody

from tearoff.actions import contacts, message_previews
from tearoff.api.pages import Ref
from tearoff.api.rest.definitions import patched
from tearoff.api.rest.messages import MessagePatch
from tearoff.api.site import Call, Caller
from tearoff.domain.contacts import Contact
from tearoff.domain.events import identity_of
from tearoff.domain.messages import definition_of
from tearoff.engine.recipients import data_of
from tearoff.errors import NotFound, Problem
from tearoff.store import events
from tearoff.store import messages as store
from tearoff.store.db import Tx


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
        known, contact = await _sample_data(tx, call, data)
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


async def _sample_data(tx: Tx, call: Call, body: PreviewBody) -> tuple[dict[str, Any], Contact | None]:
    """What templates may read, and the contact that the tags are about."""
    params: dict[str, Any] = {}
    contact_id = body.contact_id
    if body.event_id is not None:
        found = await events.list_page(tx, project_id=call.project_id, event_id=body.event_id, limit=1)
        if not found:
            raise NotFound("event", body.event_id)
        params = found[0].params
        if contact_id is None:
            [contact_id] = await contacts.find(tx, project_id=call.project_id, identities=[identity_of(params)])
    loaded = await contacts.load(tx, project_id=call.project_id, contact_ids=[] if contact_id is None else [contact_id])
    if body.contact_id is not None and not loaded:
        raise NotFound("contact", body.contact_id)
    contact = loaded[0] if loaded else None
    known = {name: value for name, value in data_of(contact).items() if value is not None} if contact else {}
    return {**known, **params, **body.data}, contact
