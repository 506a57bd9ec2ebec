"""A real HTTP server on loopback whose answers a test writes."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Seen(msgspec.Struct, frozen=True):
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class WebServer:
    """Answers every path with one handler and keeps what it saw."""

    def __init__(self, handler: Handler, tls: ssl.SSLContext | None = None) -> None:
        self.handler, self.tls = handler, tls
        self.port = 0
        self.seen: list[Seen] = []
        self.busy = self.busy_max = 0
        self.peers: set[object] = set()

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, on the same port each time."""
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self.answer)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port, ssl_context=self.tls)
        await site.start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        await self.runner.cleanup()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append(Seen(request.method, request.path_qs, headers, body))
        self.peers.add(request.transport)
        self.busy += 1
        self.busy_max = max(self.busy, self.busy_max)
        try:
            return await self.handler(request)
        finally:
            self.busy -= 1


def hang_up(request: web.Request) -> web.StreamResponse:
    """Lose the connection instead of answering."""
    assert request.transport
    request.transport.abort()
    return web.Response()


async def never(_request: web.Request) -> web.StreamResponse:
    """Never answer, within a test's patience."""
    await asyncio.sleep(5)
    return web.Response()
