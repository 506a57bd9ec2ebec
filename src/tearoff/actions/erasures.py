"""Erasing a contact: the person goes, the books stay."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.actions import contacts as contact_actions
from tearoff.actions import runs
from tearoff.domain.events import is_about, names_of
from tearoff.errors import Conflict, NotFound
from tearoff.store import audit, contacts, erasures
from tearoff.store.db import Tx


class Erased(msgspec.Struct, frozen=True):
    """What an erasure found: runs that were about the contact, messages that were blanked, and events without a run."""

    runs: int
    messages: int
    events: int


async def erase(tx: Tx, *, project_id: int, contact_id: int, by: str, now: datetime) -> Erased:
    """Forget a contact: its record, addresses, fields, events and messages.

    Its codes stay its own in the books, under the bare number that is never given again, so nobody else gets them and
    the sums stay. Runs on their way are stopped. Raises NotFound, and Conflict while a message of it is being sent.
    """
    at = {"project_id": project_id}
    if not await contacts.hold(tx, **at, contact_ids=[contact_id]):
        raise NotFound("contact", contact_id)
    opened = await erasures.list_open_runs(tx, **at, contact_id=contact_id)
    if opened and len(await runs.stop(tx, **at, run_ids=opened, now=now)) < len(opened):
        raise Conflict("A run of the contact is being worked on just now; ask again in a moment.")
    run_ids = await erasures.list_runs(tx, **at, contact_id=contact_id)
    messages = await erasures.blank(tx, **at, run_ids=run_ids) if run_ids else 0
    events = await _blank_events(tx, project_id, contact_id)
    await contacts.remove(tx, **at, contact_id=contact_id)
    erased = Erased(len(run_ids), messages, events)
    detail = msgspec.to_builtins(erased)
    await audit.add(tx, **at, actor=by, action="erase", subject=f"contact {contact_id}", detail=detail, now=now)
    return erased


async def _blank_events(tx: Tx, project_id: int, contact_id: int) -> int:
    """Events that name the contact, also those that started nothing; the ones of its runs are blank by now."""
    [contact] = await contact_actions.load(tx, project_id=project_id, contact_ids=[contact_id])
    found = await erasures.list_events(tx, project_id=project_id, names=names_of(contact))
    ids = {event.event_id for event in found if is_about(contact, event.key_value, event.params)}
    return await erasures.blank_events(tx, project_id=project_id, event_ids=sorted(ids)) if ids else 0
