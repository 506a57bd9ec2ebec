"""Data sources over real HTTP: what is sent, what comes back as a value, what fails and how."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from tests.channels.web_server import WebServer, hang_up, never

from tearoff.channels import http_source
from tearoff.channels.http_source import ApiKey, Auth, Basic, Bearer, SourceRequest, Sources
from tearoff.channels.net import Http
from tearoff.errors import SourceFailed


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_source, "PAUSE_SECONDS_FIRST", 0.005)


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    made = WebServer(echo)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def sources() -> AsyncIterator[Sources]:
    http = Http(["127.0.0.1"])
    yield Sources(http)
    await http.close()


async def echo(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"id": 7})


def answering(server: WebServer, *responses: dict[str, Any]) -> None:
    queue = list(responses)

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(**(queue.pop(0) if len(queue) > 1 else queue[0]))

    server.handler = answer


def request(server: WebServer, **fields: Any) -> SourceRequest:
    return SourceRequest(**{"name": "crm", "url": f"{server.url}/contact", **fields})


async def failure(sources: Sources, call: SourceRequest) -> SourceFailed:
    with pytest.raises(SourceFailed) as failed:
        await sources.call(call)
    assert failed.value.name == "crm"
    return failed.value


async def test_the_documented_write_back_arrives_as_it_was_rendered(server: WebServer, sources: Sources) -> None:
    body = '{"channels":[{"type":"email","value":"anna@example.test"}],\n "fields":[{"id":"12","value":"SUMMER-7K"}]}'
    answer = await sources.call(request(server, method="POST", body=body, auth=Basic("any", "k3y")))
    assert answer == {"id": 7}
    seen = server.seen[0]
    assert (seen.method, seen.path, seen.body.decode()) == ("POST", "/contact", body)
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["authorization"] == "Basic YW55OmszeQ=="


@pytest.mark.parametrize(
    ("auth", "path", "header", "value"),
    [
        (Basic("ю", "п:п"), "/c", "authorization", "Basic 0Y460L860L8="),
        (Bearer("t"), "/c", "authorization", "Bearer t"),
        (ApiKey("X-Key", "k"), "/c", "x-key", "k"),
        (ApiKey("key", "a&b", "query"), "/c?key=a%26b", "x-key", None),
        (None, "/c", "authorization", None),
    ],
)
async def test_each_way_of_signing_in_is_sent_where_it_belongs(
    server: WebServer, sources: Sources, auth: Auth | None, path: str, header: str, value: str | None
) -> None:
    await sources.call(request(server, url=f"{server.url}/c", auth=auth))
    assert server.seen[0].path == path
    assert server.seen[0].headers.get(header) == value


async def test_a_key_joins_a_query_that_is_there(server: WebServer, sources: Sources) -> None:
    await sources.call(request(server, url=f"{server.url}/c?a=1#x", auth=ApiKey("key", "k", "query")))
    assert server.seen[0].path == "/c?a=1&key=k"


@pytest.mark.parametrize(("body_format", "kind"), [("xml", "application/xml"), ("text", "text/plain")])
async def test_a_body_names_its_format_unless_the_headers_do(
    server: WebServer, sources: Sources, body_format: str, kind: str
) -> None:
    await sources.call(request(server, method="POST", body="<ё/>", body_format=body_format))
    await sources.call(
        request(server, method="POST", body="<a/>", body_format=body_format, headers={"content-type": "x/y"})
    )
    assert server.seen[0].headers["content-type"] == f"{kind}; charset=utf-8"
    assert server.seen[0].body.decode() == "<ё/>"
    assert server.seen[1].headers["content-type"] == "x/y"


async def test_a_get_sends_no_body(server: WebServer, sources: Sources) -> None:
    await sources.call(request(server, body='{"x": 1}'))
    assert server.seen[0].body == b""
    assert "content-type" not in server.seen[0].headers


@pytest.mark.parametrize(
    ("kind", "body", "value"),
    [
        ("application/json", b'{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}),
        ("application/vnd.x+json", b'"text"', "text"),
        ("application/json", b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ("application/json; charset=windows-1251", '{"a": "Код"}'.encode("cp1251"), {"a": "Код"}),
        ("text/plain", b' {"a": 1}', {"a": 1}),
        ("application/octet-stream", b"[1]", [1]),
        ("text/plain", b"{not json", "{not json"),
        ("application/xml", b"<a><b>1</b></a>", {"a": {"b": "1"}}),
        ("text/xml; charset=utf-8", "<a>Код</a>".encode(), {"a": "Код"}),
        ("text/plain", b"<a>1</a>", {"a": "1"}),
        ("text/html", b"<p>1</p>", "<p>1</p>"),
        ("text/plain", b"17", "17"),
        ("text/plain; charset=nosuch", "Код".encode(), "Код"),
        ("application/json", b"", None),
        ("text/plain", b"  \n", None),
    ],
)
async def test_an_answer_becomes_a_value(
    server: WebServer, sources: Sources, kind: str, body: bytes, value: Any
) -> None:
    answering(server, {"body": body, "headers": {"Content-Type": kind}})
    assert await sources.call(request(server)) == value


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ('{"a": 1,\n "b": "x"y"}', "line 2, column 10"),
        ('{"a": }', "line 1, column 7"),
        ("", "line 1, column 1"),
        ('{"a": NaN}', "NaN"),
        ("[" * 100_000, "not JSON"),
    ],
)
async def test_a_body_that_is_not_json_is_refused_with_its_place_before_it_is_sent(
    server: WebServer, sources: Sources, body: str, place: str
) -> None:
    error = await failure(sources, request(server, method="POST", body=body))
    assert error.permanent
    assert place in str(error)
    assert server.seen == []


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
async def test_a_failure_that_may_pass_is_tried_again(server: WebServer, sources: Sources, status: int) -> None:
    answering(server, {"status": status}, {"status": status}, {"text": "there"})
    assert await sources.call(request(server, retries=2)) == "there"
    assert len(server.seen) == 3


async def test_after_its_retries_a_call_fails_for_now(server: WebServer, sources: Sources) -> None:
    answering(server, {"status": 503, "text": "busy"})
    error = await failure(sources, request(server, retries=1))
    assert not error.permanent
    assert "HTTP 503 busy" in str(error)
    assert len(server.seen) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refusal_is_final_and_not_repeated(server: WebServer, sources: Sources, status: int) -> None:
    answering(server, {"status": status, "text": "no"})
    assert (await failure(sources, request(server))).permanent
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"a": '),
        ("application/xml", b"<a>"),
        ("application/xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        ("application/json", b"[" * 100_000),
    ],
)
async def test_an_answer_that_is_not_what_it_says_is_a_failure(
    server: WebServer, sources: Sources, kind: str, body: bytes
) -> None:
    answering(server, {"body": body, "headers": {"Content-Type": kind}})
    assert (await failure(sources, request(server))).permanent


async def test_time_and_size_are_bounded(server: WebServer, sources: Sources) -> None:
    answering(server, {"body": b"x" * 2000})
    assert "larger than 1000 bytes" in str(await failure(sources, request(server, size_max=1000)))
    server.handler = never
    error = await failure(sources, request(server, timeout=0.1, retries=0))
    assert not error.permanent
    assert "0.1 s" in str(error)


async def test_a_lost_connection_is_tried_again(server: WebServer, sources: Sources) -> None:
    async def once(call: web.Request) -> web.StreamResponse:
        return hang_up(call) if len(server.seen) == 1 else web.Response(text="there")

    server.handler = once
    assert await sources.call(request(server)) == "there"


async def test_a_private_address_needs_the_operators_leave(server: WebServer) -> None:
    http = Http()
    error = await failure(Sources(http), request(server))
    assert error.permanent
    assert server.seen == []
    await http.close()


async def test_a_failure_shows_no_credentials(server: WebServer, sources: Sources) -> None:
    answering(server, {"status": 403})
    for auth in (Basic("u", "s3cret"), Bearer("s3cret"), ApiKey("k", "s3cret", "query"), ApiKey("K\n", "s3cret")):
        assert "s3cret" not in str(await failure(sources, request(server, auth=auth)))


async def test_calls_to_one_host_are_bounded_and_leave_nothing_behind(server: WebServer) -> None:
    async def slow(_call: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response()

    server.handler = slow
    http = Http(["127.0.0.1"])
    sources = Sources(http, calls_per_host_max=3)
    await asyncio.gather(*(sources.call(request(server)) for _ in range(20)))
    assert server.busy_max == 3
    assert sources.hosts == {}
    await http.close()
