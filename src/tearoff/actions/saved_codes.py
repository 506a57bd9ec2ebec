"""Codes in profiles: a field that a workflow or an issue saves codes to is masked like any code."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import msgspec

from tearoff.domain.contacts import Contact
from tearoff.logs import masked
from tearoff.store import fields
from tearoff.store.db import Tx


async def find(tx: Tx, *, project_id: int, contact_ids: Sequence[int]) -> set[str]:
    """The ids of the fields that hold codes, as contacts name them; those too that are gone and hold one of these."""
    return {str(id_) for id_ in await fields.list_of_codes(tx, project_id=project_id, contact_ids=contact_ids)}


def veil(contact: Contact, codes: AbstractSet[str]) -> Contact:
    """The contact with its codes masked."""
    shown = {field: masked(str(value)) if field in codes else value for field, value in contact.fields.items()}
    return msgspec.structs.replace(contact, fields=shown)


async def veiled(tx: Tx, *, project_id: int, contacts: Sequence[Contact]) -> list[Contact]:
    """The contacts as previews and tests read them: whoever looks there sees no code in full."""
    if not any(contact.fields for contact in contacts):
        return list(contacts)
    codes = await find(tx, project_id=project_id, contact_ids=[contact.contact_id for contact in contacts])
    return [veil(contact, codes) for contact in contacts]
