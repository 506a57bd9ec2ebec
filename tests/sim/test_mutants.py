"""The simulation bites: with one thing done wrongly, some seed among a few must break a promise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from tests.sim.test_lives import judge

from tearoff.actions import claims as claim_actions
from tearoff.actions import events, redemptions
from tearoff.actions import runs as run_actions
from tearoff.domain import runs as rules
from tearoff.engine import callers, runner, sender
from tearoff.engine.travellers import Traveller
from tearoff.store import claims, deliveries, dues, runs
from tearoff.store.db import Database, execute

SEEDS_MAX = 80
Patch = pytest.MonkeyPatch


def no_claim_key(patch: Patch) -> None:
    """The claim's key is another one each time."""
    key = Traveller.key
    patch.setattr(Traveller, "key", lambda self, mark="": f"{key(self, mark)}:{uuid4()}")


def issued_before_the_result(patch: Patch) -> None:
    """The codes are issued when the sender takes the delivery, not when its outcome is known."""
    lease = deliveries.lease

    async def hasty(tx: Any, *, project_id: int, now: Any, **more: Any) -> Any:
        taken = await lease(tx, project_id=project_id, now=now, **more)
        keys = await deliveries.list_keys(tx, project_id=project_id, delivery_ids=[d.delivery_id for d in taken])
        await claim_actions.issue(tx, project_id=project_id, scope="run", keys=keys, now=now)
        return taken

    patch.setattr(sender.deliveries, "lease", hasty)


def no_lease_of_runs(patch: Patch) -> None:
    """Whoever had a run once may write it."""

    async def all_of_them(tx: Any, *, project_id: int, lease: Any, run_ids: Any) -> set[int]:
        return set(run_ids)

    patch.setattr(runs, "lock_leased", all_of_them)


def no_codes_of_deliveries(patch: Patch) -> None:
    """A delivery does not say which codes it carries."""
    add_all = deliveries.add_all

    async def bare(tx: Any, *, project_id: int, deliveries: Any, now: Any) -> Any:
        stripped = [msgspec.structs.replace(d, carried=()) for d in deliveries]
        return await add_all(tx, project_id=project_id, deliveries=stripped, now=now)

    patch.setattr(runner.deliveries, "add_all", bare)


def no_doubt(patch: Patch) -> None:
    """A send that never ended counts as one that never began."""
    text = deliveries.SQL.take_over
    assert "is_doubtful = true, " in text
    patch.setitem(deliveries.SQL._texts, "take_over", text.replace("is_doubtful = true, ", ""))

    async def none(tx: Any, **more: Any) -> list[str]:
        return []

    patch.setattr(deliveries, "list_keys", none)


def no_exposure(patch: Patch) -> None:
    """A source may see a code, and nobody remembers it."""

    async def nothing(tx: Any, **more: Any) -> int:
        return 0

    patch.setattr(callers.claims, "mark_exposed", nothing)


def returned_on_the_way(patch: Patch) -> None:
    """A code returns with its first refused message, though its run is still on its way."""
    patch.setattr(rules, "OVER", frozenset({"due", "leased", "held", "calling", "done", "failed", "stopped"}))
    patch.setattr(run_actions, "OVER", rules.OVER)


def no_idempotency_key(patch: Patch) -> None:
    """A repeated event is a new one."""

    async def never(*arguments: Any) -> None:
        return None

    patch.setattr(events, "_recognise", never)


def no_wake(patch: Patch) -> None:
    """New work does not say so."""

    async def silent(tx: Any, *, actor: str, **more: Any) -> None:
        if actor == "sender":
            return
        await bump(tx, actor=actor, **more)

    bump = dues.bump
    patch.setattr(dues, "bump", silent)


def behind_the_queue_empty_handed(patch: Patch) -> None:
    """A run that has claimed, and finds a queue when it asks again, gets nothing."""
    claim_codes = claims.claim_codes

    async def strict(tx: Any, *, fit: Any, wishes: Any, **more: Any) -> Any:
        return [] if fit.discount == -1 else await claim_codes(tx, fit=fit, wishes=wishes, **more)

    patch.setattr(claims, "claim_codes", strict)


def retry_keeps_the_attempt(patch: Patch) -> None:
    """A retried run asks with the keys that it has used up."""
    text = runs.SQL.restart
    assert "attempt = r.attempt + 1, " in text
    patch.setitem(runs.SQL._texts, "restart", text.replace("attempt = r.attempt + 1, ", ""))


def a_use_taken_back_stays(patch: Patch) -> None:
    """The till is told that a use was taken back, and it was not."""

    async def told(tx: Any, **more: Any) -> bool:
        return True

    patch.setattr(redemptions.store, "roll_back", told)


def a_repeat_of_an_order_is_another_one(patch: Patch) -> None:
    """An order that asks again is judged like a stranger's."""
    patch.setattr(redemptions, "is_same_order", lambda facts, order_id: False)


MUTANTS = [
    no_claim_key,
    issued_before_the_result,
    no_lease_of_runs,
    no_codes_of_deliveries,
    no_doubt,
    no_exposure,
    returned_on_the_way,
    no_idempotency_key,
    no_wake,
    behind_the_queue_empty_handed,
    retry_keeps_the_attempt,
    a_use_taken_back_stays,
    a_repeat_of_an_order_is_another_one,
]
QUICK = {no_claim_key, issued_before_the_result, no_codes_of_deliveries}
"""These run in `make test` too."""


async def killed_by(db: Database, *, is_wild: bool = False) -> int | None:
    """The first seed that breaks a promise."""
    for seed in range(1, SEEDS_MAX + 1):
        if await judge(db, seed, is_wild=is_wild):
            return seed
    return None


@pytest.mark.parametrize(
    "mutate",
    [pytest.param(m, id=m.__name__, marks=() if m in QUICK else pytest.mark.sim) for m in MUTANTS],
)
async def test_a_mutant_is_killed(db: Database, monkeypatch: Patch, mutate: Callable[[Patch], None]) -> None:
    mutate(monkeypatch)
    seed = await killed_by(db)
    assert seed is not None, f"{mutate.__name__} survived {SEEDS_MAX} seeds"
    monkeypatch.undo()
    assert not await judge(db, seed), "the seed breaks without the mutant too"
    print(f"sim: mutant={mutate.__name__} killed_by={seed}")


GATE = "PERFORM FROM pool_gate WHERE project_id = p_project AND pool_id = p_pool FOR UPDATE;"
DEFINITION = "SELECT pg_get_functiondef('return_claims'::regproc)"


@asynccontextmanager
async def without_gate(db: Database) -> AsyncIterator[None]:
    """As long as this lasts, codes are returned without the lock on their line."""
    async with db.transaction() as tx:
        cursor = await tx.execute(DEFINITION)
        [right] = await cursor.fetchone() or ("",)
        assert GATE in right
        await execute(tx, right.replace(GATE, "PERFORM pg_sleep(0.05);").replace("%", "%%"), {})
    try:
        yield
    finally:
        async with db.transaction() as tx:
            await execute(tx, right.replace("%", "%%"), {})


@pytest.mark.sim
async def test_returning_without_the_gate_is_killed_by_a_wild_life(db: Database, monkeypatch: Patch) -> None:
    async def ungated(tx: Any, *, project_id: int, pool_ids: Any) -> None:
        return None

    monkeypatch.setattr(run_actions.claim_store, "lock_gates", ungated)
    async with without_gate(db):
        seed = await killed_by(db, is_wild=True)
    assert seed is not None
    monkeypatch.undo()
    assert not await judge(db, seed, is_wild=True), "the seed breaks without the mutant too"
    print(f"sim: mutant=return_without_gate killed_by={seed}")
