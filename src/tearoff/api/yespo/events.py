"""Events in the vendor's dialect: v1 and v2 bring a list of parameters, v3 an object; each door takes both."""

from __future__ import annotations

from asyncio import Future
from typing import Any, cast

import msgspec
from litestar import Request, Response

from tearoff.actions.idempotency import check_key
from tearoff.api.yespo.answers import done
from tearoff.api.yespo.bodies import read
from tearoff.domain.events import Accepted, Event, check, digest, key_value_of
from tearoff.errors import Invalid, Problem

BODY_MAX = 20 * 1024
SETTLED = "tearoff.settled"
"""In the scope of a request: the future of its event, where that came to the queue before the request came here."""


class ParamBody(msgspec.Struct):
    """One parameter; a value may be anything, but it must be there."""

    name: str
    value: Any = msgspec.UNSET


class EventBody(msgspec.Struct):
    """What a client sends."""

    eventTypeKey: str | None = None
    keyValue: str | int | float | None = None
    params: list[ParamBody] | dict[str, Any] | None = None


async def accept(request: Request[Any, Any, Any]) -> Response[bytes]:
    """200 with nothing in it, once the event is committed."""
    return await _accept(request, is_map=False)


async def accept_map(request: Request[Any, Any, Any]) -> Response[bytes]:
    """As `accept`, for v3: an object of parameters is never a single parameter."""
    return await _accept(request, is_map=True)


async def _accept(request: Request[Any, Any, Any], *, is_map: bool) -> Response[bytes]:
    settled: Future[Accepted] | None = cast(Any, request.scope).get(SETTLED)
    if settled is not None:
        await settled
    key = request.headers.get("idempotency-key") or None
    check_key(key)
    event = parse(await request.body(), key, is_map=is_map)
    await request.app.state.site.events.submit(request.scope["auth"].project_id, event)
    return done()


def parse(body: bytes, key: str | None, *, is_map: bool) -> Event:
    """The event in a body; raises Invalid with a sentence for each thing that is wrong."""
    sent = read(body, EventBody, "event")
    names, params = _params(sent.params, is_map)
    key_value = "" if sent.keyValue is None else str(sent.keyValue).strip()
    type_key = sent.eventTypeKey or ""
    problems = check(type_key, key_value, names)
    if isinstance(sent.params, list):
        problems += [
            Problem(f"/params/{n}", f"The parameter '{param.name}' has no value.")
            for n, param in enumerate(sent.params)
            if param.value is msgspec.UNSET
        ]
    key_value = key_value or key_value_of(params) or ""
    if not key_value:
        wanted = "keyValue, or one of the params contactId, externalCustomerId, email, phone, pushToken"
        problems.append(Problem("/keyValue", f"The event needs a {wanted}."))
    if problems:
        raise Invalid(*problems)
    return Event(type_key=type_key, key_value=key_value, params=params, key=key, request=digest(body, key))


def _params(sent: list[ParamBody] | dict[str, Any] | None, is_map: bool) -> tuple[list[str], dict[str, Any]]:
    if isinstance(sent, list):
        return [param.name for param in sent], {param.name: param.value for param in sent}
    # clients that build XML-ish JSON send a list of one without its brackets
    if sent and not is_map and sent.keys() == {"name", "value"} and isinstance(sent["name"], str):
        return [sent["name"]], {sent["name"]: sent["value"]}
    return list(sent or {}), dict(sent or {})
