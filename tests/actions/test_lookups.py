"""Loose pools: their codes are found without case and separators, and no two of them read alike."""

import asyncio
from typing import Any

import msgspec
import pytest
from tests.stock import books, issue, pool_of, upload

from tearoff.actions import imports, issues, pools, redemptions, revocations, told_uses
from tearoff.actions.issues import Wanted
from tearoff.actions.redemptions import Redeemed
from tearoff.domain.pools import PoolDefinition, definition_of
from tearoff.domain.redemptions import Use
from tearoff.errors import Conflict, Invalid, NotFound, TearoffError
from tearoff.store import codes as code_store
from tearoff.store import folds, tasks
from tearoff.store import pools as pool_store
from tearoff.store.db import Database, fetch_value

FOLDS = "SELECT count(*) FROM code_fold WHERE project_id = %(project_id)s"


async def make(db: Database, project: int, now, type: str = "birthday", **settings: Any) -> None:
    definition = PoolDefinition(key=type, type=type, description="x", **settings)
    async with db.transaction() as tx:
        await pools.put(tx, project_id=project, pools=[definition], now=now)


async def change(db: Database, project: int, now, type: str = "birthday", **settings: Any) -> None:
    async with db.transaction() as tx:
        before = await pool_store.find_by_type(tx, project_id=project, type=type)
        wanted = msgspec.structs.replace(definition_of(before), **settings)
        await pools.change(tx, project_id=project, pool_id=before.pool_id, wanted=wanted, now=now)


async def redeem(db: Database, project: int, value: str, now, order: str = "o") -> Redeemed | TearoffError:
    [done] = await redemptions.redeem(db, project_id=project, uses=[Use(value=value, order_id=order)], now=now)
    return done


async def rejects(db: Database, project: int, task_id: int) -> list[tuple[int, str]]:
    async with db.transaction() as tx:
        found = await tasks.list_rejects(tx, project_id=project, task_id=task_id, after=0, limit=100)
    return [(row.line, row.reason) for row in found]


async def folded(db: Database, project: int) -> int:
    async with db.transaction() as tx:
        return await fetch_value(tx, FOLDS, {"project_id": project}, int)


async def found(db: Database, project: int, value: str) -> str | None:
    async with db.transaction() as tx:
        try:
            return (await code_store.get(tx, project_id=project, value=value)).value
        except NotFound:
            return None


@pytest.mark.parametrize("typed", ["abc-123", "ABC123", "  abc 123 ", "a.b.c_1–2—3", "Abc 1 2 3"])
async def test_a_loose_code_is_used_however_it_is_typed(db, project, now, typed):
    await make(db, project, now, lookup="loose")
    await upload(db, project, ["ABC-123", "OTHER"], now)
    await issue(db, project, 1, now)
    done = await redeem(db, project, typed, now)
    assert isinstance(done, Redeemed), done
    again = await redeem(db, project, "aBc123", now, "another")
    assert (again.type, again.status) == ("not-redeemable", "used")
    assert await found(db, project, typed.strip()) == "ABC-123"


async def test_an_exact_code_is_found_only_as_it_is_written(db, project, now):
    await upload(db, project, ["ABC-123"], now)
    assert await found(db, project, "abc123") is None
    assert (await redeem(db, project, "ABC 123", now)).status == "not-found"
    assert await folded(db, project) == 0


async def test_cyrillic_letters_fold_too_and_what_is_all_separators_is_found_as_it_is(db, project, now):
    await make(db, project, now, lookup="loose")
    report = await upload(db, project, ["ЗИМА-ЇЖАК", "---", "- -", "ß1", "ẞ1"], now)
    assert report.added == 5
    assert await found(db, project, "зимаїжак") == "ЗИМА-ЇЖАК"
    assert await found(db, project, "- -") == "- -"
    assert await found(db, project, "-") is None


async def test_codes_that_read_alike_are_refused_in_a_loose_pool_with_the_one_they_read_like(db, project, now):
    await make(db, project, now, lookup="loose")
    await upload(db, project, ["KEPT-1"], now)
    values = ["ABC-123", "abc123", "kept 1", "A B C 1 2 3", "NEW", "KEPT-1", "kept 1"]
    report = await upload(db, project, values, now)
    assert (report.rows, report.added, report.alike, report.repeated) == (7, 2, 3, 1)
    assert (report.rejected, report.unchanged) == (4, 1)
    assert await rejects(db, project, report.task_id) == [
        (2, "The code reads like 'ABC-123', which is another one."),
        (3, "The code reads like 'KEPT-1', which is another one."),
        (4, "The code reads like 'ABC-123', which is another one."),
        (7, "The code reads like 'KEPT-1', which is another one."),
    ]
    assert (await books(db, project)).uploaded == 3


async def test_an_exact_pool_takes_what_reads_alike_and_the_exact_spelling_counts_first(db, project, now):
    await make(db, project, now, type="loose", lookup="loose")
    await upload(db, project, ["ABC-123"], now, type="loose")
    report = await upload(db, project, ["abc123", "Abc123"], now)
    assert (report.added, report.alike) == (2, 0)
    assert [await found(db, project, typed) for typed in ("abc123", "Abc123", "ABC-123", "abc 123")] == [
        "abc123",
        "Abc123",
        "ABC-123",
        "ABC-123",
    ]


async def test_of_two_uploads_at_once_that_read_alike_one_is_refused(db, project, now):
    await make(db, project, now, lookup="loose")
    spellings = [[f"{letter}X-{n}" for n in range(200)] for letter in "aA"]
    spellings += [[f"{letter}x{n}" for n in reversed(range(200))] for letter in "aA"]
    reports = await asyncio.gather(*(upload(db, project, values, now) for values in spellings))
    assert sum(report.added for report in reports) == 200
    assert sum(report.alike for report in reports) == 600
    assert await folded(db, project) == (await books(db, project)).uploaded == 200


async def test_a_pool_with_codes_becomes_loose_unless_two_of_them_read_alike(db, project, now):
    await upload(db, project, ["ABC-123", "DEF"], now)
    await change(db, project, now, lookup="loose")
    assert await found(db, project, "def") == "DEF"
    await change(db, project, now, lookup="exact")
    assert await found(db, project, "def") is None
    assert await folded(db, project) == 0
    await upload(db, project, ["abc123"], now)
    with pytest.raises(Invalid) as refused:
        await change(db, project, now, lookup="loose")
    [problem] = refused.value.problems
    assert problem.pointer == "/lookup"
    assert "ABC-123" not in problem.detail
    assert await folded(db, project) == 0


async def test_a_pool_that_becomes_loose_during_an_upload_makes_the_upload_begin_again(db, project, now):
    await upload(db, project, ["ABC-123"], now)
    async with db.transaction() as tx:
        before = await pool_store.find_by_type(tx, project_id=project, type="birthday")
        wanted = msgspec.structs.replace(definition_of(before), lookup="loose")
        await pools.change(tx, project_id=project, pool_id=before.pool_id, wanted=wanted, now=now)
        uploading = asyncio.create_task(upload(db, project, ["abc123"], now))
        await asyncio.sleep(0.3)
        assert not uploading.done()
    with pytest.raises(Conflict, match="found loosely since"):
        await uploading
    assert await folded(db, project) == (await books(db, project)).uploaded == 1


async def test_codes_leave_and_enter_loose_pools_with_what_they_read_like(db, project, now):
    await make(db, project, now, type="loose", lookup="loose")
    await make(db, project, now, type="exact")
    await upload(db, project, ["MOVE-1", "STAY-1"], now, type="exact")
    await upload(db, project, ["stay1"], now, type="loose")
    report = await upload(db, project, ["MOVE-1", "STAY-1"], now, type="loose")
    assert (report.moved, report.alike, report.rejected) == (1, 1, 1)
    assert await found(db, project, "move1") == "MOVE-1"
    assert (await upload(db, project, ["MOVE-1"], now, type="exact")).moved == 1
    assert await found(db, project, "move1") is None
    assert (await upload(db, project, ["move 1"], now, type="loose")).added == 1
    assert await found(db, project, "Move1") == "move 1"


async def test_what_an_undo_removed_is_in_nobodys_way(db, project, now):
    await make(db, project, now, lookup="loose")
    report = await upload(db, project, ["ABC-123", "DEF"], now)
    async with db.transaction() as tx:
        undone = await imports.undo(tx, project_id=project, task_id=report.task_id, now=now)
    assert undone["removed"] == 2
    assert await folded(db, project) == 0
    assert (await upload(db, project, ["abc123"], now)).added == 1


async def test_a_loose_code_is_issued_revoked_and_reported_by_any_spelling(db, project, now):
    await make(db, project, now, lookup="loose", fill_method="typed")
    await upload(db, project, ["ABC-123"], now)
    wanted = Wanted(key="k", pool="birthday", value="abc 123", is_made=True)
    assert (await issues.by_value(db, project_id=project, wanted=wanted, now=now)).value == "ABC-123"
    made = Wanted(key="k2", pool="birthday", value="New-1", is_made=True)
    assert (await issues.by_value(db, project_id=project, wanted=made, now=now)).value == "New-1"
    assert await found(db, project, "new1") == "New-1"
    told = [(Use(value="abc123", is_told=True, at=now), True)]
    done = await told_uses.report(db, project_id=project, told=told, now=now, reason="x")
    assert (done.used, done.rejected) == (1, {})
    done = await told_uses.report(db, project_id=project, told=[(told[0][0], False)], now=now, reason="x")
    assert done.freed == 1
    async with db.transaction() as tx:
        await revocations.revoke(tx, project_id=project, value="abc123", reason="x", now=now)
    assert (await redeem(db, project, "abc123", now)).status == "blocked"


async def test_making_one_code_at_once_in_two_spellings_makes_one(db, project, now):
    await make(db, project, now, lookup="loose")
    wanted = [Wanted(key=f"k{n}", pool="birthday", value=v, is_made=True) for n, v in enumerate(["A-1", "a1"] * 4)]
    made = await asyncio.gather(
        *(issues.by_value(db, project_id=project, wanted=one, now=now) for one in wanted), return_exceptions=True
    )
    assert len([one for one in made if not isinstance(one, Exception)]) == 1
    assert all(isinstance(one, TearoffError) for one in made if isinstance(one, Exception)), made
    assert (await books(db, project)).uploaded == await folded(db, project) == 1


async def test_exact_pools_have_no_row_and_no_look(db, project, now):
    """What loose pools cost is theirs alone: a look is made only for what is written like no code."""
    await upload(db, project, [f"E{n}" for n in range(50)], now)
    async with db.transaction() as tx:
        assert await folds.list_loose(tx, project_id=project, pool_ids=[await pool_of(db, project)]) == []
    assert await folded(db, project) == 0
