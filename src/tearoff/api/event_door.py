"""Events past the web framework, where nothing about the request is unusual: half of its time was the framework's.

Only the answer to an accepted event is given here. Every other request goes to the application, with what was read of
it put back, and so does every refusal: so there is one place that words them.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from tearoff.actions.idempotency import check_key
from tearoff.api.app import SECURITY_HEADERS
from tearoff.api.auth import secret_of
from tearoff.api.routing import is_json
from tearoff.api.site import Site
from tearoff.api.yespo.events import BODY_MAX, SETTLED, parse
from tearoff.domain.keys import ApiKey, covers
from tearoff.errors import Invalid, Overloaded, Unauthorized

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Headers = dict[bytes, bytes]

IS_MAP = {"/api/v1/event": False, "/api/v2/event": False, "/api/v3/event": True}
"""The doors, and whether their parameters are never a single one."""

HOST = re.compile(rb"[0-9A-Za-z.:\[\]-]*")
HEADERS = ((b"content-length", b"0"), *SECURITY_HEADERS)


class EventDoor:
    """An ASGI application: events that are in order are answered here, all else by `app`."""

    def __init__(self, app: Any, site: Site) -> None:
        self._app, self._site = app, site

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request, or let the application do so."""
        is_map = IS_MAP.get(scope.get("path", ""))
        if is_map is None or scope.get("method") != "POST" or scope.get("root_path"):
            await self._app(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        key = _caller(self._site, headers) if len(headers) == len(scope["headers"]) else None
        if key is None:
            await self._app(scope, receive, send)
            return
        read = Reading(receive)
        if not await self._is_accepted(scope, headers, key, read, is_map=is_map):
            await self._app(scope, read.again, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        await send({"type": "http.response.body", "body": b""})

    async def _is_accepted(self, scope: Any, headers: Headers, key: ApiKey, read: Reading, *, is_map: bool) -> bool:
        """Whether the event is kept now; what the queue refused stands in the scope, and is not asked of it again."""
        body = await read.body()
        if body is None:
            return False
        idempotency_key = headers.get(b"idempotency-key", b"").decode("latin-1") or None
        try:
            check_key(idempotency_key)
            event = parse(body, idempotency_key, is_map=is_map)
        except (Invalid, RecursionError):
            return False
        try:
            settled = await self._site.events.settle(key.project_id, event)
        except Overloaded:
            return False
        if settled.exception() is not None:
            scope[SETTLED] = settled
            return False
        return True


class Reading:
    """The body of a request, kept message by message for who reads it after us."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Any] = []

    async def body(self) -> bytes | None:
        """All of it; None when it is too long, or its sender is gone."""
        parts, size = [], 0
        while True:
            message = await self._receive()
            self._messages.append(message)
            if message["type"] != "http.request":
                return None
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > BODY_MAX:
                return None
            if not message.get("more_body", False):
                return b"".join(parts)

    async def again(self) -> Any:
        """The messages from the first one on, then those that come."""
        return self._messages.pop(0) if self._messages else await self._receive()


def _caller(site: Site, headers: Headers) -> ApiKey | None:
    """The key that calls, if it was just looked up and may bring events in a body of this kind and length."""
    kind = headers.get(b"content-type", b"").decode("latin-1")
    if not HOST.fullmatch(headers.get(b"host", b"-")) or not is_json(kind) or b"content-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > BODY_MAX:
        return None
    try:
        key = site.keys.recall(secret_of(headers.get(b"authorization", b"").decode("latin-1")))
    except Unauthorized:
        return None
    return key if key is not None and covers(key.scope, "events", "POST") else None
