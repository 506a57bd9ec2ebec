"""P7: trying takes no code: a hundred test launches and test sends leave every row of the project as it was."""

from typing import Any

import aiohttp
import pytest
from tests.engine.conftest import Stage
from tests.promises.test_p10_isolation import rows
from tests.stock import books, upload

from tearoff.clock import Clock
from tearoff.store.db import Database

TRIES = 100
PROJECT = """
fields:
  - {key: PROMOCODE, name: Promo code}
pools:
  - {key: birthday, type: birthday, description: Codes for birthdays}
  - {key: capped, type: capped, description: Few, reissue: pool, cap: {max: 1}}
channels:
  - {key: box, kind: mailbox, medium: email}
messages:
  - key: hello
    medium: email
    channel: box
    languages:
      en: {subject: "%FIRSTNAME|you%", text: "$!data.get('promocode') %PC_capped_0_10%", sender: s@example.test}
workflows:
  - key: birthday
    active: true
    blocks:
      start: {kind: start, eventType: birthday, exits: {next: who}}
      who: {kind: getContact, email: "${email}", create: true, exits: {next: code}}
      code:
        kind: getPromoCode
        type: birthday
        saveToField: PROMOCODE
        reissue: workflow
        exits: {found: mail, empty: end}
      mail: {kind: message, message: hello, email: "${email}", exits: {next: end}}
      end: {kind: end}
"""
MODES = ("normal", "empty", "expiring")


async def try_all(http: aiohttp.ClientSession, path: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    answers = []
    for n in range(TRIES):
        async with http.post(path, json=bodies[n % len(bodies)]) as answer:
            assert answer.status == 200, await answer.text()
            answers.append(await answer.json())
    return answers


@pytest.fixture
async def full(stage: Stage, http: aiohttp.ClientSession, db: Database, project: int) -> dict[str, Any]:
    """A project with codes, a contact, an event and a finished run; gives all its rows."""
    stage.now = Clock().now()
    await stage.apply(PROJECT)
    await upload(db, project, [f"REAL-{n}" for n in range(5)], stage.now)
    await upload(db, project, ["CAPPED-1", "CAPPED-2"], stage.now, type="capped")
    await stage.send("birthday", {"email": "known@example.test"})
    await stage.work()
    assert [run.state for run in await stage.runs()] == ["done"]
    await http.get("/v1/workflows")
    return await rows(db, project)


async def test_a_hundred_test_launches_write_nothing(full, stage, http, db, project) -> None:
    async with http.get("/v1/events") as answer:
        past = (await answer.json())["items"][0]["id"]
    bodies: list[dict[str, Any]] = [
        {"event": {"params": {"email": f"{mode}@example.test"}}, "mode": mode} for mode in MODES
    ]
    bodies += [{"eventId": past, "mode": mode} for mode in MODES]
    bodies += [bodies[0] | {"send": {"to": "me@example.test"}}, {"eventId": past, "callSources": True}]
    seen = await try_all(http, "/v1/workflows/birthday/test-runs", bodies)
    assert {launch["state"] for launch in seen} == {"done", "held"}
    assert not any("REAL-" in str(launch) or "CAPPED-" in str(launch) for launch in seen)
    assert any(step["code"] and step["code"]["isGivenAgain"] for launch in seen for step in launch["steps"])
    await stage.work()
    assert await rows(db, project) == full
    assert (await books(db, project)).issued == 1


async def test_a_hundred_test_sends_write_nothing(full, stage, http, db, project) -> None:
    bodies: list[dict[str, Any]] = [{"to": "me@example.test"}, {"to": "known@example.test", "data": {"promocode": "X"}}]
    seen = await try_all(http, "/v1/messages/hello/test-send", bodies)
    assert all(sent["sent"]["isAccepted"] for sent in seen)
    assert not any("REAL-" in str(sent) or "CAPPED-" in str(sent) for sent in seen)
    await stage.work()
    assert await rows(db, project) == full


async def test_a_dry_run_of_every_event_writes_nothing(full, stage, http, db, project) -> None:
    async with http.post("/v1/workflows/birthday/dry-run", json={"limit": 1000}) as answer:
        assert answer.status == 200, await answer.text()
        assert (await answer.json())["started"] == 1
    await stage.work()
    assert await rows(db, project) == full


async def test_what_tries_could_not_write_if_it_wanted(stage: Stage, project: int) -> None:
    """The guard itself: transactions of a test launch are read-only."""
    async with stage.db.read_only().transaction() as tx:
        with pytest.raises(Exception, match="read-only transaction"):
            await tx.execute("UPDATE project SET name = name || '!' WHERE project_id = %s", [project])
