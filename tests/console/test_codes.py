"""Codes, by clicks: issued by hand, found with their whole story, withdrawn and taken back."""

import re

from playwright.sync_api import expect
from tests.console.conftest import Console, assert_accessible, shoot


def fill(console: Console, key: str, *codes: str) -> None:
    console.api("POST", "/v1/pools", {"key": key, "type": key, "name": key.title(), "description": "x"})
    console.api("POST", f"/v1/pools/{key}/imports", {"text": "\n".join(codes)})


def loaded(console: Console, key: str, count: int) -> None:
    page = console.open(f"/pools/{key}")
    total = page.locator("dl", has=page.get_by_text("Total", exact=True)).locator("dd").first
    for _ in range(50):
        if console.api("GET", f"/v1/pools/{key}/stock")["total"] == count:
            break
        page.wait_for_timeout(100)
    page.reload()
    expect(total).to_have_text(str(count))


def test_a_code_is_issued_by_hand_and_tells_its_story(console: Console) -> None:
    fill(console, "gifts", "GIFT-1", "GIFT-2")
    loaded(console, "gifts", 2)
    console.api(
        "POST", "/v1/contacts", {"firstName": "Olena", "locators": [{"kind": "email", "value": "olena@example.com"}]}
    )
    page = console.open("/pools/gifts/issue")
    page.get_by_role("textbox", name="Email", exact=True).fill("olena@example.com")
    page.get_by_role("button", name="Issue a code").click()
    page.get_by_role("link", name="GIFT-1").click()
    expect(page.get_by_role("heading", name="GIFT-1", level=1)).to_be_visible()
    expect(page.get_by_text("Issued", exact=True).first).to_be_visible()
    expect(page.get_by_text("Added to the pool")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Contact")).first).to_be_visible()
    shoot(page, "code-story")
    assert_accessible(page)
    page.get_by_role("button", name="Take from its owner").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Sent by mistake")
    dialog.get_by_role("button", name="Take from its owner").click()
    expect(page.get_by_text("Taken from its owner")).to_be_visible()
    expect(page.get_by_text("Sent by mistake").first).to_be_visible()


def test_a_free_code_is_found_by_typing_it_and_withdrawn_with_a_reason(console: Console) -> None:
    fill(console, "spare", "SPARE-1", "SPARE-2")
    loaded(console, "spare", 2)
    page = console.open("/codes?pool=spare")
    expect(page.get_by_role("row", name=re.compile("… Free spare"))).to_have_count(2)
    page.get_by_label("Find one code").fill("SPARE-2")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Withdraw").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 code less is available in spare.")).to_be_visible()
    dialog.get_by_label("Reason").fill("Leaked")
    dialog.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Leaked").first).to_be_visible()
    assert console.api("GET", "/v1/codes/SPARE-2")["state"] == "withdrawn"
    page.goto("/codes/NOBODY-HAS-IT")
    expect(page.get_by_role("heading", name="There is no such code")).to_be_visible()


def test_codes_are_shown_in_full_on_request_only(console: Console) -> None:
    fill(console, "masked", "MASKED-2026-0001")
    loaded(console, "masked", 1)
    page = console.open("/codes?pool=masked")
    expect(page.get_by_text("MASK…01")).to_be_visible()
    page.get_by_label("Show codes in full").click()
    expect(page.get_by_role("link", name="MASKED-2026-0001")).to_be_visible()
    assert_accessible(page)
    entries = console.api("GET", "/v1/audit")["items"]
    assert any(entry["action"] == "reveal" and entry["actor"] == "admin@example.com" for entry in entries)


def test_codes_are_issued_to_many_contacts_as_a_task(console: Console) -> None:
    fill(console, "bulk", "BULK-1", "BULK-2", "BULK-3")
    loaded(console, "bulk", 3)
    for name in ("anna", "boris"):
        console.api(
            "POST",
            "/v1/contacts",
            {"firstName": "Many", "locators": [{"kind": "email", "value": f"{name}@many.example"}]},
        )
    page = console.open("/pools/bulk/issue")
    page.get_by_label("First name").fill("Many")
    page.get_by_role("button", name="Issue to many").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("at most 3 codes are available")).to_be_visible()
    dialog.get_by_role("button", name="Issue to many").click()
    page.get_by_role("link", name=re.compile(r"^Task \d+$")).click()
    expect(page.get_by_text("2 rows processed, all successful")).to_be_visible()
    expect(page.get_by_role("cell", name="Bulk issue")).to_be_visible()
    expect(page.get_by_role("cell", name="admin@example.com")).to_be_visible()
    assert console.api("GET", "/v1/pools/bulk/stock")["issued"] == 2
