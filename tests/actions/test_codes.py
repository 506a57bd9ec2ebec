"""Uploads: what joins which pool, what changes, what is refused and why."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.stock import books, once, pool_of, upload, upload_file

from tearoff.actions import codes as actions
from tearoff.actions.claims import claim
from tearoff.domain.code_files import Attributes, CodeRow, listed
from tearoff.domain.codes import Wish, fit
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.store import claims as claim_store
from tearoff.store import codes as code_store
from tearoff.store import tasks
from tearoff.store.claims import ClaimTerms, ClaimWish
from tearoff.store.db import Database

LATER = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)


async def take(db: Database, project: int, key: str, now: datetime, **wish: int) -> list[str]:
    pool = await pool_of(db, project)
    rows = await claim(
        db,
        project_id=project,
        pool_id=pool,
        fit=fit(Wish(**wish), now, UTC),
        terms=ClaimTerms("run"),
        wishes=[ClaimWish(key, "r")],
    )
    return [row.value for row in rows]


async def test_new_codes_wait_in_file_order_and_the_soonest_expiry_goes_first(db, project, now) -> None:
    await upload(db, project, ["Z1", "A2", "M3"], now, expires_at=LATER)
    await upload(db, project, ["S1"], now, expires_at=LATER - timedelta(days=30))
    assert [await take(db, project, f"k{n}", now) for n in range(5)] == [["S1"], ["Z1"], ["A2"], ["M3"], []]
    assert (await books(db, project)).reserved == 4


async def test_bad_rows_come_back_with_line_value_and_reason(db, project, now) -> None:
    report = await upload_file(
        db,
        project,
        'code,expirationDate,discount\nA,2026-12-31,10\nB,31.12.2026,10\nC,,105\n,,\nA,2026-12-31,10\n"",,5\n',
        now,
    )
    assert (report.added, report.rejected) == (1, 4)
    async with db.transaction() as tx:
        rejects = await tasks.list_rejects(tx, project_id=project, task_id=report.task_id, after=0, limit=10)
    assert [(r.line, r.value) for r in rejects] == [(3, "B"), (4, "C"), (6, "A"), (7, "")]
    assert "31.12.2026" in rejects[0].reason
    assert "0 to 99" in rejects[1].reason
    assert rejects[2].reason == actions.REPEATED % 2


async def test_a_free_code_with_new_attributes_moves_to_the_end_of_their_line(db, project, now) -> None:
    await upload(db, project, ["A", "B"], now, discount=10)
    report = await upload(db, project, ["A"], now, type="vip", discount=20)
    assert (report.moved, report.added) == (1, 0)
    assert (await books(db, project)).free == 1
    assert (await books(db, project, "vip")).free == 1
    assert await take(db, project, "k", now) == ["B"]


async def test_an_equal_upload_changes_nothing(db, project, now) -> None:
    await upload(db, project, ["A", "B"], now, expires_at=LATER)
    report = await upload(db, project, ["A", "B"], now, expires_at=LATER)
    assert (report.added, report.moved, report.rejected) == (0, 0, 0)
    assert await take(db, project, "k", now) == ["A"]


async def test_nothing_reserved_becomes_free_by_upload_and_gets_only_its_date(db, project, now) -> None:
    await upload(db, project, ["A"], now)
    assert await take(db, project, "k", now) == ["A"]
    report = await upload(db, project, ["A"], now, type="vip", expires_at=LATER, is_in_use=False)
    assert (report.moved, report.freed, report.redated) == (0, 0, 1)
    assert (await books(db, project)).reserved == 1
    async with db.transaction() as tx:
        [listed_code] = await code_store.list_page(
            tx, project_id=project, pool_id=None, discount=None, until=None, is_in_use=True, after=0, limit=9
        )
    assert (listed_code.type, listed_code.expires_at) == ("birthday", LATER)


async def test_in_use_withdraws_a_free_code_and_its_opposite_frees_it(db, project, now) -> None:
    await upload(db, project, ["A", "B"], now)
    assert (await upload(db, project, ["A"], now, is_in_use=True)).withdrawn == 1
    assert (await books(db, project)).withdrawn == 1
    assert (await upload(db, project, ["A"], now)).freed == 0
    assert (await upload(db, project, ["A"], now, is_in_use=False)).freed == 1
    assert [await take(db, project, f"k{n}", now) for n in range(3)] == [["B"], ["A"], []]


async def test_a_new_code_in_use_is_never_handed_out(db, project, now) -> None:
    await upload(db, project, ["A"], now, is_in_use=True)
    assert await take(db, project, "k", now) == []
    assert (await books(db, project)).withdrawn == 1


async def test_a_torn_upload_leaves_nothing(db, project, now) -> None:
    async def torn():
        yield listed(["A", "B"], Attributes(type="birthday"))
        raise Invalid(Problem("line 3", "the connection ended"))

    with pytest.raises(Invalid):
        async with db.transaction() as tx:
            await actions.upload(tx, project_id=project, batches=torn(), now=now)
    async with db.transaction() as tx:
        assert await code_store.list_ledgers(tx, project_id=project) == []


async def test_codes_that_another_upload_commits_meanwhile_are_updated_not_lost(db, project, now) -> None:
    await upload(db, project, ["X"], now)
    async with db.transaction() as slow:
        await actions.upload(slow, project_id=project, batches=once(listed(["A"], Attributes(type="slow"))), now=now)
        other = asyncio.create_task(upload(db, project, ["A", "B", "", "\0", "B"], now, discount=33))
        await asyncio.sleep(0.2)
        assert not other.done()
    report = await other
    assert (report.added, report.moved, report.rejected, report.rows) == (1, 1, 3, 5)
    assert (await books(db, project)).free == 3


async def test_a_code_that_another_upload_moves_meanwhile_is_taken_under_the_gate_it_is_behind_then(
    db, project, now
) -> None:
    for type in ("birthday", "a", "z"):
        await upload(db, project, [f"keep {type}"], now, type=type)
    await upload(db, project, ["X"], now, type="a")
    is_held, may_go = asyncio.Event(), asyncio.Event()

    async def hold_the_new_gate() -> None:
        pool = await pool_of(db, project, "z")
        async with db.transaction() as tx:
            await claim_store.lock_gates(tx, project_id=project, pool_ids=[pool])
            is_held.set()
            await may_go.wait()

    async with db.transaction() as slow:
        rows = listed(["X"], Attributes(type="z"))
        await actions.upload(slow, project_id=project, batches=once(rows), now=now)
        holder = asyncio.create_task(hold_the_new_gate())
        other = asyncio.create_task(upload(db, project, ["X"], now, type="birthday"))
        await asyncio.sleep(0.1)
    await is_held.wait()
    await asyncio.sleep(0.2)
    assert not other.done()
    may_go.set()
    await holder
    assert (await other).moved == 1
    assert [(await books(db, project, type)).free for type in ("birthday", "a", "z")] == [2, 1, 1]


async def test_a_withdrawal_waits_for_the_gate_and_then_sees_who_was_first(db, project, now) -> None:
    await upload(db, project, ["A"], now)

    async def withdraw():
        async with db.transaction() as tx:
            return await actions.withdraw(tx, project_id=project, value="A", reason="r", now=now)

    pool = await pool_of(db, project)
    async with db.transaction() as tx:
        await claim_store.lock_gates(tx, project_id=project, pool_ids=[pool])
        withdrawal = asyncio.create_task(withdraw())
        await asyncio.sleep(0.1)
        assert not withdrawal.done()
        terms, wishes = ClaimTerms("run"), [ClaimWish("k", "r")]
        at = {"project_id": project, "pool_id": pool}
        await claim_store.claim_codes(tx, **at, fit=fit(Wish(), now, UTC), terms=terms, wishes=wishes)
    with pytest.raises(Conflict, match="reserved"):
        await withdrawal
    assert (await books(db, project)).reserved == 1


async def test_wishes_are_met_to_the_day_in_the_projects_zone(db, project, now) -> None:
    last_day = datetime(2026, 3, 11, 23, 59, tzinfo=UTC)
    await upload(db, project, ["A"], now, expires_at=last_day, discount=5)
    assert await take(db, project, "k1", now, days=11) == []
    assert await take(db, project, "k2", now, discount=6) == []
    assert await take(db, project, "k3", now, days=10, discount=5) == ["A"]


async def test_an_expired_code_is_never_handed_out(db, project, now) -> None:
    await upload(db, project, ["A"], now, expires_at=now)
    assert await take(db, project, "k", now) == []


async def test_many_lots_are_taken_in_one_claim(db, project, now) -> None:
    rows = [CodeRow(n, f"C{n:03}", LATER + timedelta(days=n), 1, "birthday", None) for n in range(1, 151)]
    async with db.transaction() as tx:
        await actions.upload(tx, project_id=project, batches=once(rows), now=now)
    pool = await pool_of(db, project)
    got = await claim(
        db,
        project_id=project,
        pool_id=pool,
        fit=fit(Wish(), now, UTC),
        terms=ClaimTerms("run"),
        wishes=[ClaimWish(f"k{n}", "r") for n in range(140)],
    )
    assert [row.value for row in got] == [f"C{n:03}" for n in range(1, 141)]
    assert (await books(db, project)).free == 10
