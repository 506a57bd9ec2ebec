"""Issuing by hand to many contacts as a task: a batch at a time, each contact once, through crashes and empty pools."""

import asyncio
from datetime import timedelta

import pytest
from tests.stock import books, upload

from tearoff.actions import contacts, fields, issuances, pools
from tearoff.actions import tasks as task_actions
from tearoff.actions.issuances import Order
from tearoff.domain.codes import Wish
from tearoff.domain.contact_lists import read
from tearoff.domain.contacts import ContactChange, locator_of
from tearoff.domain.fields import FieldDefinition
from tearoff.domain.pools import Cap, PoolDefinition
from tearoff.engine import issuer
from tearoff.errors import Conflict, Invalid, NotIssuable
from tearoff.store import claims, dues, tasks
from tearoff.store.db import execute, fetch_value
from tearoff.store.issuances import ContactFilter

WAITS = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE %(pid)s = ANY (pg_blocking_pids(pid)))"
LEASED = "UPDATE issuance SET lease = gen_random_uuid(), lease_until = %(until)s WHERE project_id = %(project_id)s"


@pytest.fixture
def setup(db, project, now):
    """Makes the pool `gift` with codes, and people p0 to p9; gives the pool and their ids."""

    async def make(count=20, people=10, **settings):
        wanted = PoolDefinition(key="gift", type="gift", description="Gifts", **settings)
        async with db.transaction() as tx:
            [put] = await pools.put(tx, project_id=project, pools=[wanted], now=now)
            changes = [
                ContactChange(
                    external_id=f"p{n}",
                    first_name="even" if n % 2 == 0 else "odd",
                    locators=(locator_of("email", f"p{n}@example.test"),),
                )
                for n in range(people)
            ]
            ids = await contacts.upsert(tx, project_id=project, contacts=changes, now=now)
            pool = await pools.store.get(tx, project_id=project, pool_id=put.id)
        if count:
            await upload(db, project, [f"C{n:03}" for n in range(count)], now, type="gift")
        return pool, ids

    return make


@pytest.fixture
def work(db, project, now, engine):
    """Lets the issuer go on until nothing is left, and gives the task."""

    async def go(task_id, at=None):
        for _ in range(50):
            if not await issuer.turn(engine, project, at or now):
                break
        async with db.transaction() as tx:
            return await tasks.get(tx, project_id=project, task_id=task_id)

    return go


async def start(db, project, now, pool, wanted=None, text=None, **order):
    async with db.transaction() as tx:
        what = Order(pool, order.pop("wish", Wish()), **order)
        if text is None:
            return await issuances.start_filtered(
                tx, project_id=project, order=what, wanted=wanted or ContactFilter(), now=now
            )
        return await issuances.start_listed(tx, project_id=project, order=what, listed=read(text), now=now)


async def rejects(db, project, task):
    async with db.transaction() as tx:
        rows = await tasks.list_rejects(tx, project_id=project, task_id=task, after=0, limit=100)
    return [(row.line, row.value, row.reason) for row in rows]


async def test_everybody_who_passes_the_filter_gets_one_code(db, project, now, setup, work) -> None:
    pool, _ = await setup()
    task_id = await start(db, project, now, pool, ContactFilter(first_name="Even"))
    task = await work(task_id)
    assert (task.state, task.done, task.total) == ("done", 5, 5)
    assert task.report == {"rows": 5, "issued": 5, "refused": 0, "poolId": pool.pool_id}
    assert (await books(db, project, "gift")).issued == 5


async def test_a_task_goes_on_in_batches_and_each_contact_gets_one(db, project, now, setup, work, monkeypatch) -> None:
    monkeypatch.setattr(issuer, "BATCH_MAX", 3)
    pool, _ = await setup()
    task = await work(await start(db, project, now, pool))
    assert (task.done, task.report["issued"]) == (10, 10)
    assert (await books(db, project, "gift")).issued == 10


async def test_two_issuers_at_once_do_the_work_of_one(db, project, now, setup, engine, monkeypatch) -> None:
    monkeypatch.setattr(issuer, "BATCH_MAX", 2)
    pool, _ = await setup()
    task_id = await start(db, project, now, pool)
    for _ in range(8):
        await asyncio.gather(*(issuer.turn(engine, project, now) for _ in range(3)))
    async with db.transaction() as tx:
        assert (await tasks.get(tx, project_id=project, task_id=task_id)).report["issued"] == 10
    assert (await books(db, project, "gift")).issued == 10


async def test_a_task_whose_issuer_died_is_taken_over(db, project, now, setup, work) -> None:
    pool, _ = await setup()
    task_id = await start(db, project, now, pool)
    async with db.transaction() as tx:
        await execute(tx, LEASED, {"project_id": project, "until": now + timedelta(seconds=60)})
    assert (await work(task_id)).state == "running"
    assert (await work(task_id, now + timedelta(seconds=61))).report["issued"] == 10


async def test_when_codes_run_out_the_others_stand_and_the_rest_is_named(db, project, now, setup, work) -> None:
    pool, ids = await setup(count=8)
    task_id = await start(db, project, now, pool)
    task = await work(task_id)
    assert task.report == {"rows": 10, "issued": 8, "refused": 2, "poolId": pool.pool_id}
    assert await rejects(db, project, task_id) == [
        (9, str(ids[8]), issuer.EMPTY),
        (10, str(ids[9]), issuer.EMPTY),
    ]


async def test_a_list_names_contacts_by_any_of_their_names_and_each_counts_once(db, project, now, setup, work) -> None:
    pool, ids = await setup()
    text = f"Email;externalCustomerId;contactId\np1@example.test;;\n;p2;\n;;{ids[3]}\n;p1;\n\n;nobody;\nno mail;;\n"
    task_id = await start(db, project, now, pool, text=text)
    task = await work(task_id)
    assert (task.done, task.total, task.report["issued"]) == (6, 6, 3)
    assert await rejects(db, project, task_id) == [
        (5, "p1", issuances.TWICE),
        (7, "nobody", issuances.NOBODY),
        (8, "no mail", "'no mail' is not valid email"),
    ]


async def test_a_sample_is_drawn_from_those_who_pass(db, project, now, setup, work) -> None:
    pool, _ = await setup()
    for wanted, count in ((ContactFilter(sample=3), 3), (ContactFilter(percent=25), 3), (ContactFilter(percent=20), 2)):
        task = await work(await start(db, project, now, pool, wanted))
        assert task.report["issued"] == count


async def test_who_has_a_code_of_the_pool_can_be_left_out_or_chosen(db, project, now, setup, work) -> None:
    pool, ids = await setup()
    await work(await start(db, project, now, pool, ContactFilter(contact_ids=ids[:4])))
    without = ContactFilter(without_code_of=pool.pool_id)
    assert (await work(await start(db, project, now, pool, without))).report["issued"] == 6
    with_code = ContactFilter(with_code_of=pool.pool_id, contact_ids=ids[:3])
    assert (await work(await start(db, project, now, pool, with_code))).report["issued"] == 3


async def test_a_cap_refuses_contacts_by_name_and_a_reissue_takes_no_code(db, project, now, setup, work) -> None:
    pool, ids = await setup(cap=Cap(max=1))
    await work(await start(db, project, now, pool, ContactFilter(contact_ids=ids[:1])))
    task_id = await start(db, project, now, pool, ContactFilter(contact_ids=ids[:2]))
    assert (await work(task_id)).report["issued"] == 1
    assert await rejects(db, project, task_id) == [(1, str(ids[0]), issuer.CAPPED)]


async def test_the_code_is_written_to_the_field_that_is_named(db, project, now, setup, work) -> None:
    pool, ids = await setup()
    field = FieldDefinition(key="CODE", name="Code", type="TEXTFIELD")
    async with db.transaction() as tx:
        kept, _ = await fields.ensure(tx, project_id=project, field=field, now=now)
    chosen = ContactFilter(contact_ids=ids[:1])
    await work(await start(db, project, now, pool, chosen, field_id=kept.field_id))
    async with db.transaction() as tx:
        [contact] = await contacts.load(tx, project_id=project, contact_ids=ids[:1])
    assert list(contact.fields.values()) == ["C000"]


async def test_a_pool_that_hands_out_nothing_and_a_list_of_nobody_are_refused(db, project, now, setup) -> None:
    pool, _ = await setup(code_type="multi")
    with pytest.raises(NotIssuable):
        await start(db, project, now, pool)
    with pytest.raises(Invalid, match="columns"):
        await start(db, project, now, pool, text="p1\np2\n")


async def test_a_busy_project_is_found_and_an_idle_one_is_not(db, project, now, setup, work) -> None:
    pool, _ = await setup()
    task_id = await start(db, project, now, pool)
    async with db.transaction() as tx:
        assert project in await dues.list_projects(tx, actor="issuer", now=now, limit=1000)
    await work(task_id)
    async with db.transaction() as tx:
        assert project not in await dues.list_projects(tx, actor="issuer", now=now + timedelta(days=9), limit=1000)


async def test_a_cancelled_task_stops_between_two_sets_and_says_what_it_did(
    db, project, now, setup, work, engine, monkeypatch
) -> None:
    monkeypatch.setattr(issuer, "BATCH_MAX", 4)
    pool, _ = await setup()
    text = "email\n" + "".join(f"p{n}@example.test\n" for n in range(10)) + "nobody@example.test\n"
    task_id = await start(db, project, now, pool, text=text)
    assert await issuer.turn(engine, project, now)
    async with db.transaction() as gate:
        await claims.lock_gates(gate, project_id=project, pool_ids=[pool.pool_id])
        under_way = asyncio.create_task(issuer.turn(engine, project, now))
        async with db.single() as looking:
            while not await fetch_value(looking, WAITS, {"pid": gate.info.backend_pid}, bool):
                await asyncio.sleep(0.01)
        async with db.transaction() as tx:
            await task_actions.cancel(tx, project_id=project, task_id=task_id, now=now)
    await under_way
    task = await work(task_id, at=now + timedelta(hours=1))
    assert (task.state, task.done) == ("cancelled", 5)
    assert task.report == {"rows": 5, "issued": 4, "refused": 1, "left": 6}
    ledger = await books(db, project, "gift")
    assert (ledger.issued, ledger.free) == (4, 16)
    with pytest.raises(Conflict):
        async with db.transaction() as tx:
            await task_actions.cancel(tx, project_id=project, task_id=task_id, now=now)
