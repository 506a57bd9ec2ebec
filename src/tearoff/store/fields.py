"""The additional fields of a project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tearoff.domain.fields import Field, FieldDefinition
from tearoff.errors import NotFound
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional

SQL = queries.load("fields")
SECTION = "PERSONAL"


async def list_all(tx: Tx, *, project_id: int) -> list[Field]:
    """The fields of the project by section, oldest first."""
    return await fetch_all(tx, SQL.list, {"project_id": project_id}, Field)


async def find(tx: Tx, *, project_id: int, refs: Sequence[int | str]) -> dict[str, Field]:
    """The fields that are there, by the text of the reference: an id, `SECTION.KEY`, or a key of PERSONAL."""
    names = {str(ref): f"{SECTION}.{ref}" if "." not in str(ref) else str(ref) for ref in refs}
    ids = [int(ref) for ref in names if ref.isascii() and ref.isdigit() and len(ref) < 19]
    values = {"project_id": project_id, "ids": ids, "names": list(names.values())}
    found = await fetch_all(tx, SQL.find, values, Field)
    by_name = {f"{field.section}.{field.key}": field for field in found} | {str(f.field_id): f for f in found}
    pairs = ((ref, by_name.get(str(int(ref)) if ref.isdecimal() else name)) for ref, name in names.items())
    return {ref: field for ref, field in pairs if field}


async def list_of_codes(tx: Tx, *, project_id: int, contact_ids: Sequence[int] = ()) -> list[int]:
    """The fields that workflows or issues save codes to, or once did; those too that are gone, where these contacts
    have codes in them."""
    return await fetch_all(tx, SQL.list_of_codes, {"project_id": project_id, "contact_ids": list(contact_ids)}, int)


async def get(tx: Tx, *, project_id: int, ref: int | str) -> Field:
    """The field with this id or key; raises NotFound."""
    found = await find(tx, project_id=project_id, refs=[ref])
    if not found:
        raise NotFound("field", ref)
    return found[str(ref)]


async def add(tx: Tx, *, project_id: int, field: FieldDefinition, now: datetime) -> int | None:
    """The id of the new field; None when the section has one with this key."""
    values = msgspec.structs.asdict(field) | {"project_id": project_id, "allowed": list(field.allowed), "now": now}
    return await fetch_optional(tx, SQL.add, values, int)


async def change(tx: Tx, *, project_id: int, field: Field) -> bool:
    """Whether the field was there; its name, flags and allowed values are these now."""
    values = msgspec.structs.asdict(field) | {"project_id": project_id, "allowed": list(field.allowed)}
    return await execute(tx, SQL.change, values) == 1


async def remove(tx: Tx, *, project_id: int, field_id: int) -> bool:
    """Whether the field was there; profiles keep its values unseen."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "field_id": field_id}) == 1
