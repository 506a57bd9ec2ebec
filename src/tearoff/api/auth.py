"""Who calls: a key, sent as Basic with any user name or as Bearer, or a person with the cookie of a session.

A request with an Authorization header never uses the cookie. What a browser writes carries the token of its session in
X-CSRF-Token, which a page of another origin cannot read. It may name the project that its page shows in X-Project:
another window of the same browser opens another project for the whole session.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import timedelta
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from tearoff.actions import sessions
from tearoff.actions.sessions import Limits
from tearoff.clock import Clock, monotonic
from tearoff.domain.keys import ApiKey, covers, hash_of, is_value_of
from tearoff.domain.people import Member
from tearoff.domain.sessions import Visit
from tearoff.errors import CsrfMismatch, Forbidden, OtherProject, PasswordTemporary, Unauthorized
from tearoff.store import keys
from tearoff.store.db import Database

COOKIE = "tearoff_session"
SAFE = ("GET", "HEAD", "OPTIONS")
ACROSS_SITES = ("cross-site", "same-site")
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

    def recall(self, value: str) -> ApiKey | None:
        """The live key with this value, if it was found within the last seconds."""
        until, key = self._remembered.get(hash_of(value), (0.0, None))
        return key if key is not None and until >= monotonic() and is_value_of(value, key) else None

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


async def require_caller(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every route: a live key, or on our own API a signed-in person, that may do what the route needs."""
    need = handler.opt.get("need", "full")
    if need == "open":
        return
    method = "GET" if handler.opt.get("is_reading") else cast(Any, connection).method
    header = connection.headers.get("authorization")
    if header is None and handler.opt.get("takes_session") and COOKIE in connection.cookies:
        await _require_person(connection, need, method)
        return
    key = await connection.app.state.site.keys.find(secret_of(header))
    if key is None:
        raise Unauthorized("The API key is not known, or it is disabled.")
    if not covers(key.scope, need, method):
        raise Forbidden(f"A key of the scope {key.scope!r} may not call this.")
    connection.scope["auth"] = key


async def _require_person(connection: ASGIConnection[Any, Any, Any, Any], need: str, method: str) -> None:
    site = connection.app.state.site
    now = site.clock.now()
    visit = await sessions.find(site.db, connection.cookies[COOKIE], limits=limits_of(site), now=now)
    if visit is None:
        raise Unauthorized("The session is over; sign in again.")
    if cast(Any, connection).method not in SAFE:
        refuse_other_sites(connection)
        if not hmac.compare_digest(connection.headers.get("x-csrf-token", "").encode(), visit.csrf_token.encode()):
            raise CsrfMismatch
    connection.scope["user"] = visit
    if need == "session":
        return
    if visit.is_password_temporary:
        raise PasswordTemporary
    if need == "installation":
        if not visit.is_administrator:
            raise Forbidden("Only an administrator may do this.")
        return
    shown = connection.headers.get("x-project")
    if shown is not None and shown != str(visit.project_id):
        raise OtherProject
    connection.scope["auth"] = _allowed(visit, need, method)


def _allowed(visit: Visit, need: str, method: str) -> Member:
    """The person as a caller in the open project; raises Forbidden unless they may do this there."""
    member = visit.member()
    if member is None:
        raise Forbidden("No project is open; ask an owner for an invitation.")
    if not member.may(need, method):
        raise Forbidden(f"{member.standing} may not do this here.")
    return member


def limits_of(site: Any) -> Limits:
    """How long sessions live here."""
    return Limits(site.settings.session_idle, site.settings.session_whole)


def refuse_other_sites(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Raises CsrfMismatch where the browser says that a page of another site wrote this."""
    if connection.headers.get("sec-fetch-site") in ACROSS_SITES:
        raise CsrfMismatch
