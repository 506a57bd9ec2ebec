"""Claims of a set of runs that wish the same of one pool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from tearoff.actions import claims
from tearoff.domain.codes import Wish, fit
from tearoff.domain.pools import Pool
from tearoff.engine.parts import Engine
from tearoff.engine.travellers import Carried, Group, Traveller
from tearoff.store.claims import Claimed, ClaimTerms, ClaimWish


class Asked(NamedTuple):
    """What a set of runs wishes; `mark` tells several claims of one block apart, `field_id` takes issued codes."""

    pool: Pool
    wish: Wish
    mark: str = ""
    field_id: int | None = None


async def claim(
    engine: Engine, group: Group, asked: Asked, travellers: Sequence[Traveller]
) -> list[tuple[Traveller, Claimed | None]]:
    """Each run with what its key got: held runs first, in their order; new ones queue behind whoever waits."""
    ordered = sorted(travellers, key=lambda t: (t.held_at is None, t.held_at or group.now, t.run.run_id))
    request = f"pool={asked.pool.pool_id};{asked.wish.text}"
    got = await claims.claim_in_turn(
        engine.db,
        project_id=group.project_id,
        pool_id=asked.pool.pool_id,
        fit=fit(asked.wish, group.now, group.project.zone),
        criteria=asked.wish.text,
        terms=ClaimTerms("run", field_id=asked.field_id),
        wishes=[ClaimWish(t.key(asked.mark), request, 0, t.contact_id, t.run.run_id) for t in ordered],
        held={t.run.run_id for t in ordered if t.held_at is not None},
    )
    by_key = {claimed.key: claimed for claimed in got}
    return [(t, by_key.get(t.key(asked.mark))) for t in ordered]


def take(group: Group, asked: Asked, traveller: Traveller, claimed: Claimed) -> Carried | None:
    """The code to carry; a code of this attempt that was returned fails the run, which may be retried."""
    if claimed.returned_at is not None:
        traveller.fail("claim-returned", "The code of this attempt was returned; retry the run.", group.now)
        return None
    return Carried(
        block=traveller.block_id,
        key=claimed.key,
        parameter=asked.pool.parameter,
        code_id=claimed.code_id,
        value=claimed.value,
        expires_at=claimed.expires_at,
    )


def wait(group: Group, asked: Asked, traveller: Traveller, time: timedelta) -> None:
    """Hold a run that got no code; one that was held for its whole time fails."""
    if traveller.hold_until is not None and traveller.hold_until <= group.now:
        traveller.fail("pool-empty", f"No code of the pool {asked.pool.key!r} fitted in time.", group.now)
    else:
        traveller.hold(asked.pool.pool_id, asked.wish.text, time, group.now)
