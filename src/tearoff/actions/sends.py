"""Prepared messages to named recipients, without a workflow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from tearoff.actions import contacts
from tearoff.domain.contacts import Identity
from tearoff.domain.messages import Message
from tearoff.domain.runs import SEND_BLOCK, NewRun
from tearoff.domain.sends import Queued, SendRequest, Turned, data_of
from tearoff.store import dues, runs
from tearoff.store.db import Tx


async def send(
    tx: Tx,
    *,
    project_id: int,
    message: Message,
    requests: Sequence[SendRequest],
    sender: str | None,
    now: datetime,
) -> list[Queued | Turned]:
    """One result a request, in order; each that was taken is a run of its own. The last step of its transaction."""
    results = await _named(tx, project_id, requests)
    started = [
        NewRun(
            None,
            None,
            None,
            result.request_id,
            None,
            SEND_BLOCK,
            data_of(request, message.message_id, message.medium, sender),
        )
        for request, result in zip(requests, results, strict=True)
        if isinstance(result, Queued)
    ]
    if started:
        await runs.add_all(tx, project_id=project_id, runs=started, now=now)
        await dues.bump(tx, project_id=project_id, actor="runner", due_at=now)
    return results


async def _named(tx: Tx, project_id: int, requests: Sequence[SendRequest]) -> list[Queued | Turned]:
    """Who is named only by an id must be there; an unknown address becomes a contact when it is written to."""
    identities = [Identity(contact_id=r.contact_id, external_id=r.external_id) for r in requests]
    found = await contacts.find(tx, project_id=project_id, identities=identities)
    return [
        Queued(str(uuid4())) if contact_id is not None or request.locator else Turned(_absent(request))
        for request, contact_id in zip(requests, found, strict=True)
    ]


def _absent(request: SendRequest) -> str:
    if request.contact_id is not None:
        return f"Contact with id='{request.contact_id}' not found"
    return f"Contact with externalCustomerId='{request.external_id}' not found"
