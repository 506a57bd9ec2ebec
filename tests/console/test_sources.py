"""Data sources: set up with credentials that are never shown again, and tried against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.acceptance.receivers import CRM_TOKEN, Receivers
from tests.console.conftest import Console, assert_accessible, shoot
from tests.console.receiving import receiving


@pytest.fixture(scope="module")
def receivers(site: Console) -> Iterator[Receivers]:
    with receiving() as listening:
        event = {"eventType": "birthday", "params": {"email": "alice@example.test", "shop": "north"}}
        site.api("POST", "/v1/events", event)
        yield listening


def test_a_source_is_made_signed_in_and_tried(console: Console, receivers: Receivers) -> None:
    page = console.open("/connectors")
    page.get_by_role("button", name="New connector").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Key").fill("crm-token")
    dialog.get_by_role("textbox", name="Token").fill(CRM_TOKEN)
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="crm-token")
    expect(row.get_by_text("is set")).to_be_visible()
    row.get_by_role("button", name="Change crm-token").click()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Token")).to_have_value("")
    page.keyboard.press("Escape")

    page.get_by_role("tab", name="Data sources").click()
    page.get_by_role("button", name="New data source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("crm")
    dialog.get_by_label("Address").fill(f"{receivers.own.url}/shops/$!data.get('shop')")
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("combobox", name="Signs in with").click()
    page.get_by_role("option", name="crm-token").click()
    page.get_by_text("POST", exact=True).click()
    page.get_by_role("textbox", name="Body").click()
    page.keyboard.insert_text('{"who": "$!data.get(\'email\')"}')
    page.get_by_role("button", name="Call it").click()
    asked = page.get_by_role("region", name="Request")
    expect(asked.get_by_text(f"{receivers.own.url}/shops/north")).to_be_visible()
    expect(asked.get_by_text('{"who": "alice@example.test"}')).to_be_visible()
    answer = page.get_by_role("region", name="Answer")
    expect(answer.get_by_text("200", exact=True)).to_be_visible()
    expect(page.get_by_role("table", name="shop").get_by_text("Corner Shop")).to_be_visible()
    asked.get_by_role("button", name="header").click()
    assert CRM_TOKEN not in page.content()
    assert receivers.own.seen[-1].headers["authorization"] == f"Bearer {CRM_TOKEN}"
    shoot(page, "source tried")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert_accessible(page)


def test_a_refusal_of_the_other_side_is_shown(console: Console, receivers: Receivers) -> None:
    console.api("POST", "/v1/sources", {"key": "shy", "url": f"{receivers.own.url}/shy"})
    page = console.open("/sources/shy")
    page.get_by_role("button", name="Call it").click()
    expect(page.get_by_text("The other side answered with the status 401.")).to_be_visible()
    expect(page.get_by_role("region", name="Answer").get_by_text("who are you?")).to_be_visible()


def test_a_source_names_what_reads_it(console: Console, receivers: Receivers) -> None:
    console.api("POST", "/v1/sources", {"key": "stock", "url": f"{receivers.own.url}/stock"})
    texts = {"en": {"text": "Left: $!data.get('stock')"}}
    console.api("POST", "/v1/messages", {"key": "left", "name": "What is left", "medium": "sms", "languages": texts})
    page = console.open("/sources/stock")
    expect(page.get_by_role("link", name="What is left")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 template reads it and will find nothing there.")).to_be_visible()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Data sources", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="stock", exact=True)).to_have_count(0)


def test_a_wrong_address_is_refused_at_its_field(console: Console, receivers: Receivers) -> None:
    page = console.open("/sources", dark=True)
    page.get_by_role("button", name="New data source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("wrong")
    dialog.get_by_label("Address").fill("ftp://shop.example")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("An address that starts with https:// or http:// is needed.")).to_be_visible()
    assert_accessible(page)
