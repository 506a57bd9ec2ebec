"""Who calls: Basic with any user name and the key as password, or Bearer with the key."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from tearoff.clock import Clock, monotonic
from tearoff.domain.keys import ApiKey, covers, hash_of, is_value_of
from tearoff.errors import Forbidden, Unauthorized
from tearoff.store import keys
from tearoff.store.db import Database

REMEMBERED_SECONDS = 3.0
REMEMBERED_MAX = 10_000
USE_NOTED_EVERY = timedelta(hours=1)


class KeyRing:
    """Finds keys by value, and remembers the answer for some seconds so that a hot key costs no query."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._remembered: dict[bytes, tuple[float, ApiKey | None]] = {}

    async def find(self, value: str) -> ApiKey | None:
        """The live key with this value."""
        hash = hash_of(value)
        until, key = self._remembered.get(hash, (0.0, None))
        if until < monotonic():
            key = await self._look_up(hash)
            if len(self._remembered) >= REMEMBERED_MAX:
                self._remembered.clear()
            self._remembered[hash] = (monotonic() + REMEMBERED_SECONDS, key)
        return key if key and is_value_of(value, key) else None

    async def _look_up(self, hash: bytes) -> ApiKey | None:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            key = await keys.find(tx, hash=hash)
            if key is None or key.disabled_at is not None:
                return None
            since = now - USE_NOTED_EVERY
            if key.last_used_at is None or key.last_used_at < since:
                await keys.mark_used(tx, project_id=key.project_id, key_id=key.key_id, now=now, since=since)
        return key


def secret_of(header: str | None) -> str:
    """The key inside an Authorization header; raises Unauthorized when there is none."""
    kind, _, rest = (header or "").strip().partition(" ")
    if kind.lower() == "bearer" and rest.strip():
        return rest.strip()
    if kind.lower() in ("secretkey", "mindbox"):
        return _secret_key(rest)
    if kind.lower() != "basic":
        raise Unauthorized("Send the API key as the password of Basic authorization, or as a Bearer token.")
    try:
        _, _, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthorized("The Basic authorization header is not valid base64.") from error
    if not password:
        raise Unauthorized("The password of the Basic authorization is empty; it must be the API key.")
    return password


def _secret_key(rest: str) -> str:
    """The key as callers of the Maestra dialect send it: alone, or as `secretKey="…"`."""
    found = rest.strip()
    if found.lower().startswith("secretkey="):
        found = found.partition("=")[2].strip().strip('"')
    if not found:
        raise Unauthorized("The secret key is empty; it must be the API key.")
    return found


async def require_key(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every route: a live key whose scope covers the route's need."""
    need = handler.opt.get("need", "full")
    if need == "open":
        return
    key = await connection.app.state.site.keys.find(secret_of(connection.headers.get("authorization")))
    if key is None:
        raise Unauthorized("The API key is not known, or it is disabled.")
    if not covers(key.scope, need, cast(Any, connection).method):
        raise Forbidden(f"A key of the scope {key.scope!r} may not call this.")
    connection.scope["auth"] = key
