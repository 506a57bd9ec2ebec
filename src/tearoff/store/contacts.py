"""Contacts and their locators, read and written in sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.contact_searches import Search, end_of
from tearoff.domain.contacts import Contact, ContactChange, Identity, Locator
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all

SQL = queries.load("contacts")


class Found(msgspec.Struct, frozen=True):
    """Which contact the identity at a position finds."""

    position: int
    contact_id: int | None


class Listed(msgspec.Struct, frozen=True):
    """A row of a list, and how many rows the list has in all."""

    contact_id: int
    total: int


class OwnedLocator(Locator, frozen=True, kw_only=True):
    """A locator with its contact."""

    contact_id: int


async def lock(tx: Tx, *, project_id: int, names: Sequence[str]) -> None:
    """Wait until no other transaction writes contacts under these keys; held until the end of this one."""
    await execute(tx, SQL.lock, {"project_id": project_id, "names": list(names)})


async def find(tx: Tx, *, project_id: int, identities: Sequence[Identity]) -> list[int | None]:
    """The contact of each identity, in order; the first key that finds one wins."""
    values = {
        "project_id": project_id,
        "contact_ids": [i.contact_id for i in identities],
        "external_ids": [i.external_id for i in identities],
        "emails": [i.email for i in identities],
        "phones": [i.phone for i in identities],
        "tokens": [i.token for i in identities],
        "contact_keys": [i.contact_key for i in identities],
    }
    return [row.contact_id for row in await fetch_all(tx, SQL.find, values, Found)]


async def add(tx: Tx, *, project_id: int, count: int, now: datetime) -> list[int]:
    """The ids of that many new, empty contacts."""
    return await fetch_all(tx, SQL.add, {"project_id": project_id, "count": count, "now": now}, int)


async def hold(tx: Tx, *, project_id: int, contact_ids: Sequence[int]) -> list[int]:
    """Lock the rows of these contacts; gives those that are there."""
    return await fetch_all(tx, SQL.hold, {"project_id": project_id, "contact_ids": list(contact_ids)}, int)


async def change(tx: Tx, *, project_id: int, changes: Mapping[int, ContactChange], now: datetime) -> None:
    """Write everything but the locators."""
    rows = [
        {
            "contact_id": contact_id,
            "external_id": c.external_id,
            "contact_key": c.contact_key,
            "first_name": c.first_name,
            "last_name": c.last_name,
            "language": c.language,
            "time_zone": c.time_zone,
            "address": c.address,
            "fields": c.fields,
        }
        for contact_id, c in changes.items()
    ]
    await execute(tx, SQL.change, {"project_id": project_id, "rows": Jsonb(rows), "now": now})


async def set_fields(tx: Tx, *, project_id: int, values: Mapping[int, Mapping[int, Any]], now: datetime) -> None:
    """Write fields of contacts (contact id → field id → value); None clears."""
    rows = [{"contact_id": contact_id, "fields": fields} for contact_id, fields in values.items()]
    await execute(tx, SQL.set_fields, {"project_id": project_id, "rows": Jsonb(rows), "now": now})


async def drop_replaced(tx: Tx, *, project_id: int, owners: Sequence[tuple[int, Locator]]) -> None:
    """Remove the other locators of the same kind from these contacts."""
    values = {
        "project_id": project_id,
        "contact_ids": [contact_id for contact_id, _ in owners],
        "kinds": [locator.kind for _, locator in owners],
        "values": [locator.value for _, locator in owners],
    }
    await execute(tx, SQL.drop_replaced, values)


async def put_locators(tx: Tx, *, project_id: int, owners: Sequence[tuple[int, Locator]], now: datetime) -> None:
    """Give contacts these locators, which must all differ; one that another contact had moves."""
    values = {
        "project_id": project_id,
        "contact_ids": [contact_id for contact_id, _ in owners],
        "kinds": [locator.kind for _, locator in owners],
        "values": [locator.value for _, locator in owners],
        "devices": [Jsonb(locator.device) if locator.device is not None else None for _, locator in owners],
        "now": now,
    }
    await execute(tx, SQL.put_locators, values)


async def load(tx: Tx, *, project_id: int, contact_ids: Sequence[int]) -> list[Contact]:
    """The contacts that are there, with locators and fields, in the order of the ids."""
    values = {"project_id": project_id, "contact_ids": list(contact_ids)}
    contacts = {c.contact_id: c for c in await fetch_all(tx, SQL.load, values, Contact)}
    owned: dict[int, list[Locator]] = {}
    for locator in await fetch_all(tx, SQL.load_locators, values, OwnedLocator):
        owned.setdefault(locator.contact_id, []).append(locator)
    return [
        msgspec.structs.replace(contacts[i], locators=tuple(owned.get(i, ())))
        for i in dict.fromkeys(contact_ids)
        if i in contacts
    ]


async def remove(tx: Tx, *, project_id: int, contact_id: int) -> bool:
    """Whether the contact was there; it is gone now, with its locators."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "contact_id": contact_id}) == 1


async def mark_dead(tx: Tx, *, project_id: int, kind: str, values: Sequence[str], now: datetime) -> int:
    """How many of these locators were alive; none is now."""
    parameters = {"project_id": project_id, "kind": kind, "values": list(values), "now": now}
    return await execute(tx, SQL.mark_dead, parameters)


async def list_page(
    tx: Tx, *, project_id: int, filters: Mapping[str, str | None], after: int = 0, offset: int = 0, limit: int
) -> tuple[list[int], int]:
    """Ids behind `after`, and how many fit in all. Filters: external_id, first_name, last_name, email, phone."""
    values = dict.fromkeys(("external_id", "first_name", "last_name", "email", "phone")) | dict(filters)
    rows = await fetch_all(
        tx, SQL.list, values | {"project_id": project_id, "after": after, "offset": offset, "limit": limit}, Listed
    )
    return [row.contact_id for row in rows], rows[0].total if rows else 0


async def search(tx: Tx, *, project_id: int, search: Search, after: int = 0, limit: int) -> list[int]:
    """A page of ids, by id, of contacts that are known by something that begins so."""
    ends = {f"{name}_end": end_of(getattr(search, name)) for name in ("email", "phone", "token", "name")}
    values = msgspec.structs.asdict(search) | ends | {"project_id": project_id, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.search, values, int, prepare=False)
