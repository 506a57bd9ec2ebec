"""A shop that uses a running installation as its documentation says: over HTTP, with an API key and nothing else."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from tests.acceptance.receivers import Receivers

PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.02
EVENT_URLS = {"v1": "/api/v1/event", "v2": "/api/v2/event", "v3": "/api/v3/event"}


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    links: dict[str, str]
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


class Shop:
    """One project of an installation, and the servers that receive what it sends."""

    def __init__(self, url: str, key: str, zone: ZoneInfo, receivers: Receivers) -> None:
        self.url, self.key, self.zone, self.receivers = url, key, zone, receivers
        basic = aiohttp.encode_basic_auth("anybody", key)
        self.http = aiohttp.ClientSession(url, headers={"Authorization": basic})

    @property
    def today(self) -> date:
        """The day in the shop's own zone."""
        return datetime.now(self.zone).date()

    async def ask(self, method: str, path: str, status: int = 200, **request: Any) -> Answer:
        """The answer to one request, which must have this status."""
        async with self.http.request(method, path, **request) as got:
            links = {name: str(link["url"].relative()) for name, link in got.links.items()}
            answer = Answer(got.status, await got.text(), links, got.headers)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.text}"
        return answer

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON under a path."""
        return (await self.ask("GET", path, params=query)).json

    async def post(self, path: str, body: Any, status: int = 200) -> Any:
        """The JSON that answers a JSON body."""
        return (await self.ask("POST", path, status, json=body)).json

    async def upload(self, text: str, status: int = 200, media: str = "text/csv", **query: Any) -> Answer:
        """Send a file of promo codes; the query says what holds for all of them."""
        headers = {"Content-Type": media}
        return await self.ask("POST", "/api/v1/promocodes", status, data=text.encode(), headers=headers, params=query)

    async def define(self, noun: str, **definition: Any) -> Any:
        """Make a message, a pool, a source and so on."""
        return await self.post(f"/v1/{noun}", definition, 201)

    async def message(self, key: str, medium: str, **texts: Any) -> Any:
        """Make a prepared message in one language."""
        return await self.define("messages", key=key, medium=medium, languages={"en": texts})

    async def workflow(self, key: str, **blocks: dict[str, Any]) -> None:
        """Make a workflow that an event of the same name starts, and activate it.

        Each block goes on to the next one; `exits` of its own go before that.
        """
        names = ["start", *blocks, "end"]
        whole = {"start": {"kind": "start", "eventType": key}, **blocks}
        for name, after in pairwise(names):
            onward = {"found" if whole[name]["kind"] == "getPromoCode" else "next": after}
            whole[name] = {**whole[name], "exits": onward | whole[name].get("exits", {})}
        await self.define("workflows", key=key, blocks={**whole, "end": {"kind": "end"}})
        await self.ask("POST", f"/v1/workflows/{key}/publish")

    async def event(
        self, type: str, /, version: str = "v2", headers: dict[str, str] | None = None, **params: Any
    ) -> None:
        """Send an event as a client does; the answer is an empty 200."""
        given: Any = params if version == "v3" else [{"name": n, "value": v} for n, v in params.items()]
        body = {"eventTypeKey": type, "params": given}
        answer = await self.ask("POST", EVENT_URLS[version], json=body, headers=headers)
        assert answer.text == ""

    async def codes(self, **query: Any) -> dict[str, bool]:
        """Whether each code is in use."""
        return {code["code"]: code["inUse"] for code in await self.get("/api/v1/promocodes", **query)}

    async def contact(self, **body: Any) -> int:
        """Write a contact; gives its id."""
        return int((await self.post("/api/v1/contact", body))["id"])

    async def profile(self, contact_id: int) -> dict[int, str]:
        """The additional fields of a contact."""
        contact = await self.get(f"/api/v1/contact/{contact_id}")
        return {field["id"]: field["value"] for field in contact["fields"]}

    async def count_contacts(self) -> int:
        """How many contacts the project has."""
        return int((await self.ask("GET", "/api/v1/contacts", params={"maxrows": 1})).headers["TotalCount"])


async def until(find: Callable[[], Any]) -> Any:
    """What `find` gives, itself or when awaited, as soon as it gives something."""
    found: Any = None
    for _ in range(int(PATIENCE_SECONDS / PAUSE_SECONDS)):
        found = find()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError(f"nothing came within {PATIENCE_SECONDS} s")
