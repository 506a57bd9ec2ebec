"""A shop brings codes of its own: one in each event, or one for each recipient of a prepared message."""

import asyncio
import json
from typing import Any

from tests.acceptance.shop import Shop, until

RECIPIENTS_MAX = 1000
MAIL = {"kind": "message", "email": "${EmailAddress}"}


async def smartsend(shop: Shop, message_id: int, recipients: list[dict[str, Any]], status: int = 200) -> Any:
    """Send a prepared message, as the vendor's clients do."""
    body = {"recipients": recipients, "email": True}
    answer = await shop.ask("POST", f"/api/v1/message/{message_id}/smartsend", status, json=body)
    return answer.json if status == 200 else answer.text


def recipient(address: str, code: str) -> dict[str, str]:
    """A recipient with data for the message: JSON inside a string."""
    return {"locator": address, "jsonParam": json.dumps({"code": code})}


async def delivered(shop: Shop, request_ids: list[str]) -> None:
    """Until the status of every request says so."""
    statuses: set[str] = set()
    for _ in range(1800):
        found = (await shop.get("/api/v1/message/status", ids=",".join(request_ids)))["results"]
        statuses = {one["status"] for one in (found if isinstance(found, list) else [found])}
        if statuses == {"DELIVERED"}:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(statuses)


async def test_an_event_of_each_version_brings_the_code_that_its_recipient_gets(shop: Shop) -> None:
    await shop.message("brought", "email", subject="$!data.get('code')", text="Your code: $!data.get('code')")
    await shop.workflow("brought", send={**MAIL, "message": "brought"})
    for version in ("v1", "v2", "v3"):
        address = f"ann-{version}@example.test"
        await shop.event("brought", version, EmailAddress=address, code=f"ABC-{version}")
        assert await until(lambda a=address: shop.receivers.mails(a)) == [f"Your code: ABC-{version}"]
    assert await shop.get("/api/v1/promocodes") == []


async def test_the_newer_guide_writes_the_variable_without_data(shop: Shop) -> None:
    await shop.message("short", "email", subject="For you", text="Your code: $!code")
    await shop.workflow("short", send={**MAIL, "message": "short"})
    await shop.event("short", "v3", EmailAddress="ben@example.test", code="ABC-123")
    assert await until(lambda: shop.receivers.mails("ben@example.test")) == ["Your code: ABC-123"]


async def test_an_event_that_forgot_its_code_sends_no_mail_with_a_hole(shop: Shop) -> None:
    for style, text in (("data", "Your code: $!data.get('code')"), ("bare", "Your code: $!code")):
        await shop.message(f"forgot-{style}", "email", subject="For you", text=text)
        await shop.workflow(f"forgot-{style}", send={**MAIL, "message": f"forgot-{style}"})
        await shop.event(f"forgot-{style}", EmailAddress="cleo@example.test")
        await shop.event(f"forgot-{style}", EmailAddress=f"dan-{style}@example.test", code="ABC-124")
        await until(lambda s=style: shop.receivers.mails(f"dan-{s}@example.test"))
    assert shop.receivers.mails("cleo@example.test") == []


async def test_a_prepared_message_takes_a_code_for_each_recipient(shop: Shop) -> None:
    made = await shop.message("prepared", "email", subject="For you", text="Your code: $!data.get('code')")
    one = await smartsend(shop, made["id"], [recipient("mail@example.test", "ABC-123")])
    assert one["results"]["status"] == "OK" and one["results"]["locator"] == "mail@example.test"
    people = [f"eve-{n}@example.test" for n in range(3)]
    sent = [recipient(address, f"EVE-{n}") for n, address in enumerate(people)]
    answer = await smartsend(shop, made["id"], [*sent, recipient("nobody", "LOST")])
    assert [result["status"] for result in answer["results"]] == ["OK", "OK", "OK", "ERROR"]
    assert answer["results"][3]["message"] == "'nobody' is not valid email"

    await delivered(shop, [one["results"]["requestId"], *(r["requestId"] for r in answer["results"][:3])])
    assert shop.receivers.mails("mail@example.test") == ["Your code: ABC-123"]
    assert [shop.receivers.mails(address) for address in people] == [[f"Your code: EVE-{n}"] for n in range(3)]


async def test_a_thousand_recipients_fit_into_one_request_and_no_more(shop: Shop) -> None:
    made = await shop.message("thousand", "email", subject="For you", text="$!data.get('code')")
    people = [recipient(f"guest-{n}@example.test", f"GUEST-{n}") for n in range(RECIPIENTS_MAX + 1)]
    refused = await smartsend(shop, made["id"], people, status=400)
    assert refused == "recipients must be a list of 1 to 1000, not 1001."
    answer = await smartsend(shop, made["id"], people[:-1])
    await delivered(shop, [result["requestId"] for result in answer["results"]])
    got = {mail["To"]: mail.get_content().strip() for mail in shop.receivers.smtp.mails if "guest-" in mail["To"]}
    assert got == {f"guest-{n}@example.test": f"GUEST-{n}" for n in range(RECIPIENTS_MAX)}
