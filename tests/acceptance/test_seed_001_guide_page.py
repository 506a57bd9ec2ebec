"""The guide's own page, line by line: what describes a code, what selects one, and whom the workflow sends it to."""

from datetime import date, timedelta
from typing import Any

from tests.acceptance.shop import Shop, until

HEADER = "code,expirationDate,discount,type,inUse"
DAYS = 10
GET_CODE = {"kind": "getPromoCode", "days": "${days}", "type": "${type}", "discount": "${discount}"}
MAIL = {"kind": "message", "contactId": "${contactId}"}


def row(code: str, day: date, discount: int | str, type: str, *, minute: str = "23:59", in_use: str = "false") -> str:
    """A row with the characteristics of the guide."""
    return f"{code},{day}T{minute},{discount},{type},{in_use}"


async def shown(shop: Shop, code: str) -> dict[str, Any]:
    """What the list says of a code."""
    return next(one for one in await shop.get("/api/v1/promocodes") if one["code"] == code)


async def test_the_guide_leads_from_an_upload_to_a_mail_with_the_next_fitting_code(shop: Shop) -> None:
    last = shop.today + timedelta(days=DAYS)
    wanted = row("RIGHT-1", last, 5, "birthday")
    others = [
        row("OTHER-DISCOUNT", last, 50, "birthday"),
        row("OTHER-TYPE", last, 5, "blackfriday"),
        row("USED", last, 5, "birthday", in_use="true"),
        row("TOO-SHORT", last, 5, "birthday", minute="23:58"),
    ]
    await shop.upload("\n".join([HEADER, *others, wanted, row("RIGHT-2", last, "05", "birthday")]))
    before = await shop.codes()
    await shop.message("gift", "email", subject="Happy birthday", text="Your code: $!data.get('promocode')")
    await shop.workflow("birthday", code=GET_CODE, mail={**MAIL, "message": "gift"})

    for n, discount in ((1, "05"), (2, "5")):
        address = f"ann-{n}@example.test"
        contact_id = await shop.contact(firstName="Ann", channels=[{"type": "email", "value": address}])
        wishes = {"days": str(DAYS), "type": "birthday", "discount": discount}
        await shop.event("birthday", contactId=str(contact_id), **wishes)
        assert await until(lambda a=address: shop.receivers.mails(a)) == [f"Your code: RIGHT-{n}"]
    assert await shop.codes() == before | {"RIGHT-1": True, "RIGHT-2": True}


async def test_a_code_is_valid_for_n_days_when_it_lasts_until_2359_of_the_nth_day_after_today(shop: Shop) -> None:
    last = shop.today + timedelta(days=DAYS)
    rows = [row("LASTS", last, 7, "easter"), row("ENDS", last, 7, "easter", minute="23:58")]
    await shop.upload("\n".join([HEADER, *rows, f"DAY,{last},7,easter,false"]))
    counts = {
        days: await shop.get("/api/v1/promocodes/count", type="easter", activeDueDays=days) for days in (9, 10, 11)
    }
    assert counts == {9: 3, 10: 2, 11: 0}
    assert set(await shop.codes(type="easter", activeDueDays=DAYS)) == {"LASTS", "DAY"}


async def test_a_discount_is_a_number_from_0_to_99_and_a_type_is_anything(shop: Shop) -> None:
    day = shop.today + timedelta(days=DAYS)
    types = ("christmas", "День народження", "50% & more / «gift»")
    rows = [
        row(f"ANY-{n}", day, discount, type)
        for n, (discount, type) in enumerate(zip((0, 99, "05"), types, strict=True))
    ]
    wrong = [row("WRONG-1", day, 100, "christmas"), row("WRONG-2", day, -1, "christmas")]
    answer = await shop.upload("\n".join([HEADER, *rows, *wrong]))
    rejects = (await shop.ask("GET", answer.links["describedby"])).text.splitlines()
    assert [line.split(",")[:2] for line in rejects[1:]] == [["5", "WRONG-1"], ["6", "WRONG-2"]]
    assert all("0 to 99" in line for line in rejects[1:])
    found = [await shown(shop, f"ANY-{n}") for n in range(3)]
    assert [(one["discount"], one["type"]) for one in found] == list(zip((0, 99, 5), types, strict=True))
    assert set(await shop.codes(type=types[2])) == {"ANY-2"}


async def test_an_uploaded_code_is_not_deleted_but_marked_as_used(shop: Shop) -> None:
    await shop.upload(row("OBSOLETE", shop.today + timedelta(days=DAYS), 5, "obsolete"))
    await shop.ask("DELETE", "/api/v1/promocodes", 405)
    assert await shop.codes(type="obsolete") == {"OBSOLETE": False}
    await shop.upload(row("OBSOLETE", shop.today + timedelta(days=DAYS), 5, "obsolete", in_use="true"))
    assert await shop.codes(type="obsolete") == {"OBSOLETE": True}
    assert await shop.get("/api/v1/promocodes/count", type="obsolete") == 0
