"""Messages: written beside their preview, mended where the server points, sent as a test that really arrives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.acceptance.receivers import Receivers
from tests.console.conftest import Console, assert_accessible, settle, shoot
from tests.console.receiving import celebrate, open_shop, receiving

FRAME = "iframe[title='The mail as it will look']"
BROKEN = "<p>Hello $!data.get('firstName')</p>\n#if($data.get('promocode'))"
WHOLE = "<p>Hello $!data.get('firstName')</p>\n<b>$!data.get('promocode')</b>"


@pytest.fixture(scope="module")
def receivers(site: Console) -> Iterator[Receivers]:
    with receiving() as listening:
        open_shop(site, listening)
        celebrate(site, "alice@example.test")
        yield listening


def make(page: Page, name: str, medium: str = "Email") -> None:
    """A new message with the first texts that are offered."""
    page.get_by_role("button", name="New message").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("combobox", name="Sent by").click()
    page.get_by_role("option", name=medium, exact=True).click()
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def write(page: Page, editor: Locator, text: str) -> None:
    """Replace all that an editor holds."""
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_a_mistake_is_seen_at_its_place_and_mended(console: Console, receivers: Receivers) -> None:
    page = console.open("/messages")
    make(page, "Spring mail")
    editor = page.get_by_role("textbox", name="HTML")
    write(page, editor, BROKEN)
    expect(page.get_by_role("button", name="Line 2, column 1:")).to_be_visible()
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    shoot(page, "message with a mistake")
    write(page, editor, WHOLE)
    expect(page.get_by_role("button", name="Line 2, column 1:")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    frame = page.frame_locator(FRAME)
    expect(frame.locator("p")).to_have_text("Hello Alice")
    expect(frame.locator("mark")).to_have_text("SAMP-LE00-XXXX")
    shoot(page, "message editor")
    assert_accessible(page)


def test_the_editor_completes_what_events_and_pools_bring(console: Console, receivers: Receivers) -> None:
    page = console.open("/messages/birthday-mail")
    editor = page.get_by_role("textbox", name="Plain text")
    settle(page)
    write(page, editor, "$!data.get('")
    page.keyboard.type("ord")
    options = page.locator(".cm-tooltip-autocomplete")
    expect(options.get_by_text("order", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    write(page, editor, "Total: ")
    page.keyboard.type("$numberTool.")
    expect(options.get_by_text("format('#,##0.00', 12.5)")).to_be_visible()


def test_a_test_arrives_and_takes_no_code(console: Console, receivers: Receivers) -> None:
    before = console.api("GET", "/v1/pools/gift/stock")
    page = console.open("/messages/birthday-mail")
    page.get_by_role("button", name="Send a test").click()
    dialog = page.get_by_role("dialog", name="Send a test")
    expect(dialog.get_by_text("No code is taken")).to_be_visible()
    dialog.get_by_label("To which address").fill("me@example.test")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_text("Sent to me@example.test")).to_be_visible()
    [mail] = [mail for mail in receivers.smtp.mails if mail["To"] == "me@example.test"]
    assert mail["Subject"] == "[Test] Hello Alice"
    assert "SAMP-LE00-XXXX" in mail.get_content()
    assert console.api("GET", "/v1/pools/gift/stock") == before


def test_languages_are_added_and_the_phone_sees_its_width(console: Console, receivers: Receivers) -> None:
    page = console.open("/messages")
    make(page, "Two tongues")
    page.get_by_role("button", name="Add language").click()
    page.get_by_role("combobox", name="Language").fill("Ukr")
    page.get_by_role("option", name="Ukrainian (uk)").click()
    page.get_by_label("Subject").fill("Подарунок")
    expect(page.get_by_role("region", name="Preview").get_by_text("Подарунок")).to_be_visible()
    page.get_by_role("button", name="More for Ukrainian (uk)").click()
    page.get_by_role("menuitem", name="Make it the default").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    page.get_by_text("Phone", exact=True).click()
    expect(page.locator(FRAME)).to_have_attribute("width", "375")
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="Version 1").click()
    page.get_by_role("button", name="Write on from version 1").click()
    expect(page.get_by_text("Not saved")).to_be_visible()


def test_an_sms_tells_its_length_alphabet_and_parts(console: Console, receivers: Receivers) -> None:
    page = console.open("/messages")
    make(page, "Short word", "SMS")
    editor = page.get_by_role("textbox", name="Text")
    write(page, editor, "x" * 161)
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("161 of 306")).to_be_visible()
    expect(preview.get_by_text("GSM-7")).to_be_visible()
    write(page, editor, "Привіт!")
    expect(preview.get_by_text("7 of 70")).to_be_visible()
    expect(preview.get_by_text("UCS-2")).to_be_visible()


def test_a_snippet_that_a_message_reads_is_not_deleted(console: Console, receivers: Receivers) -> None:
    page = console.open("/snippets")
    page.get_by_role("button", name="New snippet").click()
    page.get_by_role("dialog").get_by_label("Name").fill("footer")
    page.get_by_role("button", name="Create").click()
    write(page, page.get_by_role("textbox", name="Text"), "Yours, the Corner Shop")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    texts = {"en": {"text": "Hello. #parse('footer')"}}
    console.api("POST", "/v1/messages", {"key": "with-footer", "medium": "sms", "languages": texts})
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_text("with-footer")).to_be_visible()
    page.goto("/messages/with-footer")
    expect(page.get_by_role("region", name="Preview").get_by_text("Yours, the Corner Shop")).to_be_visible()


def test_the_list_of_messages_works_on_a_phone_and_in_the_dark(console: Console, receivers: Receivers) -> None:
    for page in (console.open("/messages", phone=True), console.open("/messages/birthday-mail", dark=True)):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
        shoot(page, f"messages {page.viewport_size}")
