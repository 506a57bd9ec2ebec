"""The importer: files from addresses, progress, cancelling under way, workers that die, and claims beside it."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from aiohttp import web
from tests.channels.web_server import WebServer
from tests.stock import books, upload

from tearoff.actions import imports as actions
from tearoff.domain.codes import Wish, fit
from tearoff.domain.imports import ImportOptions
from tearoff.engine import importer
from tearoff.errors import Conflict
from tearoff.store import claims, imports, pools, tasks
from tearoff.store.claims import ClaimTerms, ClaimWish
from tearoff.store.db import fetch_value

LINES = 60_000
TAKEN = "SELECT lease IS NOT NULL FROM code_import WHERE project_id = %(project_id)s AND task_id = %(task_id)s"


@pytest.fixture
async def begin(engine, project, now):
    """Begins an import into the pool `birthday`; gives its task's number."""
    await upload(engine.db, project, ["OLD-1", "OLD-2"], now)

    async def started(text: str | None, *, url: str | None = None, **options: object) -> int:
        async with engine.db.transaction() as tx:
            pool = await pools.find_by_type(tx, project_id=project, type="birthday")
            task_id = await actions.begin(
                tx, project_id=project, pool=pool, options=ImportOptions(**options), name="", url=url, now=now
            )
        if text is not None:
            await actions.receive(engine.db, project_id=project, task_id=task_id, at=0, stream=once(text.encode()))
            async with engine.db.transaction() as tx:
                await actions.complete(tx, project_id=project, task_id=task_id, now=now)
        return task_id

    return started


async def once(body: bytes):
    yield body


async def task_of(engine, project: int, task_id: int) -> tasks.Task:
    async with engine.db.transaction() as tx:
        return await tasks.get(tx, project_id=project, task_id=task_id)


async def turn(engine, project: int, later: timedelta = timedelta()) -> int:
    return await importer.turn(engine, project, engine.clock.now() + later)


async def under_way(engine, project: int, task_id: int) -> tasks.Task:
    """The task once it tells that rows were read."""
    async with asyncio.timeout(90):
        while not (task := await task_of(engine, project, task_id)).done:
            await asyncio.sleep(0.02)
    return task


async def leased(engine, project: int, task_id: int) -> bool:
    """Whether somebody took the import."""
    at = {"project_id": project, "task_id": task_id}
    async with engine.db.transaction() as tx:
        return await fetch_value(tx, TAKEN, at, bool)


@pytest.fixture
async def shop():
    """A web server with a file, a redirect to it, and an error."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/moved":
            return web.Response(status=302, headers={"Location": "/codes.csv"})
        if request.path == "/codes.csv":
            return web.Response(body=b"code\nU1\nU2\n")
        return web.Response(status=404 if request.path == "/gone" else 503)

    server = WebServer(answer)
    await server.start()
    yield server
    await server.stop()


async def test_a_file_is_fetched_from_an_address_also_through_a_redirect(engine, project, begin, shop):
    task_id = await begin(None, url=f"{shop.url}/moved")
    assert await turn(engine, project) == 1
    task = await task_of(engine, project, task_id)
    assert (task.state, task.report["added"]) == ("done", 2)
    assert b"".join([part async for part in imports.stream(engine.db, project_id=project, task_id=task_id)]) == (
        b"code\nU1\nU2\n"
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://10.0.0.1/codes.csv", "not on the public internet"), ("ftp://x.test/a", "http or https")],
)
async def test_an_address_inside_the_network_is_refused(engine, project, begin, url, reason):
    task_id = await begin(None, url=url)
    await turn(engine, project)
    task = await task_of(engine, project, task_id)
    assert (task.state, reason in task.report["error"]["detail"]) == ("failed", True), task.report


async def test_an_address_that_fails_for_now_is_asked_again_and_one_that_fails_for_good_is_not(
    engine, project, begin, shop
):
    gone, busy = await begin(None, url=f"{shop.url}/gone"), await begin(None, url=f"{shop.url}/busy")
    assert await turn(engine, project) == 1
    for _ in range(importer.ATTEMPTS_MAX):
        assert (await task_of(engine, project, busy)).finished_at is None
        assert await turn(engine, project, timedelta(minutes=1)) == 1
    assert await turn(engine, project, timedelta(hours=1)) == 0
    assert [(await task_of(engine, project, one)).state for one in (gone, busy)] == ["failed", "failed"]
    assert len([seen for seen in shop.seen if seen.path == "/gone"]) == 1
    assert len([seen for seen in shop.seen if seen.path == "/busy"]) == importer.ATTEMPTS_MAX


async def test_an_import_under_way_tells_how_far_it_is_lets_claims_pass_and_leaves_nothing_when_it_is_cancelled(
    engine, project, now, begin, monkeypatch
):
    monkeypatch.setattr(importer, "TELL_SECONDS", 0.05)
    task_id = await begin("code\n" + "".join(f"C{n}\n" for n in range(LINES)))
    working = asyncio.create_task(turn(engine, project))
    task = await under_way(engine, project, task_id)
    assert task.state == "running" and task.started_at and task.total and task.done < LINES
    assert LINES * 0.5 < task.total < LINES * 2
    async with engine.db.transaction() as tx:
        pool = await pools.find_by_type(tx, project_id=project, type="birthday")
        assert pool
        wish = {"fit": fit(Wish(), now, now.tzinfo), "terms": ClaimTerms("run"), "wishes": [ClaimWish("k", "r")]}
        [got] = await claims.claim_codes(tx, project_id=project, pool_id=pool.pool_id, **wish)
    assert got.value == "OLD-1"
    async with engine.db.transaction() as tx:
        await actions.cancel(tx, project_id=project, task_id=task_id, now=now)
    assert await working == 1
    assert (await task_of(engine, project, task_id)).state == "cancelled"
    assert (await books(engine.db, project)).uploaded == 2
    assert await turn(engine, project, timedelta(hours=1)) == 0


async def test_a_dead_workers_import_is_taken_over_and_done_once(engine, project, begin):
    task_id = await begin("A\nB\n")
    async with engine.db.transaction() as tx:
        at = {"project_id": project, "lease": uuid4(), "until": engine.clock.now() + engine.limits.lease}
        assert await imports.lease(tx, **at, now=engine.clock.now())
    assert await turn(engine, project) == 0
    assert await turn(engine, project, timedelta(minutes=1)) == 1
    assert (await task_of(engine, project, task_id)).report["added"] == 2
    assert (await books(engine.db, project)).uploaded == 4


async def test_a_worker_that_lost_its_lease_publishes_nothing(engine, project, begin, monkeypatch):
    monkeypatch.setattr(importer, "TELL_SECONDS", 60)
    task_id = await begin("".join(f"C{n}\n" for n in range(20_000)))
    slow = asyncio.create_task(turn(engine, project))
    async with asyncio.timeout(90):
        while not await leased(engine, project, task_id):
            await asyncio.sleep(0.005)
    assert await turn(engine, project, timedelta(minutes=1)) == 1
    await slow
    assert (await task_of(engine, project, task_id)).report["added"] == 20_000
    assert (await books(engine.db, project)).uploaded == 20_002


async def test_an_import_that_is_given_up_at_a_stop_is_begun_anew_at_once(engine, project, begin, monkeypatch):
    monkeypatch.setattr(importer, "TELL_SECONDS", 0.05)
    task_id = await begin("".join(f"C{n}\n" for n in range(LINES)))
    working = asyncio.create_task(turn(engine, project))
    await under_way(engine, project, task_id)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert (await books(engine.db, project)).uploaded == 2
    assert await turn(engine, project) == 1
    assert (await task_of(engine, project, task_id)).report["added"] == LINES


async def test_a_file_that_is_being_read_takes_no_piece_more(engine, project, begin) -> None:
    task_id = await begin("code\nA\n")
    at = {"project_id": project, "task_id": task_id}
    async with engine.db.transaction() as tx:
        found = await imports.lease(
            tx,
            project_id=project,
            lease=uuid4(),
            until=engine.clock.now() + timedelta(minutes=1),
            now=engine.clock.now(),
        )
    assert (found.task_id, (await task_of(engine, project, task_id)).state) == (task_id, "running")
    with pytest.raises(Conflict, match="The import is running with 7 bytes"):
        await actions.receive(engine.db, **at, at=7, stream=once(b"B\n"))
