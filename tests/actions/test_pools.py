"""Pools over a real database: missing ones are made once, changes are told, and every pool has its gate."""

import asyncio
from datetime import datetime, timedelta

import pytest
from tests.stock import upload

from tearoff.actions import pools
from tearoff.domain.pools import Cap, FillMethod, PoolDefinition, definition_of
from tearoff.domain.validity import Span, Validity
from tearoff.errors import Conflict, Invalid
from tearoff.store import pools as store
from tearoff.store.db import Database, Tx, fetch_value

WAYS: tuple[FillMethod, ...] = ("typed", "generated")
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
            await pools.launch(tx, project_id=project, pool_id=pool_id, now=now)
        described = PoolDefinition(key="draft", state="draft", description="Gifts")
        await pools.put(tx, project_id=project, pools=[described], now=now)
        assert (await pools.launch(tx, project_id=project, pool_id=pool_id, now=now)).state == "launched"
        assert (await pools.archive(tx, project_id=project, pool_id=pool_id, now=now)).state == "archived"


async def test_a_pool_that_held_codes_is_not_removed(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        made = await pools.ensure(tx, project_id=project, types=["full", "empty"], now=now)
        await fetch_value(tx, ADD_LOT, {"project_id": project, "pool_id": made["full"]}, into=int)
        with pytest.raises(Conflict):
            await pools.remove(tx, project_id=project, pool_id=made["full"])
        await pools.remove(tx, project_id=project, pool_id=made["empty"])
        assert [pool.type for pool in await store.list_page(tx, project_id=project)] == ["full"]


async def test_settings_come_back_as_they_were_put(db: Database, project: int, now: datetime) -> None:
    wanted = PoolDefinition(
        key="gifts",
        type="gifts",
        name="Gifts",
        description="Gifts",
        code_type="referral",
        fill_method="typed",
        is_issue_checked=False,
        valid_for=Validity(starts_after=Span(1, "hours"), ends_at=now + timedelta(days=9), is_end_of_day=True),
        processing="outside",
        issue_from=now,
        issue_until=now + timedelta(days=1),
        days_left_min=3,
        reissue="pool",
        reissue_days=2,
        cap=Cap(max=2, period=Span(1, "months"), is_calendar=True),
        alert_below=None,
    )
    async with db.transaction() as tx:
        [put] = await pools.put(tx, project_id=project, pools=[wanted], now=now)
        found = await store.get(tx, project_id=project, pool_id=put.id)
        assert definition_of(found) == wanted
        [again] = await pools.put(tx, project_id=project, pools=[wanted], now=now)
        assert again.change == "unchanged"


async def test_the_change_log_tells_who_changed_what_and_when(db: Database, project: int, now: datetime) -> None:
    draft = PoolDefinition(key="gifts", state="draft")
    later = now + timedelta(hours=1)
    async with db.transaction() as tx:
        pool_id = (await pools.put(tx, project_id=project, pools=[draft], now=now, by="Ann"))[0].id
        wanted = PoolDefinition(key="presents", type="gifts", name="gifts", description="For all", state="draft")
        await pools.change(tx, project_id=project, pool_id=pool_id, wanted=wanted, now=now, by="Bob")
        await pools.launch(tx, project_id=project, pool_id=pool_id, now=later, by="Eve")
        await pools.launch(tx, project_id=project, pool_id=pool_id, now=later, by="Eve")
        log = await store.list_changes(tx, project_id=project, pool_id=pool_id, before=None, limit=10)
    assert [(entry.changed_by, entry.changed_at) for entry in log] == [
        ("Eve", later),
        ("Bob", now),
        ("Bob", now),
        ("Ann", now),
    ]
    assert log[0].fields == {"state": ["draft", "launched"]}
    assert log[1].fields == {"description": ["", "For all"]}
    assert log[2].fields == {"key": ["gifts", "presents"]}
    assert log[3].fields["state"] == [None, "draft"]


async def test_a_pool_is_not_renamed_to_the_key_of_another(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        made = await pools.ensure(tx, project_id=project, types=["birthday", "gifts"], now=now)
    with pytest.raises(Conflict, match="birthday"):
        async with db.transaction() as tx:
            wanted = PoolDefinition(key="birthday", type="gifts", description="x")
            await pools.change(tx, project_id=project, pool_id=made["gifts"], wanted=wanted, now=now)


async def test_a_key_is_filled_in_from_the_name_and_unique(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        for expected in ("novyj-pul", "novyj-pul-2", "novyj-pul-3"):
            key = await pools.free_key(tx, project_id=project, name="Новый пул")
            assert key == expected
            await pools.put(tx, project_id=project, pools=[PoolDefinition(key=key, state="draft")], now=now)


async def test_a_second_fill_method_after_the_first_load_is_refused(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        pool_id = (await pools.ensure(tx, project_id=project, types=["gifts"], now=now))["gifts"]

    async def load(method: FillMethod) -> None:
        async with db.transaction() as tx:
            await pools.fill_by(tx, project_id=project, pool_ids=[pool_id], method=method)
            await asyncio.sleep(0.02)

    answers = await asyncio.gather(load("file"), load("generated"), return_exceptions=True)
    assert [type(answer) for answer in answers].count(Conflict) == 1
    await load("file" if answers[0] is None else "generated")
    with pytest.raises(Conflict, match="first load"):
        await load("typed")


async def test_a_draft_that_was_loaded_keeps_its_fill_method(db: Database, project: int, now: datetime) -> None:
    draft = PoolDefinition(key="gifts", state="draft", fill_method="file")
    typed = PoolDefinition(key="gifts", state="draft", fill_method="typed")
    async with db.transaction() as tx:
        for pool in (draft, typed, draft):
            pool_id = (await pools.put(tx, project_id=project, pools=[pool], now=now))[0].id
        await fetch_value(tx, ADD_LOT, {"project_id": project, "pool_id": pool_id}, into=int)
        with pytest.raises(Invalid) as error:
            await pools.put(tx, project_id=project, pools=[typed], now=now)
    assert [problem.pointer for problem in error.value.problems] == ["/0/fillMethod"]


async def test_a_definition_that_says_nothing_of_the_fill_method_keeps_it(
    db: Database, project: int, now: datetime
) -> None:
    silent = PoolDefinition(key="gifts", type="gifts", description="Gifts")
    async with db.transaction() as tx:
        await pools.put(tx, project_id=project, pools=[silent], now=now)
    await upload(db, project, ["A"], now, type="gifts")
    async with db.transaction() as tx:
        [put] = await pools.put(tx, project_id=project, pools=[silent], now=now)
        assert put.change == "unchanged"
        assert (await store.get(tx, project_id=project, pool_id=put.id)).fill_method == "file"


async def test_codes_that_arrive_by_api_join_files_and_texts_but_no_generated_pool(
    db: Database, project: int, now: datetime
) -> None:
    await upload(db, project, ["A"], now, type="gifts")
    async with db.transaction() as tx:
        gifts = await store.find_by_type(tx, project_id=project, type="gifts")
        assert gifts is not None
        assert gifts.fill_method == "file"
        made = [PoolDefinition(key=way, description="x", fill_method=way) for way in WAYS]
        await pools.put(tx, project_id=project, pools=made, now=now)
    await upload(db, project, ["B"], now, type="typed")
    with pytest.raises(Conflict, match="generated"):
        await upload(db, project, ["C"], now, type="generated")
