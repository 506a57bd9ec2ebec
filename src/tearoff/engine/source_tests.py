"""Trying a data source: the request as it is sent and the answer as it came, with no secret in either."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from tearoff import velocity
from tearoff.channels import http_source
from tearoff.channels.http_source import ApiKey, Auth, Basic, Bearer, SourceRequest
from tearoff.channels.net import Answer, HttpFailed
from tearoff.clock import monotonic
from tearoff.domain.sources import Source
from tearoff.engine import source_calls
from tearoff.engine.parts import Engine
from tearoff.engine.readables import Given, read
from tearoff.errors import SourceFailed, TearoffError
from tearoff.store import projects

SHOWN_MAX = 64 * 1024
"""Characters of an answer that are shown."""
HIDDEN = "•••"
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"})


class SentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What went out; secrets are hidden."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


class GotAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came back. `size` is in bytes; `isCut`: only the beginning of the body is shown."""

    status: int
    headers: dict[str, str]
    body: str
    size: int
    is_cut: bool


class SourceTest(msgspec.Struct, frozen=True, kw_only=True):
    """One call. `value` is what templates would read, `error` why there is none; `seconds` is how long it took."""

    request: SentRequest | None
    answer: GotAnswer | None
    value: Any
    error: str | None
    seconds: float


async def test_source(
    engine: Engine, *, project_id: int, source: Source, given: Given, answers: Mapping[str, Any], now: datetime
) -> SourceTest:
    """One try of the source over this data, with samples for codes; other sources read as `answers` says, else null."""
    reader = replace(engine, db=engine.db.read_only())
    async with reader.db.transaction() as tx:
        project = await projects.get(tx, project_id=project_id)
        readable = await read(tx, project_id=project_id, given=given)
        known = dict(answers)
        while True:
            try:
                request = await source_calls.prepare(reader, tx, project, source, readable.data, known, now)
                break
            except velocity.NeedValue as need:
                known[str(need.key)] = None
            except TearoffError as error:
                return SourceTest(request=None, answer=None, value=None, error=str(error), seconds=0.0)
    return await _call(reader, request)


async def _call(engine: Engine, request: SourceRequest) -> SourceTest:
    secrets = secrets_of(request.auth)
    began = monotonic()
    answer: GotAnswer | None = None
    value: Any = None
    failure: str | None = None
    shown: SentRequest | None = None
    try:
        headers, body, url = http_source.prepare(request)
        shown = _shown(request, headers, body, url, secrets)
        async with asyncio.timeout(request.timeout + 1):
            got = await engine.http.fetch(
                request.method, url, headers=headers, body=body, timeout=request.timeout, size_max=request.size_max
            )
        answer = _answer(got, secrets)
        if 200 <= got.status < 300:
            value = hidden_in(http_source.value(request.name, got), secrets)
        else:
            failure = f"The other side answered with the status {got.status}."
    except (SourceFailed, HttpFailed) as error:
        failure = hide(str(error), secrets)
    except TimeoutError:
        failure = f"No answer within {request.timeout:g} s."
    return SourceTest(request=shown, answer=answer, value=value, error=failure, seconds=round(monotonic() - began, 3))


def secrets_of(auth: Auth | None) -> list[str]:
    """What must not be shown of the credentials, also as the header carries it."""
    match auth:
        case None:
            return []
        case Basic():
            headers, _, _ = http_source.prepare(SourceRequest(name="", url="", auth=auth))
            found = [headers["Authorization"].removeprefix("Basic "), auth.password]
        case Bearer():
            found = [auth.token]
        case ApiKey():
            _, _, url = http_source.prepare(SourceRequest(name="", url="", auth=ApiKey("k", auth.value, "query")))
            found = [auth.value, url.partition("=")[2]]
    return sorted({secret for secret in found if secret}, key=len, reverse=True)


def hide(text: str, secrets: list[str]) -> str:
    """The text without the secrets."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def hidden_in(value: Any, secrets: list[str]) -> Any:
    """Plain data without the secrets in its texts."""
    if isinstance(value, str):
        return hide(value, secrets)
    if isinstance(value, dict):
        return {hide(str(name), secrets): hidden_in(item, secrets) for name, item in value.items()}
    if isinstance(value, list):
        return [hidden_in(item, secrets) for item in value]
    return value


def _headers(headers: Mapping[str, str], secrets: list[str]) -> dict[str, str]:
    return {name: HIDDEN if name.lower() in SECRET_HEADERS else hide(value, secrets) for name, value in headers.items()}


def _shown(
    request: SourceRequest, headers: Mapping[str, str], body: bytes | None, url: str, secrets: list[str]
) -> SentRequest:
    text = None if body is None else hide(body.decode("utf-8", "replace"), secrets)[:SHOWN_MAX]
    return SentRequest(method=request.method, url=hide(url, secrets), headers=_headers(headers, secrets), body=text)


def _answer(got: Answer, secrets: list[str]) -> GotAnswer:
    text = hide(got.text(), secrets)
    return GotAnswer(
        status=got.status,
        headers=_headers(got.headers, secrets),
        body=text[:SHOWN_MAX],
        size=len(got.body),
        is_cut=len(text) > SHOWN_MAX,
    )
