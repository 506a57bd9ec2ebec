"""Test launches over REST: the whole path of one event, and nothing of it in the books."""

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
  - {key: birthday, type: birthday, description: Codes for birthdays, parameter: gift}
fields:
  - {key: PROMOCODE, name: Promo code}
channels:
  - {key: box, kind: mailbox, medium: email}
messages:
  - key: hello
    medium: email
    channel: box
    languages:
      en: {subject: "Hi $!data.get('firstName')", text: "Your code: $!data.get('gift')", sender: s@example.test}
workflows:
  - key: birthday
    active: true
    blocks:
      start:
        kind: start
        eventType: birthday
        filter: {all: [{param: level, is: equals, value: gold}]}
        exits: {next: who}
      who: {kind: getContact, email: "${email}", create: true, exits: {next: code}}
      code: {kind: getPromoCode, type: birthday, days: 10, saveToField: PROMOCODE, exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${email}", exits: {next: end}}
      end: {kind: end}
"""
GOLD = {"email": "a@example.test", "level": "gold"}
RUNS = "/v1/workflows/birthday/test-runs"


@pytest.fixture
async def stage(engine: Engine, project: int) -> AsyncIterator[Stage]:
    made = Stage(engine, project, Clock().now())
    await made.apply(PROJECT)
    yield made


async def ask(http: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    async with http.request(method, path, json=body) as answer:
        return answer.status, await answer.json()


async def test_the_path_shows_every_block_with_a_sample_in_the_shape_of_the_pool(http, stage, db, project) -> None:
    await upload(db, project, ["SUMM-7k2q-99"], stage.now)
    before = await books(db, project)
    status, seen = await ask(http, "POST", RUNS, {"event": {"params": GOLD}})
    assert (status, seen["state"], seen["wouldStart"], seen["version"]) == (200, "done", True, 1)
    assert [(s["block"], s["kind"], s["exit"]) for s in seen["steps"]] == [
        ("start", "start", "next"),
        ("who", "getContact", "next"),
        ("code", "getPromoCode", "found"),
        ("mail", "message", "next"),
        ("end", "end", None),
    ]
    assert seen["steps"][1]["contact"] == {"id": None, "wouldBeCreated": True}
    code = seen["steps"][2]["code"]
    assert (code["value"], code["pool"], code["parameter"], code["savedTo"]) == (
        "SAMP-Le0x-00",
        "birthday",
        "gift",
        "Promo code",
    )
    mail = seen["steps"][3]["message"]
    assert (mail["recipient"], mail["text"], mail["sent"]) == ("a@example.test", f"Your code: {code['value']}", None)
    assert await books(db, project) == before
    assert await stage.runs() == await stage.deliveries() == []
    assert (await ask(http, "GET", "/v1/contacts"))[1]["items"] == []


async def test_an_empty_pool_makes_the_run_wait_and_another_mode_pretends(http, stage) -> None:
    _, seen = await ask(http, "POST", RUNS, {"event": {"params": GOLD}})
    assert (seen["state"], seen["block"], seen["error"]) == ("held", "code", None)
    assert "No code of the pool 'birthday' fits" in seen["steps"][-1]["output"]["reason"]
    _, seen = await ask(http, "POST", RUNS, {"event": {"params": GOLD}, "mode": "expiring"})
    assert seen["state"] == "done"
    assert seen["steps"][2]["code"]["expiresAt"][11:16] == "23:59"


async def test_the_mode_empty_takes_the_empty_exit_with_its_reason(http, stage, db, project) -> None:
    await upload(db, project, ["A-1"], stage.now)
    _, live = await ask(http, "GET", "/v1/workflows/birthday/versions/1")
    live["blocks"]["code"]["exits"]["empty"] = "end"
    body = {"event": {"params": GOLD}, "definition": {"blocks": live["blocks"]}, "mode": "empty"}
    _, seen = await ask(http, "POST", RUNS, body)
    assert (seen["state"], seen["version"]) == ("done", None)
    assert [(s["block"], s["exit"]) for s in seen["steps"]][2] == ("code", "empty")
    assert "pretends" in seen["steps"][2]["output"]["reason"]


async def test_an_event_that_starts_nothing_says_why_and_a_past_one_is_taken_by_its_id(
    http, stage, db, project
) -> None:
    await stage.send("birthday", {"email": "a@example.test", "level": "silver"})
    _, events = await ask(http, "GET", "/v1/events")
    [event] = events["items"]
    status, seen = await ask(http, "POST", RUNS, {"eventId": event["id"]})
    assert (status, seen["wouldStart"], seen["eventId"]) == (200, False, event["id"])
    assert seen["reasons"] == ["The filter asks that level equals 'gold'; the event has 'silver'."]
    assert (await ask(http, "POST", RUNS, {"eventId": event["id"] + 10_000}))[0] == 404
    status, refused = await ask(http, "POST", RUNS, {})
    assert (status, refused["errors"][0]["pointer"]) == (422, "/event")


async def test_a_draft_that_cannot_be_walked_is_refused_with_its_places(http, stage) -> None:
    blocks = {"start": {"kind": "start", "eventType": "x", "exits": {"next": "nowhere"}}}
    body = {"event": {"params": {}}, "definition": {"blocks": blocks}}
    status, refused = await ask(http, "POST", RUNS, body)
    assert status == 422
    assert refused["errors"][0]["pointer"] == "/definition/blocks/start/exits/next"


async def test_a_message_with_a_hole_fails_as_it_would(http, stage, db, project) -> None:
    await upload(db, project, ["A-1"], stage.now)
    await stage.apply(PROJECT.replace("$!data.get('gift')", "$!data.get('promocod')"))
    _, seen = await ask(http, "POST", RUNS, {"event": {"params": GOLD}})
    assert (seen["state"], seen["error"]["type"]) == ("failed", "code-missing")
    assert "promocod" in seen["steps"][-1]["error"]


async def test_sending_hands_the_marked_mail_to_its_channel(http, stage, db, project) -> None:
    await upload(db, project, ["A-1"], stage.now)
    _, seen = await ask(http, "POST", RUNS, {"event": {"params": GOLD}, "send": {"to": "me@example.test"}})
    assert seen["steps"][3]["message"]["sent"] == {
        "to": "me@example.test",
        "isAccepted": True,
        "detail": "This is a mailbox channel: it accepts every message and sends none.",
    }
    _, seen = await ask(http, "POST", RUNS, {"event": {"params": GOLD}, "send": {"to": "nobody"}})
    assert seen["steps"][3]["message"]["sent"]["isAccepted"] is False
    assert await stage.deliveries() == []


async def test_a_dry_run_counts_what_the_latest_events_would_do(http, stage, db, project) -> None:
    await upload(db, project, ["A-1", "A-2"], stage.now)
    people = [{"email": f"p{n}@example.test", "level": "gold" if n % 2 else "silver"} for n in range(8)]
    await stage.send("birthday", *people)
    before = await books(db, project)
    status, seen = await ask(http, "POST", "/v1/workflows/birthday/dry-run", {"limit": 100})
    assert (status, seen["events"], seen["started"]) == (200, 8, 4)
    assert seen["states"] == {"done": 2, "held": 2}
    counts = {b["block"]: (b["entered"], b["exits"], b["ended"], b["standing"]) for b in seen["blocks"]}
    assert counts["code"] == (4, {"found": 2}, 0, 2)
    assert counts["end"] == (2, {}, 2, 0)
    assert [(d["block"], d["expected"], d["ready"], d["short"]) for d in seen["demands"]] == [("code", 4, 2, 2)]
    assert seen["isEnough"] is False
    assert await books(db, project) == before
