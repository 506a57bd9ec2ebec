"""Taking a code from its owner, and passing it on to another contact: each with a reason that stays in the books."""

from __future__ import annotations

from datetime import datetime

from tearoff.actions import contacts
from tearoff.actions.asked_claims import shown
from tearoff.domain.contacts import Identity
from tearoff.errors import Conflict, NotFound
from tearoff.store import claims, codes, valued_claims
from tearoff.store.db import Tx
from tearoff.store.valued_claims import OwnedCode


async def revoke(tx: Tx, *, project_id: int, value: str, reason: str, now: datetime) -> None:
    """Take a code from its owner: it stays theirs in the books, goes to nobody else, and is worth nothing from now on.

    Messages that wait with it are not sent. A repeat changes nothing. Raises NotFound, or Conflict for a free code.
    """
    code = await _owned(tx, project_id, value)
    if code.revoked_at is None:
        await valued_claims.revoke(tx, project_id=project_id, code=code, reason=reason, now=now)


async def transfer(tx: Tx, *, project_id: int, value: str, to: Identity, reason: str, now: datetime) -> OwnedCode:
    """The code with its new owner. Raises NotFound (code, contact), or Conflict for a code that is free or revoked."""
    [contact_id] = await contacts.find(tx, project_id=project_id, identities=[to])
    if contact_id is None:
        raise NotFound("contact", shown(to))
    code = await _owned(tx, project_id, value)
    if code.revoked_at is not None:
        raise Conflict("The code was revoked; it goes to nobody.")
    if code.contact_id != contact_id:
        await valued_claims.transfer(
            tx, project_id=project_id, code=code, to_contact_id=contact_id, reason=reason, now=now
        )
    return await _owned(tx, project_id, value)


async def _owned(tx: Tx, project_id: int, value: str) -> OwnedCode:
    """The code under its pool's gate."""
    story = await codes.get(tx, project_id=project_id, value=value)
    await claims.lock_gates(tx, project_id=project_id, pool_ids=[story.pool_id])
    code = await valued_claims.find_owned(tx, project_id=project_id, value=story.value)
    if code is None:
        raise Conflict("Nobody has the code.")
    return code
