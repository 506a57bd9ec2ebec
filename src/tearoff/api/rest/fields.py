"""Additional fields over REST; a field is named by its id, or as SECTION.KEY."""

from __future__ import annotations

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import fields
from tearoff.api.pages import Ref
from tearoff.api.rest.definitions import create_once
from tearoff.api.site import Caller
from tearoff.domain.fields import Field, FieldDefinition, FieldType
from tearoff.errors import NotFound
from tearoff.store import fields as store
from tearoff.store.db import Tx


class FieldView(msgspec.Struct, rename="camel", kw_only=True):
    """A field; templates call it SECTION.KEY."""

    id: int
    key: str
    name: str
    section: str
    type: FieldType
    is_required: bool
    is_read_only: bool
    allowed: tuple[str, ...]


class FieldPage(msgspec.Struct):
    """All fields of the project; `next` is always null."""

    items: list[FieldView]
    next: str | None = None


class FieldBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """A field to be made; without a name its key serves."""

    key: str
    name: str = ""
    section: str = "PERSONAL"
    type: FieldType = "TEXTFIELD"
    is_required: bool = False
    is_read_only: bool = False
    allowed: tuple[str, ...] = ()


class FieldPatchBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """What may change of a field; its key, section and type stay."""

    name: str | UnsetType = UNSET
    is_required: bool | UnsetType = UNSET
    is_read_only: bool | UnsetType = UNSET
    allowed: tuple[str, ...] | UnsetType = UNSET


async def list_fields(call: Caller) -> FieldPage:
    """The fields of the project by section."""
    async with call.site.db.transaction() as tx:
        found = await store.list_all(tx, project_id=call.project_id)
    return FieldPage([view(field) for field in found])


async def get(call: Caller, ref: Ref) -> FieldView:
    """One field."""
    async with call.site.db.transaction() as tx:
        return view(await store.get(tx, project_id=call.project_id, ref=ref))


async def create(call: Caller, data: JSONBody[FieldBody]) -> FieldView:
    """Make a field."""
    definition = FieldDefinition(**(msgspec.structs.asdict(data) | {"name": data.name or data.key}))

    async def make(tx: Tx) -> FieldView:
        return view(await fields.create(tx, project_id=call.project_id, field=definition, now=call.now))

    return await create_once(call, "fields", data, make, FieldView)


async def change(call: Caller, ref: Ref, data: JSONBody[FieldPatchBody]) -> FieldView:
    """Change a field."""
    changes = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
    async with call.site.db.transaction() as tx:
        return view(await fields.change(tx, project_id=call.project_id, ref=ref, changes=changes))


async def remove(call: Caller, ref: Ref) -> None:
    """Remove a field; its values stay in the profiles, where nothing reads them."""
    async with call.site.db.transaction() as tx:
        field = await store.get(tx, project_id=call.project_id, ref=ref)
        if not await store.remove(tx, project_id=call.project_id, field_id=field.field_id):
            raise NotFound("field", ref)


def view(field: Field) -> FieldView:
    """A field as the API shows it."""
    values = msgspec.structs.asdict(field)
    return FieldView(id=values.pop("field_id"), **values)
