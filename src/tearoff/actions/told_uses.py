"""Uses of codes that happened elsewhere, as another system tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tearoff.actions import lookups
from tearoff.actions.redemptions import Redeemed, redeem
from tearoff.domain.redemptions import Use
from tearoff.errors import NotRedeemable, TearoffError
from tearoff.store import claims
from tearoff.store import redemptions as store
from tearoff.store.db import Database, Tx


class Report(msgspec.Struct, frozen=True):
    """What became of uses that were told from outside; `rejected` maps places to what was wrong."""

    used: int
    freed: int
    unchanged: int
    rejected: dict[int, TearoffError]


async def report(
    db: Database, *, project_id: int, told: Sequence[tuple[Use, bool]], now: datetime, reason: str
) -> Report:
    """Note uses that happened elsewhere (True), and those that did not happen or were taken back (False).

    Windows, owners and limits are not asked: it is a fact. What was used here is not taken back by it.
    """
    places = [n for n, (_, is_used) in enumerate(told) if is_used]
    async with db.transaction() as tx:
        await _own(tx, project_id, [told[n][0].value.strip() for n in places], now)
    results = await redeem(db, project_id=project_id, uses=[told[n][0] for n in places], now=now)
    rejected: dict[int, TearoffError] = {}
    used = 0
    for n, result in zip(places, results, strict=True):
        if isinstance(result, Redeemed):
            used += result.is_fresh
        elif not (isinstance(result, NotRedeemable) and result.status == "used"):
            rejected[n] = result
    values = sorted({use.value.strip() for use, is_used in told if not is_used})
    freed = 0
    if values:
        async with db.transaction() as tx:
            values = await lookups.meant(tx, project_id=project_id, values=values)
            freed = len(await store.roll_back_told(tx, project_id=project_id, values=values, now=now, reason=reason))
    return Report(used, freed, len(told) - used - freed - len(rejected), rejected)


async def _own(tx: Tx, project_id: int, values: Sequence[str], now: datetime) -> None:
    """Let codes that an upload called in use be somebody's, so that their use can be written: nobody was named."""
    if not values:
        return
    at = {"project_id": project_id}
    meant = await lookups.meant(tx, **at, values=values)
    found = await store.list_in_use(tx, **at, values=meant)
    if found:
        await claims.lock_gates(tx, **at, pool_ids=[code.pool_id for code in found])
        await store.own_in_use(tx, **at, codes=found, now=now)
