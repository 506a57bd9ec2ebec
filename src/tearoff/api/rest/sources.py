"""HTTP data sources over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import sources
from tearoff.actions.templates import limits_for
from tearoff.api.pages import After, Limit, Named, Ref, next_page
from tearoff.api.rest.definitions import create_once, patched, require_new
from tearoff.api.site import Caller
from tearoff.domain.shapes import read
from tearoff.domain.sources import HttpCall, Source, SourceDefinition, definition_of, reads
from tearoff.store import sources as store
from tearoff.store.db import Tx


class SourcePatch(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a source; what is left out stays."""

    name: str | UnsetType = UNSET
    connector: str | int | UnsetType | None = UNSET
    method: Literal["GET", "POST"] | UnsetType = UNSET
    url: str | UnsetType = UNSET
    headers: dict[str, str] | UnsetType = UNSET
    body: str | UnsetType | None = UNSET
    format: Literal["json", "xml", "text"] | UnsetType = UNSET
    timeout_seconds: float | UnsetType = UNSET
    size_max: int | UnsetType = UNSET
    retries: int | UnsetType = UNSET
    on_failure: Literal["fail", "null"] | UnsetType = UNSET


class SourceView(HttpCall, kw_only=True, frozen=True):
    """A source; templates read it by its name."""

    id: int
    key: str
    name: str
    connector: str | None
    created_at: datetime


class SourcePage(msgspec.Struct):
    """Sources, the oldest first."""

    items: list[SourceView]
    next: str | None


class ReaderView(msgspec.Struct):
    """What reads a source: a message, a snippet or another source."""

    noun: Literal["message", "snippet", "source"]
    key: str
    name: str


class Readers(msgspec.Struct):
    """Everything whose templates read a source."""

    items: list[ReaderView]


async def list_sources(call: Caller, limit: Limit = 100, after: After = None, q: Named = None) -> SourcePage:
    """The data sources of the project, of those whose name or key holds `q`."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit, words=q)
    return SourcePage([view(each) for each in found], next_page([each.source_id for each in found], limit))


async def get(call: Caller, source: Ref) -> SourceView:
    """One source, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=source))


async def create(call: Caller, data: JSONBody[SourceDefinition]) -> SourceView:
    """Set up a source; nothing is called."""

    async def make(tx: Tx) -> SourceView:
        limits = await limits_for(tx, project_id=call.project_id, settings=call.site.settings)
        put = await sources.put(tx, project_id=call.project_id, source=data, now=call.now, limits=limits)
        return view(await store.resolve(tx, project_id=call.project_id, reference=require_new(put, "source")))

    return await create_once(call, "sources", data, make, SourceView)


async def change(call: Caller, source: Ref, data: JSONBody[SourcePatch]) -> SourceView:
    """Change some of a source."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=source)
        wanted = read(msgspec.to_builtins(patched(definition_of(before), data)), SourceDefinition)
        limits = await limits_for(tx, project_id=call.project_id, settings=call.site.settings)
        await sources.put(tx, project_id=call.project_id, source=wanted, now=call.now, limits=limits)
        return view(await store.resolve(tx, project_id=call.project_id, reference=before.source_id))


async def remove(call: Caller, source: Ref) -> None:
    """Forget a source."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=source)
        await store.remove(tx, project_id=call.project_id, source_id=found.source_id)


async def list_readers(call: Caller, source: Ref) -> Readers:
    """Where the source is used; a name that a template computes is not seen."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=source)
        candidates = await store.list_readers(tx, project_id=call.project_id, name=found.name)
    used = [each for each in candidates if any(reads(text, found.name) for text in each.templates())]
    return Readers([msgspec.convert(each, ReaderView, from_attributes=True) for each in used])


def view(source: Source) -> SourceView:
    """A source as the API shows it."""
    return SourceView(
        id=source.source_id,
        key=source.key,
        name=source.name,
        connector=source.connector_key,
        created_at=source.created_at,
        **msgspec.structs.asdict(source.definition),
    )
