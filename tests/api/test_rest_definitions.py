"""Our own REST API for what defines a project: pools, messages, workflows, sources, connectors and channels."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from tests.api.conftest import key_for, signed_in

from tearoff.store.db import Database, fetch_value

CLAIMS = "SELECT count(*) FROM claim WHERE project_id = %(project_id)s"
MAIL = {"subject": "Hello", "html": "<p>$!data.get('promocode')</p> %PC_GENERAL%"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "pools": {"key": "birthday", "description": "Gifts"},
    "messages": {"key": "hello", "medium": "email", "languages": {"en": {"subject": "Hi", "text": "You"}}},
    "workflows": {"key": "greet", "blocks": {}},
    "snippets": {"key": "foot", "name": "parts/foot.vm", "text": "Bye $!name"},
    "sources": {"key": "crm", "url": "https://example.test/"},
    "connectors": {"key": "crm", "kind": "bearer", "secrets": {"token": "very-secret"}},
    "channels": {"key": "box", "kind": "mailbox", "medium": "email"},
}
CHANGES: dict[str, dict[str, Any]] = {
    "pools": {"name": "Birthdays"},
    "messages": {"name": "Greeting"},
    "workflows": {"name": "Greeting"},
    "snippets": {"text": "Bye"},
    "sources": {"timeoutSeconds": 5.0},
    "connectors": {"secrets": {"token": "another-secret"}},
    "channels": {"settings": {}},
}
NOUNS = sorted(EXAMPLES)


async def send(
    http: aiohttp.ClientSession, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, Any]:
    async with http.request(method, path, json=body, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None) if answer.status != 204 else None


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_definition_is_made_read_changed_listed_and_removed(http: aiohttp.ClientSession, noun: str) -> None:
    path = f"/v1/{noun}"
    status, made = await send(http, "POST", path, EXAMPLES[noun])
    assert status == 201, made
    assert made["key"] == EXAMPLES[noun]["key"]
    assert await send(http, "GET", f"{path}/{made['id']}") == (200, made)
    assert await send(http, "GET", f"{path}/{made['key']}") == (200, made)
    status, changed = await send(http, "PATCH", f"{path}/{made['key']}", CHANGES[noun])
    assert status == 200, changed
    assert {**changed, **CHANGES[noun], "updatedAt": 0, "secrets": 0} == {**changed, "updatedAt": 0, "secrets": 0}
    assert changed["id"] == made["id"]
    assert await send(http, "GET", path) == (200, {"items": [changed], "next": None})
    assert await send(http, "DELETE", f"{path}/{made['key']}") == (204, None)
    status, gone = await send(http, "GET", f"{path}/{made['key']}")
    assert (status, gone["type"]) == (404, "not-found")


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_repeat_under_its_key_is_harmless_and_another_is_a_conflict(
    http: aiohttp.ClientSession, noun: str
) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await send(http, "POST", f"/v1/{noun}", EXAMPLES[noun], **headers)
    assert first[0] == 201
    assert await send(http, "POST", f"/v1/{noun}", EXAMPLES[noun], **headers) == first
    status, problem = await send(http, "POST", f"/v1/{noun}", EXAMPLES[noun])
    assert (status, problem["type"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/fields", {"key": "SIZE", "allowed": ["S", "M"], "type": "COMBOBOX"}),
        ("/v1/formats", {"key": "eight", "prefix": "E", "length": 8}),
        ("/v1/pools", {"key": "one", "type": "one", "description": "x"}),
        ("/v1/snippets", {"key": "one", "text": "x"}),
    ],
)
async def test_what_is_made_once_is_answered_the_same_again(
    http: aiohttp.ClientSession, path: str, body: dict[str, Any]
) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await send(http, "POST", path, body, **headers)
    assert first[0] == 201, first
    assert await send(http, "POST", path, body, **headers) == first
    status, problem = await send(http, "POST", path, body | {"key": "another"}, **headers)
    assert (status, problem["type"]) == (409, "key-reused")


@pytest.mark.parametrize("noun", NOUNS)
async def test_another_project_sees_nothing(
    db: Database, http: aiohttp.ClientSession, base_url: str, noun: str
) -> None:
    _, made = await send(http, "POST", f"/v1/{noun}", EXAMPLES[noun])
    async with db.transaction() as tx:
        other = await fetch_value(
            tx,
            "INSERT INTO project (name, created_at) VALUES (%(name)s, now()) RETURNING project_id",
            {"name": f"outsider of {noun}"},
            into=int,
        )
    async with signed_in(base_url, await key_for(db, other)) as outsider:
        for method, body in (("GET", None), ("PATCH", CHANGES[noun]), ("DELETE", None)):
            assert (await send(outsider, method, f"/v1/{noun}/{made['id']}", body))[0] == 404
        assert (await send(outsider, "GET", f"/v1/{noun}"))[1]["items"] == []


async def test_lists_come_in_pages(http: aiohttp.ClientSession) -> None:
    for n in range(5):
        await send(http, "POST", "/v1/pools", {"key": f"p{n}", "description": "x"})
    found: list[str] = []
    after = ""
    while True:
        _, page = await send(http, "GET", f"/v1/pools?limit=2{after}")
        found += [pool["key"] for pool in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == ["p0", "p1", "p2", "p3", "p4"]


async def test_a_pool_is_launched_archived_and_tells_its_stock(http: aiohttp.ClientSession) -> None:
    await send(http, "POST", "/v1/pools", {"key": "gifts", "state": "draft"})
    status, problem = await send(http, "POST", "/v1/pools/gifts/launch")
    assert (status, problem["errors"][0]["pointer"]) == (422, "/description")
    await send(http, "PATCH", "/v1/pools/gifts", {"description": "Gifts"})
    assert (await send(http, "POST", "/v1/pools/gifts/launch"))[1]["state"] == "launched"
    states = (
        *("total", "free", "available", "scheduled", "closed", "expired"),
        *("reserved", "issued", "withdrawn", "redeemed", "expiring"),
    )
    assert await send(http, "GET", "/v1/pools/gifts/stock") == (200, dict.fromkeys(states, 0))
    assert (await send(http, "POST", "/v1/pools/gifts/archive"))[1]["state"] == "archived"


async def test_all_problems_of_a_message_come_at_once(http: aiohttp.ClientSession) -> None:
    languages = {"en": {"subject": "#if(", "html": "$data.get(‘x’)", "txt": ""}, "uk": {}}
    body = {"key": "a b", "medium": "email", "channel": "gone", "languages": languages}
    status, problem = await send(http, "POST", "/v1/messages", body)
    assert (status, problem["type"]) == (422, "invalid")
    assert {each["pointer"] for each in problem["errors"]} == {
        "/key",
        "/channel",
        "/languages/en/subject",
        "/languages/en/html",
        "/languages/en/txt",
        "/languages/uk/subject",
    }


async def test_a_preview_shows_a_marked_sample_and_takes_no_code(
    db: Database, project: int, http: aiohttp.ClientSession
) -> None:
    await send(http, "POST", "/v1/pools", {"key": "general", "type": "General", "description": "x"})
    body = {"key": "hello", "medium": "email", "languages": {"en": MAIL}}
    assert (await send(http, "POST", "/v1/messages", body))[0] == 201
    status, shown = await send(http, "POST", "/v1/messages/hello/preview", {"language": "en-GB"})
    assert status == 200, shown
    assert shown["texts"]["html"] == f"<p>{shown['sampleCode']}</p> {shown['sampleCode']}"
    assert "SAMPLE" in shown["sampleCode"]
    status, shown = await send(http, "POST", "/v1/messages/hello/preview", {"data": {"promocode": "REAL"}})
    assert "<p>REAL</p>" in shown["texts"]["html"]
    async with db.transaction() as tx:
        assert await fetch_value(tx, CLAIMS, {"project_id": project}, into=int) == 0


async def test_a_message_is_checked_before_it_is_changed(http: aiohttp.ClientSession) -> None:
    await send(http, "POST", "/v1/messages", EXAMPLES["messages"])
    assert await send(http, "POST", "/v1/messages/hello/check", {}) == (200, {"problems": []})
    wrong = {"languages": {"en": {"subject": "Hi", "text": "#if("}}}
    _, found = await send(http, "POST", "/v1/messages/hello/check", wrong)
    assert found["problems"][0]["pointer"] == "/languages/en/text"
    await send(http, "PATCH", "/v1/messages/hello", {"languages": {"en": {"subject": "Hi", "text": "All"}}})
    _, versions = await send(http, "GET", "/v1/messages/hello/versions")
    assert [each["languages"]["en"]["text"] for each in versions["items"]] == ["All", "You"]


async def test_a_workflow_is_checked_published_and_stopped(http: aiohttp.ClientSession) -> None:
    blocks = {
        "start": {"kind": "start", "eventType": "birthday", "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": "birthday", "exits": {"found": "end"}},
        "end": {"kind": "end"},
    }
    await send(http, "POST", "/v1/workflows", {"key": "greet", "blocks": blocks})
    _, found = await send(http, "POST", "/v1/workflows/greet/check")
    assert [each["pointer"] for each in found["problems"]] == ["/blocks/code/type"]
    _, unsaved = await send(http, "POST", "/v1/workflows/greet/check", {"blocks": {"only": {"kind": "end"}}})
    assert "exactly one start block" in unsaved["problems"][0]["detail"]
    status, problem = await send(http, "POST", "/v1/workflows/greet/publish")
    assert (status, problem["errors"]) == (422, found["problems"])
    await send(http, "POST", "/v1/pools", EXAMPLES["pools"])
    status, live = await send(http, "POST", "/v1/workflows/greet/publish")
    assert (status, live["isActive"], live["version"]) == (200, True, 1)
    _, versions = await send(http, "GET", "/v1/workflows/greet/versions")
    assert [(each["version"], each["eventType"]) for each in versions["items"]] == [(1, "birthday")]
    assert (await send(http, "POST", "/v1/workflows/greet/stop"))[1]["isActive"] is False
    assert (await send(http, "DELETE", "/v1/workflows/greet"))[0] == 409
    await send(http, "POST", "/v1/workflows", {"key": "other", "name": "Another", "blocks": {}})
    for query, keys in (
        ("q=NOTH", ["other"]),
        ("state=stopped", ["greet"]),
        ("state=live", []),
        ("q=e", ["greet", "other"]),
    ):
        _, page = await send(http, "GET", f"/v1/workflows?{query}")
        _, activity = await send(http, "GET", f"/v1/stats/workflows?{query}")
        assert [each["key"] for each in page["items"]] == [each["workflow"] for each in activity["items"]] == keys


async def test_lists_are_searched_by_words_of_the_name_or_key(http: aiohttp.ClientSession) -> None:
    texts = {"en": {"text": "Hello"}}
    call = {"url": "https://shop.example/x"}
    made = {
        "messages": lambda key, name: {"key": key, "name": name, "medium": "sms", "languages": texts},
        "snippets": lambda key, name: {"key": key, "name": name, "text": ""},
        "sources": lambda key, name: {"key": key, "name": name, **call},
    }
    for noun, body in made.items():
        for key, name in (("spring", "Spring sale"), ("one-percent", "1 % off")):
            status, answer = await send(http, "POST", f"/v1/{noun}", body(key, name))
            assert status == 201, answer
    for key, name in (("spring", "Spring sale"), ("one-percent", "1 % off")):
        await send(http, "PUT", f"/v1/event-types/{key}", {"name": name})
    for noun in (*made, "event-types"):
        for words, keys in (
            ("SALE", ["spring"]),
            ("%25", ["one-percent"]),
            ("r", ["spring", "one-percent"]),
            ("_", []),
        ):
            _, page = await send(http, "GET", f"/v1/{noun}?q={words}")
            assert [one["key"] for one in page["items"]] == keys, (noun, words)


@pytest.mark.parametrize("noun", ["connectors", "channels"])
async def test_a_secret_never_comes_out(http: aiohttp.ClientSession, noun: str) -> None:
    smtp = {"key": "smtp", "kind": "email", "medium": "email", "settings": {"host": "x.test", "username": "me"}}
    body = EXAMPLES[noun] if noun == "connectors" else smtp | {"secrets": {"password": "very-secret"}}
    for method, path, sent in (("POST", "", body), ("GET", f"/{body['key']}", None), ("GET", "", None)):
        async with http.request(method, f"/v1/{noun}{path}", json=sent) as answer:
            text = await answer.text()
            assert answer.status < 300, text
            assert "very-secret" not in text
            assert ("password" if noun == "channels" else "token") in text


async def test_a_key_for_events_may_not_define(db: Database, project: int, base_url: str) -> None:
    async with signed_in(base_url, await key_for(db, project, "events")) as http:
        for noun in NOUNS:
            assert (await send(http, "POST", f"/v1/{noun}", EXAMPLES[noun]))[0] == 403


async def test_every_problem_of_a_bodys_form_comes_at_once(http: aiohttp.ClientSession) -> None:
    body = {"key": 5, "url": "https://example.test", "metod": "GET", "timeoutSeconds": 100}
    status, problem = await send(http, "POST", "/v1/sources", body)
    assert status == 422
    assert {each["pointer"] for each in problem["errors"]} == {"/key", "/metod", "/timeoutSeconds"}
    await send(http, "POST", "/v1/sources", EXAMPLES["sources"])
    status, problem = await send(http, "PATCH", "/v1/sources/crm", {"url": 5, "retries": "many", "key": "other"})
    assert status == 422, problem
    assert {each["pointer"] for each in problem["errors"]} == {"/url", "/retries", "/key"}


async def test_a_draft_is_not_saved_over_somebody_elses_newer_one(http: aiohttp.ClientSession) -> None:
    blocks = {"start": {"kind": "start", "eventType": "hello"}}
    _, made = await send(http, "POST", "/v1/workflows", {"key": "shared", "blocks": blocks})
    assert (made["draftVersion"], made["draftedBy"]) == (1, "full")
    mine = {"blocks": {**blocks, "mine": {"kind": "end"}}, "draftVersion": 1}
    theirs = {"blocks": {**blocks, "theirs": {"kind": "end"}}, "draftVersion": 1}
    status, saved = await send(http, "PATCH", "/v1/workflows/shared", theirs)
    assert (status, saved["draftVersion"]) == (200, 2)
    status, problem = await send(http, "PATCH", "/v1/workflows/shared", mine)
    assert (status, problem["type"]) == (409, "draft-changed")
    at = datetime.fromisoformat(saved["draftedAt"]).astimezone(UTC)
    assert f"full saved another draft of the workflow 'shared' at {at:%Y-%m-%d %H:%M} UTC" in problem["detail"]
    assert (await send(http, "GET", "/v1/workflows/shared"))[1] == saved
    assert (await send(http, "PATCH", "/v1/workflows/shared", theirs))[1] == saved
    status, over = await send(http, "PATCH", "/v1/workflows/shared", mine | {"draftVersion": 2})
    assert (status, over["draftVersion"], list(over["blocks"])) == (200, 3, ["mine", "start"])
    assert (await send(http, "PATCH", "/v1/workflows/shared", {"name": "Ours"}))[1]["draftVersion"] == 4
    assert (await send(http, "PATCH", "/v1/workflows/shared", {"name": "x", "draftVersion": 0}))[0] == 422


async def test_of_two_who_save_at_once_one_is_refused(http: aiohttp.ClientSession) -> None:
    await send(http, "POST", "/v1/workflows", {"key": "shared", "blocks": {}})
    patches = [{"blocks": {name: {"kind": "end"}}, "draftVersion": 1} for name in ("mine", "theirs")]
    saved = await asyncio.gather(*(send(http, "PATCH", "/v1/workflows/shared", patch) for patch in patches))
    assert sorted(status for status, _ in saved) == [200, 409]
