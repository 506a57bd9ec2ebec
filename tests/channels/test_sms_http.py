"""SMS gateways of many habits, described by settings alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from tests.channels.rigs import outgoing
from tests.channels.web_server import WebServer

from tearoff.channels.net import Http
from tearoff.channels.sms_http import SmsHttp, parse
from tearoff.domain.deliveries import Accepted, Outcome, Outgoing, Refused, SmsContent, Unknown
from tearoff.errors import Invalid

NASTY = 'Код: "A&B=1"\n<\\> ${key} 100% +1'


@pytest.fixture
async def gateway() -> AsyncIterator[WebServer]:
    server = WebServer(lambda _request: respond(server))
    server.reply = web.Response  # type: ignore[attr-defined]
    await server.start()
    yield server
    await server.stop()


async def respond(server: WebServer) -> web.StreamResponse:
    return server.reply()  # type: ignore[attr-defined, no-any-return]


def sms(text: str = "hi", sender: str | None = None) -> Outgoing:
    return outgoing("sms_http", 7, "+380501234567", SmsContent(text=text, sender=sender))


async def send(gateway: WebServer, item: Outgoing, secrets: dict[str, str] | None = None, **settings: Any) -> Outcome:
    http = Http(["127.0.0.1"])
    given = {"url": f"{gateway.url}/send", "body": '{"t": "${text}"}', **settings}
    channel = SmsHttp(parse(given), secrets or {}, http)
    (outcome,) = await channel.send([item])
    await http.close()
    return outcome


def answering(gateway: WebServer, **response: Any) -> None:
    gateway.reply = lambda: web.Response(**response)  # type: ignore[attr-defined]


async def test_a_value_cannot_break_out_of_a_json_body(gateway: WebServer) -> None:
    await send(gateway, sms(NASTY), body='{"to": "${recipient}", "text": "${text}", "id": "${key}"}')
    assert json.loads(gateway.seen[0].body) == {"to": "+380501234567", "text": NASTY, "id": "run-7"}
    assert gateway.seen[0].headers["content-type"] == "application/json"


async def test_a_value_cannot_break_out_of_a_form_or_a_url(gateway: WebServer) -> None:
    url = f"{gateway.url}/${{sender}}?text=${{text}}&to=${{recipient}}"
    await send(gateway, sms(NASTY, "A/../B?c"), url=url, body="text=${text}&from=${sender}", bodyFormat="form")
    seen = gateway.seen[0]
    assert parse_qs(seen.body.decode()) == {"text": [NASTY], "from": ["A/../B?c"]}
    assert parse_qs(urlsplit(seen.path).query) == {"text": [NASTY], "to": ["+380501234567"]}
    assert urlsplit(seen.path).path == "/A%2F..%2FB%3Fc"
    await send(gateway, sms("x\ud800"), url=url, body="${text}", bodyFormat="form")
    assert gateway.seen[1].body == b"x%3F"
    assert parse_qs(urlsplit(gateway.seen[1].path).query)["text"] == ["x?"]


async def test_a_value_cannot_break_out_of_xml_or_a_header(gateway: WebServer) -> None:
    await send(gateway, sms("<a>&"), body="<t>${text}</t>", bodyFormat="xml")
    assert gateway.seen[0].body == b"<t>&lt;a&gt;&amp;</t>"
    outcome = await send(gateway, sms("x", "A\r\nX-Evil: 1"), headers={"X-From": "${sender}"})
    assert isinstance(outcome, Refused)
    assert outcome.permanent
    assert len(gateway.seen) == 1


async def test_a_get_gateway_has_no_body(gateway: WebServer) -> None:
    outcome = await send(
        gateway,
        sms("Привет"),
        method="GET",
        url=f"{gateway.url}/?m=${{text}}&k=${{secret.key}}",
        body=None,
        secrets={"key": "a&b"},
    )
    assert isinstance(outcome, Accepted)
    assert parse_qs(urlsplit(gateway.seen[0].path).query) == {"m": ["Привет"], "k": ["a&b"]}
    assert gateway.seen[0].body == b""


async def test_the_settings_sender_stands_in_for_a_missing_one(gateway: WebServer) -> None:
    await send(gateway, sms(), body='{"f": "${sender}"}', sender="SHOP")
    await send(gateway, sms(sender="OTHER"), body='{"f": "${sender}"}', sender="SHOP")
    assert [json.loads(seen.body)["f"] for seen in gateway.seen] == ["SHOP", "OTHER"]


@pytest.mark.parametrize(
    ("body", "place", "reference"),
    [
        ('{"messages": [{"id": 42}]}', {"path": "messages.0.id"}, "42"),
        ('{"id": "m-1"}', {"path": "id"}, "m-1"),
        ("OK id=m-2;", {"pattern": "id=([^;]+)"}, "m-2"),
        ('{"other": 1}', {"path": "id"}, ""),
        ("[" * 100_0, {"path": "0"}, ""),
    ],
)
async def test_the_gateways_own_id_is_found(
    gateway: WebServer, body: str, place: dict[str, str], reference: str
) -> None:
    answering(gateway, text=body)
    outcome = await send(gateway, sms(), reference=place)
    assert isinstance(outcome, Accepted)
    assert outcome.reference == reference


ACCEPTED = {"path": "status", "equals": ["ok", "true", "0"]}
REFUSED = {"path": "error", "equals": ["bad-number"]}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, '{"status": "ok"}', (Accepted, None)),
        (200, '{"status": true}', (Accepted, None)),
        (200, '{"status": 0}', (Accepted, None)),
        (200, '{"status": "queue full"}', (Refused, False)),
        (200, '{"status": "no", "error": "bad-number"}', (Refused, True)),
        (500, '{"error": "bad-number"}', (Refused, True)),
        (200, "<html>proxy error</html>", (Unknown, None)),
        (400, '{"status": "ok"}', (Refused, True)),
        (401, "{}", (Refused, False)),
        (429, "{}", (Refused, False)),
        (503, "{}", (Refused, False)),
        (500, "{}", (Unknown, None)),
        (302, "", (Refused, True)),
    ],
)
async def test_an_answer_means_what_the_settings_say(
    gateway: WebServer, status: int, body: str, expected: tuple[type, bool | None]
) -> None:
    answering(gateway, status=status, text=body, headers={"Location": "/elsewhere"})
    outcome = await send(gateway, sms(), accepted=ACCEPTED, refused=REFUSED)
    assert (type(outcome), getattr(outcome, "permanent", None)) == expected
    assert len(gateway.seen) == 1


async def test_the_gateways_wish_to_wait_is_passed_on(gateway: WebServer) -> None:
    answering(gateway, status=429, headers={"Retry-After": "30"})
    outcome = await send(gateway, sms())
    assert isinstance(outcome, Refused)
    assert outcome.retry_after == 30


async def test_a_pattern_that_never_ends_is_stopped(gateway: WebServer) -> None:
    answering(gateway, text="a" * 5000 + "!")
    outcome = await asyncio.wait_for(send(gateway, sms(), reference={"pattern": "^(a|aa|a?)+$"}), 3)
    assert isinstance(outcome, Unknown)


async def test_a_private_gateway_needs_the_operators_leave(gateway: WebServer) -> None:
    http = Http()
    channel = SmsHttp(parse({"url": gateway.url, "body": None}), {}, http)
    (outcome,) = await channel.send([sms()])
    assert isinstance(outcome, Refused)
    assert "TEAROFF_SOURCE_ALLOW" in outcome.detail
    assert gateway.seen == []
    await http.close()


async def test_no_more_calls_run_at_once_than_set(gateway: WebServer) -> None:
    async def slow() -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response()

    gateway.handler = lambda _request: slow()
    http = Http(["127.0.0.1"])
    channel = SmsHttp(parse({"url": gateway.url, "connectionsMax": 3}), {}, http)
    await channel.send([sms() for _ in range(20)])
    assert (gateway.busy_max, len(gateway.peers)) == (3, 3)
    await http.close()


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"url": "ftp://x.example"}, "/url"),
        ({"url": "https://x.example/${phone}"}, "/url"),
        ({"body": '{"a": ${text}'}, "/body"),
        ({"body": "${nothing}", "bodyFormat": "text"}, "/body"),
        ({"headers": {"X": "${nobody}"}}, "/headers/X"),
        ({"headers": {"X Y": "1"}}, "/headers"),
        ({"accepted": {}}, "/accepted"),
        ({"accepted": {"path": "a", "pattern": "b"}}, "/accepted"),
        ({"reference": {"pattern": "("}}, "/reference/pattern"),
        ({"preset": "nosuch"}, "/preset"),
        ({"method": "DELETE"}, "/method"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse({"url": "https://x.example", **settings})
    assert refused.value.problems[0].pointer == pointer


def test_a_secret_that_the_settings_ask_for_must_be_there() -> None:
    with pytest.raises(Invalid, match="/secrets/token"):
        SmsHttp(parse({"preset": "generic", "url": "https://x.example"}), {}, Http())
