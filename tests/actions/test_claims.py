"""Issuing and returning claims: what changes, what does not, and what happens at once."""

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest
from tests.stock import books, pool_of, upload, upload_file

from tearoff.actions import claims
from tearoff.domain.codes import Wish, fit, nothing_fits
from tearoff.store import claims as store
from tearoff.store.claims import ClaimTerms, ClaimWish

LATER = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.fixture
async def stock(db, project, now):
    """Three codes; gives their pool."""
    await upload(db, project, ["A", "B", "C"], now)
    return await pool_of(db, project)


async def take(db, project, pool, now, *keys, **terms):
    rows = await claims.claim(
        db,
        project_id=project,
        pool_id=pool,
        fit=fit(Wish(), now, UTC),
        terms=ClaimTerms("run", **terms),
        wishes=[ClaimWish(key, "r") for key in keys],
    )
    return [row.value for row in rows]


async def give_back(db, project, now, *keys, **terms):
    async with db.transaction() as tx:
        return await claims.give_back(
            tx, project_id=project, scope="run", keys=keys, now=now, reason="refused", **terms
        )


async def issue(db, project, now, *keys):
    async with db.transaction() as tx:
        return await claims.issue(tx, project_id=project, scope="run", keys=keys, now=now)


async def test_a_returned_code_goes_to_the_end_of_its_line(db, project, now, stock) -> None:
    assert await take(db, project, stock, now, "k1") == ["A"]
    assert await give_back(db, project, now, "k1", "unknown") == ["k1"]
    assert await give_back(db, project, now, "k1") == []
    assert await take(db, project, stock, now, "k2", "k3", "k4") == ["B", "C", "A"]
    assert (await books(db, project)).reserved == 3


async def test_an_issued_code_stays_issued(db, project, now, stock) -> None:
    await take(db, project, stock, now, "k1")
    assert await issue(db, project, now, "k1", "unknown") == 1
    assert await issue(db, project, now, "k1") == 0
    assert await give_back(db, project, now, "k1", is_forced=True) == []
    assert (await books(db, project)).issued == 1


async def test_a_returned_claim_is_never_issued(db, project, now, stock) -> None:
    await take(db, project, stock, now, "k1")
    await give_back(db, project, now, "k1")
    assert await issue(db, project, now, "k1") == 0
    assert (await books(db, project)).free == 3


async def test_a_seen_code_returns_only_when_its_holder_says_so(db, project, now, stock) -> None:
    await take(db, project, stock, now, "k1")
    async with db.transaction() as tx:
        at = {"project_id": project, "scope": "run", "keys": ["k1"], "now": now}
        assert await store.mark_exposed(tx, **at) == 1
        assert await store.mark_exposed(tx, **at) == 0
    assert await give_back(db, project, now, "k1") == []
    assert await give_back(db, project, now, "k1", is_forced=True) == ["k1"]


async def test_keys_of_several_pools_return_in_one_go(db, project, now, stock) -> None:
    await upload(db, project, ["V"], now, type="vip")
    await take(db, project, stock, now, "k1")
    await take(db, project, await pool_of(db, project, "vip"), now, "k2")
    assert sorted(await give_back(db, project, now, "k1", "k2")) == ["k1", "k2"]
    assert (await books(db, project)).free == 3


async def test_a_returned_code_keeps_the_date_it_got_while_it_was_out(db, project, now, stock) -> None:
    await take(db, project, stock, now, "k1")
    await upload(db, project, ["A"], now, expires_at=LATER)
    await give_back(db, project, now, "k1")
    [soonest, *_] = await claims.claim(
        db,
        project_id=project,
        pool_id=stock,
        fit=fit(Wish(), now, UTC),
        terms=ClaimTerms("run"),
        wishes=[ClaimWish("k2", "r")],
    )
    assert (soonest.value, soonest.expires_at) == ("A", LATER)


async def test_known_keys_are_answered_without_taking_anything(db, project, now, stock) -> None:
    await take(db, project, stock, now, "k1")
    rows = await claims.claim(
        db,
        project_id=project,
        pool_id=stock,
        fit=nothing_fits(now),
        terms=ClaimTerms("run"),
        wishes=[ClaimWish("k1", "r"), ClaimWish("k2", "r")],
    )
    assert [(row.key, row.is_fresh) for row in rows] == [("k1", False)]
    assert (await books(db, project)).free == 2


async def test_sets_that_overlap_are_issued_and_returned_at_once_without_deadlock(db, project, now) -> None:
    await upload(db, project, [f"C{n}" for n in range(60)], now)
    await upload(db, project, [f"V{n}" for n in range(60)], now, type="vip")
    keys = [f"k{n}" for n in range(100)]
    for n, key in enumerate(keys):
        await take(db, project, await pool_of(db, project, ("birthday", "vip")[n % 2]), now, key)
    for n in range(0, 100, 10):
        some = keys[n : n + 10]
        done = await asyncio.gather(
            *(issue(db, project, now, *some), issue(db, project, now, *some[::-1])),
            *(give_back(db, project, now, *some[::-1]), give_back(db, project, now, *some)),
        )
        assert done[0] + done[1] + len(done[2]) + len(done[3]) == 10
    await books(db, project)


async def test_ended_holds_are_listed_oldest_first(db, project, now, stock) -> None:
    await take(db, project, stock, now, "k1", hold_until=LATER)
    await take(db, project, stock, now, "k2", hold_until=now)
    async with db.transaction() as tx:
        assert [h.key for h in await store.list_ended_holds(tx, project_id=project, now=now, limit=9)] == ["k2"]
        assert [h.key for h in await store.list_ended_holds(tx, project_id=project, now=LATER, limit=9)] == ["k2", "k1"]


async def test_keys_that_are_known_keep_their_codes_beside_fresh_ones_also_when_the_stock_runs_out(
    db, project, now, stock
) -> None:
    assert await take(db, project, stock, now, "k1") == ["A"]
    assert sorted(await take(db, project, stock, now, "k1", "k2")) == ["A", "B"]
    assert sorted(await take(db, project, stock, now, "k3", "k2", "k1", "k4")) == ["A", "B", "C"]
    assert await take(db, project, stock, now, "k4", "k3") == ["C"]
    assert await take(db, project, stock, now, "k5") == []
    assert (await books(db, project)).reserved == 3


async def test_a_set_goes_on_from_lot_to_lot_and_each_code_keeps_its_own_dates(db, project, now) -> None:
    rows = [
        "L1,2099-03-01,20,birthday",
        "F1,2099-01-01,10,birthday",
        "F2,2099-01-01,10,birthday",
        "M1,2099-02-01,15,birthday",
    ]
    await upload_file(db, project, "\n".join(rows), now)
    pool = await pool_of(db, project)
    at = {"project_id": project, "pool_id": pool, "fit": fit(Wish(), now, UTC), "terms": ClaimTerms("run")}
    one = await claims.claim(db, **at, wishes=[ClaimWish("a", "r")])
    two = await claims.claim(db, **at, wishes=[ClaimWish(key, f"for {key}") for key in "bcde"])
    got = [(c.key, c.value, c.discount, c.expires_at.month, c.request, c.is_fresh) for c in one + two]
    assert got == [
        ("a", "F1", 10, 1, "r", True),
        ("b", "F2", 10, 1, "for b", True),
        ("c", "M1", 15, 2, "for c", True),
        ("d", "L1", 20, 3, "for d", True),
    ]
    again = await claims.claim(db, **at, wishes=[ClaimWish(key, f"for {key}") for key in "bcd"])
    assert [(c.key, c.value, c.discount, c.expires_at, c.use_from) for c in sorted(again, key=lambda c: c.key)] == [
        (c.key, c.value, c.discount, c.expires_at, c.use_from) for c in two
    ]


async def test_a_code_that_has_an_owner_is_given_to_nobody_else(db, project, now, stock) -> None:
    await take(db, project, stock, now, "k1")
    async with db.transaction() as tx:
        await tx.execute("UPDATE lot SET head = 0, waiting = 3, is_open = true WHERE pool_id = %s", [stock])
    with pytest.raises(psycopg.errors.UniqueViolation):
        await take(db, project, stock, now, "k2")
    assert await take(db, project, stock, now, "k1") == ["A"]


async def test_a_line_that_lacks_a_code_is_refused_as_broken(db, project, now, stock) -> None:
    async with db.transaction() as tx:
        await tx.execute("UPDATE code SET place = NULL WHERE project_id = %s AND value = 'C'", [project])
    assert await take(db, project, stock, now, "k1") == ["A"]
    with pytest.raises(psycopg.errors.DataCorrupted):
        await take(db, project, stock, now, "k2", "k3")
