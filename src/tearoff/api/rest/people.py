"""The people of a project over REST: who may open it, as what, and with which rights."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import people as actions
from tearoff.actions.people import Joining
from tearoff.api.pages import Id
from tearoff.api.rest.audit import note
from tearoff.api.site import Call, Caller
from tearoff.domain.people import Member, Role
from tearoff.errors import Forbidden
from tearoff.store import memberships, people
from tearoff.store.db import Tx
from tearoff.store.memberships import Membership

PEOPLE_MAX = 10_000
T = TypeVar("T")


class PersonView(msgspec.Struct, rename="camel", kw_only=True):
    """Somebody who may open the project; `isMember` is false for an administrator who was never invited."""

    id: int
    email: str
    name: str
    role: Role
    may_reveal: bool
    may_export: bool
    is_administrator: bool
    is_member: bool
    is_disabled: bool
    joined_at: datetime | None
    last_seen_at: datetime | None


class PersonPage(msgspec.Struct):
    """Everybody who may open the project; `next` is always null, they are few."""

    items: list[PersonView]
    next: str | None = None


class PersonChange(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What is to be other; only administrators change the last two, which count in every project."""

    role: Role | UnsetType = UNSET
    may_reveal: bool | UnsetType = UNSET
    may_export: bool | UnsetType = UNSET
    is_disabled: bool | UnsetType = UNSET
    is_administrator: bool | UnsetType = UNSET


async def list_people(call: Caller) -> PersonPage:
    """Members by email, then administrators who are not members."""
    async with call.site.db.transaction() as tx:
        found = await memberships.list_all(tx, project_id=call.project_id, limit=PEOPLE_MAX)
    return PersonPage([view(one) for one in found])


async def get(call: Caller, person_id: Id) -> PersonView:
    """One of them."""
    async with call.site.db.transaction() as tx:
        return view(await memberships.get(tx, project_id=call.project_id, person_id=person_id))


async def change(call: Caller, person_id: Id, data: JSONBody[PersonChange]) -> PersonView:
    """Give a person another role or other rights here, or disable them everywhere; felt at their next request."""
    at = {"project_id": call.project_id, "person_id": person_id}
    async with call.site.db.transaction() as tx:
        before = await memberships.get(tx, **at)
        if {data.role, data.may_reveal, data.may_export} != {UNSET}:
            joining = Joining(
                role=_or(data.role, before.role),
                may_reveal=_or(data.may_reveal, before.may_reveal),
                may_export=_or(data.may_export, before.may_export),
            )
            await actions.change_membership(tx, **at, joining=joining)
        if data.is_disabled is not UNSET or data.is_administrator is not UNSET:
            await _change_person(tx, call, before, data)
        after = await memberships.get(tx, **at)
        facts = {name: getattr(after, name) for name in ("role", "may_reveal", "may_export", "is_disabled")}
        await note(tx, call, "role", before.email, changed=person_id, **facts)
    return view(after)


async def remove(call: Caller, person_id: Id) -> None:
    """End a membership; the person stays, and keeps their other projects."""
    async with call.site.db.transaction() as tx:
        before = await memberships.get(tx, project_id=call.project_id, person_id=person_id)
        await actions.leave(tx, project_id=call.project_id, person_id=person_id)
        await note(tx, call, "role", before.email, changed=person_id, role=None)


def view(one: Membership) -> PersonView:
    """A person as the API shows them."""
    return PersonView(
        id=one.person_id,
        email=one.email,
        name=one.name,
        role=one.role,
        may_reveal=one.may_reveal,
        may_export=one.may_export,
        is_administrator=one.is_administrator,
        is_member=one.is_member,
        is_disabled=one.is_disabled,
        joined_at=one.joined_at,
        last_seen_at=one.last_seen_at,
    )


async def _change_person(tx: Tx, call: Call, before: Membership, data: PersonChange) -> None:
    if not isinstance(call.actor, Member) or not call.actor.is_administrator:
        raise Forbidden("Only an administrator disables people and makes administrators.")
    person = await people.get(tx, person_id=before.person_id)
    await actions.change_person(
        tx,
        person,
        name=person.name,
        language=person.language,
        is_administrator=_or(data.is_administrator, person.is_administrator),
        is_disabled=_or(data.is_disabled, person.disabled_at is not None),
        now=call.now,
    )


def _or(wanted: T | UnsetType, before: T) -> T:
    return before if isinstance(wanted, UnsetType) else wanted
