"""Snippets over REST."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import snippets
from tearoff.actions.templates import limits_for
from tearoff.api.pages import After, Limit, Named, Ref, next_page
from tearoff.api.rest.definitions import create_once, patched, require_new
from tearoff.api.site import Caller
from tearoff.domain.snippets import Snippet, SnippetDefinition, definition_of
from tearoff.store import snippets as store
from tearoff.store.db import Tx


class SnippetPatch(msgspec.Struct, forbid_unknown_fields=True):
    """What may be changed of a snippet; what is left out stays."""

    name: str | UnsetType = UNSET
    text: str | UnsetType = UNSET


class SnippetView(msgspec.Struct, rename="camel", kw_only=True):
    """A snippet; templates name it by its name."""

    id: int
    key: str
    name: str
    text: str
    version: int
    created_at: datetime
    updated_at: datetime


class SnippetPage(msgspec.Struct):
    """Snippets, the oldest first."""

    items: list[SnippetView]
    next: str | None


async def list_snippets(call: Caller, limit: Limit = 100, after: After = None, q: Named = None) -> SnippetPage:
    """The snippets of the project, of those whose name or key holds `q`."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit, words=q)
    return SnippetPage([view(each) for each in found], next_page([each.snippet_id for each in found], limit))


async def get(call: Caller, snippet: Ref) -> SnippetView:
    """One snippet, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=snippet))


async def create(call: Caller, data: JSONBody[SnippetDefinition]) -> SnippetView:
    """Write a snippet; it must compile."""

    async def make(tx: Tx) -> SnippetView:
        limits = await limits_for(tx, project_id=call.project_id, settings=call.site.settings)
        put = await snippets.put(tx, project_id=call.project_id, snippet=data, now=call.now, limits=limits)
        return view(await store.resolve(tx, project_id=call.project_id, reference=require_new(put, "snippet")))

    return await create_once(call, "snippets", data, make, SnippetView)


async def change(call: Caller, snippet: Ref, data: JSONBody[SnippetPatch]) -> SnippetView:
    """Change some of a snippet; messages read it as it is from now on."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=snippet)
        wanted = patched(definition_of(before), data)
        limits = await limits_for(tx, project_id=call.project_id, settings=call.site.settings)
        await snippets.put(tx, project_id=call.project_id, snippet=wanted, now=call.now, limits=limits)
        return view(await store.resolve(tx, project_id=call.project_id, reference=before.snippet_id))


async def remove(call: Caller, snippet: Ref) -> None:
    """Forget a snippet that nothing reads."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=snippet)
        await snippets.remove(tx, project_id=call.project_id, snippet=found)


def view(snippet: Snippet) -> SnippetView:
    """A snippet as the API shows it."""
    return SnippetView(
        id=snippet.snippet_id,
        key=snippet.key,
        name=snippet.name,
        text=snippet.text,
        version=snippet.version,
        created_at=snippet.created_at,
        updated_at=snippet.updated_at,
    )
