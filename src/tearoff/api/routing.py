"""Route tables: one line a route, readable on one screen, turned into Litestar's handlers here.

A handler takes `call: Caller`, `data: JSONBody[Shape]`, ids of the path as `Id` or `Ref`, and query parameters; it
gives a Struct. Those of the vendors' doors read the body themselves and give a Response.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from tearoff.api.documented import documentation
from tearoff.domain.keys import Need
from tearoff.errors import Packed, TearoffError, Unreadable

JSON_TYPES = ("application/json", "text/json")
BODY_MAX = 1_000_000

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Route(NamedTuple):
    """One line of a route table.

    `scope` is what the caller's key must cover. `accepts`: "json", or "any" content type. `body_max` is in bytes; None
    leaves the limit to the handler, which then streams. `status` is that of a success. `is_reading`: a POST that
    changes nothing, for those too who may only read. `raises`: what its action raises beside the failures of every
    route of its kind. `body` and `files`: of a body that the handler reads itself, its shape in JSON and its other
    content types. `sends`: the content types of a file that it answers with.
    """

    method: Method
    path: str
    scope: Need
    handler: Callable[..., Any]
    status: int = 200
    body_max: int | None = BODY_MAX
    accepts: Literal["json", "any"] = "json"
    is_reading: bool = False
    raises: tuple[type[TearoffError], ...] = ()
    body: type | None = None
    files: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()


class Handler(HTTPRouteHandler):
    """Litestar's handler, except that guards read the handler itself.

    A copy of it for each guard took a seventh of the processor time of `POST /event`.
    """

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Let every guard say no."""
        for guard in self.resolve_guards():
            await cast(Any, guard)(connection, self)


def handlers(routes: Sequence[Route], tag: str, *, is_public: bool) -> list[HTTPRouteHandler]:
    """Litestar's handlers for a table; `is_public` ones stand in openapi.json, and people may call them."""
    return [
        Handler(
            route.path,
            http_method=route.method,
            status_code=route.status,
            request_max_body_size=route.body_max,
            opt={
                "need": route.scope,
                "accepts": route.accepts,
                "body_max": route.body_max,
                "takes_session": is_public,
                "is_reading": route.is_reading,
            },
            operation_id=f"{route.handler.__module__.rsplit('.', 1)[-1]}_{route.handler.__name__}_{tag}",
            tags=[route.path.split("/")[2] if is_public else tag],
            include_in_schema=is_public,
            **(documentation(route) if is_public else {}),
        )(route.handler)
        for route in routes
    ]


def is_json(content_type: str) -> bool:
    """Whether a content type is that of JSON; a missing one counts as JSON."""
    kind = content_type.partition(";")[0].strip().lower()
    return not kind or kind in JSON_TYPES or kind.endswith("+json")


async def require_readable(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard that refuses a body which is compressed, or of another kind, before it is read."""
    encoding = connection.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raise Packed(encoding)
    if cast(Any, connection).method in ("GET", "DELETE") or handler.opt.get("accepts") != "json":
        return
    sent = connection.headers.get("content-type", "")
    if not is_json(sent) and connection.headers.get("content-length") != "0":
        raise Unreadable(sent.partition(";")[0].strip().lower())
