"""HTTP data sources by key, and by the name that templates read."""

from __future__ import annotations

from datetime import datetime

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from tearoff.domain.definitions import Put, as_id
from tearoff.domain.snippets import Reader
from tearoff.domain.sources import Source, SourceDefinition
from tearoff.errors import Conflict
from tearoff.store import puts, queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional

SQL = queries.load("sources")


class NamedReader(Reader, frozen=True):
    """A definition whose texts may read a source, with its name for people."""

    name: str


async def put(tx: Tx, *, project_id: int, source: SourceDefinition, connector_id: int | None, now: datetime) -> Put:
    """The source as it now stands; raises Conflict when another source has the name."""
    values = {
        "project_id": project_id,
        "key": source.key,
        "name": source.wanted_name,
        "connector_id": connector_id,
        "definition": Jsonb(source.call),
        "now": now,
    }
    try:
        return await puts.put(tx, SQL.put, values, noun="source", key=source.key)
    except UniqueViolation as error:
        raise Conflict(f"Another source has the name {source.wanted_name!r}.") from error


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Source:
    """The source under an id or key; raises NotFound."""
    values = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_one(tx, SQL.find, values, into=Source, kind="source", key=reference)


async def find_by_name(tx: Tx, *, project_id: int, name: str) -> Source | None:
    """The source that templates read by this name."""
    return await fetch_optional(tx, SQL.find_by_name, {"project_id": project_id, "name": name}, into=Source)


async def list_page(
    tx: Tx, *, project_id: int, after: int = 0, limit: int = 100, words: str | None = None
) -> list[Source]:
    """A page of sources by id, of those whose name or key holds the words."""
    values = {"project_id": project_id, "after": after, "limit": limit, "words": words}
    return await fetch_all(tx, SQL.list_page, values, into=Source)


async def list_readers(tx: Tx, *, project_id: int, name: str) -> list[NamedReader]:
    """Messages, other sources and snippets that hold the name somewhere."""
    return await fetch_all(tx, SQL.list_readers, {"project_id": project_id, "name": name}, into=NamedReader)


async def remove(tx: Tx, *, project_id: int, source_id: int) -> bool:
    """Whether the source was there and is gone."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "id": source_id}) > 0
