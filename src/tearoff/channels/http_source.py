"""One call of an HTTP data source, already rendered; its answer as a value for templates."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal, NoReturn
from urllib.parse import quote

import msgspec

from tearoff.channels import xml
from tearoff.channels.net import Answer, Http, HttpFailed, checked_url
from tearoff.domain.shapes import unkeepable
from tearoff.errors import SourceFailed

CALLS_PER_HOST_MAX = 16
RETRIES_MAX = 5
PAUSE_SECONDS_FIRST = 0.2
PAUSE_SECONDS_MAX = 5.0
ANSWER_SHOWN_MAX = 200
# What another moment may change, even for a request that is right.
LATER = frozenset({408, 409, 423, 425, 429})
BodyFormat = Literal["json", "xml", "text"]
CONTENT_TYPES: dict[BodyFormat, str] = {
    "json": "application/json",
    "xml": "application/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}


class Basic(msgspec.Struct, frozen=True, tag="basic"):
    """HTTP Basic credentials."""

    username: str
    password: str


class Bearer(msgspec.Struct, frozen=True, tag="bearer"):
    """A bearer token."""

    token: str


class ApiKey(msgspec.Struct, frozen=True, tag="api-key"):
    """A key under a name of its own, in a header or in the query."""

    name: str
    value: str
    place: Literal["header", "query"] = "header"


Auth = Basic | Bearer | ApiKey


class SourceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call with everything rendered; `timeout` is in seconds and covers one attempt, `size_max` is in bytes."""

    name: str
    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, str] = {}
    body: str | None = None
    body_format: BodyFormat = "json"
    auth: Auth | None = None
    timeout: float = 10.0
    size_max: int = 1024 * 1024
    retries: int = 2


class Sources:
    """Calls data sources over one guarded session, at most so many at once per host."""

    def __init__(self, http: Http, calls_per_host_max: int = CALLS_PER_HOST_MAX) -> None:
        self.http = http
        self.calls_per_host_max = calls_per_host_max
        self.hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}

    async def call(self, request: SourceRequest) -> Any:
        """The answer as a value: JSON as it is, XML as dicts, else text; None for an empty body.

        Raises SourceFailed, `permanent` when another try cannot help. A call that may have reached the other side is
        tried again all the same: sources are called at least once.
        """
        headers, body, url = prepare(request)
        for attempt in range(min(request.retries, RETRIES_MAX) + 1):
            try:
                return await self.attempt(request, url, headers, body)
            except SourceFailed as error:
                if error.permanent or attempt >= min(request.retries, RETRIES_MAX):
                    raise
                await asyncio.sleep(min(PAUSE_SECONDS_FIRST * 2**attempt, PAUSE_SECONDS_MAX))
        raise SourceFailed(request.name, "it was not called.", permanent=True)

    async def attempt(self, request: SourceRequest, url: str, headers: dict[str, str], body: bytes | None) -> Any:
        """One call."""
        try:
            async with self.place_at(str(checked_url(url).raw_authority)):
                answer = await self.http.fetch(
                    request.method,
                    url,
                    headers=headers,
                    body=body,
                    timeout=request.timeout,
                    size_max=request.size_max,
                )
        except HttpFailed as error:
            raise SourceFailed(request.name, str(error), permanent=error.permanent) from error
        if not 200 <= answer.status < 300:
            permanent = answer.status < 500 and answer.status not in LATER
            detail = f"HTTP {answer.status} {answer.text()[:ANSWER_SHOWN_MAX]}".strip()
            raise SourceFailed(request.name, detail, permanent=permanent)
        return value(request.name, answer)

    @asynccontextmanager
    async def place_at(self, host: str) -> AsyncIterator[None]:
        """A place among the calls to this host; waits while all are taken."""
        places, users = self.hosts.get(host) or (asyncio.Semaphore(self.calls_per_host_max), 0)
        self.hosts[host] = (places, users + 1)
        try:
            async with places:
                yield
        finally:
            places, users = self.hosts[host]
            if users == 1:
                del self.hosts[host]
            else:
                self.hosts[host] = (places, users - 1)


def prepare(request: SourceRequest) -> tuple[dict[str, str], bytes | None, str]:
    """The headers, body and URL to send, with the credentials in place; raises SourceFailed for a broken JSON body."""
    headers, url = dict(request.headers), request.url
    body = None
    if request.body is not None and request.method == "POST":
        if request.body_format == "json":
            check_json(request)
        body = request.body.encode("utf-8", "replace")
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = CONTENT_TYPES[request.body_format]
    match request.auth:
        case Basic(username, password):
            headers["Authorization"] = "Basic " + b64encode(f"{username}:{password}".encode()).decode()
        case Bearer(token):
            headers["Authorization"] = f"Bearer {token}"
        case ApiKey(name, key, "header"):
            headers[name] = key
        case ApiKey(name, key, "query"):
            bare, mark, fragment = url.partition("#")
            joint = "&" if "?" in bare else "?"
            url = f"{bare}{joint}{quote(name, safe='')}={quote(key, safe='')}{mark}{fragment}"
    return headers, body, url


def check_json(request: SourceRequest) -> None:
    """Refuse a body that is not JSON, with the line and column, before it goes anywhere."""
    if fault := json_fault(request.body or ""):
        raise SourceFailed(request.name, f"the body is not JSON: {fault}.", permanent=True)


def json_fault(text: str) -> str | None:
    """Why a text is not JSON, with the line and column where they are known; None when it is."""
    try:
        json.loads(text, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        return f"{error.msg} (line {error.lineno}, column {error.colno})"
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


def refuse_constant(text: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(f"{text} is no value")


def value(name: str, answer: Answer) -> Any:
    """The body by its content type; without a telling one, JSON or XML by its first character, else text."""
    body = answer.body.strip()
    if not body:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json, is_xml = kind.endswith(("/json", "+json")), kind.endswith(("/xml", "+xml"))
    is_telling = is_json or is_xml or kind.startswith("text/html")
    text = answer.text()
    start = text.lstrip()[:1]
    try:
        if is_json or (not is_telling and start in ("{", "[")):
            return kept(name, msgspec.json.decode(text))
        if is_xml or (not is_telling and start == "<"):
            return xml.parse(body)
    except (msgspec.DecodeError, RecursionError, xml.XmlRefused) as error:
        if is_json or is_xml:
            raise SourceFailed(name, f"the answer cannot be read: {error}.", permanent=True) from error
    return kept(name, text)


def kept(name: str, found: Any) -> Any:
    """The value, which is stored with the run; raises SourceFailed for one that PostgreSQL cannot hold."""
    if problem := next(unkeepable(found, ""), None):
        raise SourceFailed(name, f"the answer cannot be kept: {problem.pointer} {problem.detail}", permanent=True)
    return found
