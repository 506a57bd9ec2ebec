"""Requests to addresses that users wrote: nothing private is reached, nothing is unbounded (P12)."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import perf_counter

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from tests.channels.certificates import pem, server_context
from tests.channels.web_server import Handler, WebServer, hang_up, never

from tearoff.channels.net import Http, HttpFailed

Serve = Callable[[Handler], Awaitable[WebServer]]

HOSTS_OF_THIS_MACHINE = [
    *("127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0", "localhost", "LOCALHOST"),
    *("127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost", "%31%32%37.0.0.1", "127.0.0.1%00.example.test"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]"),
    *("user:pass@127.0.0.1", "example.test@127.0.0.1", "example.test\\@127.0.0.1", "[fe80::1%25lo]"),
    *("127.0.0.1\r\nX:1", "a b", ""),
]
HOSTILE = [
    *(f"http://{host}:{{port}}/" for host in HOSTS_OF_THIS_MACHINE),
    *(
        "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
    ),
    *("ftp://127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "//127.0.0.1:{port}/"),
    *("data:,x", "http:///x", "http://127.0.0.1:99999/", "http://127.0.0.1:{port}/\r\nX: 1", "", "x" * 9000),
]


class Scripted(AbstractResolver):
    """A name server that gives the next list of addresses each time it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0) for one in found
        ]

    async def close(self) -> None: ...


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    servers: list[WebServer] = []

    async def served(handler: Handler) -> WebServer:
        servers.append(WebServer(handler))
        await servers[-1].start()
        return servers[-1]

    yield served
    for server in servers:
        await server.stop()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    opened = Http(["127.0.0.1", "localhost"])
    yield opened
    await opened.close()


async def hello(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="hello")


async def failure(http: Http, url: str, **options: object) -> HttpFailed:
    with pytest.raises(HttpFailed) as failed:
        await http.fetch("GET", url, **options)  # type: ignore[arg-type]
    return failed.value


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_url_reaches_nothing(serve: Serve, url: str) -> None:
    server = await serve(hello)
    http = Http()
    error = await failure(http, url.replace("{port}", str(server.port)), timeout=2)
    assert error.permanent
    assert error.is_definite
    assert server.seen == []
    await http.close()


async def test_a_name_that_leads_inside_reaches_nothing(serve: Serve) -> None:
    server = await serve(hello)
    http = Http(resolver=Scripted(["127.0.0.1"]))
    error = await failure(http, f"http://shop.example.test:{server.port}/")
    assert "shop.example.test is not on the public internet" in str(error)
    assert server.seen == []
    await http.close()


async def test_of_a_names_addresses_only_the_allowed_are_tried(serve: Serve) -> None:
    server = await serve(hello)
    knocks: list[int] = []
    inside = await asyncio.get_running_loop().create_server(lambda: Knocked(knocks), "127.0.0.2", server.port)
    http = Http(["127.0.0.1"], resolver=Scripted(["127.0.0.2", "127.0.0.1"]))
    assert (await http.fetch("GET", f"http://shop.example.test:{server.port}/", timeout=5)).status == 200
    assert knocks == []
    inside.close()
    await http.close()


class Knocked(asyncio.Protocol):
    """Notes that somebody came."""

    def __init__(self, knocks: list[int]) -> None:
        self.knocks = knocks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.knocks.append(1)


@pytest.mark.parametrize("rest", ["/" + "x" * 9000, "/\r\nX: 1", "/?a=\x00", "/a\\b", "/\u2028"])
async def test_a_character_that_no_url_may_hold_is_refused_even_for_an_allowed_host(
    serve: Serve, http: Http, rest: str
) -> None:
    server = await serve(hello)
    assert (await failure(http, server.url + rest)).permanent
    assert (await failure(http, server.url.replace("//", "//user:s3cret@"))).permanent
    assert server.seen == []


async def test_a_name_that_changes_its_mind_is_not_asked_again_between_check_and_connection(serve: Serve) -> None:
    server = await serve(hello)
    rebinding = Scripted(["127.0.0.1"], ["127.0.0.2"])
    http = Http([f"127.0.0.1:{server.port}"], resolver=rebinding)
    url = f"http://rebind.example.test:{server.port}/"
    assert (await http.fetch("GET", url)).status == 200
    assert rebinding.asked == ["rebind.example.test"]
    await http.close()
    second = Http([f"127.0.0.1:{server.port}"], resolver=rebinding)
    await failure(second, url)
    assert len(server.seen) == 1
    await second.close()


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/", "http://127.0.0.2:{port}/", "file:///etc/passwd", "http://[::1]:{port}/", "gopher://x"],
)
async def test_a_redirect_to_a_forbidden_place_is_not_followed(serve: Serve, target: str) -> None:
    async def away(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": target.replace("{port}", str(server.port))})

    server = await serve(away)
    http = Http([f"127.0.0.1:{server.port}"])
    error = await failure(http, server.url, timeout=2)
    assert error.permanent
    assert not error.is_definite
    assert len(server.seen) == 1
    await http.close()


async def test_redirects_are_followed_three_times(serve: Serve, http: Http) -> None:
    async def on(request: web.Request) -> web.StreamResponse:
        step = int(request.path[1:])
        return web.Response(status=302, headers={"Location": f"/{step - 1}"}) if step else web.Response(text="there")

    server = await serve(on)
    assert (await http.fetch("GET", f"{server.url}/3")).text() == "there"
    assert "3 redirects" in str(await failure(http, f"{server.url}/4"))
    assert (await http.fetch("GET", f"{server.url}/4", redirects_max=0)).status == 302


@pytest.mark.parametrize(("status", "method", "body"), [(302, "GET", b""), (303, "GET", b""), (307, "POST", b"x")])
async def test_a_redirect_keeps_or_drops_the_body_as_the_status_says(
    serve: Serve, http: Http, status: int, method: str, body: bytes
) -> None:
    async def on(request: web.Request) -> web.StreamResponse:
        away = web.Response(status=status, headers={"Location": "/to"})
        return away if request.path == "/from" else web.Response()

    server = await serve(on)
    await http.fetch("POST", f"{server.url}/from", body=b"x", headers={"Content-Type": "text/x", "X-Key": "k"})
    assert (server.seen[1].method, server.seen[1].body) == (method, body)
    assert ("content-type" in server.seen[1].headers) is (method == "POST")
    assert server.seen[1].headers["x-key"] == "k"


async def test_credentials_are_not_carried_to_another_host(serve: Serve, http: Http) -> None:
    other = await serve(hello)

    async def away(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": f"http://localhost:{other.port}/"})

    server = await serve(away)
    headers = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Cookie": "a=s3cret", "Accept": "text/x"}
    await http.fetch("GET", server.url, headers=headers)
    assert server.seen[0].headers["authorization"] == "Bearer s3cret"
    assert "s3cret" not in str(other.seen[0].headers)
    assert other.seen[0].headers["accept"] == "text/x"


async def test_a_redirect_does_not_leave_tls(serve: Serve, tmp_path: Path) -> None:
    plain = await serve(hello)

    async def down(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": plain.url})

    server = WebServer(down, server_context(tmp_path))
    await server.start()
    trusting = Http(["127.0.0.1"], tls=ssl.create_default_context(cadata=pem()[0]))
    assert "leaves TLS" in str(await failure(trusting, server.url))
    wary = Http(["127.0.0.1"])
    assert "certificate" in str(await failure(wary, server.url)).lower()
    assert len(server.seen) == 1
    assert plain.seen == []
    await trusting.close()
    await wary.close()
    await server.stop()


@pytest.mark.parametrize("is_packed", [False, True])
async def test_an_answer_is_read_as_far_as_allowed_even_when_it_unpacks_large(
    serve: Serve, http: Http, is_packed: bool
) -> None:
    async def large(_request: web.Request) -> web.StreamResponse:
        body = b"0" * 50_000_000
        if not is_packed:
            return web.Response(body=body)
        return web.Response(body=gzip.compress(body, 1), headers={"Content-Encoding": "gzip"})

    server = await serve(large)
    error = await failure(http, server.url, size_max=100_000)
    assert "larger than 100000 bytes" in str(error)
    assert not error.is_definite


async def test_the_time_limit_covers_the_whole_chain(serve: Serve, http: Http) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.15)
        return web.Response(status=302, headers={"Location": "/on"})

    server = await serve(slow)
    started = perf_counter()
    error = await failure(http, server.url, timeout=0.3)
    assert perf_counter() - started < 1
    assert not error.permanent
    assert not error.is_definite


async def test_a_request_that_was_sent_is_not_definite_and_one_that_was_not_is(serve: Serve, http: Http) -> None:
    async def lose(request: web.Request) -> web.StreamResponse:
        return hang_up(request)

    server = await serve(lose)
    assert not (await failure(http, server.url)).is_definite
    silent = await serve(never)
    assert not (await failure(http, silent.url, timeout=0.1)).is_definite
    await server.stop()
    assert (await failure(http, server.url)).is_definite
    await server.start()


async def test_a_kept_connection_that_dies_does_not_repeat_the_request_in_secret(serve: Serve, http: Http) -> None:
    async def once(request: web.Request) -> web.StreamResponse:
        return web.Response() if len(server.seen) == 1 else hang_up(request)

    server = await serve(once)
    await http.fetch("GET", server.url)
    assert not (await failure(http, server.url)).is_definite
    assert len(server.seen) == 2


async def test_connections_are_kept_and_cookies_are_not(serve: Serve, http: Http) -> None:
    async def cookie(_request: web.Request) -> web.StreamResponse:
        return web.Response(headers={"Set-Cookie": "session=1"})

    server = await serve(cookie)
    for _ in range(5):
        await http.fetch("GET", server.url)
    assert len(server.peers) == 1
    assert all("cookie" not in seen.headers for seen in server.seen)


async def test_a_proxy_of_the_environment_is_not_used(
    serve: Serve, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = await serve(hello), await serve(hello)
    monkeypatch.setenv("http_proxy", proxy.url)
    await http.fetch("GET", server.url)
    assert (len(proxy.seen), len(server.seen)) == (0, 1)


@pytest.mark.parametrize(
    "headers",
    [
        *({"X-A": "1\r\nX-B: 2"}, {"X-A": "1\n2"}, {"X A": "1"}, {"X-A\r\nX-B": "1"}, {"X": "\x00"}, {"": "x"}),
        *({"Host": "x"}, {"Content-Length": "0"}, {"transfer-encoding": "chunked"}),
    ],
)
async def test_a_header_that_would_break_out_is_refused(serve: Serve, http: Http, headers: dict[str, str]) -> None:
    server = await serve(hello)
    error = await failure(http, server.url, headers=headers)
    assert (error.permanent, error.is_definite) == (True, True)
    assert server.seen == []


async def test_an_error_does_not_show_the_query_where_keys_are(http: Http) -> None:
    assert "s3cret" not in str(await failure(http, "http://127.0.0.1:1/?key=s3cret"))
