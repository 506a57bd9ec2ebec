"""Contacts: found by any address, with every code and its reason, a message sent again, and a person forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.acceptance.receivers import Receivers
from tests.console.conftest import Console, assert_accessible, shoot
from tests.console.receiving import celebrate, eventually, open_shop, receiving


@pytest.fixture(scope="module")
def receivers(site: Console) -> Iterator[Receivers]:
    with receiving() as listening:
        open_shop(site, listening)
        for address in ("alice@example.test", "bob@example.test"):
            celebrate(site, address)
            eventually(lambda to=address: listening.mails(to))
        yield listening


def find(page: Page, words: str) -> None:
    """Open the only contact that is found by these words."""
    page.get_by_role("searchbox").fill(words)
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Alice Liddell").click()
    expect(page.get_by_role("heading", name="Alice Liddell", level=1)).to_be_visible()


def test_a_person_is_found_by_email_with_the_code_and_its_reason(console: Console, receivers: Receivers) -> None:
    page = console.open("/contacts")
    expect(page.get_by_role("row")).to_have_count(3)
    find(page, "alice@exa")
    happened = page.get_by_role("region", name="What happened")
    expect(happened.get_by_text("Issued", exact=True)).to_be_visible()
    expect(happened.get_by_text("GIFT-0000-AAAA")).to_have_count(0)
    happened.get_by_role("button", name="Why this code?").click()
    expect(happened.get_by_text("A workflow asked for it.")).to_be_visible()
    expect(happened.get_by_text("in the block code, version 1")).to_be_visible()
    happened.get_by_role("switch", name="Show codes in full").check()
    expect(happened.get_by_text("GIFT-0000-AAAA")).to_be_visible()
    shoot(page, "contact")
    assert_accessible(page)
    happened.get_by_role("link", name="birthday").first.click()
    expect(page.get_by_role("heading", name="birthday", level=1)).to_be_visible()


def test_the_same_message_is_sent_again_with_the_same_code(console: Console, receivers: Receivers) -> None:
    page = console.open("/contacts")
    find(page, "alice@example.test")
    page.get_by_role("button", name="Send again").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("No new code is taken.")).to_be_visible()
    dialog.get_by_role("button", name="Send again").click()
    first, second = eventually(lambda: mails if len(mails := receivers.mails("alice@example.test")) == 2 else None)
    assert first == second == "Your code: GIFT-0000-AAAA"


def test_what_is_known_of_a_person_is_changed(console: Console, receivers: Receivers) -> None:
    console.api("POST", "/v1/fields", {"key": "CITY", "name": "City", "type": "TEXTFIELD"})
    page = console.open("/contacts")
    find(page, "alice@example.test")
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("City").fill("Oxford")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Additional fields").get_by_text("Oxford")).to_be_visible()


def test_a_person_is_forgotten_after_the_numbers_were_told(console: Console, receivers: Receivers) -> None:
    page = console.open("/contacts")
    page.get_by_role("searchbox").fill("bob@example.test")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Alice Liddell").click()
    page.get_by_role("button", name="Erase").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 message loses its text and address.")).to_be_visible()
    expect(dialog.get_by_text("1 code stays in the books")).to_be_visible()
    dialog.get_by_role("button", name="Erase").click()
    expect(page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()
    page.get_by_role("searchbox").fill("bob@example.test")
    expect(page.get_by_text("Nobody is found")).to_be_visible()
    assert console.api("GET", "/v1/pools/gift/stock")["available"] == 1


def test_a_new_person_is_added_on_a_phone(console: Console, receivers: Receivers) -> None:
    page = console.open("/contacts", phone=True)
    page.get_by_role("button", name="New contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("First name").fill("Chloe")
    dialog.get_by_label("Email").fill("chloe@example.test")
    dialog.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Chloe", level=1)).to_be_visible()
    assert_accessible(page)
    shoot(page, "contact on a phone")
