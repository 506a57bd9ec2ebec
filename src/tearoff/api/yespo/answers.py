"""The shapes of the vendor's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response

from tearoff.api.problems import JSON_UTF8


def answer(body: Any, *, headers: Mapping[str, str] | None = None, status: int = 200) -> Response[bytes]:
    """A JSON answer; a string is sent as a bare sentence under the same label, as the vendor does."""
    content = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
    return Response(content, status_code=status, headers=dict(headers or {}), media_type=JSON_UTF8)


def done() -> Response[bytes]:
    """200 with nothing in it: old clients want exactly that, and refuse a 204."""
    return Response(b"", status_code=200, media_type=JSON_UTF8)


def collapsed(items: Sequence[Any]) -> Any:
    """The items; a single one stands alone, without a list around it, as in the vendor's answers."""
    return items[0] if len(items) == 1 else list(items)
