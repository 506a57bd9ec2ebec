"""Addresses that are never written to, over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import JSONBody, QueryParameter

from tearoff.api.pages import Limit
from tearoff.api.site import Caller
from tearoff.domain.contacts import LocatorKind, locator_of
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import suppressions
from tearoff.store.suppressions import Suppression

REASON_MAX = 500
BY_HAND = "added by hand"
ADDRESS_MAX = 2000
KindToRemove = Annotated[LocatorKind, QueryParameter(name="kind")]
ValueToRemove = Annotated[str, QueryParameter(name="value", min_length=1, max_length=ADDRESS_MAX)]
Cursor = Annotated[str | None, QueryParameter(name="after", max_length=ADDRESS_MAX, description="`next` of before")]
Words = Annotated[
    str | None, QueryParameter(name="q", max_length=300, description="Only addresses that begin so; needs `kind`")
]
OfKind = Annotated[LocatorKind | None, QueryParameter(name="kind")]


class SuppressionBody(msgspec.Struct, forbid_unknown_fields=True):
    """An address to be left alone, and why."""

    kind: LocatorKind
    value: str
    reason: str = BY_HAND


class SuppressionView(msgspec.Struct, rename="camel"):
    """An address that is never written to."""

    kind: str
    value: str
    reason: str
    created_at: datetime


class SuppressionPage(msgspec.Struct):
    """Addresses by kind and value."""

    items: list[SuppressionView]
    next: str | None


async def list_suppressions(
    call: Caller, limit: Limit = 100, after: Cursor = None, only: OfKind = None, q: Words = None
) -> SuppressionPage:
    """The addresses that are never written to."""
    if q and only is None:
        raise Invalid(Problem("/kind", "Say of which kind the addresses are that begin so."))
    after_kind, _, after_value = (after or "").partition(" ")
    async with call.site.db.transaction() as tx:
        found = await suppressions.list_page(
            tx,
            project_id=call.project_id,
            kind=after_kind,
            value=after_value,
            only=only,
            beginning=(q or "").strip().lower() if only == "email" else (q or "").strip().lstrip("+"),
            limit=limit,
        )
    more = f"{found[-1].kind} {found[-1].value}" if len(found) == limit else None
    return SuppressionPage([view(each) for each in found], more)


async def create(call: Caller, data: JSONBody[SuppressionBody]) -> SuppressionView:
    """Never write to this address again; asking twice is harmless, and the first reason stays."""
    if not 1 <= len(data.reason.strip()) <= REASON_MAX:
        raise Invalid(Problem("/reason", f"Give a reason of 1 to {REASON_MAX} characters."))
    try:
        locator = locator_of(data.kind, data.value)
    except ValueError as error:
        raise Invalid(Problem("/value", f"{error}.")) from error
    at: dict[str, Any] = {"project_id": call.project_id, "kind": locator.kind, "value": locator.value}
    async with call.site.db.transaction() as tx:
        await suppressions.add(tx, **at, reason=data.reason.strip(), now=call.now)
        return view(await suppressions.get(tx, **at))


async def remove(call: Caller, removed_kind: KindToRemove, value: ValueToRemove) -> None:
    """Let an address be written to again."""
    async with call.site.db.transaction() as tx:
        if not await suppressions.remove(tx, project_id=call.project_id, kind=removed_kind, value=value):
            raise NotFound("suppression", value)


def view(suppression: Suppression) -> SuppressionView:
    """A suppression as the API shows it."""
    return SuppressionView(**msgspec.structs.asdict(suppression))
