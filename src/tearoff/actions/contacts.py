"""Contacts: written in sets, and safe when several processes write the same ones at once.

Every writer first locks the keys that it names, then the rows of the contacts in order of id, then writes locators: in
that order nobody waits for somebody who waits for them. The unique constraints of the database stay the truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tearoff.domain.contacts import SINGLE, Contact, ContactChange, Identity, Locator, change_of, keys_of
from tearoff.errors import Conflict, NotFound
from tearoff.store import contacts as store
from tearoff.store.db import Tx


async def upsert(tx: Tx, *, project_id: int, contacts: Sequence[ContactChange], now: datetime) -> list[int]:
    """The id of each contact, found by its keys or made; changes of one contact apply in order."""
    identities = [contact.identity for contact in contacts]
    await _lock(tx, project_id, identities)
    found = await store.find(tx, project_id=project_id, identities=identities)
    ids = await _complete(tx, project_id, identities, found, now)
    await _write(tx, project_id, ids, contacts, now)
    return ids


async def find(tx: Tx, *, project_id: int, identities: Sequence[Identity]) -> list[int | None]:
    """The contact of each identity: by id, external id, email, phone, token, contact key; the first that finds wins."""
    return await store.find(tx, project_id=project_id, identities=identities)


async def find_or_create(tx: Tx, *, project_id: int, identities: Sequence[Identity], now: datetime) -> list[int | None]:
    """As `find`, but who is not there is made; None only for an identity by which nobody could be found again."""
    found = await store.find(tx, project_id=project_id, identities=identities)
    missing = [n for n, contact_id in enumerate(found) if contact_id is None and keys_of(identities[n])]
    if missing:
        changes = [change_of(identities[n]) for n in missing]
        await _lock(tx, project_id, [identities[n] for n in missing])
        again = await store.find(tx, project_id=project_id, identities=[identities[n] for n in missing])
        ids = await _complete(tx, project_id, [identities[n] for n in missing], again, now)
        fresh = [n for n, contact_id in enumerate(again) if contact_id is None]
        await _write(tx, project_id, [ids[n] for n in fresh], [changes[n] for n in fresh], now)
        for n, contact_id in zip(missing, ids, strict=True):
            found[n] = contact_id
    return found


async def change(tx: Tx, *, project_id: int, contact_id: int, change: ContactChange, now: datetime) -> None:
    """Change one contact; raises NotFound, or Conflict when its external id is another contact's."""
    await _lock(tx, project_id, [change.identity])
    if not await store.hold(tx, project_id=project_id, contact_ids=[contact_id]):
        raise NotFound("contact", contact_id)
    if change.external_id:
        identity = Identity(external_id=change.external_id)
        [owner] = await store.find(tx, project_id=project_id, identities=[identity])
        if owner not in (None, contact_id):
            raise Conflict(f"The externalCustomerId {change.external_id!r} is that of another contact.")
    await _write(tx, project_id, [contact_id], [change], now)


async def load(tx: Tx, *, project_id: int, contact_ids: Sequence[int]) -> list[Contact]:
    """The contacts that are there, with locators and fields, in the order of the ids."""
    return await store.load(tx, project_id=project_id, contact_ids=contact_ids)


async def set_fields(tx: Tx, *, project_id: int, values: Sequence[tuple[int, int, Any]], now: datetime) -> None:
    """Write (contact id, field id, value), values in the field's own type; the last one for a field wins."""
    merged: dict[int, dict[int, Any]] = {}
    for contact_id, field_id, value in values:
        merged.setdefault(contact_id, {})[field_id] = value
    if merged:
        await store.hold(tx, project_id=project_id, contact_ids=list(merged))
        await store.set_fields(tx, project_id=project_id, values=merged, now=now)


async def _lock(tx: Tx, project_id: int, identities: Sequence[Identity]) -> None:
    names = {name for identity in identities for name in keys_of(identity)}
    if names:
        await store.lock(tx, project_id=project_id, names=sorted(names))


async def _complete(
    tx: Tx, project_id: int, identities: Sequence[Identity], found: Sequence[int | None], now: datetime
) -> list[int]:
    """The found ids with new ones in the gaps; who shares a key inside the set becomes one contact."""
    owners: dict[str, int] = {}
    ids = list(found)
    for n, contact_id in enumerate(found):
        if contact_id is not None:
            names = keys_of(identities[n])
            ids[n] = owner = owners.get(names[0], contact_id) if names else contact_id
            owners |= {name: owners.get(name, owner) for name in names}
    # new contacts are numbered -1, -2, … until the database gives them ids
    fresh = 0
    for n, contact_id in enumerate(ids):
        if contact_id is None:
            names = keys_of(identities[n])
            known = next((owners[name] for name in names if name in owners), None)
            if known is None:
                fresh += 1
            ids[n] = owner = -fresh if known is None else known
            owners |= {name: owners.get(name, owner) for name in names}
    made = await store.add(tx, project_id=project_id, count=fresh, now=now) if fresh else []
    return [made[-i - 1] if i < 0 else i for i in ids if i is not None]


async def _write(tx: Tx, project_id: int, ids: Sequence[int], changes: Sequence[ContactChange], now: datetime) -> None:
    merged: dict[int, ContactChange] = {}
    for contact_id, change in zip(ids, changes, strict=True):
        merged[contact_id] = merged[contact_id].then(change) if contact_id in merged else change
    if not merged:
        return
    await store.hold(tx, project_id=project_id, contact_ids=list(merged))
    await store.change(tx, project_id=project_id, changes=merged, now=now)
    owners = _owners(merged)
    if owners:
        singles = [(contact_id, locator) for contact_id, locator in owners if locator.kind in SINGLE]
        await store.drop_replaced(tx, project_id=project_id, owners=singles)
        await store.put_locators(tx, project_id=project_id, owners=owners, now=now)


def _owners(changes: Mapping[int, ContactChange]) -> list[tuple[int, Locator]]:
    """Which contact gets which locator: the last one of a single kind, and each address only once."""
    owners: dict[tuple[str, str], tuple[int, Locator]] = {}
    for contact_id, change in changes.items():
        kept = {locator.kind if locator.kind in SINGLE else locator.value: locator for locator in change.locators}
        owners |= {(locator.kind, locator.value): (contact_id, locator) for locator in kept.values()}
    return list(owners.values())
