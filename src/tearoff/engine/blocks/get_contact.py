"""Get contact: one look-up for the whole set, then what templates may read of each."""

from __future__ import annotations

import msgspec

from tearoff.actions import contacts
from tearoff.domain.contacts import Identity
from tearoff.domain.workflows import GetContact
from tearoff.engine.parts import Engine
from tearoff.engine.recipients import add_contact, identity_at
from tearoff.engine.travellers import Group, Traveller


async def act(engine: Engine, group: Group) -> None:
    """Find (or make) the contact of every run; runs without one leave through `missing`, or fail."""
    block = group.block
    assert isinstance(block, GetContact)
    asking: list[tuple[Traveller, Identity]] = []
    for traveller in group.travellers:
        try:
            asking.append((traveller, identity_at(block, traveller)))
        except ValueError as error:
            miss(block, traveller, group, f"{error}.")
    if not asking:
        return
    identities = [identity for _, identity in asking]
    async with engine.db.transaction() as tx:
        if block.create:
            ids = await contacts.find_or_create(tx, project_id=group.project_id, identities=identities, now=group.now)
        else:
            ids = await contacts.find(tx, project_id=group.project_id, identities=identities)
        wanted = sorted({contact_id for contact_id in ids if contact_id is not None})
        loaded = await contacts.load(tx, project_id=group.project_id, contact_ids=wanted)
    by_id = {contact.contact_id: contact for contact in loaded}
    for (traveller, identity), contact_id in zip(asking, ids, strict=True):
        contact = by_id.get(contact_id) if contact_id is not None else None
        if contact is None:
            miss(block, traveller, group, "No contact was found.")
            continue
        add_contact(traveller, contact)
        shown = {name: value for name, value in msgspec.structs.asdict(identity).items() if value is not None}
        traveller.leave("next", group.now, shown=shown, output={"contactId": contact.contact_id})


def miss(block: GetContact, traveller: Traveller, group: Group, detail: str) -> None:
    """Without a contact through `missing`; without that exit the run fails."""
    if block.exits.missing is not None:
        traveller.leave("missing", group.now, output={"reason": detail})
    else:
        traveller.fail("contact-not-found", detail, group.now)
