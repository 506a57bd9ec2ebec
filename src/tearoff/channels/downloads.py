"""Files from addresses that users wrote, piece by piece, under the same guard as every other call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from tearoff.channels.guard import literal
from tearoff.channels.net import (
    CHUNK,
    REDIRECTS,
    REDIRECTS_MAX,
    TIMEOUT_SECONDS,
    Answer,
    Hop,
    Http,
    HttpFailed,
    after_redirect,
    checked_url,
    reason,
    refused_address,
)

STALL_SECONDS_MAX = 60.0


async def download(http: Http, url: str, *, size_max: int) -> AsyncIterator[bytes]:
    """The body of a file; raises HttpFailed when it is refused, breaks off, falls silent or passes `size_max` bytes."""
    hop = Hop("GET", checked_url(url), {}, None)
    try:
        for _ in range(REDIRECTS_MAX + 1):
            async with _asked(http, hop) as response:
                if response.status in REDIRECTS and "location" in response.headers:
                    hop = after_redirect(
                        hop, Answer(response.status, {"location": response.headers["location"]}, b"", None)
                    )
                    continue
                async for piece in _body(response, size_max):
                    yield piece
                return
    except TimeoutError as error:
        raise HttpFailed(f"{hop.url.raw_host} fell silent.", permanent=False, is_definite=False) from error
    except (aiohttp.ClientError, OSError) as error:
        raise HttpFailed(reason(error, hop), permanent=False, is_definite=False) from error
    raise HttpFailed(f"More than {REDIRECTS_MAX} redirects.", permanent=True, is_definite=False)


def _asked(http: Http, hop: Hop) -> Any:
    host, port = hop.url.raw_host or "", hop.url.port or 0
    address = literal(host)
    if address is not None and not http.allowed.permits(host, port, address):
        raise refused_address(host)
    limits = aiohttp.ClientTimeout(total=None, connect=TIMEOUT_SECONDS, sock_read=STALL_SECONDS_MAX)
    return http.session().get(hop.url, allow_redirects=False, timeout=limits, trace_request_ctx={})


async def _body(response: aiohttp.ClientResponse, size_max: int) -> AsyncIterator[bytes]:
    if response.status != 200:
        is_lasting = response.status < 500 and response.status != 429
        raise HttpFailed(f"The address answered {response.status}.", permanent=is_lasting, is_definite=False)
    size = 0
    async for chunk in response.content.iter_chunked(CHUNK):
        size += len(chunk)
        if size > size_max:
            raise HttpFailed(f"The file is larger than {size_max} bytes.", permanent=True, is_definite=False)
        yield chunk
        await asyncio.sleep(0)
