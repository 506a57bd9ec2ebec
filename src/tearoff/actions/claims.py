"""Giving codes to keys, issuing and returning them; shared by every door and by the engine."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from tearoff.actions import contacts, holds
from tearoff.domain.codes import Fit, nothing_fits
from tearoff.errors import Unavailable
from tearoff.store import claims as store
from tearoff.store import runs
from tearoff.store.claims import Claimed, ClaimTerms, ClaimWish, Scope
from tearoff.store.db import Database, Tx

TRIES_MAX = 5


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


async def claim_in_turn(
    db: Database,
    *,
    project_id: int,
    pool_id: int,
    fit: Fit,
    criteria: str,
    terms: ClaimTerms,
    wishes: Sequence[ClaimWish],
    held: Set[int],
    lease: UUID | None = None,
) -> list[Claimed]:
    """As `claim`, for runs of this lease: while others wait for the same, only those in `held` (their ids) may claim.

    The look at the queue happens under the gate, so a run that joins it cannot be overtaken. Runs that the lease does
    not hold any more get nothing: they may be over, and nobody would return their codes.
    """
    run_ids = [wish.run_id for wish in wishes if wish.run_id is not None]
    for attempt in range(TRIES_MAX):
        try:
            async with db.transaction() as tx:
                await store.lock_gates(tx, project_id=project_id, pool_ids=[pool_id])
                at = {"project_id": project_id, "pool_id": pool_id}
                first, behind = list(wishes), []
                if lease is not None:
                    ours = await runs.list_leased(tx, project_id=project_id, lease=lease, run_ids=run_ids)
                    first = [wish for wish in wishes if wish.run_id in ours]
                if await runs.is_queue_before(tx, **at, criteria=criteria, run_ids=run_ids):
                    behind = [wish for wish in first if wish.run_id not in held]
                    first = [wish for wish in first if wish.run_id in held]
                got = await store.claim_codes(tx, **at, fit=fit, terms=terms, wishes=first) if first else []
                if behind:
                    # who stands behind the queue gets nothing new; what its key has already stays its own
                    nothing = nothing_fits(fit.now)
                    got += await store.claim_codes(tx, **at, fit=nothing, terms=terms, wishes=behind)
                return got
        except (Unavailable, psycopg.errors.SerializationFailure, psycopg.errors.UniqueViolation):
            if attempt == TRIES_MAX - 1:
                raise
    raise AssertionError("unreachable")


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
    if len(pool_ids) > 1:
        await store.lock_gates(tx, project_id=project_id, pool_ids=pool_ids)
        await store.lock(tx, project_id=project_id, scope=scope, keys=keys)
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
