"""Contacts in the vendor's dialect."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, QueryParameter

from tearoff.actions import contacts, events, fields
from tearoff.api import saved_codes
from tearoff.api.pages import Text
from tearoff.api.site import Call, Caller
from tearoff.api.yespo.answers import answer
from tearoff.api.yespo.bodies import read
from tearoff.api.yespo.contact_bodies import Sent, parse, shown
from tearoff.domain.contacts import ContactChange, Identity
from tearoff.domain.events import Event, check_type
from tearoff.domain.fields import Field
from tearoff.domain.ids import ID_MAX, read_id
from tearoff.errors import Invalid, NotFound
from tearoff.store import contacts as store
from tearoff.store import fields as field_store
from tearoff.store import suppressions
from tearoff.store.db import Tx

ROWS_MAX = 500


async def upsert(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Make or change one contact; it is found by externalCustomerId, then email, phone, token."""
    sent = parse(read(await request.body(), dict[str, Any], "contact"))
    async with call.site.db.transaction() as tx:
        [contact_id] = await contacts.upsert(
            tx, project_id=call.project_id, contacts=[await complete(tx, call, sent)], now=call.now
        )
    return answer({"id": contact_id})


async def get(call: Caller, contact_id: FromPath[str]) -> Response[bytes]:
    """One contact."""
    async with call.site.db.transaction() as tx:
        loaded = await contacts.load(tx, project_id=call.project_id, contact_ids=[_id(contact_id)])
        found = await saved_codes.shown(tx, call, loaded)
    return answer(shown(found[0], call.project_id)) if found else absent(contact_id)


async def change(call: Caller, contact_id: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Change one contact by its id."""
    sent = parse(read(await request.body(), dict[str, Any], "contact"), needs_key=False)
    try:
        async with call.site.db.transaction() as tx:
            change = await complete(tx, call, sent)
            await contacts.change(
                tx, project_id=call.project_id, contact_id=_id(contact_id), change=change, now=call.now
            )
    except NotFound:
        return absent(contact_id)
    return answer(f"Contact with id='{contact_id}' has been updated")


async def remove(call: Caller, contact_id: FromPath[str]) -> Response[bytes]:
    """Remove one contact by its id."""
    async with call.site.db.transaction() as tx:
        is_gone = await store.remove(tx, project_id=call.project_id, contact_id=_id(contact_id))
    return answer(f"Contact with id='{contact_id}' has been deleted") if is_gone else absent(contact_id)


async def remove_by_external_id(
    call: Caller, external_id: Annotated[str, QueryParameter(name="externalCustomerId", min_length=1)]
) -> Response[bytes]:
    """Remove one contact by its externalCustomerId; it is erased with or without `erase`."""
    async with call.site.db.transaction() as tx:
        identity = Identity(external_id=external_id)
        [found] = await contacts.find(tx, project_id=call.project_id, identities=[identity])
        if found is None:
            return answer(f"Contact with externalCustomerId='{external_id}' not found", status=404)
        await store.remove(tx, project_id=call.project_id, contact_id=found)
    return answer(f"Contact with id='{found}' has been deleted")


async def search(
    call: Caller,
    email: Text = None,
    sms: Text = None,
    external_id: Annotated[str | None, QueryParameter(name="externalCustomerId")] = None,
    first_name: Annotated[str | None, QueryParameter(name="firstname")] = None,
    last_name: Annotated[str | None, QueryParameter(name="lastname")] = None,
    startindex: Annotated[int, QueryParameter(ge=1, le=ID_MAX)] = 1,
    maxrows: Annotated[int, QueryParameter(ge=1, le=ROWS_MAX)] = ROWS_MAX,
) -> Response[bytes]:
    """A bare array of contacts by id, and how many there are in all as TotalCount; rows are numbered from 1."""
    filters = {
        "email": email.strip().lower() if email else None,
        "phone": sms.strip().lstrip("+") if sms else None,
        "external_id": external_id or None,
        "first_name": first_name or None,
        "last_name": last_name or None,
    }
    async with call.site.db.transaction() as tx:
        ids, total = await store.list_page(
            tx, project_id=call.project_id, filters=filters, offset=startindex - 1, limit=maxrows
        )
        found = await saved_codes.shown(tx, call, await contacts.load(tx, project_id=call.project_id, contact_ids=ids))
    return answer([shown(c, call.project_id) for c in found], headers={"TotalCount": str(total)})


async def subscribe(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Make or change one contact, and raise subscribeFromApi or subscribeUpdateFromApi, `-formType` behind it."""
    body = read(await request.body(), dict[str, Any], "contact")
    sent = parse(body)
    form = body.get("formType")
    suffix = f"-{form}" if isinstance(form, str) and form else ""
    if problems := check_type(f"subscribeUpdateFromApi{suffix}", "formType"):
        raise Invalid(*problems)
    async with call.site.db.transaction() as tx:
        change = await complete(tx, call, sent)
        [known] = await contacts.find(tx, project_id=call.project_id, identities=[change.identity])
        [contact_id] = await contacts.upsert(tx, project_id=call.project_id, contacts=[change], now=call.now)
        kind = "subscribeFromApi" if known is None else "subscribeUpdateFromApi"
        raised = Event(
            type_key=kind + suffix,
            key_value=str(contact_id),
            params={"ContactId": str(contact_id), "EmailAddress": change.identity.email},
        )
        is_refused = await _is_suppressed(tx, call, change.identity.email)
        await events.record(tx, project_id=call.project_id, events=[raised], now=call.now)
    status = "BLACKLISTED" if is_refused else "SUBSCRIBED"
    return answer({"id": contact_id, "emailStatus": status, "new": known is None})


async def _is_suppressed(tx: Tx, call: Call, email: str | None) -> bool:
    """Whether the address is one that is never written to."""
    if email is None:
        return False
    return bool(await suppressions.find(tx, project_id=call.project_id, kind="email", values=[email]))


async def address_books(call: Caller) -> Response[bytes]:
    """The project as the vendor's only address book, with its fields by section."""
    async with call.site.db.transaction() as tx:
        found = await field_store.list_all(tx, project_id=call.project_id)
    empty: dict[str, list[Field]] = {"PERSONAL": [], "OTHER": []}
    sections = {field.section: [f for f in found if f.section == field.section] for field in found}
    groups = [
        {"name": name, "profileKey": name, "fields": [_field(field) for field in inside]}
        for name, inside in (empty | sections).items()
    ]
    # always two groups or more: a client reads one alone as an object, and breaks
    book = {"addressBookId": call.project_id, "name": "Contacts", "fieldGroups": groups}
    return answer({"addressBook": book})


async def complete(tx: Tx, call: Call, sent: Sent) -> ContactChange:
    """The change with its fields, read in their own types; raises Invalid with the name of a field that is wrong."""
    [values] = await fields.read(tx, project_id=call.project_id, raw=[sent.fields])
    if isinstance(values, Invalid):
        raise values
    [kept] = await saved_codes.unmasked(tx, call, [values])
    return msgspec.structs.replace(sent.change, fields=kept)


def absent(contact_id: str) -> Response[bytes]:
    """The vendor's sentence about a contact that is not there."""
    return answer(f"Contact with id='{contact_id}' not found", status=404)


def _id(text: str) -> int:
    """The id in a path; nobody has the id 0."""
    return read_id(text) or 0


def _field(field: Field) -> dict[str, Any]:
    return {
        "id": field.field_id,
        "name": field.name,
        "fieldKey": field.key,
        "description": {
            "type": field.type,
            "required": field.is_required,
            "readonly": field.is_read_only,
            "allowedValues": {"possibleValues": list(field.allowed)},
        },
    }
