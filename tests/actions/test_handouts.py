"""Handing out by a pool's settings: windows, validity, the same code again, and caps, also under concurrency."""

import asyncio
from datetime import timedelta

import pytest
from tests.stock import books, pool_of, upload

from tearoff.actions import asked_claims, pools, revocations
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.actions.contacts import upsert
from tearoff.domain.codes import Wish
from tearoff.domain.contacts import ContactChange, Identity
from tearoff.domain.handouts import Policy, fit_of
from tearoff.domain.pools import Cap, PoolDefinition
from tearoff.domain.validity import Span, Validity, Window
from tearoff.errors import CapReached, ClaimReturned, NotIssuable, OutsideWindow, PoolEmpty
from tearoff.store.codes import count_free
from tearoff.store.db import execute

SET_USE = "UPDATE lot SET use_from = %(at)s WHERE project_id = %(project_id)s"
SET_LOT = "UPDATE lot SET issue_from = %(at)s WHERE project_id = %(project_id)s"


@pytest.fixture
def setup(db, project, now):
    """Makes the pool `gift` with these settings and codes, and the contacts `c0` to `c3`."""

    async def make(codes=("A", "B", "C", "D", "E"), expires_at=None, **settings):
        wanted = PoolDefinition(key="gift", type="gift", description="Gifts", **settings)
        async with db.transaction() as tx:
            await pools.put(tx, project_id=project, pools=[wanted], now=now)
            people = [ContactChange(external_id=f"c{n}") for n in range(4)]
            await upsert(tx, project_id=project, contacts=people, now=now)
        await upload(db, project, codes, now, type="gift", expires_at=expires_at)

    return make


@pytest.fixture
def ask(db, project, now):
    """Claims for a contact and gives the codes, or the error that came instead."""

    async def claim(key, contact="c0", *, at=None, count=1, wish=None, hold=None, window=None):
        call = ClaimCall(project, "gift", None, wish or Wish(), hold, window)
        who = Identity(external_id=contact) if contact else None
        try:
            [answer] = await asked_claims.claim(db, call, [Ask(key, who, count)], now=at or now)
        except PoolEmpty as error:
            return error
        return [row.value for row in answer] if isinstance(answer, list) else answer

    return claim


async def test_a_contact_gets_a_new_code_each_time_where_the_pool_says_nothing_else(setup, ask) -> None:
    await setup()
    assert [await ask("k1"), await ask("k2")] == [["A"], ["B"]]


async def test_a_contact_gets_the_same_code_again_and_so_does_the_repeat_of_the_key(db, project, setup, ask) -> None:
    await setup(reissue="pool")
    assert [await ask("k1"), await ask("k2"), await ask("k2"), await ask("k3", "c1")] == [["A"], ["A"], ["A"], ["B"]]
    assert (await books(db, project, "gift")).issued == 2


async def test_many_events_of_a_contact_at_once_take_one_code(db, project, setup, ask) -> None:
    await setup(reissue="pool")
    answers = await asyncio.gather(*(ask(f"k{n}", f"c{n % 2}") for n in range(16)))
    assert sorted({code for [code] in answers}) == ["A", "B"]
    assert (await books(db, project, "gift")).issued == 2


async def test_one_batch_gives_a_contact_one_code(db, project, now, setup) -> None:
    await setup(reissue="pool")
    call = ClaimCall(project, "gift", None, Wish(), None)
    asks = [Ask(f"k{n}", Identity(external_id=f"c{n % 2}")) for n in range(6)]
    answers = await asked_claims.claim(db, call, asks, now=now)
    assert [rows[0].value for rows in answers] == ["A", "B"] * 3


async def test_the_same_code_is_given_only_while_enough_days_remain(now, setup, ask) -> None:
    await setup(reissue="pool", reissue_days=3, valid_for=Validity(ends_after=Span(7, "days")))
    assert await ask("k1") == ["A"]
    assert await ask("k2", at=now + timedelta(days=3)) == ["A"]
    assert await ask("k3", at=now + timedelta(days=5)) == ["B"]


async def test_a_contact_has_its_code_also_when_the_pool_is_empty(setup, ask) -> None:
    await setup(codes=["A"], reissue="pool")
    assert await ask("k1") == ["A"]
    assert await ask("k2") == ["A"]
    assert isinstance(await ask("k3", "c1"), PoolEmpty)


async def test_the_key_of_a_revoked_code_is_spent_and_its_contact_gets_another(db, project, now, setup, ask) -> None:
    await setup(reissue="pool")
    assert [await ask("k1"), await ask("k2")] == [["A"], ["A"]]
    async with db.transaction() as tx:
        await revocations.revoke(tx, project_id=project, value="A", reason="leaked", now=now)
    assert [type(await ask(key)) for key in ("k1", "k2")] == [ClaimReturned, ClaimReturned]
    assert await ask("k3") == ["B"]


async def test_a_hold_that_became_two_keys_code_is_not_returned(db, project, now, setup, ask) -> None:
    await setup(reissue="pool")
    assert await ask("k1", hold=timedelta(seconds=60)) == ["A"]
    assert await ask("k2") == ["A"]
    async with db.transaction() as tx:
        await asked_claims.end_holds(tx, project_id=project, now=now + timedelta(hours=1), limit=10)
    assert (await books(db, project, "gift")).issued == 1


async def test_a_cap_counts_the_codes_of_a_contact_and_nobody_else(setup, ask) -> None:
    await setup(cap=Cap(max=2))
    answers = [await ask(f"k{n}") for n in range(3)]
    assert answers[:2] == [["A"], ["B"]]
    assert isinstance(answers[2], CapReached)
    assert await ask("k1") == ["B"]
    assert await ask("k9", "c1") == ["C"]
    assert isinstance(await ask("many", "c1", count=2), CapReached)


async def test_a_cap_holds_when_many_ask_at_once(db, project, setup, ask) -> None:
    await setup(cap=Cap(max=1, period=Span(1, "days")))
    answers = await asyncio.gather(*(ask(f"k{n}") for n in range(8)))
    assert [type(answer) for answer in answers].count(CapReached) == 7
    assert (await books(db, project, "gift")).issued == 1


async def test_a_cap_of_a_period_lets_go_when_it_is_over(now, setup, ask) -> None:
    await setup(cap=Cap(max=1, period=Span(2, "days")))
    assert await ask("k1") == ["A"]
    assert isinstance(await ask("k2", at=now + timedelta(hours=47)), CapReached)
    assert await ask("k3", at=now + timedelta(hours=49)) == ["B"]


async def test_a_cap_of_the_calendar_lets_go_at_midnight(now, setup, ask) -> None:
    await setup(cap=Cap(max=1, period=Span(1, "days"), is_calendar=True))
    assert await ask("k1") == ["A"]
    assert isinstance(await ask("k2", at=now.replace(hour=23)), CapReached)
    assert await ask("k3", at=now + timedelta(hours=13)) == ["B"]


async def test_a_pool_hands_out_only_inside_its_issue_window(now, setup, ask) -> None:
    await setup(issue_from=now + timedelta(hours=1), issue_until=now + timedelta(hours=3))
    assert isinstance(await ask("k1"), OutsideWindow)
    assert await ask("k2", at=now + timedelta(hours=2)) == ["A"]
    assert isinstance(await ask("k3", at=now + timedelta(hours=3)), OutsideWindow)
    assert await ask("k2", at=now + timedelta(hours=4)) == ["A"]


async def test_a_code_with_its_issue_start_tomorrow_is_not_issued_today(db, project, now, setup, ask) -> None:
    await setup()
    async with db.transaction() as tx:
        await execute(tx, SET_LOT, {"project_id": project, "at": now + timedelta(days=1)})
    assert isinstance(await ask("k1"), PoolEmpty)
    assert await ask("k2", at=now + timedelta(days=1)) == ["A"]


async def test_codes_that_are_multi_use_are_issued_to_nobody(setup, ask) -> None:
    await setup(code_type="multi")
    assert isinstance(await ask("k1"), NotIssuable)


async def test_the_pool_asks_for_the_least_days_left_where_the_caller_asks_for_fewer(now, setup, ask) -> None:
    await setup(expires_at=now + timedelta(days=5), days_left_min=4)
    assert await ask("k1", wish=Wish(days=1)) == ["A"]
    assert isinstance(await ask("k2", at=now + timedelta(days=2)), PoolEmpty)


async def test_the_effective_window_is_the_intersection_and_is_shown(db, project, now, setup, ask) -> None:
    ends, starts = Span(7, "days"), Span(2, "hours")
    await setup(expires_at=now + timedelta(days=3), valid_for=Validity(starts_after=starts, ends_after=ends))
    await ask("k1")
    async with db.transaction() as tx:
        [row] = await asked_claims.get(tx, project_id=project, key="k1")
    assert (row.use_from, row.expires_at) == (now + timedelta(hours=2), now + timedelta(days=3))
    asked = Window(now + timedelta(hours=1), now + timedelta(days=1))
    await ask("k2", window=asked)
    async with db.transaction() as tx:
        [row] = await asked_claims.get(tx, project_id=project, key="k2")
    assert (row.use_from, row.expires_at) == asked


@pytest.mark.parametrize("days", [3, 4])
async def test_a_code_that_would_end_before_it_begins_is_not_handed_out(now, setup, ask, days) -> None:
    await setup(expires_at=now + timedelta(days=days), valid_for=Validity(starts_after=Span(4, "days")))
    assert isinstance(await ask("k1"), PoolEmpty)


async def test_a_code_whose_use_begins_when_its_owners_time_is_over_is_not_handed_out(
    db, project, now, setup, ask
) -> None:
    await setup(codes=["SOON"], expires_at=now + timedelta(days=99), valid_for=Validity(ends_after=Span(7, "days")))
    await begin_use(db, project, now + timedelta(days=7))
    assert isinstance(await ask("k1"), PoolEmpty)
    assert isinstance(await ask("k1", count=2), PoolEmpty)
    async with db.transaction() as tx:
        pool = await pools.store.resolve(tx, project_id=project, reference="gift")
        fit = fit_of(Policy(pool, now.tzinfo), Wish(), now)
        assert await count_free(tx, project_id=project, pool_id=pool.pool_id, fit=fit) == 0
    assert await ask("k2", window=Window(None, now + timedelta(days=8))) == ["SOON"]
    await upload(db, project, ["NOW"], now, type="gift")
    assert await ask("k1") == ["NOW"], "what can be used goes out, though what cannot expires sooner"


async def test_a_code_is_handed_out_once_its_use_begins_in_time(db, project, now, setup, ask) -> None:
    await setup(codes=["SOON"], valid_for=Validity(ends_after=Span(7, "days")))
    await begin_use(db, project, now + timedelta(days=7))
    assert await ask("k1", at=now + timedelta(seconds=1)) == ["SOON"]


async def begin_use(db, project, at) -> None:
    """Let the codes that are there be used from an instant on."""
    async with db.transaction() as tx:
        await execute(tx, SET_USE, {"project_id": project, "at": at})


async def test_what_is_held_becomes_valid_when_it_is_confirmed(db, project, now, setup, ask) -> None:
    await setup(valid_for=Validity(ends_after=Span(1, "days")))
    await ask("k1", hold=timedelta(days=5))
    later = now + timedelta(days=4)
    async with db.transaction() as tx:
        [row] = await asked_claims.confirm(tx, project_id=project, key="k1", now=later)
    assert row.expires_at == later + timedelta(days=1)


async def test_the_last_code_goes_to_one_of_two_at_once(db, project, setup, ask) -> None:
    await setup(codes=["A"])
    answers = await asyncio.gather(ask("k1", "c0"), ask("k2", "c1"))
    assert sorted(answers, key=str) == sorted([["A"], *(a for a in answers if isinstance(a, PoolEmpty))], key=str)
    assert await pool_of(db, project, "gift")
    assert (await books(db, project, "gift")).issued == 1
