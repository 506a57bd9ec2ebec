"""The dialect's answers: one tree of values, as JSON or as XML, whichever the caller reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

import msgspec
from litestar import Request, Response

from tearoff.errors import Problem

PATH = "/v3/operations"
JSON, XML = "application/json; charset=utf-8", "application/xml; charset=utf-8"
ITEMS: Mapping[str, str] = {
    "validationMessages": "validationMessage",
    "promoCodes": "promoCode",
    "couponsInfo": "couponInfo",
}
"""How the members of a list are called in XML."""


def reads_xml(request: Request[Any, Any, Any]) -> bool:
    """Whether the caller wants XML: by what it accepts, else by what it sent."""
    accepted = request.headers.get("accept", "").lower()
    if "json" in accepted:
        return False
    if "xml" in accepted:
        return True
    return "xml" in request.headers.get("content-type", "").lower()


def answer(request: Request[Any, Any, Any], body: Mapping[str, Any], status: int = 200) -> Response[bytes]:
    """An answer in the caller's language."""
    if reads_xml(request):
        return Response(b'<?xml version="1.0" encoding="utf-8"?>' + xml_of(body), status_code=status, media_type=XML)
    return Response(msgspec.json.encode(body), status_code=status, media_type=JSON)


def failure(
    request: Request[Any, Any, Any], status: int, detail: str, problems: Sequence[Problem], headers: Mapping[str, str]
) -> Response[bytes]:
    """A refusal: what is wrong with the customer's data is a ValidationError, the rest is for whoever integrates."""
    placed = [problem for problem in problems if problem.pointer]
    if placed and status == 422:
        messages = [{"message": problem.detail, "location": problem.pointer} for problem in placed]
        return answer(request, {"status": "ValidationError", "validationMessages": messages})
    status = 400 if status in (404, 422) else status
    word = "InternalServerError" if status >= 500 else "ProtocolError"
    body = {"status": word, "errorMessage": detail, "errorId": str(uuid4()), "httpStatusCode": status}
    refused = answer(request, body, status)
    refused.headers.update(headers)
    return refused


def time_of(instant: datetime | None) -> str | None:
    """An instant as the dialect writes it, in UTC."""
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}


def xml_of(body: Mapping[str, Any]) -> bytes:
    """The body as the children of `result`."""
    return f"<result>{''.join(_element(name, value) for name, value in body.items())}</result>".encode()


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(ITEMS.get(name, "item"), item) for item in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = escape("" if value is None else str(value))
    return f"<{name}>{inner}</{name}>"
