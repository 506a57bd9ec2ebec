"""Requests over kept connections, written as bytes: a client that costs little beside the server it measures."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import deque
from collections.abc import Iterable
from urllib.parse import urlsplit

IN_FLIGHT = 64


class Poster:
    """Posts to one server with one key."""

    def __init__(self, url: str, key: str) -> None:
        self._at = urlsplit(url)
        self._key = base64.b64encode(f"bench:{key}".encode()).decode()

    def request(self, path: str, body: object) -> bytes:
        """A POST of JSON."""
        raw = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._at.netloc}\r\nAuthorization: Basic {self._key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        return head.encode() + raw

    async def post_all(self, requests: Iterable[bytes], *, in_flight: int = IN_FLIGHT) -> None:
        """Post everything, so many at a time; raises RuntimeError for an answer that is not 200."""
        waiting = deque(requests)
        await asyncio.gather(*(self._post(waiting) for _ in range(min(in_flight, len(waiting)))))

    async def _post(self, waiting: deque[bytes]) -> None:
        reader, writer = await asyncio.open_connection(self._at.hostname, self._at.port)
        while waiting:
            writer.write(waiting.popleft())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            body = await reader.readexactly(length)
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{head.decode()}{body.decode()}")
        writer.close()
