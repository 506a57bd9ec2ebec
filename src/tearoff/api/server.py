"""How the application is served: uvicorn, without a Server header, closing idle connections."""

from __future__ import annotations

import uvicorn
from litestar import Litestar

KEEP_ALIVE_SECONDS = 75
CLOSING_SECONDS_MAX = 20
BACKLOG_MAX = 2048


def configure(app: Litestar, *, host: str = "127.0.0.1", port: int = 8000) -> uvicorn.Config:
    """The settings of the HTTP server. Access is not logged a line a request: metrics count it."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="on",
        backlog=BACKLOG_MAX,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=CLOSING_SECONDS_MAX,
    )
