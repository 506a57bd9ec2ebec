"""Additional fields: made, changed, and their values read at the doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from tearoff.domain.fields import Field, FieldDefinition, check, parse
from tearoff.errors import Conflict, Invalid, NotFound, Problem
from tearoff.store import fields as store
from tearoff.store.db import Tx

CHANGEABLE = frozenset({"name", "is_required", "is_read_only", "allowed"})


async def create(tx: Tx, *, project_id: int, field: FieldDefinition, now: datetime) -> Field:
    """The new field; raises Invalid, or Conflict when its key is taken."""
    _require(field)
    field_id = await store.add(tx, project_id=project_id, field=field, now=now)
    if field_id is None:
        raise Conflict(f"The field {field.section}.{field.key} is there already.")
    return Field(field_id=field_id, **msgspec.structs.asdict(field))


async def change(tx: Tx, *, project_id: int, ref: int | str, changes: Mapping[str, Any]) -> Field:
    """The field with other `name`, `is_required`, `is_read_only` or `allowed`; its key and type stay."""
    field = await store.get(tx, project_id=project_id, ref=ref)
    changed = msgspec.structs.replace(field, **{name: v for name, v in changes.items() if name in CHANGEABLE})
    _require(changed)
    if not await store.change(tx, project_id=project_id, field=changed):
        raise NotFound("field", ref)
    return changed


async def ensure(tx: Tx, *, project_id: int, field: FieldDefinition, now: datetime) -> tuple[Field, bool]:
    """The field as wanted, and whether that changed anything; raises Conflict when its type would have to change."""
    _require(field)
    found = (await store.find(tx, project_id=project_id, refs=[f"{field.section}.{field.key}"])).values()
    for there in found:
        if there.type != field.type:
            raise Conflict(f"The field {field.section}.{field.key} is a {there.type}; its type cannot change.")
        wanted = Field(field_id=there.field_id, **msgspec.structs.asdict(field))
        if wanted != there:
            await store.change(tx, project_id=project_id, field=wanted)
        return wanted, wanted != there
    return await create(tx, project_id=project_id, field=field, now=now), True


async def read(tx: Tx, *, project_id: int, raw: Sequence[Mapping[str, Any]]) -> list[dict[int, Any] | Invalid]:
    """For each mapping of references (id or key) to raw values: the values by field id, or what is wrong with them."""
    refs = list({ref for values in raw for ref in values})
    known = await store.find(tx, project_id=project_id, refs=refs) if refs else {}
    return [_read_one(known, values) for values in raw]


def _read_one(known: Mapping[str, Field], values: Mapping[str, Any]) -> dict[int, Any] | Invalid:
    read: dict[int, Any] = {}
    problems: list[Problem] = []
    for ref, value in values.items():
        field = known.get(ref)
        pointer = f"/fields/{ref}"
        if field is None:
            problems.append(Problem(pointer, f"There is no additional field {ref!r}."))
        elif field.is_read_only:
            problems.append(Problem(pointer, f"The field {field.section}.{field.key} is read-only."))
        else:
            try:
                read[field.field_id] = parse(field, value, pointer)
            except Invalid as error:
                problems += error.problems
    return Invalid(*problems) if problems else read


def _require(field: FieldDefinition) -> None:
    if problems := check(field):
        raise Invalid(*problems)
