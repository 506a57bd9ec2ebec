"""How the application is served: uvicorn, without a Server header, closing idle connections, draining at the end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from socket import socket

import uvicorn
from litestar import Litestar

from tearoff.api import slashes
from tearoff.api.event_door import EventDoor

KEEP_ALIVE_SECONDS = 75
CLOSING_SECONDS_MAX = 20
BACKLOG_MAX = 2048


def configure(app: Litestar, *, host: str = "127.0.0.1", port: int = 8000) -> uvicorn.Config:
    """The settings of the HTTP server. Access is not logged a line a request: metrics count it."""
    return uvicorn.Config(
        EventDoor(slashes.keep(app), app.state.site),
        host=host,
        port=port,
        http="httptools",
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="on",
        backlog=BACKLOG_MAX,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=CLOSING_SECONDS_MAX,
    )


async def serve(app: Litestar, listening: socket, *, stopping: asyncio.Event, on_ready: Callable[[], None]) -> None:
    """Serve on this socket until `stopping` is set; requests that are under way then are still answered."""
    server = Server(configure(app), on_ready)

    async def stop() -> None:
        await stopping.wait()
        server.should_exit = True

    waiting = asyncio.create_task(stop())
    try:
        await server.serve(sockets=[listening])
    finally:
        waiting.cancel()


class Server(uvicorn.Server):
    """uvicorn that says when it answers, and is stopped by `should_exit` alone."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to who started the server."""
        yield
