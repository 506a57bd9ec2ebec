"""Codes in profiles: who may read codes in full gets them in full, and that is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tearoff.actions import saved_codes
from tearoff.api.rest.audit import note
from tearoff.api.site import Call
from tearoff.domain.contacts import Contact
from tearoff.store.db import Tx

MASK = "…"


async def shown(tx: Tx, call: Call, contacts: Sequence[Contact]) -> list[Contact]:
    """The contacts as this caller may see them."""
    if not any(contact.fields for contact in contacts):
        return list(contacts)
    ids = [contact.contact_id for contact in contacts]
    codes = await saved_codes.find(tx, project_id=call.project_id, contact_ids=ids)
    holding = [contact for contact in contacts if codes & contact.fields.keys()]
    if holding and call.actor.may("reveal", "GET"):
        first, last = holding[0].contact_id, holding[-1].contact_id
        subject = f"contact {first}" if len(contacts) == 1 else "contacts"
        await note(tx, call, "reveal", subject, count=len(holding), first=first, last=last)
        return list(contacts)
    return [saved_codes.veil(each, codes) for each in contacts]


async def unmasked(tx: Tx, call: Call, values: Sequence[Mapping[int, Any]]) -> list[dict[int, Any]]:
    """The values to write to each contact, without those masks that a caller read and sends back: the codes behind them
    stay."""
    if call.actor.may("reveal", "GET") or not any(_has_mask(each) for each in values):
        return [dict(each) for each in values]
    codes = await saved_codes.find(tx, project_id=call.project_id, contact_ids=[])
    return [
        {field: value for field, value in each.items() if str(field) not in codes or MASK not in str(value)}
        for each in values
    ]


def _has_mask(values: Mapping[int, Any]) -> bool:
    return any(isinstance(value, str) and MASK in value for value in values.values())
