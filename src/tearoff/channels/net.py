"""HTTP to addresses that users wrote: guarded, bounded, and never by way of a private network.

Names are resolved here, every address is checked, and the connection is made to the very address that was checked, so
a name that changes its mind in between gains nothing. Redirects are followed by hand, each hop checked like the first.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from tearoff.channels.guard import AllowList, literal
from tearoff.errors import TearoffError

CONNECTIONS_MAX = 200
CONNECTIONS_PER_HOST_MAX = 20
KEEPALIVE_SECONDS = 10
REDIRECTS_MAX = 3
SIZE_MAX = 1024 * 1024
TIMEOUT_SECONDS = 10.0
CHUNK = 64 * 1024
URL_LENGTH_MAX = 8000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOST = re.compile(r"[0-9A-Za-z_.:-]+")
HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*")
OWN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"})
HARMLESS_HEADERS = frozenset({"accept", "accept-language", "content-type", "user-agent"})


class HttpFailed(TearoffError):
    """No answer came. `permanent`: trying again cannot help; `is_definite`: the request surely was not sent."""

    type = "http-failed"

    def __init__(self, detail: str, *, permanent: bool, is_definite: bool) -> None:
        super().__init__(detail)
        self.permanent, self.is_definite = permanent, is_definite


class Answer(msgspec.Struct, frozen=True):
    """A whole answer; header names are lower-case, the body is decompressed."""

    status: int
    headers: dict[str, str]
    body: bytes
    charset: str | None

    @property
    def retry_after(self) -> float | None:
        """The seconds that the other side asks us to wait, when it says so in seconds."""
        text = self.headers.get("retry-after", "")
        return float(text) if text.isdecimal() and len(text) < 9 else None

    def text(self) -> str:
        """The body as text; what cannot be decoded becomes a replacement mark."""
        try:
            return self.body.decode(self.charset or "utf-8-sig", "replace")
        except LookupError:
            return self.body.decode("utf-8-sig", "replace")


class GuardedResolver(AbstractResolver):
    """Resolves a name and keeps only the addresses that may be reached."""

    def __init__(self, allowed: AllowList, resolver: AbstractResolver | None = None) -> None:
        self.allowed = allowed
        self.resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The allowed addresses; raises HttpFailed when there is none among those found."""
        found = await self.resolver.resolve(host, port, family)
        allowed = [one for one in found if self.allowed.permits(host, port, ipaddress.ip_address(one["host"]))]
        if found and not allowed:
            raise refused_address(host)
        return allowed

    async def close(self) -> None:
        """Give the resolver back."""
        await self.resolver.close()


class Http:
    """One guarded session for a whole process: kept connections, no cookies, no proxies from the environment."""

    def __init__(
        self, allow: Sequence[str] = (), *, resolver: AbstractResolver | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.allowed = AllowList(allow)
        self.resolver = resolver
        self.tls = tls
        self.opened: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """The session, opened in the running loop at first use."""
        if self.opened is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(mark_sent)
            self.opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=GuardedResolver(self.allowed, self.resolver),
                    limit=CONNECTIONS_MAX,
                    limit_per_host=CONNECTIONS_PER_HOST_MAX,
                    keepalive_timeout=KEEPALIVE_SECONDS,
                    ssl=self.tls or True,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                trace_configs=[trace],
                headers={"User-Agent": "Tearoff"},
                skip_auto_headers=["Content-Type"],
            )
            # A request that was sent twice in secret could not be told from one that surely was not sent.
            self.opened._retry_connection = False
        return self.opened

    async def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = TIMEOUT_SECONDS,
        size_max: int = SIZE_MAX,
        redirects_max: int = REDIRECTS_MAX,
    ) -> Answer:
        """The answer, whatever its status, within `timeout` seconds in all; raises HttpFailed when none came."""
        hop = Hop(method, checked_url(url), checked_headers(headers or {}), body)
        sent: dict[str, bool] = {}
        try:
            async with asyncio.timeout(timeout):
                for _ in range(redirects_max + 1):
                    answer = await self.exchange(hop, size_max, sent)
                    if answer.status not in REDIRECTS or "location" not in answer.headers or not redirects_max:
                        return answer
                    hop = after_redirect(hop, answer)
        except HttpFailed as error:
            raise HttpFailed(
                str(error), permanent=error.permanent, is_definite=error.is_definite and not sent
            ) from error
        except TimeoutError as error:
            raise HttpFailed(f"No answer within {timeout:g} s.", permanent=False, is_definite=not sent) from error
        except (aiohttp.ClientError, OSError) as error:
            raise HttpFailed(reason(error, hop), permanent=False, is_definite=not sent) from error
        raise HttpFailed(f"More than {redirects_max} redirects.", permanent=True, is_definite=False)

    async def exchange(self, hop: Hop, size_max: int, sent: dict[str, bool]) -> Answer:
        """One request and its answer, without following it."""
        host, port = hop.url.raw_host or "", hop.url.port or 0
        address = literal(host)
        if address is not None and not self.allowed.permits(host, port, address):
            raise refused_address(host)
        async with self.session().request(
            hop.method,
            hop.url,
            headers=hop.headers,
            data=hop.body,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None),
            trace_request_ctx=sent,
        ) as response:
            body = await read(response, size_max)
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, names, body, response.charset)

    async def close(self) -> None:
        """Close every connection."""
        if self.opened is not None:
            await self.opened.close()
            self.opened = None


class Hop(msgspec.Struct, frozen=True):
    """One request of a chain of redirects."""

    method: str
    url: URL
    headers: dict[str, str]
    body: bytes | None


async def mark_sent(_session: object, context: Any, _params: object) -> None:
    """Note that the head of a request went out; from here on the other side may have acted on it."""
    context.trace_request_ctx["head"] = True


async def read(response: aiohttp.ClientResponse, size_max: int) -> bytes:
    """The decompressed body, as far as it is allowed to be."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > size_max:
            response.close()
            raise HttpFailed(f"The answer is larger than {size_max} bytes.", permanent=True, is_definite=False)
    return bytes(body)


def after_redirect(hop: Hop, answer: Answer) -> Hop:
    """The next request; what the user set for one origin is not carried to another."""
    try:
        target = checked_url(str(hop.url.join(URL(answer.headers["location"]))))
    except ValueError as error:
        raise HttpFailed("The redirect leads to no URL.", permanent=True, is_definite=False) from error
    if hop.url.scheme == "https" and target.scheme != "https":
        raise HttpFailed("The redirect leaves TLS.", permanent=True, is_definite=False)
    headers = hop.headers
    if target.origin() != hop.url.origin():
        headers = {name: value for name, value in headers.items() if name.lower() in HARMLESS_HEADERS}
    if answer.status in (307, 308) or hop.method in ("GET", "HEAD"):
        return Hop(hop.method, target, headers, hop.body)
    headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return Hop("GET", target, headers, None)


def checked_url(text: str) -> URL:
    """The URL, http or https with a host and without credentials; raises HttpFailed."""
    try:
        if len(text) > URL_LENGTH_MAX or not text.isprintable() or "\\" in text:
            raise ValueError("too long, or a character that no URL may hold")
        url = URL(text)
        if url.scheme not in ("http", "https") or not url.raw_host or url.user is not None:
            raise ValueError("it must be http or https, with a host and without a user")
        if not HOST.fullmatch(url.raw_host):
            raise ValueError("a character that no host may hold")
        if not url.port:
            raise ValueError("the port is wrong")
    except ValueError as error:
        raise HttpFailed(f"This is not a URL that can be called: {error}.", permanent=True, is_definite=True) from error
    return url


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers; raises HttpFailed for one that would break out of its line or rule the transport."""
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
            raise HttpFailed(f"The header {name[:60]!r} cannot be set.", permanent=True, is_definite=True)
        if not HEADER_VALUE.fullmatch(value):
            raise HttpFailed(
                f"The header {name} holds a line break or another control character.", permanent=True, is_definite=True
            )
    return dict(headers)


def refused_address(host: str) -> HttpFailed:
    """The refusal to reach a host that is not on the public internet."""
    return HttpFailed(
        f"The host {host} is not on the public internet; the operator may allow it (TEAROFF_SOURCE_ALLOW).",
        permanent=True,
        is_definite=True,
    )


def reason(error: Exception, hop: Hop) -> str:
    """What went wrong, without the URL, which may hold credentials."""
    kind = type(error).__name__
    detail = str(error.os_error) if isinstance(error, aiohttp.ClientConnectorError) else ""
    return f"{hop.url.raw_host}: {kind} {detail}".strip()
