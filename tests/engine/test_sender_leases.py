"""A sender that comes too late changes nothing: another one has the delivery, and what it found stands. One that is
only slow keeps what it has, so nothing is sent twice and a refusal stays a refusal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.channels.smtp_server import SmtpServer
from tests.engine.conftest import Stage
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.engine import rescuer, sender
from tearoff.engine.sender import Results
from tearoff.store import deliveries
from tearoff.store.db import Database

SETTINGS = "{host: 127.0.0.1, port: %s, tls: none, connectionsMax: 1, timeoutSeconds: 1}"
GUARD = " AND d.lease = %(lease)s AND d.state = 'leased'"


async def refused_too_late(stage: Stage, db: Database) -> str:
    """One sender is refused and stalls, its delivery is taken over and accepted, then the first one records."""
    await stage.apply(PROJECT)
    await upload(db, stage.project, ["A"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work(sending=False)
    lease, began = uuid4(), stage.now
    async with db.transaction() as tx:
        until = began + stage.engine.limits.lease
        taken = await deliveries.lease(tx, project_id=stage.project, lease=lease, until=until, now=began, limit=10)
    stage.now += 2 * stage.engine.limits.lease
    await rescuer.turn(stage.engine, stage.project, stage.now)
    assert await sender.turn(stage.engine, stage.project, stage.now) == 1
    late = Results(failed=[(taken[0].delivery_id, "550 no such user", False)])
    await sender.settle(stage.engine, stage.project, lease, taken, late, stage.now)
    [delivery] = await stage.deliveries()
    return delivery.state


async def test_a_result_that_comes_too_late_is_not_recorded(stage: Stage, db: Database) -> None:
    assert await refused_too_late(stage, db) == "sent"
    assert (await books(db, stage.project)).issued == 1


async def test_without_the_guard_of_the_lease_it_would_be(
    stage: Stage, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert GUARD in deliveries.SQL.mark_failed
    monkeypatch.setitem(deliveries.SQL._texts, "mark_failed", deliveries.SQL.mark_failed.replace(GUARD, ""))
    assert await refused_too_late(stage, db) == "failed"


async def sent_slowly(stage: Stage, port: int, people: list[str]) -> None:
    """One sender at work on a server that takes longer than a lease, and others that look for what was left behind."""
    await stage.apply(PROJECT.replace("kind: mailbox,", f"kind: email, settings: {SETTINGS % port},"))
    await upload(stage.db, stage.project, [f"CODE-{n}" for n in range(len(people))], stage.now)
    await stage.send("birthday", *[{"email": person} for person in people])
    await stage.work(sending=False)
    engine = replace(stage.engine, limits=replace(stage.engine.limits, lease=timedelta(seconds=0.3)))
    clock = engine.clock
    sending = asyncio.create_task(sender.turn(engine, stage.project, clock.now()))
    while not sending.done():
        await asyncio.sleep(0.05)
        await rescuer.turn(engine, stage.project, clock.now())
        await sender.turn(engine, stage.project, clock.now())
    assert await sending == len(people)


async def test_a_server_slower_than_a_lease_gets_every_mail_once(stage: Stage, db: Database) -> None:
    server = SmtpServer()
    await server.start()
    try:
        await sent_slowly(stage, server.port, [f"slow-{n}@example.test" for n in range(4)])
    finally:
        await server.stop()
    assert len(server.envelopes) == 4
    assert [(d.state, d.tries, d.is_doubtful) for d in await stage.deliveries()] == [("sent", 1, False)] * 4


@asynccontextmanager
async def deaf() -> AsyncIterator[int]:
    """The port of a server that lets everybody in and never says a word."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):
            await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_a_server_that_does_not_answer_for_longer_than_a_lease_is_no_doubt_and_the_codes_stay_reserved(
    stage: Stage, db: Database
) -> None:
    async with deaf() as port:
        await sent_slowly(stage, port, ["a@example.test", "b@example.test"])
    assert [(d.state, d.tries, d.is_doubtful) for d in await stage.deliveries()] == [("waiting", 1, False)] * 2
    ledger = await books(db, stage.project)
    assert (ledger.reserved, ledger.issued) == (2, 0)
