"""Events: sent by a form, shown as people read them, with the runs that they started or the reason for none."""

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
        celebrate(site, "alice@example.test")
        yield listening


def send(page: Page, event_type: str, email: str) -> None:
    """Send an event of one parameter by the form."""
    page.get_by_role("button", name="Send an event").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Event type").fill(event_type)
    dialog.get_by_label("Value of email").fill(email)
    expect(dialog.get_by_text("It is a real event")).to_be_visible()
    dialog.get_by_role("button", name="Send", exact=True).click()


def test_an_event_that_was_sent_by_hand_starts_its_run(console: Console, receivers: Receivers) -> None:
    page = console.open("/events")
    send(page, "birthday", "dora@example.test")
    expect(page.get_by_role("heading", name="birthday", level=1)).to_be_visible()
    started = page.get_by_role("region", name="What it started")
    expect(started.get_by_text("It started 1 run.")).to_be_visible()
    expect(started.get_by_role("link", name="Birthday")).to_be_visible()
    eventually(lambda: receivers.mails("dora@example.test"))
    assert_accessible(page)


def test_an_event_says_why_it_started_nothing(console: Console, receivers: Receivers) -> None:
    page = console.open("/events")
    send(page, "wedding", "dora@example.test")
    started = page.get_by_role("region", name="What it started")
    expect(started.get_by_text("It started 0 runs.")).to_be_visible()
    expect(started.get_by_text("No workflow starts by events of the type wedding.")).to_be_visible()


def test_the_body_is_shown_level_by_level(console: Console, receivers: Receivers) -> None:
    page = console.open("/events?eventType=birthday")
    page.get_by_role("row", name="alice@example.test").get_by_role("link").click()
    body = page.get_by_role("region", name="What it said")
    expect(body.get_by_role("table", name="items").get_by_role("row")).to_have_text(["1tea", "2cake"])
    shoot(page, "event")


def test_a_type_refuses_events_that_lack_what_it_asks_for(console: Console, receivers: Receivers) -> None:
    page = console.open("/event-types")
    page.get_by_role("button", name="New event type").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Key").fill("order")
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("switch", name="Refuse events that lack a required parameter").check()
    page.get_by_label("Parameter 1").fill("total")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert_accessible(page)
    page.goto("/events")
    send(page, "order", "dora@example.test")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert").filter(has_text="should have the following params")).to_be_visible()
    dialog.get_by_label("Value of total").fill("12.5")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("region", name="What it said").get_by_text("12.5")).to_be_visible()


def test_the_history_is_filtered_by_type_and_key(console: Console, receivers: Receivers) -> None:
    page = console.open("/events")
    page.get_by_role("searchbox").fill("alice@example.test")
    expect(page.get_by_role("row")).to_have_count(2)
    assert "keyValue=alice" in page.url
    page.get_by_role("combobox", name="All event types").click()
    page.get_by_role("option", name="wedding").click()
    expect(page.get_by_text("No such event")).to_be_visible()
