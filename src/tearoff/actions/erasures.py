"""Erasing a contact: the person goes, the books stay."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.actions import runs
from tearoff.errors import Conflict, NotFound
from tearoff.store import audit, contacts, erasures
from tearoff.store.db import Tx


class Erased(msgspec.Struct, frozen=True):
    """What an erasure found: runs that were about the contact, messages that were blanked."""

    runs: int
    messages: int


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
    await contacts.remove(tx, **at, contact_id=contact_id)
    erased = Erased(len(run_ids), messages)
    detail = msgspec.to_builtins(erased)
    await audit.add(tx, **at, actor=by, action="erase", subject=f"contact {contact_id}", detail=detail, now=now)
    return erased
