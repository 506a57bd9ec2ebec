"""Trying messages, sources and channels over REST before they are used."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import yaml
from aiohttp import web
from tests.api.conftest import key_for, signed_in
from tests.api.test_test_launches import ask
from tests.channels.web_server import WebServer
from tests.engine.conftest import Stage, engine
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.clock import Clock
from tearoff.engine.parts import Engine
from tearoff.engine.readables import Given
from tearoff.engine.source_tests import HIDDEN, SourceTest, test_source
from tearoff.store import sources

__all__ = ["engine"]
test_source.__test__ = False  # type: ignore[attr-defined]
SECRET = "sesame-open"


@pytest.fixture
async def stage(engine: Engine, project: int) -> AsyncIterator[Stage]:
    made = Stage(engine, project, Clock().now())
    await made.apply(PROJECT)
    yield made


async def test_a_test_send_is_marked_shows_samples_and_leaves_no_delivery(http, stage, db, project) -> None:
    await upload(db, project, ["AB-123"], stage.now)
    before = await books(db, project)
    body = {"to": "Me@Example.test"}
    status, seen = await ask(http, "POST", "/v1/messages/hello/test-send", body)
    assert (status, seen["sent"]["isAccepted"], seen["sent"]["to"]) == (200, True, "me@example.test")
    assert seen["message"]["text"] == "Your code: SA-MPL"
    assert await books(db, project) == before
    assert await stage.deliveries() == []


async def test_a_test_send_takes_unsaved_texts_and_a_past_event(http, stage) -> None:
    await stage.send("birthday", {"email": "a@example.test", "pet": "Rex"})
    _, events = await ask(http, "GET", "/v1/events")
    text = {"subject": "$!data.get('pet')", "text": "x", "sender": "s@example.test"}
    body = {"to": "me@example.test", "eventId": events["items"][0]["id"], "changes": {"languages": {"en": text}}}
    _, seen = await ask(http, "POST", "/v1/messages/hello/test-send", body)
    assert seen["message"]["subject"] == "Rex"
    body["changes"]["languages"]["en"] = {"subject": 5}
    status, refused = await ask(http, "POST", "/v1/messages/hello/test-send", body)
    assert (status, refused["errors"][0]["pointer"][:23]) == (422, "/changes/languages/en/s")


async def test_a_test_send_with_a_hole_is_refused(http, stage) -> None:
    text = {"subject": "x", "text": "$!data.get('promo_code')", "sender": "s@example.test"}
    body = {"to": "me@example.test", "changes": {"languages": {"en": text}}}
    status, refused = await ask(http, "POST", "/v1/messages/hello/test-send", body)
    assert (status, refused["type"]) == (422, "code-missing")


async def test_a_channel_test_connects_and_says_why_not(http, stage, db, project) -> None:
    assert (await ask(http, "POST", "/v1/channels/box/test", {}))[1] == {
        "isWorking": True,
        "detail": "The mailbox keeps every message and sends none.",
        "sent": None,
    }
    _, seen = await ask(http, "POST", "/v1/channels/box/test", {"to": "me@example.test"})
    assert seen["sent"]["isAccepted"] is True
    dead = {"key": "dead", "kind": "email", "medium": "email"}
    dead["settings"] = {"host": "127.0.0.1", "port": 9, "tls": "none", "sender": "s@example.test"}
    assert (await ask(http, "POST", "/v1/channels", dead))[0] == 201
    status, seen = await ask(http, "POST", "/v1/channels/dead/test", {"to": "me@example.test"})
    assert (status, seen["isWorking"], seen["sent"]) == (200, False, None)
    assert "127.0.0.1" in seen["detail"]


async def test_a_source_test_reaches_no_private_address(http: aiohttp.ClientSession) -> None:
    for url in ("http://127.0.0.1:1/x", "http://[::1]/", "http://2130706433/", "http://169.254.169.254/latest"):
        body = {"key": "crm", "url": "https://crm.test/"}
        await ask(http, "POST", "/v1/sources", body)
        status, seen = await ask(http, "POST", "/v1/sources/crm/test", {"call": {"url": url}})
        assert status == 200
        assert "not on the public internet" in seen["error"], seen
        assert seen["answer"] is None


async def echo(request: web.Request) -> web.Response:
    text = f'{{"said": "{request.headers.get("authorization", "")}", "query": "{request.query_string}"}}'
    return web.Response(text=text, content_type="application/json", headers={"X-Echo": request.query_string})


async def try_source(stage: Stage, **given) -> SourceTest:
    async with stage.db.transaction() as tx:
        source = await sources.resolve(tx, project_id=stage.project, reference="crm")
    return await test_source(
        stage.engine, project_id=stage.project, source=source, given=Given(**given), answers={}, now=stage.now
    )


@pytest.mark.parametrize(
    "connector",
    [
        {"kind": "bearer", "secrets": {"token": SECRET}},
        {"kind": "basic", "settings": {"username": "u"}, "secrets": {"password": SECRET}},
        {"kind": "apiKey", "settings": {"name": "k", "place": "query"}, "secrets": {"value": SECRET}},
        {"kind": "apiKey", "settings": {"name": "X-Key", "place": "header"}, "secrets": {"value": SECRET}},
    ],
    ids=lambda c: c["kind"] + c.get("settings", {}).get("place", ""),
)
async def test_a_source_test_shows_request_and_answer_without_the_secret(stage, connector) -> None:
    server = WebServer(echo)
    await server.start()
    try:
        made = {"key": "c", "kind": connector["kind"], "settings": connector.get("settings", {})}
        source = {"key": "crm", "connector": "c", "method": "POST", "body": '{"pet": "$data.pet"}'}
        source["url"] = f"{server.url}/x?code=$data.get('promocode')"
        await stage.apply(
            yaml.safe_dump({"connectors": [made | {"secrets": connector["secrets"]}], "sources": [source]})
        )
        seen = await try_source(stage, data={"pet": "Rex"})
        assert seen.error is None, seen
        assert seen.answer is not None and seen.answer.status == 200
        assert SECRET not in str(seen) and seen.seconds >= 0
        assert HIDDEN in str(seen.request)
        assert "SAMPLE" in seen.request.url
        assert isinstance(seen.value, dict)
        [arrived] = server.seen
        assert SECRET in str(arrived) or "Basic" in str(arrived.headers)
    finally:
        await server.stop()


async def test_an_answer_that_is_long_is_cut_and_a_refusal_is_a_sentence(stage) -> None:
    async def long(request: web.Request) -> web.Response:
        return web.Response(text="x" * 100_000, status=200 if request.path == "/ok" else 404)

    server = WebServer(long)
    await server.start()
    try:
        await stage.apply(f"sources:\n  - {{key: crm, url: '{server.url}/ok'}}\n")
        seen = await try_source(stage)
        assert seen.answer is not None
        assert (len(seen.answer.body), seen.answer.size, seen.answer.is_cut) == (65_536, 100_000, True)
        await stage.apply(f"sources:\n  - {{key: crm, url: '{server.url}/no'}}\n")
        seen = await try_source(stage)
        assert seen.error == "The other side answered with the status 404."
    finally:
        await server.stop()


async def test_a_key_without_the_scope_tries_nothing(base_url, db, project) -> None:
    async with signed_in(base_url, await key_for(db, project, "messages")) as session:
        assert (await ask(session, "POST", "/v1/sources/x/test", {}))[0] == 403
        assert (await ask(session, "POST", "/v1/channels/x/test", {}))[0] == 403
        assert (await ask(session, "POST", "/v1/messages/x/test-send", {"to": "a@b.test"}))[0] == 404
