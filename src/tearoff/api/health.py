"""What operators and load balancers ask, and what makers of clients read. No project is named."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request, Response
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


async def contract(request: Request[Any, Any, Any]) -> Response[bytes]:
    """OpenAPI 3.1 of our own API; `tearoff openapi` prints the same."""
    return Response(msgspec.json.encode(request.app.openapi_schema.to_schema()), media_type=MediaType.JSON)


ROUTES = [
    Route("GET", "/openapi.json", "open", contract),
    Route("GET", "/healthz", "open", healthz),
    Route("GET", "/readyz", "open", readyz),
    Route("GET", "/metrics", "open", metrics),
]
