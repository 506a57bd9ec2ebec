"""What contacts have had from a pool, and keys that stand for a code which their contact had already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from tearoff.domain.validity import Window
from tearoff.store import queries, stock
from tearoff.store.claims import Claimed, ClaimWish, Scope
from tearoff.store.db import Tx, execute, fetch_all

SQL = queries.load("handouts")


class Held(msgspec.Struct, frozen=True):
    """A code that the contact or run behind a key has already, and the claim by which."""

    key: str
    claim_scope: Scope
    claim_key: str
    claim_part: int
    run_id: int | None
    code_id: int
    value: str
    expires_at: datetime | None
    discount: int | None
    use_from: datetime | None

    def claimed(self, key: str, request: str) -> Claimed:
        """The answer to a key."""
        return Claimed(
            key, 0, self.code_id, self.value, self.expires_at, self.discount, request, None, False, self.use_from
        )


class Taken(msgspec.Struct, frozen=True):
    """How many codes a contact took."""

    contact_id: int
    taken: int


async def list_known(tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str]) -> set[str]:
    """The keys that have a claim already."""
    return set(await fetch_all(tx, SQL.list_known, {"project_id": project_id, "scope": scope, "keys": list(keys)}, str))


async def list_reissued(tx: Tx, *, project_id: int, scope: Scope, keys: Sequence[str]) -> list[Claimed]:
    """What those keys have that stand for another claim."""
    params = {"project_id": project_id, "scope": scope, "keys": list(keys)}
    return await fetch_all(tx, SQL.list_reissued, params, into=Claimed)


async def find_held_by_contacts(
    tx: Tx,
    *,
    project_id: int,
    pool_id: int,
    wishes: Sequence[ClaimWish],
    discount: int | None,
    until: datetime,
    workflow_id: int | None,
) -> list[Held]:
    """The last code of each wish's contact that fits; `workflow_id` counts only what was taken in that workflow."""
    params: dict[str, Any] = {"project_id": project_id, "pool_id": pool_id, "discount": discount, "until": until}
    params |= {"keys": [wish.key for wish in wishes], "contacts": [wish.contact_id for wish in wishes]}
    return await fetch_all(tx, SQL.find_held_by_contacts, params | {"workflow_id": workflow_id}, into=Held)


async def find_held_by_runs(
    tx: Tx,
    *,
    project_id: int,
    pool_id: int,
    wishes: Sequence[ClaimWish],
    discount: int | None,
    until: datetime,
    scope: Scope,
) -> list[Held]:
    """The first code of each wish's run that fits."""
    params: dict[str, Any] = {"project_id": project_id, "pool_id": pool_id, "discount": discount, "until": until}
    params |= {"scope": scope, "keys": [wish.key for wish in wishes], "runs": [wish.run_id for wish in wishes]}
    return await fetch_all(tx, SQL.find_held_by_runs, params, into=Held)


async def reissue(
    tx: Tx, *, project_id: int, scope: Scope, wishes: Sequence[ClaimWish], held: Sequence[Held], now: datetime
) -> None:
    """Let keys stand for codes that their contacts have; those of another run are issued for good.

    The caller holds the gate.
    """
    pairs = list(zip(wishes, held, strict=True))
    foreign = [one for wish, one in pairs if one.run_id is None or one.run_id != wish.run_id]
    if foreign:
        claims = {
            "claim_scopes": [one.claim_scope for one in foreign],
            "claim_keys": [one.claim_key for one in foreign],
        }
        parts = {"claim_parts": [one.claim_part for one in foreign]}
        at = {"project_id": project_id, "now": now}
        settled = Counter(await fetch_all(tx, SQL.settle_reissued, at | claims | parts, int))
        await stock.note(tx, project_id=project_id, issued=settled)
    params = {
        "project_id": project_id,
        "scope": scope,
        "keys": [wish.key for wish in wishes],
        "requests": [wish.request for wish in wishes],
        "claim_scopes": [one.claim_scope for one in held],
        "claim_keys": [one.claim_key for one in held],
        "claim_parts": [one.claim_part for one in held],
        "now": now,
    }
    await execute(tx, SQL.add_reissues, params)


async def count_taken(
    tx: Tx, *, project_id: int, pool_id: int, contact_ids: Sequence[int], since: datetime | None
) -> dict[int, int]:
    """How many codes each contact took from the pool since then."""
    params = {"project_id": project_id, "pool_id": pool_id, "contacts": list(contact_ids), "since": since}
    rows = await fetch_all(tx, SQL.count_taken, params, into=Taken)
    return {row.contact_id: row.taken for row in rows}


async def renew_windows(tx: Tx, *, project_id: int, scope: Scope, key: str, before: Window, after: Window) -> None:
    """Give what a key still holds another window of use, if its window is the one that it was given `before`."""
    params: dict[str, Any] = {"project_id": project_id, "scope": scope, "key": key}
    params |= {"old_from": before.start, "old_until": before.end, "use_from": after.start, "use_until": after.end}
    await execute(tx, SQL.renew_windows, params)
