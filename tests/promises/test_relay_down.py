"""The mail relay is down for an hour: deliveries wait, take turns, and go out once each when it is back."""

from datetime import timedelta

from tests.channels.smtp_server import SmtpServer
from tests.engine.conftest import Stage
from tests.promises.stages import PROJECT, rest
from tests.stock import books, upload

from tearoff.store.db import Database

COUNT = 40


async def test_after_an_hour_without_a_relay_every_mail_goes_out_once(stage: Stage, db: Database, project: int) -> None:
    relay = SmtpServer()
    await relay.start()
    await relay.stop()
    settings = f"{{host: 127.0.0.1, port: {relay.port}, tls: none, timeoutSeconds: 1}}"
    await stage.apply(PROJECT.replace("kind: mailbox,", f"kind: email, settings: {settings},"))
    await upload(db, project, [f"C-{n}" for n in range(COUNT)], stage.now)
    await stage.send("birthday", *[{"email": f"p{n}@example.test"} for n in range(COUNT)])
    back = stage.now + timedelta(hours=1)
    while stage.now < back:
        await stage.work()
        stage.now += timedelta(minutes=3)
    waiting = await stage.deliveries()
    assert {(d.state, d.is_doubtful) for d in waiting} == {("waiting", False)}
    tries = {d.tries for d in waiting}
    assert max(tries) - min(tries) <= 1, "none is tried while others starve"
    assert (await books(db, project)).reserved == COUNT
    await relay.start()
    await rest(stage)
    await relay.stop()
    assert sorted(e.rcpt_tos[0] for e in relay.envelopes) == sorted(f"p{n}@example.test" for n in range(COUNT))
    assert {d.state for d in await stage.deliveries()} == {"sent"}
    assert (await books(db, project)).issued == COUNT
