"""Promo codes are uploaded by API, and a workflow gives each recipient the next one: by email, SMS and push."""

from datetime import UTC, datetime
from typing import Any

from tests.acceptance.shop import Shop, until

YEAR = datetime.now(UTC).year + 1
DATE_FORMS = (f"{YEAR}-12-31T23:59", f"{YEAR}-12-31T23:59:59", f"{YEAR}-12-31", f"{YEAR}.12.31")


def get_code(type: str) -> dict[str, Any]:
    """The block *Get promo code* with its three parameters."""
    return {"kind": "getPromoCode", "days": 1, "type": type, "discount": 10}


def listed(type: str, *codes: str, in_use: bool = False) -> dict[str, Any]:
    """An upload as JSON."""
    return {
        "promocodes": list(codes),
        "expirationDate": DATE_FORMS[0],
        "discount": 10,
        "type": type,
        "inUse": in_use,
    }


async def test_each_recipient_gets_one_code_by_email_sms_or_push(shop: Shop) -> None:
    rows = [f"CSV-{n},{date},10,birthday,false" for n, date in enumerate(DATE_FORMS)]
    await shop.upload("\n".join(["code,expirationDate,discount,type,inUse", *rows]))
    upload = listed("birthday", "JSON-1", "JSON-2")
    assert await shop.post("/api/v1/promocodes", upload) == upload
    free = {"CSV-0", "CSV-1", "CSV-2", "CSV-3", "JSON-1", "JSON-2"}
    assert await shop.codes(type="birthday") == dict.fromkeys(free, False)
    shown = await shop.get("/api/v1/promocodes", type="birthday")
    assert {code["expirationDate"] for code in shown} == {DATE_FORMS[0]}

    await shop.message("mail", "email", subject="For you", text="Your code: $!data.get('promocode')")
    await shop.message("sms", "sms", text="Your code: $!data.get('promocode')")
    await shop.message("push", "mobilepush", title="For you", text="Your code: $!data.get('promocode')")
    code = get_code("birthday")
    await shop.workflow("by-mail", code=code, send={"kind": "message", "message": "mail", "email": "${EmailAddress}"})
    await shop.workflow("by-sms", code=code, send={"kind": "message", "message": "sms", "phone": "${phone}"})
    await shop.workflow("by-push", code=code, send={"kind": "message", "message": "push", "token": "${pushToken}"})

    got = shop.receivers
    sent: list[str] = []
    for n in (1, 2):
        await shop.event("by-mail", EmailAddress=f"ann-{n}@example.test")
        await shop.event("by-sms", phone=f"+38050000000{n}")
        await shop.event("by-push", pushToken=f"device-{n}")
        sent += await until(lambda n=n: got.mails(f"ann-{n}@example.test"))
        sent += await until(lambda n=n: got.texts(f"38050000000{n}"))
        sent += [push["notification"]["body"] for push in await until(lambda n=n: got.pushes(f"device-{n}"))]
    assert sorted(sent) == sorted(f"Your code: {code}" for code in free)
    assert await shop.codes(type="birthday") == dict.fromkeys(free, True)


async def test_a_code_that_is_marked_as_in_use_is_not_handed_out(shop: Shop) -> None:
    await shop.post("/api/v1/promocodes", listed("christmas", "GONE-1", "GONE-2", "KEPT"))
    await shop.post("/api/v1/promocodes", listed("christmas", "GONE-1", "GONE-2", in_use=True))
    await shop.message("urgent", "email", subject="For you", text="$!data.get('promocode')")
    send = {"kind": "message", "message": "urgent", "email": "${EmailAddress}"}
    await shop.workflow("urgent", code=get_code("christmas"), send=send)
    assert await shop.get("/api/v1/promocodes/count", type="christmas") == 1

    await shop.event("urgent", EmailAddress="cleo@example.test")
    assert await until(lambda: shop.receivers.mails("cleo@example.test")) == ["KEPT"]
    await shop.event("urgent", EmailAddress="dan@example.test")
    await shop.post("/api/v1/promocodes", listed("christmas", "GONE-2"))
    assert await until(lambda: shop.receivers.mails("dan@example.test")) == ["GONE-2"]


async def test_runs_without_a_code_wait_in_their_order_until_codes_are_uploaded(shop: Shop) -> None:
    await shop.message("waiting", "email", subject="For you", text="$!data.get('promocode')")
    await shop.message("plain", "email", subject="Hello", text="Hello")
    send = {"kind": "message", "message": "waiting", "email": "${EmailAddress}"}
    await shop.upload("DRY-1", type="dry", discount=10)
    await shop.workflow("waiting", code=get_code("dry"), send=send)
    await shop.workflow("plain", send={**send, "message": "plain"})
    first, second, third = (f"{name}@example.test" for name in ("eve", "fay", "gil"))
    for address in (first, second, third):
        await shop.event("waiting", EmailAddress=address)
    await shop.event("plain", EmailAddress="hal@example.test")
    assert await until(lambda: shop.receivers.mails("hal@example.test")) == ["Hello"]
    assert await until(lambda: shop.receivers.mails(first)) == ["DRY-1"]
    assert shop.receivers.mails(second) == shop.receivers.mails(third) == []

    await shop.upload("DRY-2", type="dry", discount=10)
    assert await until(lambda: shop.receivers.mails(second)) == ["DRY-2"]
    assert shop.receivers.mails(third) == []
    await shop.upload("DRY-3", type="dry", discount=10)
    assert await until(lambda: shop.receivers.mails(third)) == ["DRY-3"]


async def test_an_event_that_is_repeated_under_its_key_takes_one_code(shop: Shop) -> None:
    await shop.message("once", "email", subject="For you", text="$!data.get('promocode')")
    await shop.upload("ONCE-1\nONCE-2", type="once", discount=10)
    send = {"kind": "message", "message": "once", "email": "${EmailAddress}"}
    await shop.workflow("once", code=get_code("once"), send=send)
    for _ in range(3):
        await shop.event("once", EmailAddress="ida@example.test", headers={"Idempotency-Key": "order-17"})
    await shop.event("once", EmailAddress="joe@example.test", headers={"Idempotency-Key": "order-18"})
    assert await until(lambda: shop.receivers.mails("joe@example.test")) == ["ONCE-2"]
    assert shop.receivers.mails("ida@example.test") == ["ONCE-1"]


async def test_the_curly_quotes_of_the_guide_are_named_with_their_correction(shop: Shop) -> None:
    texts = {"en": {"subject": "For you", "text": "Your code:\n$!data.get(‘promocode’)"}}
    refused = await shop.post("/v1/messages", {"key": "curly", "medium": "email", "languages": texts}, 422)
    [error] = refused["errors"]
    assert error["pointer"] == "/languages/en/text"
    assert "$!data.get('promocode')" in error["detail"] and "line 2" in error["detail"]

    blocks = {
        "start": {"kind": "start", "eventType": "curly", "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": "‘birthday’", "exits": {"found": "end"}},
        "end": {"kind": "end"},
    }
    await shop.define("workflows", key="curly", blocks=blocks)
    refused = (await shop.ask("POST", "/v1/workflows/curly/publish", 422)).json
    [error] = refused["errors"]
    assert error["pointer"] == "/blocks/code/type" and "write birthday" in error["detail"]
