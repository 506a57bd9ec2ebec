"""A shop over HTTP on real processes that may die at any moment: it asks again until it gets an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from tests.processes import Tearoff

WAIT_SECONDS_MAX = 180.0
BLOCKS = {
    "start": {"kind": "start", "eventType": "birthday", "exits": {"next": "code"}},
    "code": {"kind": "getPromoCode", "type": "birthday", "saveToField": "PROMOCODE", "exits": {"found": "mail"}},
    "mail": {"kind": "message", "message": "hello", "email": "${email}", "exits": {"next": "end"}},
    "end": {"kind": "end"},
}
DEFINITIONS: list[tuple[str, dict[str, Any]]] = [
    ("/v1/fields", {"key": "PROMOCODE", "name": "Promo code"}),
    ("/v1/channels", {"key": "box", "kind": "mailbox", "medium": "email"}),
    (
        "/v1/messages",
        {
            "key": "hello",
            "medium": "email",
            "channel": "box",
            "languages": {"en": {"subject": "Hi", "text": "$!data.get('promocode')", "sender": "s@example.test"}},
        },
    ),
    ("/v1/workflows", {"key": "birthday", "blocks": BLOCKS}),
    ("/v1/workflows/birthday/publish", {}),
]


class Shop:
    """A client that never gives up, and never sends the same thing under two keys."""

    def __init__(self, tearoff: Tearoff, key: str) -> None:
        self.tearoff, self.key = tearoff, key

    async def ask(self, method: str, path: str, **request: Any) -> Any:
        """The answer, however often it has to be asked for."""
        headers = {"Authorization": f"Bearer {self.key}", **request.pop("headers", {})}
        end = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            try:
                async with (
                    aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http,
                    http.request(method, self.tearoff.url + path, headers=headers, **request) as answer,
                ):
                    if answer.status < 500:
                        assert answer.status < 300, (path, answer.status, await answer.text())
                        return await answer.json(content_type=None) if answer.content_length != 0 else None
            except (aiohttp.ClientError, TimeoutError):
                pass
            assert time.monotonic() < end, f"no answer to {method} {path}: {self.tearoff.log()[-2000:]}"
            await asyncio.sleep(0.1)

    async def open(self, codes: int) -> None:
        """Upload codes and set up the workflow."""
        values = [f"CODE-{n:05}" for n in range(codes)]
        body = {"promocodes": values, "type": "birthday", "discount": 10, "expirationDate": "2099-01-01"}
        await self.ask("POST", "/api/v1/promocodes", json=body)
        for path, definition in DEFINITIONS:
            await self.ask("POST", path, json=definition)

    async def event(self, number: int) -> None:
        """Send one event until it is acknowledged, always under its one key."""
        body = {
            "eventTypeKey": "birthday",
            "keyValue": f"p{number}",
            "params": [{"name": "email", "value": f"p{number}@example.test"}],
        }
        await self.ask("POST", "/api/v2/event", json=body, headers={"Idempotency-Key": f"event-{number}"})

    async def mails(self) -> list[dict[str, Any]]:
        """Every message in the development mailbox."""
        items: list[dict[str, Any]] = []
        after = ""
        while after is not None:
            page = await self.ask("GET", f"/v1/mailbox?limit=1000{after and '&after=' + after}")
            items += page["items"]
            after = page["next"]
        return items


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = WAIT_SECONDS_MAX) -> None:
    """Wait for something that must become true."""
    end = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < end, "it did not become true in time"
        await asyncio.sleep(0.2)
