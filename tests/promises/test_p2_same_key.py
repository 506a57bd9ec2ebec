"""P2: the same live key gets the same code; another request is a conflict; a returned key is spent."""

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.stock import books, upload

from tearoff.actions import asked_claims
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.domain.codes import Wish
from tearoff.errors import ClaimReturned, Conflict, KeyReused, NotFound
from tearoff.store.db import Database


def call(project: int, *, type: str = "birthday", hold: bool = False, wish: Wish = Wish()) -> ClaimCall:  # noqa: B008
    return ClaimCall(project, None, type, wish, timedelta(minutes=5) if hold else None)


async def test_eight_connections_on_one_key_get_one_code(db, server, project, now) -> None:
    await upload(db, project, [f"C{n}" for n in range(20)], now)
    callers = await Database.open(server.url, pool_size=8)
    try:
        for n in range(10):
            answers = await asyncio.gather(
                *(asked_claims.claim(callers, call(project), [Ask(f"k{n}")], now=now) for _ in range(8))
            )
            rows = [row for [answer] in answers for row in answer]
            assert len({row.value for row in rows}) == 1
            assert [row.is_fresh for row in rows].count(True) == 1
    finally:
        await callers.close()
    assert (await books(db, project)).issued == 10


async def test_one_key_in_two_pools_at_once_gets_one_code(db, project, now) -> None:
    await upload(db, project, [f"A{n}" for n in range(9)], now, type="a")
    await upload(db, project, [f"B{n}" for n in range(9)], now, type="b")
    for n in range(9):
        got = await asyncio.gather(
            *(asked_claims.claim(db, call(project, type=type), [Ask(f"k{n}")], now=now) for type in "abab")
        )
        kinds = [type(answer).__name__ for [answer] in got]
        assert sorted(kinds) == ["KeyReused", "KeyReused", "list", "list"]
    assert (await books(db, project, "a")).issued + (await books(db, project, "b")).issued == 9


@dataclass
class Known:
    """What the model knows of a key."""

    call: ClaimCall
    count: int
    codes: list[str]
    state: str


@pytest.mark.parametrize("seed", range(6))
async def test_any_sequence_of_claims_returns_and_confirmations_keeps_the_keys_apart(db, project, now, seed) -> None:
    dice = random.Random(seed)
    await upload(db, project, [f"C{n:03}" for n in range(60)], now)
    model: dict[str, Known] = {}
    for _ in range(40):
        key = f"k{dice.randrange(8)}"
        act = dice.choice([step_claim, step_claim, step_claim, step_return, step_confirm])
        await act(db, project, now, dice, key, model)
        held = [code for known in model.values() if known.state != "returned" for code in known.codes]
        assert len(held) == len(set(held))
    ledger = await books(db, project)
    assert ledger.reserved + ledger.issued == len(held)


async def step_claim(db, project, now, dice, key, model) -> None:
    wanted = call(project, hold=dice.random() < 0.6)
    count = dice.choice([1, 1, 2])
    [answer] = await asked_claims.claim(db, wanted, [Ask(key, count=count)], now=now)
    known = model.get(key)
    if known is None:
        assert not isinstance(answer, Exception)
        model[key] = Known(wanted, count, [row.value for row in answer], "reserved" if wanted.hold else "issued")
    elif (known.call, known.count) != (wanted, count):
        assert isinstance(answer, KeyReused)
    elif known.state == "returned":
        assert isinstance(answer, ClaimReturned)
    else:
        assert [row.value for row in answer] == known.codes


async def step_return(db, project, now, dice, key, model) -> None:
    await settle(db, project, now, key, model, asked_claims.give_back, "returned", refused="issued")


async def step_confirm(db, project, now, dice, key, model) -> None:
    await settle(db, project, now, key, model, asked_claims.confirm, "issued", refused="returned")


async def settle(db, project, now, key, model, act, state, *, refused) -> None:
    """Confirm or return a key, and see that only the keys whose state allows it change."""
    known = model.get(key)
    try:
        async with db.transaction() as tx:
            rows = await act(tx, project_id=project, key=key, now=now)
    except NotFound:
        assert known is None
    except Conflict:
        assert known.state == refused
    else:
        assert known.state != refused
        known.state = state
        assert [row.value for row in rows] == ([None] * known.count if state == "returned" else known.codes)
