"""Events as sets: types made, repeats recognised, runs started in the same transaction."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from tearoff.actions import events as actions
from tearoff.domain.events import Accepted, Event, Wanted
from tearoff.errors import Invalid, KeyReused
from tearoff.store import dues, event_types, events, runs, workflows

DEFINITION = {
    "key": "birthday",
    "name": "Birthday",
    "blocks": {
        "begin": {
            "kind": "start",
            "eventType": "birthday",
            "filter": {"all": [{"param": "vip", "is": "equals", "value": "yes"}]},
            "exits": {"next": "done"},
        },
        "done": {"kind": "end"},
    },
}


def event(type_key="birthday", key=None, request=b"r", **params) -> Event:
    return Event(type_key=type_key, key_value="k", params=params, key=key, request=request)


async def accept(db, project, now, *batch):
    return await actions.accept(db, project_id=project, events=batch, now=now)


async def stored(db, project, **filters):
    async with db.transaction() as tx:
        return await events.list_page(tx, project_id=project, limit=5000, **filters)


async def started(db, project, now):
    """The runs that the runner would find; asking takes them."""
    async with db.transaction() as tx:
        until = now + timedelta(hours=1)
        return await runs.lease(tx, project_id=project, lease=uuid4(), until=until, now=now, limit=5000)


@pytest.fixture
async def workflow(db, project, now) -> int:
    """An active workflow that starts on `birthday` for VIPs."""
    async with db.transaction() as tx:
        await workflows.put(tx, project_id=project, key="birthday", name="B", draft=DEFINITION, now=now)
        there = await workflows.find_by_key(tx, project_id=project, key="birthday")
        await workflows.publish(
            tx, project_id=project, workflow=there, event_type_key="birthday", definition=DEFINITION, now=now
        )
        await workflows.mark_active(tx, project_id=project, workflow_id=there.workflow_id, is_active=True, now=now)
    return there.workflow_id


async def test_events_are_kept_in_order_and_their_types_are_made(db, project, now):
    results = await accept(db, project, now, event(n=1), event("other", n=2), event(n=3))
    kept = {e.event_id: e for e in await stored(db, project)}
    assert [kept[r.event_id].params["n"] for r in results] == [1, 2, 3]
    assert [kept[r.event_id].type_key for r in results] == ["birthday", "other", "birthday"]


async def test_a_workflow_starts_once_an_event_that_passes_its_filter(db, project, now, workflow):
    [first, _, _] = await accept(db, project, now, event(vip="yes"), event(vip="no"), event("other", vip="yes"))
    [run] = await started(db, project, now)
    assert (run.event_id, run.workflow_id, run.block) == (first.event_id, workflow, "begin")
    async with db.transaction() as tx:
        assert project in await dues.list_projects(tx, actor="runner", now=now, limit=10_000)


async def test_a_stopped_workflow_starts_nothing(db, project, now, workflow):
    async with db.transaction() as tx:
        await workflows.mark_active(tx, project_id=project, workflow_id=workflow, is_active=False, now=now)
    await accept(db, project, now, event(vip="yes"))
    assert await started(db, project, now) == []


async def test_the_same_key_starts_nothing_new_also_inside_one_set(db, project, now, workflow):
    one = event(key="K", vip="yes")
    assert [bool(r.event_id) for r in await accept(db, project, now, one, one)] == [True, False]
    assert await accept(db, project, now, one) == [Accepted(None)]
    assert len(await stored(db, project)) == len(await started(db, project, now)) == 1


async def test_the_same_key_with_another_body_is_refused(db, project, now):
    batch = (event(key="K"), event(key="K", request=b"other"), event(key="L"))
    _, inside, _ = await accept(db, project, now, *batch)
    [later, fine] = await accept(db, project, now, event(key="L", request=b"other"), event(key="M"))
    assert isinstance(inside, KeyReused) and isinstance(later, KeyReused) and fine.event_id


async def test_a_key_is_forgotten_after_seven_days(db, project, now):
    await accept(db, project, now, event(key="K"))
    assert await accept(db, project, now + timedelta(days=6, hours=23), event(key="K")) == [Accepted(None)]
    [again] = await accept(db, project, now + timedelta(days=7, seconds=1), event(key="K", request=b"other"))
    assert again.event_id


async def test_two_processes_with_the_same_keys_accept_each_event_once(db, project, now):
    # types that are there already hold nobody up, so that the keys themselves are what both reach for
    await accept(db, project, now, *(event(f"type {n}") for n in range(7)))
    batch = [event(f"type {n % 7}", key=f"K{n}", vip="yes") for n in range(2000)]
    answers = await asyncio.gather(*(accept(db, project, now, *batch[s:], *batch[:s]) for s in range(0, 2000, 500)))
    assert sum(1 for results in answers for r in results if r.event_id) == 2000
    assert len(await stored(db, project)) == 2007


async def test_a_type_that_asks_for_parameters_refuses_an_event_without_them_and_only_that(db, project, now):
    wanted = [Wanted("EmailAddress", True), Wanted("name")]
    async with db.transaction() as tx:
        await event_types.put(tx, project_id=project, key="strict", params=wanted, sets_params=True, now=now)
    refused, fine = await accept(
        db, project, now, event("strict", key="K", name="x"), event("strict", EmailAddress="a")
    )
    assert isinstance(refused, Invalid) and fine.event_id
    assert refused.problems[0].detail == (
        'The event should have the following params: [{"name":"EmailAddress","required":true},'
        '{"name":"name","required":false}]'
    )
    [later] = await accept(db, project, now, event("strict", key="K", EmailAddress="a", request=b"corrected"))
    assert later.event_id
