"""A message's code goes to the recipient's profile and to the shop's own server, by HTTP request sources."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.acceptance.receivers import CRM_TOKEN
from tests.acceptance.shop import Shop, until

SOURCE = "your data source name"
GET_CONTACT = {"kind": "getContact", "contactId": "${contactId}"}
PUSH = {"kind": "message", "token": "${token}"}
WRITE_BACK = """{
  "channels": [{"type": "mobilepush", "value": "$data.get('token')"}],
  "fields": [{"id": "%s", "value": "$data.get('promocode')"}]
}"""
TO_OUR_SERVER = """{"customer": "$data.get('externalCustomerId')", "code": "$!data.get('promocode')"}"""


@pytest.fixture(scope="module")
async def field(shop: Shop) -> int:
    """The id of the additional field for promo codes."""
    return int((await shop.define("fields", key="PROMOCODE", name="Promo code"))["id"])


@pytest.fixture(scope="module")
async def crm(shop: Shop) -> dict[str, Any]:
    """The shop's own server as a source, without its name and policy."""
    settings = {"key": "crm", "kind": "bearer", "settings": {}, "secrets": {"token": CRM_TOKEN}}
    await shop.define("connectors", **settings)
    url = f"{shop.receivers.own.url}/codes"
    return {"connector": "crm", "method": "POST", "url": url, "body": TO_OUR_SERVER, "retries": 0}


def get_code(type: str, **more: Any) -> dict[str, Any]:
    """The block *Get promo code* with the guide's three parameters."""
    return {"kind": "getPromoCode", "days": 10, "type": type, "discount": 15, **more}


async def add_codes(shop: Shop, type: str, *codes: str) -> None:
    """Upload codes in the format of the guide."""
    day = shop.today + timedelta(days=30)
    rows = [f"{code},{day}T23:59,15,{type},false" for code in codes]
    await shop.upload("\n".join(["code,expirationDate,discount,type,inUse", *rows]))


async def add_customer(shop: Shop, name: str) -> int:
    """A contact with a device; gives its id."""
    return await shop.contact(
        externalCustomerId=name, firstName=name, channels=[{"type": "mobilepush", "value": f"device-of-{name}"}]
    )


async def push_text(shop: Shop, name: str) -> str:
    """The one push that a customer gets."""
    [push] = await until(lambda: shop.receivers.pushes(f"device-of-{name}"))
    return str(push["notification"]["body"])


def told(shop: Shop, name: str) -> list[str]:
    """The codes that the shop's own server heard of for a customer."""
    bodies = [json.loads(seen.body) for seen in shop.receivers.own.seen]
    return [body["code"] for body in bodies if body["customer"] == name]


async def run_push(shop: Shop, key: str, text: str, contact_id: int, **params: Any) -> None:
    """Make the five blocks of the guide around a text, and start them for one contact."""
    await shop.message(key, "mobilepush", title="For you", text=text)
    await shop.workflow(key, contact=GET_CONTACT, code=get_code(key), push={**PUSH, "message": key})
    await shop.event(key, contactId=contact_id, **params)


async def test_the_code_of_a_push_stands_in_the_profile_that_its_token_finds(shop: Shop, field: int) -> None:
    await add_codes(shop, "welcome", "WELCOME-1", "WELCOME-2")
    secret = {"settings": {"username": "any"}, "secrets": {"password": shop.key}}
    await shop.define("connectors", key="our-api", kind="basic", **secret)
    body = WRITE_BACK % field
    call = {"method": "POST", "url": f"{shop.url}/api/v1/contact", "body": body, "connector": "our-api"}
    await shop.define("sources", key="profile", name=SOURCE, **call)
    text = f"#set($url=$!data.get('{SOURCE}'))Your code: $!data.get('promocode')"
    ann, ben = await add_customer(shop, "ann"), await add_customer(shop, "ben")
    contacts = await shop.count_contacts()

    await run_push(shop, "welcome", text, ann)
    assert await push_text(shop, "ann") == "Your code: WELCOME-1"
    assert await shop.profile(ann) == {field: "WELCOME-1"}
    await shop.event("welcome", contactId=ben)
    assert await push_text(shop, "ben") == "Your code: WELCOME-2"
    assert await shop.profile(ben) == {field: "WELCOME-2"}
    assert await shop.count_contacts() == contacts
    assert await shop.codes(type="welcome") == {"WELCOME-1": True, "WELCOME-2": True}


async def test_the_shops_own_server_hears_of_the_code_once_a_run(shop: Shop, crm: dict[str, Any]) -> None:
    await add_codes(shop, "once", "OWN-1")
    await shop.define("sources", key="once", name="once", **crm)
    twice = "#set($a=$!data.get('once'))#set($b=$!data.get('once'))"
    name = "$!data.get('once').get('shop').get('name'), $b.shop.opens.get(1)"
    await run_push(shop, "once", f"{twice}$!data.get('promocode') of {name}", await add_customer(shop, "cleo"))
    assert await push_text(shop, "cleo") == "OWN-1 of Corner Shop, 10:00"
    assert told(shop, "cleo") == ["OWN-1"]


async def test_a_source_in_a_branch_that_is_not_taken_is_not_called(shop: Shop, crm: dict[str, Any]) -> None:
    await add_codes(shop, "branch", "BRANCH-1", "BRANCH-2")
    await shop.define("sources", key="branch", name="branch", **crm)
    text = "#if($data.get('level') == 'gold')#set($url=$!data.get('branch'))#end$!data.get('promocode')"
    await run_push(shop, "branch", text, await add_customer(shop, "dan"), level="silver")
    assert await push_text(shop, "dan") == "BRANCH-1"
    await shop.event("branch", contactId=await add_customer(shop, "eve"), level="gold")
    assert await push_text(shop, "eve") == "BRANCH-2"
    assert told(shop, "dan") == [] and told(shop, "eve") == ["BRANCH-2"]


async def test_a_source_that_fails_stops_its_message_or_reads_as_nothing(shop: Shop, crm: dict[str, Any]) -> None:
    await add_codes(shop, "needed", "NEEDED")
    await add_codes(shop, "optional", "OPTIONAL")
    await shop.define("sources", key="needed", name="needed", **crm, onFailure="fail")
    await shop.define("sources", key="optional", name="optional", **crm, onFailure="null")
    fay, gil = await add_customer(shop, "fay"), await add_customer(shop, "gil")
    shop.receivers.failing = 400
    try:
        await run_push(shop, "needed", "#set($url=$!data.get('needed'))$!data.get('promocode')", fay)
        await until(lambda: told(shop, "fay"))
        text = "$!data.get('promocode')#set($url=$!data.get('optional')) of $!url.get('shop')."
        await run_push(shop, "optional", text, gil)
        assert await push_text(shop, "gil") == "OPTIONAL of ."
    finally:
        shop.receivers.failing = 0
    assert shop.receivers.pushes("device-of-fay") == []
    assert (told(shop, "fay"), told(shop, "gil")) == (["NEEDED"], ["OPTIONAL"])
    story = await shop.get("/v1/codes/NEEDED")
    assert (story["state"], story["claims"][0]["reason"]) == ("issued", "message-failed")


async def test_the_block_writes_the_code_to_the_profile_without_a_source(shop: Shop, field: int) -> None:
    await add_codes(shop, "saved", "SAVED-1")
    await shop.message("saved", "mobilepush", title="For you", text="$!data.get('promocode')")
    code = get_code("saved", saveToField="PROMOCODE")
    await shop.workflow("saved", contact=GET_CONTACT, code=code, push={**PUSH, "message": "saved"})
    contact_id = await add_customer(shop, "hal")
    await shop.event("saved", contactId=contact_id)
    assert await push_text(shop, "hal") == "SAVED-1"
    assert await until(lambda: shop.profile(contact_id)) == {field: "SAVED-1"}
