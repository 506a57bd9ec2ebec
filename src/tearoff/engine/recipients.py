"""Who a run is about, and what templates may read of a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tearoff.actions import contacts
from tearoff.domain.contacts import Contact, Identity, email_of, phone_of, token_of
from tearoff.domain.events import identity_of
from tearoff.domain.ids import read_id
from tearoff.domain.parameters import fill
from tearoff.domain.workflows import GetContact, SendMessage
from tearoff.engine.travellers import Group, Traveller
from tearoff.store.db import Tx


def identity_at(block: GetContact | SendMessage, traveller: Traveller) -> Identity:
    """The identity that the block's parameters name, else that of the event or request.

    Raises ValueError with a sentence for a value that cannot be what it is said to be.
    """
    data = traveller.data
    given = {
        "contact_id": fill(block.contact_id, data),
        "external_id": fill(getattr(block, "external_customer_id", None), data),
        "email": fill(block.email, data),
        "phone": fill(block.phone, data),
        "token": fill(block.token, data),
    }
    texts = {name: str(value).strip() for name, value in given.items() if value not in (None, "")}
    if not texts:
        return identity_of(traveller.params)
    return read_identity(texts)


def read_identity(texts: dict[str, str]) -> Identity:
    """An identity from texts; raises ValueError with a sentence."""
    parts: dict[str, Any] = {"external_id": texts.get("external_id")}
    if number := texts.get("contact_id"):
        parts["contact_id"] = read_id(number)
        if parts["contact_id"] is None:
            raise ValueError(f"'{number[:50]}' is not a contact id")
    readers = {"email": email_of, "phone": phone_of, "token": token_of}
    parts |= {name: read(texts[name]) for name, read in readers.items() if name in texts}
    return Identity(**parts)


def data_of(contact: Contact) -> dict[str, Any]:
    """What *get contact* adds to `$data`."""
    return {
        "id": contact.contact_id,
        "contactId": contact.contact_id,
        "externalCustomerId": contact.external_id,
        "contactKey": contact.contact_key,
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "email": contact.address_of("email"),
        "sms": contact.address_of("sms"),
        "phone": contact.address_of("sms"),
        "token": contact.address_of("mobilepush") or contact.address_of("webpush"),
        "languageCode": contact.language,
        "timeZone": contact.time_zone,
        "town": contact.address.get("town"),
        "createdDate": contact.created_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "updatedDate": contact.updated_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "fields": contact.fields,
    }


def add_contact(traveller: Traveller, contact: Contact) -> None:
    """Let templates read the contact; what the event itself said stays."""
    traveller.contact, traveller.contact_id = contact, contact.contact_id
    known = {name: value for name, value in data_of(contact).items() if value is not None}
    traveller.data = known | traveller.data | {"fields": contact.fields}


async def find_contacts(tx: Tx, group: Group, travellers: Sequence[Traveller], *, create: bool = False) -> None:
    """Note the contact of every run that has none yet, by what its event or request says; one query for all."""
    asking = [t for t in travellers if t.contact_id is None]
    if not asking:
        return
    identities = [identity_of(t.params) for t in asking]
    if create:
        ids = await contacts.find_or_create(tx, project_id=group.project_id, identities=identities, now=group.now)
    else:
        ids = await contacts.find(tx, project_id=group.project_id, identities=identities)
    for traveller, contact_id in zip(asking, ids, strict=True):
        if contact_id is not None:
            traveller.contact_id = contact_id
            traveller.data.setdefault("contactId", contact_id)
