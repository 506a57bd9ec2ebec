"""Message: finds the recipients, claims what the template's own tags wish, renders, and writes deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec

from tearoff import velocity
from tearoff.actions import public_codes, received_codes, unsubscribes
from tearoff.actions.templates import Terms, limits_of, terms_for
from tearoff.clock import monotonic
from tearoff.domain.contacts import Contact
from tearoff.domain.deliveries import Content, EmailContent
from tearoff.domain.fields import Field
from tearoff.domain.holds import HOLD_DEFAULT
from tearoff.domain.messages import Message, language_for, text_in
from tearoff.domain.outbox import NewDelivery
from tearoff.domain.parameters import fill
from tearoff.domain.pools import Pool
from tearoff.domain.tags import are_read_as_data, as_data, contact_tags, promo_wish
from tearoff.domain.workflows import SendMessage
from tearoff.engine.addressing import Addressed, address
from tearoff.engine.claiming import Asked, claim, take, wait
from tearoff.engine.parts import Engine
from tearoff.engine.rendering import ContactTags, Reading, bare_tags, names_of, render, tag_names, templates_in
from tearoff.engine.travellers import Group, Traveller
from tearoff.errors import NotFound, TearoffError, Unavailable
from tearoff.store import channels, claims, deliveries, fields, messages, pools, sources
from tearoff.store.db import Tx
from tearoff.store.received_codes import ReceivedCode

SOURCES_MAX = 1000


class Sheet(NamedTuple):
    """What all runs of a group share: the message, its channel, and what its templates may read.

    `is_about`: they read the contact. `code_tags` are the merge tags of fields that hold codes.
    """

    message: Message
    channel_id: int
    tags: frozenset[str]
    sources: frozenset[str]
    parameters: frozenset[str]
    fields: list[Field]
    is_about: bool
    code_tags: frozenset[str]
    pools: dict[str, Pool]
    public: dict[str, Any]
    reads_received: bool
    terms: Terms


class Codes(NamedTuple):
    """What the templates of one run may print: the codes of its tags, and what its recipient received last."""

    promo: Mapping[str, str]
    received: Mapping[str, velocity.LazyMap]


async def act(engine: Engine, group: Group) -> None:
    """Write a delivery for every run that can be rendered; the others fail, hold for a code, or call a source."""
    block = group.block
    assert isinstance(block, SendMessage)
    await _pass_what_left(engine, group)
    try:
        sheet = await read_sheet(engine, group, block)
    except Unavailable:
        raise
    except TearoffError as error:
        for traveller in group.travellers:
            if traveller.block_id == group.block_id:
                traveller.fail(error.type, str(error), group.now)
        return
    async with engine.db.transaction() as tx:
        here = [t for t in group.travellers if t.block_id == group.block_id]
        strangers = [t for t in here if t.contact_id is None and t.carried]
        addressed = await address(tx, group, block, sheet.message.medium, here)
        owners = {code.key: t.contact_id for t in strangers if t.contact_id is not None for code in t.carried}
        await claims.own(tx, project_id=group.project_id, owners=owners)
    promo: dict[int, dict[str, str]] = {a.traveller.run.run_id: {} for a in addressed}
    for tag in sorted(sheet.tags):
        await _claim_tag(engine, group, sheet, tag, [a.traveller for a in addressed if a.traveller.end is None], promo)
    left = [one for one in addressed if one.traveller.end is None]
    received = await list_received(engine, group, sheet, left)
    for n, one in enumerate(left):
        if n and monotonic() > group.until:
            one.traveller.pause(group.now)
            continue
        run_id = one.traveller.run.run_id
        _send(engine, group, block, sheet, one, Codes(promo[run_id], received_codes.readable(received.get(run_id, ()))))
        # templates may take long; the other actors of this process have their turns in between
        await asyncio.sleep(0)


async def list_received(
    engine: Engine, group: Group, sheet: Sheet, addressed: Sequence[Addressed]
) -> dict[int, list[ReceivedCode]]:
    """What the recipients received last, by run, where a template prints it; one query for all."""
    contacts = {one.traveller.run.run_id: contact.contact_id for one in addressed if (contact := recipient_of(one))}
    if not sheet.reads_received or not contacts:
        return {}
    async with engine.db.transaction() as tx:
        return await received_codes.list_for(tx, project_id=group.project_id, contacts=contacts, now=group.now)


def recipient_of(one: Addressed) -> Contact | None:
    """Who gets the message, where it is known."""
    return one.contact or one.traveller.contact


async def _pass_what_left(engine: Engine, group: Group) -> None:
    """Let retried runs go on whose message of this block went out before, with codes that they still have."""
    again = [t for t in group.travellers if t.run.attempt > 0]
    if not again:
        return
    async with engine.db.transaction() as tx:
        left = await deliveries.list_left(tx, project_id=group.project_id, run_ids=[t.run.run_id for t in again])
    gone = {d.run_id: set(d.keys) for d in left if d.block == group.block_id}
    for traveller in again:
        keys = gone.get(traveller.run.run_id)
        if keys is not None and keys <= {code.key for code in traveller.carried}:
            traveller.leave("next", group.now, output={"sent": "before"})


async def read_sheet(engine: Engine, group: Group, block: SendMessage) -> Sheet:
    """What the runs of a group share.

    Raises NotFound for a message or channel that is not there, TemplateProblems for templates that are wrong.
    """
    at: dict[str, Any] = {"project_id": group.project_id}
    async with engine.db.transaction() as tx:
        message = await messages.resolve(tx, **at, reference=block.message)
        channel_id = message.channel_id
        if channel_id is None:
            channel = await channels.find_first(tx, **at, medium=message.medium)
            if channel is None:
                raise NotFound("channel for", message.medium)
            channel_id = channel.channel_id
        texts = [text_in(message.content, message.medium, code) for code in message.content.languages]
        terms = await terms_for(
            tx,
            project_id=group.project_id,
            texts=[template for text in texts for template in templates_in(text)],
            limits=limits_of(engine.settings, group.project.template_limits),
        )
        tags = frozenset(name for text in texts for name in tag_names(text, terms))
        is_about = bool(tags) or any(are_read_as_data(each) for text in texts for each in templates_in(text))
        known = await fields.list_all(tx, **at) if is_about else []
        names = {name for text in texts for name in names_of(text, terms)}
        bare = {name for text in texts for name in bare_tags(text, terms)}
        types = sorted({wish[0] for name in tags if (wish := promo_wish(name)) is not None})
        launched = await pools.list_launched(tx, **at, types=types) if types else []
        return Sheet(
            message=message,
            channel_id=channel_id,
            tags=tags,
            sources=frozenset(s.name for s in await sources.list_page(tx, **at, limit=SOURCES_MAX)),
            parameters=frozenset(await pools.list_parameters(tx, **at)),
            fields=known,
            is_about=is_about,
            code_tags=await _code_tags(tx, group, known, bare),
            pools={pool.type: pool for pool in launched},
            public=await _public(tx, group, public_codes.NAME in names),
            reads_received=received_codes.NAME in names,
            terms=terms,
        )


async def _code_tags(tx: Tx, group: Group, known: list[Field], bare: set[str]) -> frozenset[str]:
    """Those of the merge tags that stand for a field which workflows or issues save codes to."""
    if not any("." in name for name in bare):
        return frozenset()
    ids = await fields.list_of_codes(tx, project_id=group.project_id)
    return frozenset(name for f in known if f.field_id in ids and (name := f"{f.section}.{f.key}") in bare)


async def _public(tx: Tx, group: Group, is_read: bool) -> dict[str, Any]:
    """Multi-use codes, for templates that print them."""
    if not is_read:
        return {}
    return {public_codes.NAME: await public_codes.readable(tx, project_id=group.project_id, now=group.now)}


async def _claim_tag(
    engine: Engine,
    group: Group,
    sheet: Sheet,
    tag: str,
    travellers: list[Traveller],
    promo: dict[int, dict[str, str]],
) -> None:
    """Claim once per run and message for a tag that stands for a code; the template only reads it."""
    wished = promo_wish(tag)
    if wished is None or not travellers:
        return
    pool = sheet.pools.get(wished[0])
    if pool is None:
        for traveller in travellers:
            traveller.fail("pool-empty", f"%{tag}%: no launched pool has the type {wished[0]!r}.", group.now)
        return
    asked = Asked(pool, wished[1], mark=f"%{tag}")
    asking: list[Traveller] = []
    for traveller in travellers:
        if kept := traveller.kept(asked.mark):
            promo[traveller.run.run_id][tag] = kept.value
        else:
            asking.append(traveller)
    if not asking:
        return
    for traveller, claimed in await claim(engine, group, asked, asking):
        if claimed is None:
            wait(group, asked, traveller, HOLD_DEFAULT)
        elif (code := take(group, asked, traveller, claimed)) is not None:
            traveller.keep(code)
            promo[traveller.run.run_id][tag] = code.value


def _send(engine: Engine, group: Group, block: SendMessage, sheet: Sheet, one: Addressed, codes: Codes) -> None:
    traveller, language = one.traveller, language_of(block, sheet, one)
    try:
        content = content_of(group, block, sheet, one, codes)
    except velocity.NeedValue as need:
        traveller.call(str(need.key), group.now)
        return
    except TearoffError as error:
        traveller.fail(error.type, str(error), group.now)
        return
    if isinstance(content, EmailContent) and engine.settings.public_url:
        url = unsubscribes.link(
            engine.cipher, engine.settings.public_url, project_id=group.project_id, kind="email", value=one.address
        )
        content = msgspec.structs.replace(content, unsubscribe_url=url)
    traveller.deliveries.append(_delivery(sheet, one, codes, language, msgspec.to_builtins(content)))
    shown = {"recipient": one.address, "language": language}
    said = {"message": sheet.message.key, "version": sheet.message.version}
    traveller.leave("next", group.now, shown=shown, output=said)


def language_of(block: SendMessage, sheet: Sheet, one: Addressed) -> str:
    """The language of the texts that a run's recipient gets: the block's, else the contact's, else the default."""
    contact = recipient_of(one)
    wanted = fill(block.language, one.traveller.data) or (contact.language if contact else None)
    return language_for(sheet.message.content, None if wanted is None else str(wanted))


def content_of(group: Group, block: SendMessage, sheet: Sheet, one: Addressed, codes: Codes) -> Content:
    """The rendered message of one run; raises TemplateError, or NeedValue for a source that must be called first."""
    traveller, contact = one.traveller, recipient_of(one)
    language = language_of(block, sheet, one)
    reading = Reading(
        sources=sheet.sources - traveller.run.answers.keys(),
        parameters=sheet.parameters,
        zone=group.project.zone,
        language=language,
        now=group.now,
        terms=sheet.terms,
    )
    about = contact_tags(contact, sheet.fields) if sheet.is_about else {}
    return render(
        text_in(sheet.message.content, sheet.message.medium, language),
        {**as_data(about), received_codes.NAME: codes.received, **message_data(block, traveller), **sheet.public},
        reading,
        ContactTags({**about, **codes.promo}, sheet.code_tags),
        escape_html=sheet.message.content.escape_html,
        sender_name=traveller.run.data.get("fromName"),
    )


def message_data(block: SendMessage, traveller: Traveller) -> dict[str, Any]:
    """The run's data, with the keys of the block's JSON object and the answers of sources on top."""
    given = fill(block.json, traveller.data)
    return {**traveller.data, **(given if isinstance(given, dict) else {}), **traveller.run.answers}


def _delivery(sheet: Sheet, one: Addressed, codes: Codes, language: str, content: dict[str, Any]) -> NewDelivery:
    traveller, contact = one.traveller, recipient_of(one)
    ends = [code.expires_at for code in traveller.carried if code.expires_at is not None]
    ends += received_codes.ends_read(codes.received)
    return NewDelivery(
        run_id=traveller.run.run_id,
        block=traveller.block_id,
        attempt=traveller.run.attempt,
        contact_id=contact.contact_id if contact else None,
        channel_id=sheet.channel_id,
        medium=sheet.message.medium,
        message_id=sheet.message.message_id,
        version=sheet.message.version,
        recipient=one.address,
        language=language,
        content=content,
        reference=uuid4().hex,
        expires_at=min(ends, default=None),
        carried=tuple((code.code_id, code.key) for code in traveller.carried),
    )
