"""Trying things over REST before they are used: a message sent to oneself, a data source, a channel."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.api.pages import Ref
from tearoff.api.rest.definitions import patched
from tearoff.api.rest.messages import MessagePatch
from tearoff.api.site import Caller
from tearoff.domain import sources as source_rules
from tearoff.domain.messages import check as check_message
from tearoff.domain.messages import definition_of
from tearoff.domain.sources import HttpCall, SourceDefinition
from tearoff.domain.test_launches import RenderedMessage, SentTest, shown
from tearoff.engine import channel_tests, looks, source_tests
from tearoff.engine.channel_tests import ChannelTest
from tearoff.engine.readables import Given
from tearoff.engine.source_tests import SourceTest
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import channels, connectors, messages, sources

To = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class TestSendBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """Where to send it, and what to render it over, as for a preview: `changes` are not kept."""

    to: To
    language: str | None = None
    event_id: int | None = None
    contact_id: int | None = None
    data: dict[str, Any] = {}
    changes: MessagePatch | None = None


class TestSent(msgspec.Struct, frozen=True):
    """The message as it was rendered, with marked samples for codes, and what came of sending it."""

    message: RenderedMessage
    sent: SentTest


class SourceTestBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """What to call the source with. `call` is how it would be called, when that was not saved yet; `answers` are what
    other sources say, by name."""

    event_id: int | None = None
    contact_id: int | None = None
    data: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    call: HttpCall | None = None
    connector: str | int | UnsetType | None = UNSET


class ChannelTestBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where to send a message; without an address the channel only connects and signs in."""

    to: To | None = None


async def send_message(call: Caller, message: Ref, data: JSONBody[TestSendBody]) -> TestSent:
    """Send a message to one address, marked as a test. No code is taken and no delivery counted."""
    async with call.site.db.transaction() as tx:
        found = await messages.resolve(tx, project_id=call.project_id, reference=message)
    if data.changes is not None:
        wanted = patched(definition_of(found), data.changes)
        if problems := check_message(wanted):
            raise Invalid(*(Problem(f"/changes{each.pointer}", each.detail) for each in problems))
        found = msgspec.structs.replace(found, content=wanted.content)
    seen, sent = await looks.send(
        call.site.engine,
        project_id=call.project_id,
        message=found,
        language=data.language,
        given=Given(data.event_id, data.contact_id, data.data),
        to=data.to,
        now=call.now,
    )
    head = RenderedMessage(
        message=found.key, version=found.version, medium=found.medium, recipient=sent.to, language=seen.language
    )
    return TestSent(shown(seen.content, head), sent)


async def call_source(call: Caller, source: Ref, data: JSONBody[SourceTestBody]) -> SourceTest:
    """Call a data source once and show what went out and what came back. Secrets are hidden in both."""
    async with call.site.db.transaction() as tx:
        found = await sources.resolve(tx, project_id=call.project_id, reference=source)
        if data.call is not None:
            changed: SourceDefinition = patched(source_rules.definition_of(found), data.call)
            if problems := source_rules.check(changed, "/call"):
                raise Invalid(*problems)
            found = msgspec.structs.replace(found, definition=data.call)
        if data.connector is None:
            found = msgspec.structs.replace(found, connector_id=None, connector_key=None)
        elif data.connector is not UNSET:
            try:
                connector = await connectors.resolve(tx, project_id=call.project_id, reference=data.connector)
            except NotFound as error:
                raise Invalid(Problem("/connector", f"There is no connector {data.connector!r}.")) from error
            found = msgspec.structs.replace(found, connector_id=connector.connector_id, connector_key=connector.key)
    return await source_tests.test_source(
        call.site.engine,
        project_id=call.project_id,
        source=found,
        given=Given(data.event_id, data.contact_id, data.data),
        answers=data.answers,
        now=call.now,
    )


async def try_channel(call: Caller, channel: Ref, data: JSONBody[ChannelTestBody]) -> ChannelTest:
    """Connect and sign in as a send would, and send one message if an address is given."""
    async with call.site.db.transaction() as tx:
        found = await channels.resolve(tx, project_id=call.project_id, reference=channel)
    return await channel_tests.test_channel(
        call.site.engine, project_id=call.project_id, channel=found, to=data.to, now=call.now
    )
