"""What operators and load balancers ask: is it alive, is it ready, what are the figures. No project is named."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tearoff.api.routing import Route
from tearoff.store import keys


async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


async def readyz(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The database answers and has its tables; otherwise 503 or 500."""
    async with request.app.state.site.db.transaction() as tx:
        await keys.find(tx, hash=b"")
    return {"status": "ok"}


async def metrics() -> Response[bytes]:
    """Figures for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


ROUTES = [
    Route("GET", "/healthz", "open", healthz),
    Route("GET", "/readyz", "open", readyz),
    Route("GET", "/metrics", "open", metrics),
]
