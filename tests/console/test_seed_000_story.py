"""The first seed by clicks: message, workflow, test launch, a real event, the code on the contact's page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.acceptance.receivers import Receivers
from tests.console.conftest import Console, assert_accessible, shoot
from tests.console.receiving import eventually, receiving

HTML = "<p>Happy birthday, $!{data.get('firstName')}! Your code: <b>$!data.get('promocode')</b></p>"
ADDRESS = "alice@example.test"
CODES = ["GIFT-AAAA-0001", "GIFT-AAAA-0002", "GIFT-AAAA-0003"]


@pytest.fixture(scope="module")
def receivers(site: Console) -> Iterator[Receivers]:
    """A mail server, a field to write to and an earlier event; all else is made by clicks."""
    with receiving() as listening:
        site.api("POST", "/v1/channels", listening.channels()[0])
        site.api("POST", "/v1/fields", {"key": "PROMOCODE", "name": "Promo code", "type": "TEXTFIELD"})
        site.api("POST", "/v1/events", {"eventType": "birthday", "params": {"EmailAddress": "bob@example.test"}})
        yield listening


def fill_a_pool(page: Page) -> None:
    page.goto("/pools")
    page.get_by_role("button", name="New pool").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Gifts")
    dialog.get_by_role("textbox", name="Description").fill("One for each birthday")
    dialog.get_by_role("button", name="Create").click()
    page.get_by_text("Typed in", exact=True).click()
    page.get_by_role("textbox", name="Promo codes").fill("\n".join(CODES))
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("3 codes", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Launch").click()


def write_the_mail(page: Page) -> None:
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Birthday mail")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    page.get_by_label("Subject").fill("A gift for $!data.get('firstName')")
    page.get_by_role("textbox", name="HTML").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(HTML)
    expect(page.frame_locator("iframe").locator("mark")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()


def complete(page: Page, label: str, begun: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).press_sequentially(begun)
    page.get_by_role("option", name=re.compile(begun.removeprefix("${"))).first.click()


def draw_the_workflow(page: Page) -> None:
    page.goto("/workflows")
    page.get_by_role("button", name="New workflow").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Birthday")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Add block: Start").click()
    complete(page, "Event type", "birthday")
    page.get_by_role("button", name="Add block: Get contact").click()
    complete(page, "Email", "${EmailAddress")
    page.get_by_role("switch", name="Make the contact when it is missing").check()
    page.get_by_role("button", name="Add block: Get promo code").click()
    complete(page, "Pool", "gifts")
    complete(page, "Save to field", "PROMOCODE")
    page.get_by_role("button", name="Add block: Message").click()
    complete(page, "Message", "birthday-mail")
    complete(page, "Email", "${EmailAddress")
    page.get_by_role("button", name="Add block: End").click()


def try_it(page: Page) -> None:
    """Tried with the event of before: the whole way, and no code is spent."""
    page.get_by_role("tab", name="Test").click()
    page.get_by_role("button", name="Test the draft").click()
    result = page.get_by_role("status", name="Result of the test")
    expect(result.get_by_text("come to its end")).to_be_visible()
    expect(result.get_by_text("Nothing was spent")).to_be_visible()
    shoot(page, "seed-000-test")


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Live · version 1")).to_be_visible()


def celebrate(page: Page) -> None:
    """Alice becomes known, and her birthday comes as a real event."""
    page.goto("/contacts")
    page.get_by_role("button", name="New contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("First name").fill("Alice")
    dialog.get_by_label("Email").fill(ADDRESS)
    dialog.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Alice", level=1)).to_be_visible()
    page.goto("/events")
    page.get_by_role("button", name="Send an event").click()
    dialog.get_by_label("Event type").fill("birthday")
    dialog.get_by_label("Name of parameter 1").fill("EmailAddress")
    dialog.get_by_label("Value of EmailAddress").fill(ADDRESS)
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("region", name="What it started").get_by_text("It started 1 run.")).to_be_visible()


def test_the_code_of_a_real_event_stands_on_the_page_of_its_contact(console: Console, receivers: Receivers) -> None:
    page = console.open("/")
    fill_a_pool(page)
    write_the_mail(page)
    draw_the_workflow(page)
    try_it(page)
    assert console.api("GET", "/v1/pools/gifts/stock")["available"] == len(CODES)
    publish(page)
    celebrate(page)
    [mail] = eventually(lambda: [one for one in receivers.smtp.mails if one["To"] == ADDRESS])
    [sent] = [code for code in CODES if code in mail.as_string()]
    page.goto("/contacts")
    page.get_by_role("searchbox").fill(ADDRESS)
    page.get_by_role("link", name="Alice").click()
    happened = page.get_by_role("region", name="What happened")
    happened.get_by_role("switch", name="Show codes in full").check()
    expect(happened.get_by_text(sent)).to_be_visible()
    expect(happened.get_by_text("Sent", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Additional fields").get_by_text(sent)).to_be_visible()
    shoot(page, "seed-000-contact")
    assert_accessible(page)
