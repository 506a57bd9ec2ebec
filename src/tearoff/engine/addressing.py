"""Where each run's message goes: the address that the block names, else the contact's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tearoff.actions import contacts, saved_codes
from tearoff.domain.contacts import Contact, Identity, LocatorKind, locator_of
from tearoff.domain.events import identity_of
from tearoff.domain.parameters import fill, is_missing
from tearoff.domain.workflows import SendMessage
from tearoff.engine.recipients import identity_at
from tearoff.engine.travellers import Group, Traveller
from tearoff.store import suppressions
from tearoff.store.db import Tx

PARAMETERS: dict[LocatorKind, str] = {"email": "email", "sms": "phone", "mobilepush": "token", "webpush": "token"}


class Addressed(NamedTuple):
    """A run with the address of its message and the contact behind it."""

    traveller: Traveller
    address: str
    contact: Contact | None


async def address(
    tx: Tx,
    group: Group,
    block: SendMessage,
    medium: LocatorKind,
    travellers: Sequence[Traveller],
    *,
    create: bool = True,
) -> list[Addressed]:
    """The runs that can be written to; an unknown recipient becomes a contact, unless `create` is off: who only looks
    gets the codes in profiles masked.

    A run without an address fails, and so does one whose address must not be written to.
    """
    named, identities = await _named(group, block, medium, travellers)
    if create:
        ids = await contacts.find_or_create(tx, project_id=group.project_id, identities=identities, now=group.now)
    else:
        ids = await contacts.find(tx, project_id=group.project_id, identities=identities)
    wanted = sorted({contact_id for contact_id in ids if contact_id is not None})
    known = await contacts.load(tx, project_id=group.project_id, contact_ids=wanted)
    seen = known if create else await saved_codes.veiled(tx, project_id=group.project_id, contacts=known)
    loaded = {contact.contact_id: contact for contact in seen}
    found: list[Addressed] = []
    for (traveller, text), contact_id in zip(named, ids, strict=True):
        contact = loaded.get(contact_id) if contact_id is not None else None
        target = text or (contact.address_of(medium) if contact else None)
        if contact is not None:
            traveller.contact_id = contact.contact_id
        if target is None:
            traveller.fail(
                "no-recipient", f"Neither the block nor the contact gives an address for {medium}.", group.now
            )
        else:
            found.append(Addressed(traveller, target, contact))
    return await _unsuppressed(tx, group, medium, found)


async def _named(
    group: Group, block: SendMessage, medium: LocatorKind, travellers: Sequence[Traveller]
) -> tuple[list[tuple[Traveller, str | None]], list[Identity]]:
    """What each run says of its recipient; a text that is no address fails the run."""
    named: list[tuple[Traveller, str | None]] = []
    identities: list[Identity] = []
    for traveller in travellers:
        if unsaid := _unsaid(block, traveller, medium):
            traveller.fail("no-recipient", f"{unsaid}, and neither the event nor a block gave it.", group.now)
            continue
        text = fill(getattr(block, PARAMETERS[medium]), traveller.data)
        try:
            locator = locator_of(medium, str(text)) if text not in (None, "") else None
            identity = _identity(block, traveller, medium, locator.value if locator else None)
        except ValueError as error:
            traveller.fail("invalid-recipient", f"{error}.", group.now)
            continue
        named.append((traveller, locator.value if locator else None))
        identities.append(identity)
    return named, identities


def _unsaid(block: SendMessage, traveller: Traveller, medium: LocatorKind) -> str | None:
    """The recipient that a workflow names and nobody gave: no other gets the message instead."""
    if traveller.run.workflow_id is None:
        return None
    named = {"contactId": block.contact_id, PARAMETERS[medium]: getattr(block, PARAMETERS[medium])}
    given = {name: value for name, value in named.items() if value is not None}
    if not given or not all(is_missing(value, traveller.data) for value in given.values()):
        return None
    return ", ".join(f"{name} is {value}" for name, value in given.items())


def _identity(block: SendMessage, traveller: Traveller, medium: LocatorKind, address: str | None) -> Identity:
    if address is not None:
        return msgspec.convert({PARAMETERS[medium]: address}, Identity)
    if fill(block.contact_id, traveller.data) not in (None, ""):
        return identity_at(block, traveller)
    if traveller.contact_id is not None:
        return Identity(contact_id=traveller.contact_id)
    return identity_of(traveller.params)


async def _unsuppressed(tx: Tx, group: Group, medium: LocatorKind, found: list[Addressed]) -> list[Addressed]:
    values = [addressed.address for addressed in found]
    refused = await suppressions.find(tx, project_id=group.project_id, kind=medium, values=values)
    for addressed in found:
        if addressed.address in refused:
            addressed.traveller.fail("suppressed", "The address does not want to be written to.", group.now)
    return [addressed for addressed in found if addressed.address not in refused]
