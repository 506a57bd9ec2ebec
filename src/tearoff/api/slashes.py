"""Slashes inside an id of the path: `/v1/codes/A%2FB/story` is the story of the code `A/B`.

Servers decode a path before it is routed, and an encoded slash would part it like any other. It travels as NUL, which
no id can hold, and is a slash again before anybody reads the ids.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

ENCODED, STAND_IN, DOOR = b"%2f", "\0", "/v1/"
KEPT = "slashes_kept"


def keep(app: ASGIApp) -> ASGIApp:
    """The application, which gets each part of a path of our own door whole."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if b"%2" in scope.get("raw_path", b""):
            _stand_in(scope)
        await app(scope, receive, send)

    return front


def _stand_in(scope: Any) -> None:
    raw, path = scope["raw_path"], scope["path"]
    if ENCODED in raw.lower() and path.startswith(DOOR) and STAND_IN not in path:
        parts = raw.decode("ascii", "replace").split("/")
        scope["path"] = "/".join(unquote(part).replace("/", STAND_IN) for part in parts)
        scope[KEPT] = True


async def restore(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """The guard after which the ids have their slashes again; the router keeps its own copy of them."""
    scope: Any = connection.scope
    if KEPT in scope:
        scope["path"] = scope["path"].replace(STAND_IN, "/")
        scope["path_params"] = {
            name: value.replace(STAND_IN, "/") if isinstance(value, str) else value
            for name, value in scope["path_params"].items()
        }
