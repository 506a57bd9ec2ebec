"""Start: who the run is about; the event and its filter were looked at when the run began."""

from __future__ import annotations

from tearoff.engine.parts import Engine
from tearoff.engine.recipients import find_contacts
from tearoff.engine.travellers import Group


async def act(engine: Engine, group: Group) -> None:
    """Find the contacts that the events name, and send every run on."""
    async with engine.db.transaction() as tx:
        await find_contacts(tx, group, group.travellers)
    for traveller in group.travellers:
        found = None if traveller.contact_id is None else {"contactId": traveller.contact_id}
        traveller.leave("next", group.now, shown={"eventId": traveller.run.event_id}, output=found)
