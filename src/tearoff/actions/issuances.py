"""Issuing by hand to many: to the contacts of a filter, or of a list, as a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tearoff.actions import contacts
from tearoff.domain.code_files import RejectedRow
from tearoff.domain.codes import Wish
from tearoff.domain.contact_lists import ListedContact
from tearoff.domain.issues import refusal_of_pool
from tearoff.domain.pools import Pool
from tearoff.errors import Invalid, Problem
from tearoff.store import dues, issuances, tasks
from tearoff.store.db import Tx
from tearoff.store.issuances import ContactFilter, Line

KIND = "issue"
LOOKED_UP_MAX = 5_000
TWICE, NOBODY = "The contact stands in the list before.", "No contact is found by this."


class Order(NamedTuple):
    """What is issued to everybody: a code of the pool that satisfies the wish; `field_id` takes it on the profile."""

    pool: Pool
    wish: Wish
    field_id: int | None = None
    by: str = ""


async def start_filtered(tx: Tx, *, project_id: int, order: Order, wanted: ContactFilter, now: datetime) -> int:
    """The number of the task; raises Invalid when the filter finds nobody, Conflict when the pool gives nothing now."""
    task_id = await _start(tx, project_id, order, now)
    found = await issuances.add_filtered(tx, project_id=project_id, task_id=task_id, contacts=wanted)
    if not found:
        raise Invalid(Problem("/filter", "No contact passes the filter."))
    await issuances.set_total(tx, project_id=project_id, task_id=task_id, total=found, done=0)
    await dues.bump(tx, project_id=project_id, actor="issuer", due_at=now)
    return task_id


async def start_listed(tx: Tx, *, project_id: int, order: Order, listed: Sequence[ListedContact], now: datetime) -> int:
    """The number of the task; lines by which nobody is found are refused in its report, a contact counts once."""
    if not listed:
        raise Invalid(Problem("", "The list holds no contact."))
    task_id = await _start(tx, project_id, order, now)
    seen: set[int] = set()
    refused = 0
    for start in range(0, len(listed), LOOKED_UP_MAX):
        lines, rejects = await _find(tx, project_id, listed[start : start + LOOKED_UP_MAX], seen)
        refused += len(rejects)
        await issuances.add_listed(tx, project_id=project_id, task_id=task_id, lines=lines)
        await issuances.add_rejects(tx, project_id=project_id, task_id=task_id, rows=rejects)
    await issuances.set_total(tx, project_id=project_id, task_id=task_id, total=len(listed), done=refused)
    await dues.bump(tx, project_id=project_id, actor="issuer", due_at=now)
    return task_id


async def _start(tx: Tx, project_id: int, order: Order, now: datetime) -> int:
    refusal = refusal_of_pool(order.pool, now)
    if refusal is not None:
        raise refusal
    task_id = await tasks.add(tx, project_id=project_id, kind=KIND, now=now, by=order.by, pool_id=order.pool.pool_id)
    await issuances.add(
        tx,
        project_id=project_id,
        task_id=task_id,
        pool_id=order.pool.pool_id,
        wish=order.wish,
        field_id=order.field_id,
    )
    return task_id


async def _find(
    tx: Tx, project_id: int, listed: Sequence[ListedContact], seen: set[int]
) -> tuple[list[Line], list[RejectedRow]]:
    named = [one for one in listed if one.identity is not None]
    identities = [one.identity for one in named if one.identity is not None]
    found = await contacts.find(tx, project_id=project_id, identities=identities) if named else []
    owner_of = {one.line: contact_id for one, contact_id in zip(named, found, strict=True)}
    lines, rejects = [], []
    for one in listed:
        contact_id = owner_of.get(one.line)
        if contact_id is None:
            rejects.append(RejectedRow(one.line, one.shown, one.reason or NOBODY))
        elif contact_id in seen:
            rejects.append(RejectedRow(one.line, one.shown, TWICE))
        else:
            seen.add(contact_id)
            lines.append(Line(one.line, contact_id))
    return lines, rejects
