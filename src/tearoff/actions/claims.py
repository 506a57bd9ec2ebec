"""Giving codes to keys, issuing and returning them; shared by every door and by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import psycopg

from tearoff.actions import contacts, holds
from tearoff.domain.codes import Fit, Wish, fit
from tearoff.errors import ClaimReturned, KeyReused, PoolEmpty, TearoffError, Unavailable
from tearoff.store import claims as store
from tearoff.store import projects
from tearoff.store.claims import Claimed, ClaimRow, ClaimTerms, ClaimWish, Scope
from tearoff.store.db import Database, Tx

TRIES_MAX = 5
COUNT_MAX = 1000
HOLD_MAX = timedelta(days=30)


class ClaimCall(NamedTuple):
    """What API claims must share to be taken in one batch."""

    project_id: int
    pool_id: int
    pool: str
    wish: Wish
    hold: timedelta | None


class Ask(msgspec.Struct, frozen=True):
    """One caller's claim: `count` codes under `key`."""

    key: str
    contact_id: int | None = None
    count: int = 1


async def claim(
    db: Database, *, project_id: int, pool_id: int, fit: Fit, terms: ClaimTerms, wishes: Sequence[ClaimWish]
) -> list[Claimed]:
    """The codes of the keys, in a short transaction of its own; a repeat with the same keys is harmless.

    A lost connection, a line that moved and a lost race for an owner are tried again with the same keys.
    """
    for attempt in range(TRIES_MAX):
        try:
            async with db.single() as tx:
                return await store.claim_codes(
                    tx, project_id=project_id, pool_id=pool_id, fit=fit, terms=terms, wishes=wishes
                )
        except (Unavailable, psycopg.errors.SerializationFailure, psycopg.errors.UniqueViolation):
            if attempt == TRIES_MAX - 1:
                raise
    raise AssertionError("unreachable")


async def claim_asked(
    db: Database, call: ClaimCall, asks: list[Ask], *, now: datetime
) -> list[list[Claimed] | TearoffError]:
    """What each API caller gets: all its codes, or PoolEmpty, KeyReused or ClaimReturned.

    Callers of the same key in one batch share an answer when their requests are equal.
    """
    async with db.single() as tx:
        zone = (await projects.get(tx, project_id=call.project_id)).zone
    terms = ClaimTerms(
        scope="api",
        is_issued=call.hold is None,
        is_exposed=True,
        hold_until=None if call.hold is None else now + call.hold,
    )
    firsts = {ask.key: ask for ask in reversed(asks)}
    wishes = [wish for ask in firsts.values() for wish in _wishes(call, ask)]
    exact = fit(call.wish, now, zone)
    if any(ask.count > 1 for ask in firsts.values()):
        rows = await _claim_whole(db, call, exact, terms, wishes)
    else:
        rows = await claim(db, project_id=call.project_id, pool_id=call.pool_id, fit=exact, terms=terms, wishes=wishes)
    got: dict[str, list[Claimed]] = {}
    for row in rows:
        got.setdefault(row.key, []).append(row)
    return [_answer(call, ask, got.get(ask.key, [])) for ask in asks]


async def _claim_whole(
    db: Database, call: ClaimCall, exact: Fit, terms: ClaimTerms, wishes: list[ClaimWish]
) -> list[Claimed]:
    """All codes of all keys, or none of them: what falls short is rolled back."""
    async with db.transaction() as tx:
        rows = await store.claim_codes(
            tx, project_id=call.project_id, pool_id=call.pool_id, fit=exact, terms=terms, wishes=wishes
        )
        if len({(row.key, row.part) for row in rows if row.is_fresh}) < len(wishes) - sum(not r.is_fresh for r in rows):
            raise PoolEmpty(call.pool, str(call.wish))
        return rows


def _wishes(call: ClaimCall, ask: Ask) -> list[ClaimWish]:
    request = request_text(call, ask)
    return [ClaimWish(ask.key, request, part, ask.contact_id) for part in range(ask.count)]


def request_text(call: ClaimCall, ask: Ask) -> str:
    """What a repeat of the key must equal."""
    hold = "" if call.hold is None else call.hold.total_seconds()
    return f"pool={call.pool_id};{call.wish.text};contact={ask.contact_id or ''};count={ask.count};hold={hold}"


def _answer(call: ClaimCall, ask: Ask, rows: list[Claimed]) -> list[Claimed] | TearoffError:
    if not rows:
        return PoolEmpty(call.pool, str(call.wish))
    if any(row.request != request_text(call, ask) for row in rows):
        return KeyReused(ask.key)
    if any(row.returned_at is not None for row in rows):
        return ClaimReturned(ask.key)
    return sorted(rows, key=lambda row: row.part)


async def issue(
    tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str], now: datetime, reason: str | None = None
) -> int:
    """Turn reserved claims into issued ones, and write their codes to the fields that want them; gives how many."""
    issued = await store.mark_issued(tx, project_id=project_id, scope=scope, keys=keys, now=now, reason=reason)
    wanted = [row for row in issued if row.field_id is not None and row.contact_id is not None]
    if wanted:
        held = await store.list_values(tx, project_id=project_id, scope=scope, keys=[row.key for row in wanted])
        value_of = {row.code_id: row.value for row in held}
        values: list[tuple[int, int, Any]] = [
            (row.contact_id, row.field_id, value_of[row.code_id])
            for row in wanted
            if row.contact_id is not None and row.field_id is not None
        ]
        await contacts.set_fields(tx, project_id=project_id, values=values, now=now)
    return len(issued)


async def give_back(
    tx: Tx,
    *,
    project_id: int,
    scope: Scope,
    keys: Sequence[str],
    now: datetime,
    reason: str,
    is_forced: bool = False,
) -> list[str]:
    """Return the codes of reserved claims that were never exposed (forced: exposed ones too); gives their keys.

    The codes go to the end of their lines, and held runs that they serve wake.
    """
    returned: list[str] = []
    pool_ids = await store.list_pools_of(tx, project_id=project_id, scope=scope, keys=keys)
    for pool_id in pool_ids:
        rows = await store.return_claims(
            tx,
            project_id=project_id,
            pool_id=pool_id,
            scope=scope,
            keys=keys,
            now=now,
            reason=reason,
            is_forced=is_forced,
        )
        returned += [row.key for row in rows]
    if returned:
        await holds.wake(tx, project_id=project_id, pool_ids=pool_ids, now=now)
    return returned


async def find(tx: Tx, *, project_id: int, scope: Scope, key: str) -> list[ClaimRow]:
    """The claims under a caller's own key; empty when it is unknown."""
    return await store.list_by_key(tx, project_id=project_id, scope=scope, key=key)
