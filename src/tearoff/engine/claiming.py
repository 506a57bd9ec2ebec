"""Claims of a set of runs that wish the same of one pool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from tearoff.actions import claims, handouts
from tearoff.domain.codes import Wish
from tearoff.domain.handouts import Policy, fit_of, window_of
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
    policy = Policy(asked.pool, group.project.zone)
    window = window_of(policy, group.now)
    wanted: dict[str, Any] = {
        "project_id": group.project_id,
        "fit": fit_of(policy, asked.wish, group.now),
        "criteria": asked.wish.text,
        "terms": ClaimTerms(
            "run",
            field_id=asked.field_id,
            use_from=window.start,
            use_until=window.end,
            workflow_id=ordered[0].run.workflow_id,
        ),
        "wishes": [ClaimWish(t.key(asked.mark), request, 0, t.contact_id, t.run.run_id) for t in ordered],
        "held": {t.run.run_id for t in ordered if t.held_at is not None},
        "lease": ordered[0].run.lease,
    }
    if asked.pool.has_policy:
        got, capped = await handouts.hand_out_in_turn(engine.db, policy=policy, **wanted)
        for traveller in ordered:
            traveller.is_capped = traveller.key(asked.mark) in capped
    else:
        got = await claims.claim_in_turn(engine.db, pool_id=asked.pool.pool_id, **wanted)
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
    """Hold a run that got no code; one that was held for its whole time fails, and one whose contact has enough."""
    if traveller.is_capped:
        traveller.fail("cap-reached", f"The contact has had as many codes of {asked.pool.key!r} as it may.", group.now)
    elif traveller.hold_until is not None and traveller.hold_until <= group.now:
        traveller.fail("pool-empty", f"No code of the pool {asked.pool.key!r} fitted in time.", group.now)
    else:
        traveller.hold(asked.pool.pool_id, asked.wish.text, time, group.now)
