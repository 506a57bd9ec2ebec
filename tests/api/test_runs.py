"""Runs and deliveries over REST: their history, stop and retry, and the development mailbox."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from tests.engine.conftest import Stage, engine
from tests.stock import books, upload

from tearoff.clock import Clock
from tearoff.engine.parts import Engine

__all__ = ["engine"]

PROJECT = """
pools:
  - {key: birthday, type: birthday, description: Codes for birthdays}
channels:
  - {key: box, kind: mailbox, medium: email}
messages:
  - key: hello
    medium: email
    channel: box
    languages: {en: {subject: Hi, text: "Your code: $!data.get('promocode')", sender: s@example.test}}
workflows:
  - key: birthday
    active: true
    blocks:
      start: {kind: start, eventType: birthday, exits: {next: code}}
      code: {kind: getPromoCode, type: birthday, exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${email}", exits: {next: end}}
      end: {kind: end}
"""


@pytest.fixture
async def stage(engine: Engine, project: int) -> AsyncIterator[Stage]:
    made = Stage(engine, project, Clock().now())
    await made.apply(PROJECT)
    yield made


async def ask(http: aiohttp.ClientSession, method: str, path: str) -> tuple[int, Any]:
    async with http.request(method, path) as answer:
        return answer.status, await answer.json()


async def test_a_run_is_listed_with_its_steps_and_the_mail_is_in_the_mailbox(http, stage, db, project) -> None:
    await upload(db, project, ["SUMMER-1"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    _, page = await ask(http, "GET", "/v1/runs?state=done&workflow=birthday")
    [run] = page["items"]
    assert (run["state"], run["workflow"], run["attempt"]) == ("done", "birthday", 0)
    _, shown = await ask(http, "GET", f"/v1/runs/{run['id']}")
    assert [(step["block"], step["exit"]) for step in shown["steps"]] == [
        ("start", "next"),
        ("code", "found"),
        ("mail", "next"),
        ("end", None),
    ]
    assert "SUMMER-1" not in str(shown)
    _, sent = await ask(http, "GET", f"/v1/deliveries?runId={run['id']}")
    assert [(d["state"], d["recipient"]) for d in sent["items"]] == [("sent", "a@example.test")]
    assert "SUMMER-1" not in str(sent)
    _, box = await ask(http, "GET", "/v1/mailbox?recipient=a@example.test")
    assert [mail["content"]["text"] for mail in box["items"]] == ["Your code: SUMMER-1"]
    assert (await ask(http, "GET", f"/v1/runs?eventId={run['eventId']}"))[1] == page
    assert (await ask(http, "GET", f"/v1/runs?eventId={run['eventId'] + 1}"))[1]["items"] == []


async def test_a_workflow_tells_what_it_did_today(http, stage, db, project) -> None:
    await upload(db, project, ["A", "B"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.send("birthday", {"email": "no address"})
    await stage.work()
    _, page = await ask(http, "GET", "/v1/stats/workflows")
    [seen] = page["items"]
    assert (seen["workflow"], seen["started"], seen["failed"], seen["isMore"]) == ("birthday", 2, 1, False)
    _, versions = await ask(http, "GET", "/v1/workflows/birthday/versions")
    assert seen["publishedAt"] == versions["items"][0]["publishedAt"]


async def test_a_stopped_run_sends_nothing_and_gives_its_code_back(http, stage, db, project) -> None:
    await upload(db, project, ["A"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work(sending=False)
    [run] = await stage.runs()
    assert run.state == "done"
    await stage.send("birthday", {"email": "b@example.test"})
    await stage.work(sending=False)
    [_, held] = await stage.runs()
    assert held.state == "held"
    status, stopped = await ask(http, "POST", f"/v1/runs/{held.run_id}/stop")
    assert (status, stopped["state"]) == (200, "stopped")
    status, again = await ask(http, "POST", f"/v1/runs/{held.run_id}/stop")
    assert (status, again["state"]) == (200, "stopped")
    await stage.work()
    assert [mail.recipient for mail in await stage.mailbox()] == ["a@example.test"]
    assert (await books(db, project)).issued == 1
    assert (await ask(http, "POST", f"/v1/runs/{held.run_id}/retry"))[0] == 409
    assert (await ask(http, "POST", "/v1/runs/1/stop"))[0] == 404


async def test_a_failed_run_goes_again_where_its_code_was_returned(http, stage, db, project) -> None:
    broken = PROJECT.replace("$!data.get('promocode')", "$!data.get('promo_code')")
    await stage.apply(broken)
    await upload(db, project, ["A"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    [run] = await stage.runs()
    assert (run.state, run.block) == ("failed", "mail")
    assert (await books(db, project)).free == 1
    await stage.apply(PROJECT)
    status, shown = await ask(http, "POST", f"/v1/runs/{run.run_id}/retry")
    assert (status, shown["state"], shown["block"], shown["attempt"]) == (200, "due", "code", 1)
    stage.now = Clock().now()
    await stage.work()
    assert [mail.content["text"] for mail in await stage.mailbox()] == ["Your code: A"]
    assert (await books(db, project)).issued == 1
