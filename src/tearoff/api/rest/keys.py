"""API keys over REST."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar.params import JSONBody

from tearoff.actions import projects
from tearoff.api.pages import Id
from tearoff.api.rest.audit import note
from tearoff.api.site import Caller
from tearoff.domain.keys import ApiKey
from tearoff.store import keys


class KeyView(msgspec.Struct, rename="camel", kw_only=True):
    """A key without its value, which nobody can see again."""

    id: int
    name: str
    scope: str
    created_at: datetime
    disabled_at: datetime | None
    last_used_at: datetime | None


class KeyPage(msgspec.Struct):
    """All keys of the project; `next` is always null, there are few."""

    items: list[KeyView]
    next: str | None = None


class KeyBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A key to be made; without `value` one is drawn."""

    name: str
    scope: str
    value: str | None = None


class KeyMade(msgspec.Struct):
    """The new key; this answer is the only one that ever shows it."""

    value: str


async def list_keys(call: Caller) -> KeyPage:
    """The keys of the project."""
    async with call.site.db.transaction() as tx:
        found = await keys.list_all(tx, project_id=call.project_id)
    return KeyPage([view(key) for key in found])


async def create(call: Caller, data: JSONBody[KeyBody]) -> KeyMade:
    """Make a key; its value is in this answer and nowhere else."""
    async with call.site.db.transaction() as tx:
        value = await projects.create_key(
            tx, project_id=call.project_id, name=data.name, scope=data.scope, value=data.value, now=call.now
        )
        await note(tx, call, "key", data.name, scope=data.scope)
    return KeyMade(value)


async def disable(call: Caller, key_id: Id) -> None:
    """Make a key useless."""
    async with call.site.db.transaction() as tx:
        await projects.disable_key(tx, project_id=call.project_id, key_id=key_id, now=call.now)
        await note(tx, call, "key", str(key_id), disabled=True)


def view(key: ApiKey) -> KeyView:
    """A key as the API shows it."""
    return KeyView(
        id=key.key_id,
        name=key.name,
        scope=key.scope,
        created_at=key.created_at,
        disabled_at=key.disabled_at,
        last_used_at=key.last_used_at,
    )
