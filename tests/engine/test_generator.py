"""Generation tasks: batches, progress, going on after a crash, and pools that fill themselves."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from tests.stock import books, issue, upload

from tearoff.actions import formats as actions
from tearoff.actions import pools as pool_actions
from tearoff.domain.formats import FormatDefinition
from tearoff.domain.generation import Refill
from tearoff.domain.pools import PoolDefinition, definition_of
from tearoff.engine import generator
from tearoff.errors import Conflict, Invalid
from tearoff.store import codes as code_store
from tearoff.store import formats, pools, stock, tasks


@pytest.fixture
async def pool(db, project, now):
    async with db.transaction() as tx:
        definition = PoolDefinition(key="made", type="made", description="Made here")
        await pool_actions.put(tx, project_id=project, pools=[definition], now=now)
        return await pools.resolve(tx, project_id=project, reference="made")


async def make(stage, pool, quantity: int, **shape):
    at = {"project_id": stage.project}
    async with stage.db.transaction() as tx:
        wanted = FormatDefinition(key="f", **{"guesses_min": 1, **shape})
        made = await actions.add(tx, **at, wanted=wanted, cipher=stage.engine.cipher, now=stage.now)
        return await actions.start(
            tx, **at, pool=pool, format=made, quantity=quantity, discount=10, expires_at=None, now=stage.now
        )


async def run(stage) -> int:
    turns = 0
    while await generator.turn(stage.engine, stage.project, stage.now):
        turns += 1
        assert turns < 50
    return turns


async def get_task(stage, task_id: int):
    async with stage.db.transaction() as tx:
        return await tasks.get(tx, project_id=stage.project, task_id=task_id)


async def test_a_task_makes_exactly_its_quantity_in_batches(stage, pool, monkeypatch) -> None:
    monkeypatch.setattr(generator, "BATCH_MAX", 400)
    task_id = await make(stage, pool, 1000)
    assert await run(stage) == 3
    task = await get_task(stage, task_id)
    assert (task.state, task.done, task.report["added"]) == ("done", 1000, 1000)
    assert (await books(stage.db, stage.project, "made")).free == 1000


async def test_a_batch_that_crashed_leaves_nothing_and_its_numbers_are_used_later(stage, pool, monkeypatch) -> None:
    task_id = await make(stage, pool, 500)

    async def crash(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(generator.uploads, "publish", crash)
        with pytest.raises(RuntimeError):
            await generator.turn(stage.engine, stage.project, stage.now)
    assert (await books(stage.db, stage.project, "made")).uploaded == 0
    assert await generator.turn(stage.engine, stage.project, stage.now) == 0
    stage.now += timedelta(minutes=2)
    await run(stage)
    assert (await get_task(stage, task_id)).done == 500


async def test_codes_that_exist_already_are_made_up_for(stage, db, project, pool, now) -> None:
    all_codes = [a + b for a in "AB" for b in "AB"]
    await upload(db, project, all_codes[:2], now, type="other")
    task_id = await make(stage, pool, 2, length=2, alphabet="AB", exclude="")
    await run(stage)
    task = await get_task(stage, task_id)
    assert task.done == 2
    async with db.transaction() as tx:
        listed = await code_store.list_page(
            tx, project_id=project, pool_id=pool.pool_id, discount=10, until=None, is_in_use=None, after=0, limit=9
        )
    assert sorted(code.value for code in listed) == all_codes[2:]


async def test_more_than_the_format_has_is_refused_and_so_is_what_is_easy_to_guess(stage, pool) -> None:
    with pytest.raises(Invalid, match="room for 4 more"):
        await make(stage, pool, 5, length=2, alphabet="AB", exclude="")
    with pytest.raises(Invalid, match="one guess in 100 would hit"):
        await make(stage, pool, 100, length=4, alphabet="0123456789", exclude="", guesses_min=1000)


async def test_a_pool_that_was_uploaded_is_not_generated_into(stage, db, project, now) -> None:
    await upload(db, project, ["A"], now, type="file pool")
    async with db.transaction() as tx:
        loaded = await pools.find_by_type(tx, project_id=project, type="file pool")
        await pool_actions.fill_by(tx, project_id=project, pool_ids=[loaded.pool_id], method="file")
    with pytest.raises(Conflict):
        await make(stage, loaded, 5)


async def test_a_pool_fills_itself_before_it_is_empty_and_says_why_when_it_cannot(stage, db, project, pool) -> None:
    await make(stage, pool, 10, length=8, codes_max=25)
    await run(stage)
    async with db.transaction() as tx:
        found = await formats.resolve(tx, project_id=project, reference="f")
        refill = Refill(pool_id=pool.pool_id, format_id=found.format_id, below=11, quantity=10, valid_days=30)
        await actions.put_refill(tx, project_id=project, refill=refill)
    await run(stage)
    assert (await books(db, project, "made")).free == 20
    async with db.transaction() as tx:
        await actions.put_refill(
            tx,
            project_id=project,
            refill=Refill(pool_id=pool.pool_id, format_id=found.format_id, below=50, quantity=10),
        )
    await run(stage)
    assert (await books(db, project, "made")).free == 20
    async with db.transaction() as tx:
        kept = await formats.get_refill(tx, project_id=project, pool_id=pool.pool_id)
    assert kept.problem == "/quantity: The format has room for 5 more codes."


async def test_codes_made_for_a_loose_pool_read_like_no_other_one(stage, pool) -> None:
    loose = msgspec.structs.replace(definition_of(pool), lookup="loose")
    async with stage.db.transaction() as tx:
        await pool_actions.put(tx, project_id=stage.project, pools=[loose], now=stage.now)
    shape = {"alphabet": "xXyY", "exclude": "", "length": 4}
    await make(stage, pool, 200, **shape)
    await run(stage)
    assert (await books(stage.db, stage.project, "made")).uploaded == 2**4


async def ask_for(stage, pool, quantity, **more):
    """The number of one more task of the format `f`."""
    async with stage.db.transaction() as tx:
        found = await formats.resolve(tx, project_id=stage.project, reference="f")
        return await actions.start(
            tx,
            project_id=stage.project,
            pool=pool,
            format=found,
            quantity=quantity,
            discount=10,
            now=stage.now,
            **{"expires_at": None, **more},
        )


async def test_codes_that_are_being_made_are_spoken_for_also_when_two_ask_at_once(stage, pool) -> None:
    """maestra.md 11 p: a quantity beyond what is available is refused."""
    await make(stage, pool, 60, length=8, codes_max=100)
    with pytest.raises(Invalid, match="room for 40 more codes beside the 60 that are being made"):
        await ask_for(stage, pool, 41)
    answers = await asyncio.gather(*(ask_for(stage, pool, 30) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    await run(stage)
    assert (await books(stage.db, stage.project, "made")).free == 90
    assert await ask_for(stage, pool, 10)


async def test_the_floor_counts_what_is_being_made(stage, pool) -> None:
    await make(stage, pool, 6, length=4, alphabet="0123456789", exclude="", guesses_min=1000)
    with pytest.raises(Invalid, match="one guess in 909 would hit"):
        await ask_for(stage, pool, 5)


async def test_an_archived_pool_is_filled_neither_by_hand_nor_by_itself(stage, db, project, pool) -> None:
    await make(stage, pool, 5, length=8)
    await run(stage)
    at = {"project_id": project, "pool_id": pool.pool_id}
    async with db.transaction() as tx:
        found = await formats.resolve(tx, project_id=project, reference="f")
        refill = Refill(pool_id=pool.pool_id, format_id=found.format_id, below=10, quantity=10)
        await actions.put_refill(tx, project_id=project, refill=refill)
        archived = await pool_actions.archive(tx, **at, now=stage.now)
    await run(stage)
    assert (await books(db, project, "made")).free == 5
    with pytest.raises(Conflict, match="archived; launch it again"):
        await ask_for(stage, archived, 5)
    async with db.transaction() as tx:
        await pool_actions.launch(tx, **at, now=stage.now)
    await run(stage)
    assert (await books(db, project, "made")).free == 15


async def test_codes_that_would_be_over_at_once_or_end_nobody_knows_when_are_not_made(stage, pool) -> None:
    await make(stage, pool, 1, length=8)
    for wrong in (stage.now, stage.now.replace(year=2099, tzinfo=None)):
        with pytest.raises(Invalid) as refused:
            await ask_for(stage, pool, 5, expires_at=wrong)
        assert [problem.pointer for problem in refused.value.problems] == ["/expiresAt"]


async def test_a_pool_fills_itself_when_it_lasts_for_too_few_days(stage, db, project, pool) -> None:
    await make(stage, pool, 100, length=8)
    await run(stage)
    async with db.transaction() as tx:
        found = await formats.resolve(tx, project_id=project, reference="f")
        rule = Refill(pool_id=pool.pool_id, format_id=found.format_id, below=1, quantity=100, days_left=2)
        await actions.put_refill(tx, project_id=project, refill=rule)
        stocks = await stock.list_all(tx, project_id=project, now=stage.now)
        await stock.put_samples(tx, project_id=project, stocks=list(stocks.values()), now=stage.now)
    await run(stage)
    assert (await books(db, project, "made")).free == 100, "nothing is known of its pace yet"
    stage.now += timedelta(hours=12)
    await issue(db, project, 60, stage.now, type="made")
    await run(stage)
    assert (await books(db, project, "made")).free == 240, "two days at a pace of 120 a day"
    with pytest.raises(Invalid) as refused:
        async with db.transaction() as tx:
            await actions.put_refill(tx, project_id=project, refill=msgspec.structs.replace(rule, days_left=0))
    assert [problem.pointer for problem in refused.value.problems] == ["/daysLeft"]


async def test_a_refill_is_good_through_the_whole_of_its_last_day(stage, db, project, pool) -> None:
    await make(stage, pool, 1, length=8)
    await run(stage)
    async with db.transaction() as tx:
        found = await formats.resolve(tx, project_id=project, reference="f")
        refill = Refill(pool_id=pool.pool_id, format_id=found.format_id, below=10, quantity=9, valid_days=3)
        await actions.put_refill(tx, project_id=project, refill=refill)
    await run(stage)
    async with db.transaction() as tx:
        listed = await code_store.list_page(
            tx, project_id=project, pool_id=pool.pool_id, discount=None, until=None, is_in_use=None, after=0, limit=99
        )
    last = {code.expires_at for code in listed if code.expires_at is not None}
    assert [at.isoformat() for at in last] == ["2026-03-04T23:59:59+00:00"]
