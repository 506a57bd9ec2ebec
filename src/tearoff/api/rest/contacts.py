"""Contacts over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import JSONBody, QueryParameter

from tearoff.actions import contacts, erasures, fields
from tearoff.actions.erasures import Erased
from tearoff.api import saved_codes
from tearoff.api.pages import After, Id, Limit, Text, next_page
from tearoff.api.site import Call, Caller
from tearoff.domain.contact_searches import search_of
from tearoff.domain.contacts import (
    TEXT_MAX,
    Contact,
    ContactChange,
    Locator,
    LocatorKind,
    language_of,
    locator_of,
    time_zone_of,
)
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import contacts as store
from tearoff.store.db import Tx
from tearoff.store.erasures import foresee

TEXTS = ("external_id", "contact_key", "first_name", "last_name")

Words = Annotated[str | None, QueryParameter(name="q", max_length=300, description="What somebody types to find one")]


class LocatorBody(msgspec.Struct, forbid_unknown_fields=True):
    """An address to be given to a contact."""

    kind: LocatorKind
    value: str


class ContactBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """A contact to be made or changed. null keeps what is there, an empty string clears it; fields by id or key."""

    external_id: str | None = None
    contact_key: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address: dict[str, str] = {}
    language: str | None = None
    time_zone: str | None = None
    locators: list[LocatorBody] = []
    fields: dict[str, Any] = {}


class LocatorView(msgspec.Struct, rename="camel"):
    """An address; a dead one is not written to."""

    kind: LocatorKind
    value: str
    is_dead: bool


class ContactView(msgspec.Struct, rename="camel", kw_only=True):
    """A contact; `fields` are by id, each in its own type, saved codes masked for who may not read codes."""

    id: int
    external_id: str | None
    contact_key: str | None
    first_name: str | None
    last_name: str | None
    address: dict[str, Any]
    language: str | None
    time_zone: str | None
    locators: list[LocatorView]
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class ErasureView(msgspec.Struct, rename="camel"):
    """What erasing a contact would touch: its runs, those on their way, its messages, and codes that stay its own."""

    runs: int
    open_runs: int
    messages: int
    codes: int


class ContactPage(msgspec.Struct):
    """Contacts by id."""

    items: list[ContactView]
    next: str | None


async def list_contacts(
    call: Caller,
    limit: Limit = 100,
    after: After = None,
    email: Text = None,
    phone: Text = None,
    external_id: Annotated[str | None, QueryParameter(name="externalId", max_length=300)] = None,
    q: Words = None,
) -> ContactPage:
    """Contacts by id; `email` and `phone` are prefixes. `q` is the beginning of an address, a number, a token, an
    external id or a name, or an id; the other filters do not count beside it."""
    if q and q.strip():
        return await _search(call, q, limit, after)
    filters = {"email": email and email.lower(), "phone": phone and phone.lstrip("+"), "external_id": external_id}
    async with call.site.db.transaction() as tx:
        ids, _ = await store.list_page(tx, project_id=call.project_id, filters=filters, after=after or 0, limit=limit)
        loaded = await contacts.load(tx, project_id=call.project_id, contact_ids=ids)
        found = await saved_codes.shown(tx, call, loaded)
    return ContactPage([view(contact) for contact in found], next_page(ids, limit))


async def _search(call: Call, q: str, limit: int, after: int | None) -> ContactPage:
    async with call.site.db.transaction() as tx:
        ids = await store.search(tx, project_id=call.project_id, search=search_of(q), after=after or 0, limit=limit)
        loaded = await contacts.load(tx, project_id=call.project_id, contact_ids=ids)
        found = await saved_codes.shown(tx, call, loaded)
    return ContactPage([view(contact) for contact in found], next_page(ids, limit))


async def get(call: Caller, contact_id: Id) -> ContactView:
    """One contact."""
    async with call.site.db.transaction() as tx:
        return await _load(tx, call, contact_id)


async def upsert(call: Caller, data: JSONBody[ContactBody]) -> ContactView:
    """Make a contact, or change the one that is found by external id, then email, phone, token."""
    async with call.site.db.transaction() as tx:
        change = await _change(tx, call, data)
        if not change.external_id and not change.locators:
            raise Invalid(Problem("/locators", "Give the contact a locator or an externalId."))
        [contact_id] = await contacts.upsert(tx, project_id=call.project_id, contacts=[change], now=call.now)
        return await _load(tx, call, contact_id)


async def change(call: Caller, contact_id: Id, data: JSONBody[ContactBody]) -> ContactView:
    """Change a contact by its id."""
    async with call.site.db.transaction() as tx:
        change = await _change(tx, call, data)
        await contacts.change(tx, project_id=call.project_id, contact_id=contact_id, change=change, now=call.now)
        return await _load(tx, call, contact_id)


async def remove(call: Caller, contact_id: Id) -> None:
    """Remove a contact with its addresses."""
    async with call.site.db.transaction() as tx:
        if not await store.remove(tx, project_id=call.project_id, contact_id=contact_id):
            raise NotFound("contact", contact_id)


async def foresee_erasure(call: Caller, contact_id: Id) -> ErasureView:
    """What erasing the contact would touch; nothing is erased."""
    async with call.site.db.transaction() as tx:
        if not await contacts.load(tx, project_id=call.project_id, contact_ids=[contact_id]):
            raise NotFound("contact", contact_id)
        found = await foresee(tx, project_id=call.project_id, contact_id=contact_id)
    return ErasureView(**msgspec.structs.asdict(found))


async def erase(call: Caller, contact_id: Id) -> Erased:
    """Forget a person: record, addresses, events and messages. Codes, dates and amounts stay under the bare number."""
    async with call.site.db.transaction() as tx:
        return await erasures.erase(
            tx, project_id=call.project_id, contact_id=contact_id, by=call.actor.name, now=call.now
        )


def view(contact: Contact) -> ContactView:
    """A contact as the API shows it."""
    values = msgspec.structs.asdict(contact)
    values["id"] = values.pop("contact_id")
    values["locators"] = [LocatorView(x.kind, x.value, x.is_dead) for x in contact.locators]
    return ContactView(**values)


async def _load(tx: Tx, call: Call, contact_id: int) -> ContactView:
    found = await contacts.load(tx, project_id=call.project_id, contact_ids=[contact_id])
    if not found:
        raise NotFound("contact", contact_id)
    [contact] = await saved_codes.shown(tx, call, found)
    return view(contact)


async def _change(tx: Tx, call: Call, body: ContactBody) -> ContactChange:
    problems = [
        Problem(f"/{name}", f"At most {TEXT_MAX} characters.")
        for name, value in (
            ("firstName", body.first_name),
            ("lastName", body.last_name),
            ("externalId", body.external_id),
        )
        if value and len(value) > TEXT_MAX
    ]
    locators: list[Locator] = []
    for n, sent in enumerate(body.locators):
        try:
            locators.append(locator_of(sent.kind, sent.value))
        except ValueError as error:
            problems.append(Problem(f"/locators/{n}/value", f"{error}."))
    codes: dict[str, str] = {}
    for name, read, value in (("language", language_of, body.language), ("time_zone", time_zone_of, body.time_zone)):
        try:
            codes |= {name: read(value)} if value is not None else {}
        except ValueError as error:
            problems.append(Problem(f"/{name}", f"{error}."))
    [values] = await fields.read(tx, project_id=call.project_id, raw=[body.fields])
    if isinstance(values, Invalid):
        problems += values.problems
    if problems or isinstance(values, Invalid):
        raise Invalid(*problems)
    texts = {name: getattr(body, name) for name in TEXTS}
    [kept] = await saved_codes.unmasked(tx, call, [values])
    change = ContactChange(locators=tuple(locators), fields=kept, address=body.address)
    return msgspec.structs.replace(change, **texts, **codes)
