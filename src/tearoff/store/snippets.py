"""Snippets by key, and by the name that templates read; every change gives the project's snippets another mark."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from psycopg.errors import UniqueViolation

from tearoff.domain.definitions import Put, as_id
from tearoff.domain.snippets import SNIPPETS_MAX, Reader, Snippet, SnippetDefinition
from tearoff.errors import Conflict
from tearoff.store import puts, queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional, fetch_value

SQL = queries.load("snippets")


class Text(msgspec.Struct, frozen=True):
    """A snippet as templates read it."""

    name: str
    text: str


async def put(tx: Tx, *, project_id: int, snippet: SnippetDefinition, now: datetime) -> Put:
    """The snippet as it now stands; raises Conflict when another snippet has the name."""
    values = {
        "project_id": project_id,
        "key": snippet.key,
        "name": snippet.wanted_name,
        "text": snippet.text,
        "now": now,
    }
    try:
        return await puts.put(tx, SQL.put, values, noun="snippet", key=snippet.key)
    except UniqueViolation as error:
        raise Conflict(f"Another snippet has the name {snippet.wanted_name!r}.") from error


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Snippet:
    """The snippet under an id or key; raises NotFound."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_one(tx, SQL.find, values, into=Snippet, kind="snippet", key=reference)


async def find(tx: Tx, *, project_id: int, key: str) -> Snippet | None:
    """The snippet under a key."""
    return await fetch_optional(tx, SQL.find, {"project_id": project_id, "id": None, "key": key}, into=Snippet)


async def list_page(
    tx: Tx, *, project_id: int, after: int = 0, limit: int = 100, words: str | None = None
) -> list[Snippet]:
    """A page of snippets by id, of those whose name or key holds the words."""
    values = {"project_id": project_id, "after": after, "limit": limit, "words": words}
    return await fetch_all(tx, SQL.list_page, values, into=Snippet)


async def list_texts(tx: Tx, *, project_id: int) -> dict[str, str]:
    """Every snippet's text by name."""
    values = {"project_id": project_id, "limit": SNIPPETS_MAX}
    return {row.name: row.text for row in await fetch_all(tx, SQL.list_texts, values, into=Text)}


async def count(tx: Tx, *, project_id: int) -> int:
    """How many snippets the project has."""
    return await fetch_value(tx, SQL.count, {"project_id": project_id}, into=int)


async def turn(tx: Tx, *, project_id: int) -> None:
    """Give the project's snippets another mark; the first statement of every change."""
    await execute(tx, SQL.turn, {"project_id": project_id})


async def get_mark(tx: Tx, *, project_id: int, is_held: bool = False) -> UUID | None:
    """The mark of the project's snippets, None when it never had one; held, it stays until the transaction ends."""
    query = SQL.hold if is_held else SQL.get_mark
    return await fetch_optional(tx, query, {"project_id": project_id}, into=UUID)


async def list_readers(tx: Tx, *, project_id: int) -> list[Reader]:
    """What may name a snippet: messages, sources and snippets."""
    return await fetch_all(tx, SQL.list_readers, {"project_id": project_id}, into=Reader)


async def remove(tx: Tx, *, project_id: int, snippet_id: int) -> bool:
    """Whether the snippet was there and is gone."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "id": snippet_id}) > 0
