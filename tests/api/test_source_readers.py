"""Where a data source is used: whatever reads its name, and nothing that only mentions it."""

from __future__ import annotations

import aiohttp
from tests.api.test_rest_definitions import send

CRM = {"key": "crm", "name": "crm", "url": "https://crm.example.test/"}


def sms(key: str, text: str) -> dict[str, object]:
    """A message of one text."""
    return {"key": key, "name": key.title(), "medium": "sms", "languages": {"en": {"text": text}}}


async def test_what_reads_a_source_is_named(http: aiohttp.ClientSession) -> None:
    await send(http, "POST", "/v1/sources", CRM)
    await send(http, "POST", "/v1/messages", sms("reads", "$!data.get('crm').shop"))
    await send(http, "POST", "/v1/messages", sms("short", "$!{data.crm}"))
    await send(http, "POST", "/v1/messages", sms("mentions", "Our crm is new: $data.get('crm2') $crm_x"))
    await send(http, "POST", "/v1/snippets", {"key": "foot", "text": '$data.get("crm")'})
    await send(http, "POST", "/v1/sources", {"key": "other", "url": "https://x.example.test/?id=$data.get('crm').id"})
    status, found = await send(http, "GET", "/v1/sources/crm/readers", None)
    assert status == 200, found
    assert [(one["noun"], one["key"], one["name"]) for one in found["items"]] == [
        ("message", "reads", "Reads"),
        ("message", "short", "Short"),
        ("snippet", "foot", "foot"),
        ("source", "other", "other"),
    ]
