"""Pools over a real database: missing ones are made once, changes are told, and every pool has its gate."""

import asyncio
from datetime import datetime

import pytest

from tearoff.actions import pools
from tearoff.domain.pools import PoolDefinition
from tearoff.errors import Conflict, Invalid
from tearoff.store import pools as store
from tearoff.store.db import Database, Tx, fetch_value

GATES = "SELECT count(*) FROM pool_gate WHERE project_id = %(project_id)s"
POOLS = "SELECT count(*) FROM pool WHERE project_id = %(project_id)s"
ADD_LOT = "INSERT INTO lot (project_id, pool_id) VALUES (%(project_id)s, %(pool_id)s) RETURNING lot_id"


async def count(tx: Tx, query: str, project_id: int) -> int:
    return await fetch_value(tx, query, {"project_id": project_id}, into=int)


async def test_missing_pools_are_made_launched_with_a_gate(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        made = await pools.ensure(tx, project_id=project, types=["birthday", "", None, "Новый год"], now=now)
        assert set(made) == {"birthday", "General", "Новый год"}
        birthday = await store.find_by_key(tx, project_id=project, key="birthday")
        assert birthday is not None
        assert (birthday.pool_id, birthday.state, birthday.type) == (made["birthday"], "launched", "birthday")
        assert birthday.description
        assert await count(tx, GATES, project) == 3
        assert await pools.ensure(tx, project_id=project, types=["birthday"], now=now) == {"birthday": made["birthday"]}


async def test_types_that_read_alike_get_keys_of_their_own(db: Database, project: int, now: datetime) -> None:
    types = ["black friday", "Black-Friday", "black_friday", "生日", "新年", "7"]
    async with db.transaction() as tx:
        made = await pools.ensure(tx, project_id=project, types=types, now=now)
        assert len(set(made.values())) == len(types)
        keys = {pool.key for pool in await store.list_page(tx, project_id=project)}
        assert len(keys) == len(types)
        assert {"black-friday", "pool", "pool-7"} <= keys


async def test_two_uploads_that_miss_the_same_pools_make_them_once(db: Database, project: int, now: datetime) -> None:
    types = [f"type {n}" for n in range(20)] + ["TYPE-3"]

    async def upload(order: list[str]) -> dict[str, int]:
        async with db.transaction() as tx:
            made = await pools.ensure(tx, project_id=project, types=order, now=now)
            await asyncio.sleep(0.02)
            return made

    answers = await asyncio.gather(*(upload(types[n:] + types[:n]) for n in range(8)))
    assert all(answer == answers[0] for answer in answers)
    async with db.transaction() as tx:
        assert await count(tx, POOLS, project) == await count(tx, GATES, project) == len(types)


async def test_the_second_upload_waits_for_the_first_and_takes_its_pool(
    db: Database, project: int, now: datetime
) -> None:
    async with db.transaction() as first:
        made = await pools.ensure(first, project_id=project, types=["birthday"], now=now)

        async def second() -> dict[str, int]:
            async with db.transaction() as tx:
                return await pools.ensure(tx, project_id=project, types=["birthday"], now=now)

        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.05)
        assert not waiting.done()
    assert await waiting == made


async def test_putting_a_pool_says_what_changed(db: Database, project: int, now: datetime) -> None:
    pool = PoolDefinition(key="birthday", type="birthday", description="Gifts")
    renamed = PoolDefinition(key="birthday", type="birthday", name="Birthdays", description="Gifts")
    async with db.transaction() as tx:
        changes = [
            (await pools.put(tx, project_id=project, pools=[each], now=now))[0].change
            for each in (pool, pool, renamed, renamed)
        ]
        assert changes == ["created", "unchanged", "changed", "unchanged"]
        assert await count(tx, GATES, project) == 1


async def test_all_problems_of_all_pools_come_at_once(db: Database, project: int, now: datetime) -> None:
    wrong = [
        PoolDefinition(key="no spaces", description="x"),
        PoolDefinition(key="empty"),
        PoolDefinition(key="taken", type="birthday", description="x"),
    ]
    async with db.transaction() as tx:
        await pools.ensure(tx, project_id=project, types=["birthday"], now=now)
        with pytest.raises(Invalid) as error:
            await pools.put(tx, project_id=project, pools=wrong, now=now)
    assert [problem.pointer for problem in error.value.problems] == [
        "/0/key",
        "/1/description",
        "/2/type",
    ]


async def test_a_pool_without_a_description_is_not_launched(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        draft = PoolDefinition(key="draft", state="draft")
        pool_id = (await pools.put(tx, project_id=project, pools=[draft], now=now))[0].id
        with pytest.raises(Invalid):
            await pools.launch(tx, project_id=project, pool_id=pool_id)
        described = PoolDefinition(key="draft", state="draft", description="Gifts")
        await pools.put(tx, project_id=project, pools=[described], now=now)
        assert (await pools.launch(tx, project_id=project, pool_id=pool_id)).state == "launched"
        assert (await pools.archive(tx, project_id=project, pool_id=pool_id)).state == "archived"


async def test_a_pool_that_held_codes_is_not_removed(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        made = await pools.ensure(tx, project_id=project, types=["full", "empty"], now=now)
        await fetch_value(tx, ADD_LOT, {"project_id": project, "pool_id": made["full"]}, into=int)
        with pytest.raises(Conflict):
            await pools.remove(tx, project_id=project, pool_id=made["full"])
        await pools.remove(tx, project_id=project, pool_id=made["empty"])
        assert [pool.type for pool in await store.list_page(tx, project_id=project)] == ["full"]
