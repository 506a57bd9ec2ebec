"""Addresses that are left alone: added with a reason, found, and written to again on purpose."""

from __future__ import annotations

from playwright.sync_api import expect
from tests.console.conftest import Console, assert_accessible, shoot


def test_an_address_is_left_alone_found_and_written_to_again(console: Console) -> None:
    page = console.open("/contacts")
    page.get_by_role("tab", name="Never written to").click()
    expect(page.get_by_role("heading", name="No address is left alone")).to_be_visible()
    page.get_by_role("button", name="Add an address").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Address").fill("nobody")
    dialog.get_by_role("textbox", name="Reason").fill("asked at the counter")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("textbox", name="Address")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_role("textbox", name="Address").fill("Gone@example.test")
    shoot(page, "suppression-form")
    assert_accessible(page)
    dialog.get_by_role("button", name="Add").dblclick()
    expect(dialog).to_be_hidden()
    row = page.get_by_role("row", name="gone@example.test")
    expect(row).to_contain_text("asked at the counter")
    shoot(page, "suppressions")
    assert_accessible(page)
    page.get_by_role("searchbox").fill("somebody")
    expect(page.get_by_text("No such address")).to_be_visible()
    page.get_by_role("searchbox").fill("gon")
    expect(row).to_be_visible()
    assert "q=gon" in page.url
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_contain_text("asked at the counter")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(row).to_be_hidden()
    assert console.api("GET", "/v1/suppressions")["items"] == []


def test_a_long_list_is_paged_back_and_forth_and_shared(console: Console) -> None:
    for number in range(120):
        body = {"kind": "email", "value": f"many{number:03}@example.test"}
        console.api("POST", "/v1/suppressions", body)
    page = console.open("/suppressions")
    expect(page.get_by_role("row", name="many000@")).to_be_visible()
    for first in ("many050@", "many100@"):
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("row", name=first)).to_be_visible()
    page.reload()
    expect(page.get_by_role("row", name="many100@")).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    expect(page.get_by_role("row", name="many050@")).to_be_visible()
    shared = console.open(page.url)
    expect(shared.get_by_role("row", name="many050@")).to_be_visible()
    shared.get_by_role("button", name="First page").click()
    expect(shared.get_by_role("row", name="many000@")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("row", name="many100@")).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    expect(page.get_by_role("row", name="many050@")).to_be_visible()
