"""A pool is made, filled from a file and from a text box, launched, and its codes go out under its parameter's name."""

from typing import Any

import aiohttp
from tests.acceptance.shop import Answer, Shop, until

FILE = "Code\nSUMMER-1\nSUMMER-2\n\nSUMMER-2\n{long}\nSUMMER-3,surplus\n"
MAIL = {"kind": "message", "email": "${EmailAddress}"}


async def draft(shop: Shop, key: str, **more: Any) -> Any:
    """A pool that is not launched yet."""
    return await shop.define("pools", key=key, state="draft", **more)


async def stock(shop: Shop, key: str) -> tuple[int, int]:
    """How many codes of a pool are free, and how many are issued."""
    counts = await shop.get(f"/v1/pools/{key}/stock")
    return counts["free"], counts["issued"]


async def send_file(shop: Shop, text: str, **query: str) -> Answer:
    """Upload a file as a browser's form does."""
    form = aiohttp.FormData()
    form.add_field("file", text.encode(), filename="codes.csv", content_type="text/csv")
    return await shop.ask("POST", "/api/v1/promocodes", data=form, params=query)


async def test_a_pool_is_described_filled_launched_and_handed_out(shop: Shop) -> None:
    pool = await draft(shop, "summer-2026", name="Summer", parameter="summerCode")
    refused = (await shop.ask("POST", "/v1/pools/summer-2026/launch", 422)).json
    assert [error["pointer"] for error in refused["errors"]] == ["/description"]
    await shop.ask("PATCH", f"/v1/pools/{pool['id']}", json={"description": "For those who wait for the summer"})

    answer = await send_file(shop, FILE.format(long="X" * 501), type="summer-2026")
    rejects = (await shop.ask("GET", answer.links["describedby"])).text.splitlines()
    assert rejects[0] == "line,value,reason"
    assert [line.split(",")[0] for line in rejects[1:]] == ["5", "6", "7"]
    assert "501 characters" in rejects[2] and "2 values for 1 columns" in rejects[3]
    report = (await shop.ask("GET", answer.links["describedby"].replace("rejects.csv", "report"))).json
    assert {name: report[name] for name in ("rows", "rejected")} == {"rows": 5, "rejected": 3}
    await shop.upload("SUMMER-4\nSUMMER-5", media="text/plain", type="summer-2026")
    assert await stock(shop, "summer-2026") == (4, 0)

    await shop.ask("POST", "/v1/pools/summer-2026/launch")
    await shop.message("summer", "email", subject="Summer", text="$data.get('summerCode') $data.get('promocode')")
    code = {"kind": "getPromoCode", "type": "summer-2026"}
    await shop.workflow("summer", code=code, mail={**MAIL, "message": "summer"})
    for n in (1, 2):
        await shop.event("summer", EmailAddress=f"ann-{n}@example.test")
        assert await until(lambda n=n: shop.receivers.mails(f"ann-{n}@example.test")) == [f"SUMMER-{n} SUMMER-{n}"]

    async def is_settled() -> bool:
        """A mail is with its reader a moment before its code is booked as issued."""
        return await stock(shop, "summer-2026") == (2, 2)

    assert await until(is_settled)


async def test_a_draft_hands_out_nothing_and_says_so(shop: Shop) -> None:
    await draft(shop, "winter", description="Not yet")
    await shop.upload("WINTER-1", type="winter")
    assert (await shop.get("/v1/pools/winter"))["state"] == "draft"
    refused = await shop.post("/v1/claims", {"key": "order-1", "pool": "winter"}, 409)
    assert "winter" in refused["detail"]

    await shop.message("winter", "email", subject="Winter", text="$!data.get('promocode')")
    await shop.message("sorry", "email", subject="Winter", text="Not yet")
    blocks = {
        "start": {"kind": "start", "eventType": "winter", "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": "winter", "exits": {"found": "mail", "empty": "sorry"}},
        "mail": {**MAIL, "message": "winter", "exits": {"next": "end"}},
        "sorry": {**MAIL, "message": "sorry", "exits": {"next": "end"}},
        "end": {"kind": "end"},
    }
    await shop.define("workflows", key="winter", blocks=blocks)
    await shop.ask("POST", "/v1/workflows/winter/publish")
    await shop.event("winter", EmailAddress="ben@example.test")
    assert await until(lambda: shop.receivers.mails("ben@example.test")) == ["Not yet"]
    await shop.ask("POST", "/v1/pools/winter/launch")
    await shop.event("winter", EmailAddress="cleo@example.test")
    assert await until(lambda: shop.receivers.mails("cleo@example.test")) == ["WINTER-1"]


async def test_a_message_that_misspells_the_parameter_is_not_sent_with_a_hole(shop: Shop) -> None:
    await shop.define("pools", key="autumn", description="Autumn", parameter="autumnCode")
    await shop.upload("AUTUMN-1", type="autumn")
    await shop.message("autumn", "email", subject="Autumn", text="Your code: $!data.get('autumCode')")
    await shop.message("right", "email", subject="Autumn", text="Your code: $!data.get('autumnCode')")
    code = {"kind": "getPromoCode", "type": "autumn"}
    await shop.workflow("autumn", code=code, mail={**MAIL, "message": "autumn"})
    await shop.workflow("right", code=code, mail={**MAIL, "message": "right"})
    await shop.event("autumn", EmailAddress="dan@example.test")
    await shop.event("right", EmailAddress="eve@example.test")
    assert await until(lambda: shop.receivers.mails("eve@example.test")) == ["Your code: AUTUMN-1"]
    assert shop.receivers.mails("dan@example.test") == []
