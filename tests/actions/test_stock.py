"""The stock of a pool: exact after everything that can happen to a code, and as cheap for many codes as for few."""

import msgspec
from tests import stock

from tearoff.actions import claims, codes, redemptions
from tearoff.domain.codes import Wish, fit
from tearoff.domain.redemptions import Use
from tearoff.domain.stock import Rung, Stock, crossed, ladder
from tearoff.store import redemptions as uses
from tearoff.store import stock as store
from tearoff.store.claims import ClaimTerms, ClaimWish
from tearoff.store.db import execute

SCHEDULE = "UPDATE lot SET issue_from = %(at)s WHERE project_id = %(project_id)s AND discount = %(discount)s"
CLOSE = "UPDATE lot SET issue_until = %(at)s WHERE project_id = %(project_id)s AND discount = %(discount)s"


async def seen(db, project, now) -> Stock:
    """The stock, after a look that the ledger, which counts the codes themselves, says the same."""
    pool_id = await stock.pool_of(db, project)
    async with db.transaction() as tx:
        found = await store.get(tx, project_id=project, pool_id=pool_id, now=now)
    books = await stock.books(db, project)
    counted = (found.total, found.free, found.reserved, found.issued, found.withdrawn)
    assert counted == (books.uploaded, books.free, books.reserved, books.issued, books.withdrawn)
    return found


async def reserve(db, project, now, *keys):
    await claims.claim(
        db,
        project_id=project,
        pool_id=await stock.pool_of(db, project),
        fit=fit(Wish(), now, now.tzinfo),
        terms=ClaimTerms("api"),
        wishes=[ClaimWish(key, "test") for key in keys],
    )


async def test_the_stock_is_exact_after_everything_that_happens_to_a_code(db, project, now):
    at = {"project_id": project, "now": now}
    await stock.upload(db, project, [f"S{n}" for n in range(12)], now)
    await stock.issue(db, project, 2, now)
    await reserve(db, project, now, "a", "b", "c")
    found = await seen(db, project, now)
    assert (found.total, found.available, found.reserved, found.issued) == (12, 7, 3, 2)
    async with db.transaction() as tx:
        assert await claims.issue(tx, **at, scope="api", keys=["a", "a", "b"]) == 2
        await claims.give_back(tx, **at, scope="api", keys=["b", "c"], reason="test")
        await codes.withdraw(tx, **at, value="S11", reason="test")
    found = await seen(db, project, now)
    assert (found.available, found.reserved, found.issued, found.withdrawn) == (7, 0, 4, 1)
    used, told = await redemptions.redeem(
        db, project_id=project, now=now, uses=[Use(value="S0"), Use(value="S10", is_told=True)]
    )
    assert not isinstance(used, Exception) and not isinstance(told, Exception), (used, told)
    found = await seen(db, project, now)
    assert (found.redeemed, found.available, found.issued) == (2, 6, 5)
    async with db.transaction() as tx:
        await uses.roll_back(tx, **at, redemption_id=used.redemption_id, reason="test")
    assert (await seen(db, project, now)).redeemed == 1


async def test_codes_for_later_past_their_window_and_past_their_date_are_told_apart(db, project, now):
    """maestra.md 11 e: a code whose issue begins tomorrow is not issued today, but counts for the alert."""
    day = store.SOON / 7
    at = {"project_id": project}
    for n, end in enumerate((None, None, None, now + day, now - day)):
        await stock.upload(db, project, [f"W{n}-{i}" for i in range(n + 1)], now, discount=n, expires_at=end)
    async with db.transaction() as tx:
        await execute(tx, SCHEDULE, at | {"at": now + day, "discount": 1})
        await execute(tx, CLOSE, at | {"at": now - day, "discount": 2})
    found = await seen(db, project, now)
    assert (found.available, found.scheduled, found.closed, found.expired, found.expiring) == (5, 2, 3, 5, 4)
    assert (found.free, found.ready) == (15, 7)
    taken = await stock.issue(db, project, 15, now)
    assert sorted(claimed.discount for claimed in taken) == [0, 3, 3, 3, 3]
    found = await seen(db, project, now)
    assert (found.available, found.ready) == (0, 2)
    assert (await seen(db, project, now + day)).available == 2


async def test_reading_the_stock_costs_the_same_for_many_claims_as_for_few(db, project, now):
    """It reads no claim and no code, so its cost does not grow with either."""

    async def cost() -> int:
        async with db.transaction() as tx:
            query = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + store.SQL.list_stock
            params = {"project_id": project, "pool_ids": [pool_id], "now": now, "soon": now}
            [(plan,)] = await (await tx.execute(query, params)).fetchall()
        return plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]

    await stock.upload(db, project, [f"C{n}" for n in range(4000)], now)
    pool_id = await stock.pool_of(db, project)
    few = await cost()
    for n in range(20):
        await stock.issue(db, project, 200, now, prefix=f"batch{n}")
    assert (await seen(db, project, now)).issued == 4000
    assert await cost() <= few + 20


async def test_counts_are_summed_up_without_a_change_of_what_they_say(db, project, now):
    await stock.upload(db, project, [f"U{n}" for n in range(80)], now)
    for n in range(60):
        await reserve(db, project, now, f"k{n}")
        async with db.transaction() as tx:
            await claims.issue(tx, project_id=project, scope="api", keys=[f"k{n}"], now=now)
    before = await seen(db, project, now)
    async with db.transaction() as tx:
        await store.sum_up(tx, project_id=project)
        rows = await (await tx.execute("SELECT count(*) FROM stock_count WHERE project_id = %s", [project])).fetchone()
    assert rows == (1,)
    assert msgspec.structs.astuple(await seen(db, project, now)) == msgspec.structs.astuple(before)


def test_the_lowest_threshold_below_which_the_stock_is_counts_and_an_unticked_pool_has_none():
    """maestra.md 11 m: the alert comes at N - 1, not at N; unticked, there is none."""
    rungs = ladder(1000, [Rung(50, "alarm"), Rung(200, "warning")])
    assert [rung.below for rung in rungs] == [1, 50, 200, 1000]
    assert crossed(rungs, 1000) is None
    assert crossed(rungs, 999) == Rung(1000, "warning")
    assert crossed(rungs, 49) == Rung(50, "alarm")
    assert crossed(rungs, 0) == Rung(1, "alarm")
    assert crossed(ladder(None, [Rung(50, "alarm")]), 0) is None
