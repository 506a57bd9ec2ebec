"""Sending messages once more, with the codes that they carried."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from tearoff.domain.outbox import NewDelivery
from tearoff.domain.resends import why_not
from tearoff.errors import Conflict
from tearoff.store import deliveries, dues, runs, suppressions
from tearoff.store.db import Tx


async def resend(tx: Tx, *, project_id: int, delivery_id: int, now: datetime) -> int:
    """The id of the new delivery, under a Message-ID of its own; raises NotFound, or Conflict with the reason.

    The run is locked, so that no code of it returns meanwhile.
    """
    at = {"project_id": project_id}
    sent = await deliveries.get_sent_before(tx, **at, delivery_id=delivery_id)
    await runs.lock(tx, **at, run_ids=[sent.run_id])
    sent = await deliveries.get_sent_before(tx, **at, delivery_id=delivery_id)
    refused = await suppressions.find(tx, **at, kind=sent.medium, values=[sent.recipient])
    if reason := why_not(sent, is_suppressed=bool(refused), now=now):
        raise Conflict(reason)
    again = NewDelivery(
        run_id=sent.run_id,
        block=sent.block,
        attempt=sent.attempt,
        contact_id=sent.contact_id,
        channel_id=sent.channel_id,
        medium=sent.medium,
        message_id=sent.message_id,
        version=sent.version,
        recipient=sent.recipient,
        language=sent.language,
        content=sent.content or {},
        reference=uuid4().hex,
        expires_at=sent.expires_at,
    )
    [fresh] = await deliveries.add_all(tx, **at, deliveries=[again], now=now)
    await deliveries.copy_codes(tx, **at, from_id=delivery_id, to_id=fresh)
    await dues.bump(tx, **at, actor="sender", due_at=now)
    return fresh
