"""Codes over REST that are taken from their owner, or passed on to another contact."""

from __future__ import annotations

import msgspec
from litestar.params import JSONBody

from tearoff.actions import revocations as actions
from tearoff.api.rest.claims import ContactRef, identity_of
from tearoff.api.rest.code_stories import CodeView, TransferView, tell, transfer_view
from tearoff.api.rest.codes import REASON_LENGTH_MAX, Code
from tearoff.api.site import Caller
from tearoff.errors import Invalid, Problem
from tearoff.store import codes, valued_claims


class RevocationBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why a code is taken from its owner."""

    reason: str


class TransferBody(msgspec.Struct, forbid_unknown_fields=True):
    """To whom a code goes, by id or name, and why."""

    to: int | ContactRef
    reason: str


class TransferPage(msgspec.Struct):
    """Through whose hands a code went, the first one first."""

    items: list[TransferView]
    next: str | None = None


async def revoke(call: Caller, code: Code, data: JSONBody[RevocationBody]) -> CodeView:
    """Take a code from its owner: it goes to nobody else, can be used no more, and messages that wait with it stop."""
    reason = _reason(data.reason)
    async with call.site.db.transaction() as tx:
        await actions.revoke(tx, project_id=call.project_id, value=code, reason=reason, now=call.now)
        return await tell(tx, call, await codes.get(tx, project_id=call.project_id, value=code))


async def transfer(call: Caller, code: Code, data: JSONBody[TransferBody]) -> CodeView:
    """Make another contact the owner of a code."""
    problems: list[Problem] = []
    to = identity_of(data.to, problems)
    if to is None or problems:
        raise Invalid(*(Problem(p.pointer.replace("/contact", "/to"), p.detail) for p in problems))
    reason = _reason(data.reason)
    async with call.site.db.transaction() as tx:
        await actions.transfer(tx, project_id=call.project_id, value=code, to=to, reason=reason, now=call.now)
        return await tell(tx, call, await codes.get(tx, project_id=call.project_id, value=code))


async def list_transfers(call: Caller, code: Code) -> TransferPage:
    """From whom to whom a code went, when and why."""
    async with call.site.db.transaction() as tx:
        story = await codes.get(tx, project_id=call.project_id, value=code)
        owned = await valued_claims.find_owned(tx, project_id=call.project_id, value=story.value)
        found = await valued_claims.list_transfers(tx, project_id=call.project_id, code=owned) if owned else []
    return TransferPage([transfer_view(one) for one in found])


def _reason(text: str) -> str:
    if not 1 <= len(text.strip()) <= REASON_LENGTH_MAX:
        raise Invalid(Problem("/reason", f"Give a reason of 1 to {REASON_LENGTH_MAX} characters."))
    return text.strip()
