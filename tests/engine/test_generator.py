"""Generation tasks: batches, progress, going on after a crash, and pools that fill themselves."""

from datetime import timedelta

import msgspec
import pytest
from tests.stock import books, upload

from tearoff.actions import formats as actions
from tearoff.actions import pools as pool_actions
from tearoff.domain.formats import FormatDefinition
from tearoff.domain.generation import Refill
from tearoff.domain.pools import PoolDefinition, definition_of
from tearoff.engine import generator
from tearoff.errors import Conflict, Invalid
from tearoff.store import codes as code_store
from tearoff.store import formats, pools, tasks


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
