"""Guessing opens one problem a project, tells who wants to know, and closes when nobody is locked out any more."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from aiohttp import web
from tests.channels.web_server import WebServer

from tearoff.actions import contacts, problems, redemptions
from tearoff.domain.contacts import Identity
from tearoff.domain.redemptions import GUESSES_MAX, LOCKED_FOR, Use
from tearoff.engine import watcher
from tearoff.errors import Throttled
from tearoff.store import problems as store
from tearoff.store import subscriptions


@pytest.fixture
async def hook():
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    server = WebServer(answer)
    await server.start()
    yield server
    await server.stop()


async def subscribe(stage, hook, pools=None):
    async with stage.db.transaction() as tx:
        await subscriptions.add(
            tx,
            project_id=stage.project,
            kind="webhook",
            target=f"{hook.url}/{'all' if pools is None else 'some'}",
            frequency="at-once",
            pools=pools,
            channel_id=None,
            next_at=None,
            now=stage.now,
        )


async def guess(stage, count, **who):
    """Name so many codes that nobody has."""
    uses = [Use(value=f"WRONG-{n}", order_id=f"o{n}", **who) for n in range(count)]
    return await redemptions.redeem(stage.db, project_id=stage.project, uses=uses, now=stage.now)


async def look(stage):
    await watcher.turn(stage.engine, stage.project, stage.now)
    async with stage.db.transaction() as tx:
        found = await store.list_page(tx, project_id=stage.project, limit=10)
    return found[0] if found else None


@pytest.fixture
async def ann(stage):
    async with stage.db.transaction() as tx:
        named = [Identity(external_id="ann")]
        [contact_id] = await contacts.find_or_create(tx, project_id=stage.project, identities=named, now=stage.now)
    return contact_id


@pytest.mark.parametrize("kind", ["address", "contact", "key"])
async def test_each_kind_of_guesser_is_throttled_and_named_in_the_alarm(stage, ann, kind):
    who = {
        "address": {"address": "192.0.2.7"},
        "contact": {"contact": Identity(contact_id=ann)},
        "key": {"caller": "key:3"},
    }[kind]
    await guess(stage, GUESSES_MAX[kind] - 1, **who)
    assert not isinstance((await guess(stage, 1, **who))[0], Throttled)
    assert isinstance((await guess(stage, 1, **who))[0], Throttled)
    problem = await look(stage)
    assert (problem.kind, problem.level, problem.pool_key, problem.events) == ("guessing", "alarm", None, 1)
    assert f"the {kind} " in problem.detail
    assert not isinstance((await guess(stage, 1, address="192.0.2.8"))[0], Throttled)


async def test_the_problem_is_told_closes_by_itself_and_opens_again(stage, hook):
    await subscribe(stage, hook)
    await subscribe(stage, hook, pools=[1])
    assert await look(stage) is None
    await guess(stage, GUESSES_MAX["address"], address="192.0.2.1")
    first = await look(stage)
    assert (first.closed_at, first.events) == (None, 1)
    await guess(stage, GUESSES_MAX["address"], address="192.0.2.2")
    again = await look(stage)
    assert (again.problem_id, again.events) == (first.problem_id, 2)
    assert "192.0.2.2" in again.detail
    stage.now += LOCKED_FOR
    assert (await look(stage)).closed_by == "calm"
    await guess(stage, GUESSES_MAX["address"], address="192.0.2.3")
    third = await look(stage)
    assert (third.problem_id, third.closed_at, third.events) == (first.problem_id, None, 3)
    assert third.opened_at == stage.now
    told = [(seen.path, msgspec.json.decode(seen.body)) for seen in hook.seen]
    assert [(path, body["event"]) for path, body in told] == [
        ("/all", "problem.opened"),
        ("/all", "problem.closed"),
        ("/all", "problem.opened"),
    ]
    assert (told[0][1]["problems"][0]["kind"], told[0][1]["problems"][0]["pool"]) == ("guessing", None)


async def test_what_is_closed_by_hand_stays_closed_until_the_next_lock(stage):
    await guess(stage, GUESSES_MAX["address"], address="192.0.2.1")
    problem = await look(stage)
    async with stage.db.transaction() as tx:
        await problems.close(tx, project_id=stage.project, problem_ids=[problem.problem_id], by="Ann", now=stage.now)
    assert (await look(stage)).closed_by == "Ann"
    await guess(stage, GUESSES_MAX["address"], address="192.0.2.9")
    assert (await look(stage)).closed_at is None


async def test_guessing_that_goes_on_is_told_again_after_an_hour(stage, hook):
    await subscribe(stage, hook)
    for n in range(14):
        await guess(stage, GUESSES_MAX["address"], address=f"192.0.2.{n}")
        await look(stage)
        stage.now += timedelta(minutes=5)
    assert (await look(stage)).events == 14
    assert [msgspec.json.decode(seen.body)["event"] for seen in hook.seen] == ["problem.opened", "problem.repeated"]


async def test_many_watchers_at_once_make_one_event_of_a_lock(stage, hook):
    await subscribe(stage, hook)
    await guess(stage, GUESSES_MAX["address"], address="192.0.2.1")
    await asyncio.gather(*(watcher.turn(stage.engine, stage.project, stage.now) for _ in range(6)))
    assert (await look(stage)).events == 1
    assert len(hook.seen) == 1
