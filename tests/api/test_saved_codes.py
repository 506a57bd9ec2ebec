"""Codes saved to profiles: in full for who may read codes, and noted; masked for all others, who cannot spoil them."""

import pytest
from tests.api.conftest import key_for, signed_in
from tests.api.people import browser_of, person_for
from tests.promises.test_reveals import PROJECT, send

from tearoff.engine import runner, sender

CODE, MASKED = "SUMMER-2099-7K", "SUMM…7K"


@pytest.fixture
async def ann(http, site, project) -> str:
    """The path of a contact whose profile got a code from a workflow, beside a word of its own."""
    await send(http, "POST", "/v1/fields", 201, json={"key": "CODE"})
    await send(http, "POST", "/v1/fields", 201, json={"key": "CITY"})
    await send(http, "POST", "/v1/pools", 201, json={"key": "gift", "type": "gift", "description": "x"})
    await send(http, "POST", "/api/v1/promocodes", 200, json={"promocodes": [CODE], "type": "gift"})
    body = {"externalId": "ann", "locators": [{"kind": "email", "value": "a@x.test"}], "fields": {"CITY": "Kyiv…"}}
    ann = await send(http, "POST", "/v1/contacts", 200, json=body)
    for noun, definition in PROJECT.items():
        if noun == "workflows":
            blocks = definition["blocks"]
            code = {**blocks["code"], "saveToField": "CODE", "exits": {"found": "mail"}}
            who = {"kind": "getContact", "email": "${email}", "exits": {"next": "code"}}
            start = {**blocks["start"], "exits": {"next": "who"}}
            definition = {**definition, "blocks": {**blocks, "start": start, "who": who, "code": code}}
        path = "/v1/event-types/signup" if noun == "event-types" else f"/v1/{noun}"
        method, status = ("PUT", 200) if noun == "event-types" else ("POST", 201)
        await send(http, method, path, status, json=definition)
    await send(http, "POST", "/v1/workflows/greet/publish", 200, json={})
    event = {"eventType": "signup", "keyValue": "a@x.test", "params": {"email": "a@x.test"}}
    await send(http, "POST", "/v1/events", 201, json=event)
    for actor in (runner, sender):
        await actor.turn(site.engine, project, site.clock.now())
    return f"/v1/contacts/{ann['id']}"


async def noted(http) -> list[str]:
    lines = (await send(http, "GET", "/v1/audit", 200, params={"action": "reveal"}))["items"]
    return [line["subject"] for line in lines]


async def test_who_may_read_codes_sees_them_and_that_is_noted(http, ann):
    assert sorted((await send(http, "GET", ann, 200))["fields"].values()) == ["Kyiv…", CODE]
    assert await noted(http) == [f"contact {ann.rpartition('/')[2]}"]
    assert CODE in str(await send(http, "GET", "/v1/contacts", 200))
    assert CODE in str(await send(http, "GET", "/v1/contacts", 200, params={"q": "a@x"}))
    assert CODE in str(await send(http, "GET", "/api/v1/contacts", 200))
    assert CODE in str(await send(http, "GET", f"/api/v1/contact/{ann.rpartition('/')[2]}", 200))
    assert len(await noted(http)) == 5


@pytest.mark.parametrize("scope", ["events+contacts", "read-only"])
async def test_a_key_without_that_right_gets_masks(http, base_url, db, project, ann, scope):
    async with signed_in(base_url, await key_for(db, project, scope)) as other:
        number = ann.rpartition("/")[2]
        for path in (ann, "/v1/contacts", "/v1/contacts?q=a@x", "/api/v1/contacts", f"/api/v1/contact/{number}"):
            text = str(await send(other, "GET", path, 200))
            assert (CODE in text, MASKED in text, "Kyiv" in text) == (False, True, True), path
    assert await noted(http) == []


async def test_a_person_without_it_changes_a_contact_and_the_code_stays(http, base_url, db, project, ann):
    async with browser_of(base_url) as browser:
        await browser.sign_in(await person_for(db, project, "editor"))
        seen = await (await browser.get(ann)).json()
        assert sorted(seen["fields"].values()) == ["Kyiv…", MASKED]
        answer = await browser.request("PATCH", ann, json={"firstName": "Ann", "fields": seen["fields"]})
        assert (answer.status, MASKED in await answer.text()) == (200, True)
    kept = await send(http, "GET", ann, 200)
    assert (kept["firstName"], sorted(kept["fields"].values())) == ("Ann", ["Kyiv…", CODE])


async def test_a_synchronisation_that_sends_masks_back_leaves_the_codes(http, base_url, db, project, ann):
    async with signed_in(base_url, await key_for(db, project, "events+contacts")) as other:
        everyone = await send(other, "GET", "/api/v1/contacts", 200)
        assert MASKED in str(everyone)
        [city] = [each for each in everyone[0]["fields"] if each["value"] != MASKED]
        renamed = [everyone[0] | {"firstName": "Ann"}, {"channels": [{"type": "sms", "value": "380501112233"}]}]
        answer = await send(other, "POST", "/api/v1/contacts", 200, json={"contacts": renamed, "dedupeOn": "email"})
        assert answer["failedContacts"] == []
    kept = await send(http, "GET", ann, 200)
    assert (kept["firstName"], sorted(kept["fields"].values())) == ("Ann", [city["value"], CODE])


READ = "Yours: %PERSONAL.CODE% $!data.get('fields') of %PERSONAL.CITY%"


async def test_a_preview_a_test_send_and_a_test_launch_read_masks(http, ann):
    """They show samples where codes will be, so whoever looks there sees no code of anybody."""
    texts = {"languages": {"en": {"subject": "Hi", "text": READ}}}
    contact = int(ann.rpartition("/")[2])
    seen = await send(http, "POST", "/v1/messages/hello/preview", 200, json={"contactId": contact, "changes": texts})
    assert seen["problems"] == []
    sent = {"to": "me@x.test", "contactId": contact, "changes": texts}
    looks = [seen, await send(http, "POST", "/v1/messages/hello/test-send", 200, json=sent)]
    await send(http, "PATCH", "/v1/messages/hello", 200, json=texts)
    walked = {"event": {"params": {"email": "a@x.test"}}, "mode": "expiring"}
    looks.append(await send(http, "POST", "/v1/workflows/greet/test-runs", 200, json=walked))
    looks.append(await send(http, "POST", "/v1/workflows/greet/dry-run", 200, json={"mode": "expiring"}))
    for look in looks[:3]:
        assert MASKED in str(look), look
    for look in looks:
        assert CODE not in str(look), look


async def test_a_field_that_is_gone_shows_no_code_either(http, base_url, db, project, ann):
    async with http.delete("/v1/fields/CODE") as answer:
        assert answer.status == 204
    async with signed_in(base_url, await key_for(db, project, "read-only")) as other:
        text = str(await send(other, "GET", ann, 200))
        assert (CODE in text, MASKED in text) == (False, True)
