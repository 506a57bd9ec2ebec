"""What another side says and PostgreSQL cannot hold spoils one run or nothing, never the set it came with."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from tests.channels.smtp_server import SmtpServer
from tests.channels.web_server import WebServer
from tests.engine.conftest import Stage
from tests.engine.test_message import message, source
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.channels import http_source

PEOPLE = [f"p{n}@example.test" for n in range(5)]
BAD = PEOPLE[2]
GIFT = "$!data.get('my shop').get('gift')"


@asynccontextmanager
async def shop(gift: str) -> AsyncIterator[WebServer]:
    """A data source that answers one of the people with `gift`, written in JSON."""

    async def answer(request: web.Request) -> web.Response:
        who = (await request.json())["who"]
        said = gift if who == BAD else '"a pen"'
        return web.Response(text=f'{{"gift": {said}}}', content_type="application/json")

    server = WebServer(answer)
    await server.start()
    yield server
    await server.stop()


async def asked(stage: Stage, server: WebServer) -> None:
    """Everybody's mail, which reads the source."""
    body = '{"who": "$data.get("EmailAddress")"}'
    await stage.apply(message(GIFT, source(f"{server.url}/gift", body)))
    await stage.send("go", *[{"EmailAddress": person} for person in PEOPLE])
    await stage.work()


async def states(stage: Stage) -> Counter[tuple[str, str | None]]:
    return Counter((run.state, (run.error or {}).get("type")) for run in await stage.runs())


async def test_an_answer_with_a_nul_fails_its_own_run_with_the_reason(stage: Stage) -> None:
    async with shop(r'"a \u0000"') as server:
        await asked(stage, server)
    assert await states(stage) == {("done", None): 4, ("failed", "source-failed"): 1}
    assert sorted(mail.recipient for mail in await stage.mailbox()) == sorted({*PEOPLE} - {BAD})
    [failed] = [run for run in await stage.runs() if run.state == "failed"]
    assert failed.error is not None and "/gift" in failed.error["detail"]


async def test_a_run_whose_answer_cannot_be_written_fails_alone_and_no_source_is_asked_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the door overlooks."""
    monkeypatch.setattr(http_source, "kept", lambda name, found: found)
    async with shop(r'"a \u0000"') as server:
        await asked(stage, server)
        assert len(server.seen) == len(PEOPLE)
    assert await states(stage) == {("done", None): 4, ("failed", "internal"): 1}


async def test_a_refusal_of_a_source_with_a_nul_is_a_refusal(stage: Stage) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=400, text="no\0")

    server = WebServer(answer)
    await server.start()
    await asked(stage, server)
    await server.stop()
    assert await states(stage) == {("failed", "source-failed"): 5}


async def test_a_mail_server_that_says_nul_takes_each_mail_once(stage: Stage) -> None:
    server = SmtpServer()
    await server.start()
    settings = f"{{host: 127.0.0.1, port: {server.port}, tls: none}}"
    await stage.apply(PROJECT.replace("kind: mailbox,", f"kind: email, settings: {settings},"))
    await upload(stage.db, stage.project, ["A", "B"], stage.now)
    await stage.send("birthday", {"email": "nul-1@example.test"}, {"email": "fine-2@example.test"})
    await stage.work()
    await server.stop()
    assert [(d.state, d.is_doubtful) for d in await stage.deliveries()] == [("sent", False)] * 2
    assert len(server.envelopes) == 2


async def test_a_template_may_write_what_no_text_can_hold(stage: Stage) -> None:
    """Two halves of a surrogate pair, as Java writes them, are one character; half of one is a question mark."""
    text = r"""#set($x = \"\\ud83d\\ude00 \\ud83d \\u0000 A\")$x"""
    await stage.apply(message(text))
    await stage.send("go", {"EmailAddress": PEOPLE[0]})
    await stage.work()
    assert [mail.content["text"] for mail in await stage.mailbox()] == ["\U0001f600 ? \ufffd A"]


async def test_what_a_broken_run_says_of_the_database_names_no_code(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tearoff.engine.rendering.keepable", lambda text: text)
    await stage.apply(
        PROJECT.replace("Your code: $!data.get('promocode')", r"$!data.get('promocode') #set($x = \"\\u0000\")$x")
    )
    await upload(stage.db, stage.project, ["SUMMER-2099"], stage.now)
    await stage.send("birthday", {"email": PEOPLE[0]})
    await stage.work()
    [run] = await stage.runs()
    assert run.error is not None and run.error["type"] == "internal"
    assert "SUMMER" not in run.error["detail"]
    assert (await books(stage.db, stage.project)).free == 1
