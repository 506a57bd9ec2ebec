"""Previews: texts that are still being written, over a past event with its contact, and what is wrong with them."""

from __future__ import annotations

import aiohttp
from tests.api.test_rest_definitions import send

HELLO = "Hi $!data.get('firstName') %LASTNAME|friend%: $!data.get('promocode'), $!data.get('year') $!data.get('crm')"
SMS = {"key": "hello", "medium": "sms", "languages": {"en": {"text": "As kept"}}}
ALICE = {"firstName": "Alice", "lastName": "Liddell", "locators": [{"kind": "email", "value": "alice@example.test"}]}


def written(text: str) -> dict[str, object]:
    """A preview of a text that nobody saved."""
    return {"changes": {"languages": {"en": {"text": text}}}}


async def test_unsaved_texts_are_shown_over_an_event_and_its_contact(http: aiohttp.ClientSession) -> None:
    await send(http, "POST", "/v1/messages", SMS)
    await send(http, "POST", "/v1/contacts", ALICE)
    event = {"eventType": "birthday", "params": {"email": "alice@example.test", "year": 2026}}
    _, taken = await send(http, "POST", "/v1/events", event)
    body = written(HELLO) | {"eventId": taken["id"]}
    status, shown = await send(http, "POST", "/v1/messages/hello/preview", body)
    assert status == 200, shown
    assert shown["texts"] == {"text": f"Hi Alice Liddell: {shown['sampleCode']}, 2026 "}
    assert shown["problems"] == [] and shown["missing"] == ["crm"]
    _, kept = await send(http, "POST", "/v1/messages/hello/preview", {})
    assert kept["texts"] == {"text": "As kept"}


async def test_a_contact_may_be_chosen_and_data_win(http: aiohttp.ClientSession) -> None:
    await send(http, "POST", "/v1/messages", SMS)
    _, alice = await send(http, "POST", "/v1/contacts", ALICE)
    body = written(HELLO) | {"contactId": alice["id"], "data": {"firstName": "Al", "crm": "yes", "year": 1}}
    _, shown = await send(http, "POST", "/v1/messages/hello/preview", body)
    assert shown["texts"]["text"] == f"Hi Al Liddell: {shown['sampleCode']}, 1 yes"
    status, _ = await send(http, "POST", "/v1/messages/hello/preview", {"contactId": 999_999})
    assert status == 422
    status, _ = await send(http, "POST", "/v1/messages/hello/preview", {"eventId": 999_999})
    assert status == 404


async def test_each_problem_is_named_by_its_text_and_place(http: aiohttp.ClientSession) -> None:
    mail = {"key": "hello", "medium": "email", "languages": {"en": {"subject": "Hi", "text": "You"}}}
    await send(http, "POST", "/v1/messages", mail)
    texts = {"subject": "Fine", "html": "one\n#if($x)", "text": "$data.get(0).get(1) $esc.html('<').substring(9)"}
    _, shown = await send(http, "POST", "/v1/messages/hello/preview", {"changes": {"languages": {"en": texts}}})
    assert shown["texts"] == {"subject": "Fine"}
    found = {one["pointer"]: one["detail"] for one in shown["problems"]}
    assert found.keys() == {"/languages/en/html", "/languages/en/text"}
    assert "line 2" in found["/languages/en/html"] and "line 1, column" in found["/languages/en/text"]


async def test_samples_have_the_shape_of_the_pools_codes(http: aiohttp.ClientSession) -> None:
    await send(http, "POST", "/v1/messages", SMS)
    pool = {"key": "spring", "type": "spring", "parameter": "spring", "description": "x"}
    await send(http, "POST", "/v1/pools", pool)
    _, shown = await send(http, "POST", "/v1/messages/hello/preview", written("$!data.get('spring') %PC_spring_1_10%"))
    sample = shown["samples"]["spring"]
    assert "SAMPLE" in sample and shown["texts"]["text"] == f"{sample} {sample}"
    reminder = written("${Recipient.LastReceivedPromoCode.WithTypeSpring.Value}")
    _, shown = await send(http, "POST", "/v1/messages/hello/preview", reminder)
    assert (shown["texts"], shown["problems"]) == ({"text": sample}, [])
    _, shown = await send(
        http, "POST", "/v1/messages/hello/preview", written("$Recipient.LastReceivedPromoCode.WithTypeNone")
    )
    assert "WithTypeNone" in shown["problems"][0]["detail"]
