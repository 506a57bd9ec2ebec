"""What somebody wrote is not lost: forms ask before they are left, and keep what is in them after a refusal."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, Route, expect
from tests.console.conftest import PASSWORD, Console, assert_accessible, shoot
from tests.processes import Tearoff


@pytest.fixture(scope="module", autouse=True)
def pool(site: Console) -> None:
    """A pool whose forms are filled in."""
    site.api("POST", "/v1/pools", {"key": "gift", "type": "gift", "name": "Gifts", "description": "x"})
    site.api("PUT", "/v1/event-types/order", {"name": "Order"})


def stay(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Stay here").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "label", "typed"),
    [
        ("/pools/gift/settings", "Description", "Not saved"),
        ("/pools/gift/alerts", "Threshold", "77"),
        ("/pools/gift/usage", "At most so many codes per contact", "7"),
        ("/pools/gift?by=typed", "Promo codes", "A-1\nA-2"),
        ("/event-types/order", "Description", "Not saved"),
        ("/settings", "Default sender", "shop@example.test"),
        ("/account", "Your name", "Somebody else"),
    ],
)
def test_a_form_asks_before_it_is_left(console: Console, path: str, label: str, typed: str) -> None:
    page = console.open(path)
    page.get_by_role("textbox", name=label).fill(typed)
    page.get_by_role("link", name="Contacts").click()
    stay(page)
    expect(page.get_by_role("textbox", name=label)).to_have_value(typed)
    page.get_by_role("link", name="Contacts").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()


def test_two_forms_on_one_page_both_ask(console: Console) -> None:
    page = console.open("/pools/gift/usage")
    page.get_by_role("checkbox", name="A use must name the contact").check()
    page.get_by_role("link", name="Contacts").click()
    stay(page)
    page.get_by_role("button", name="Save limits of use").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    page.get_by_role("link", name="Contacts").click()
    expect(page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()


def test_signing_out_and_another_project_ask_first(console: Console, installation: Tearoff) -> None:
    installation.make_key(f"{console.project} beside")
    page = console.open("/settings")
    page.get_by_role("textbox", name="Default sender").fill("shop@example.test")
    page.get_by_role("combobox", name="Project").select_option(f"{console.project} beside")
    stay(page)
    page.get_by_role("button", name="Ada").click()
    page.get_by_role("menuitem", name="Sign out").click()
    stay(page)
    expect(page.get_by_role("textbox", name="Default sender")).to_have_value("shop@example.test")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert console.api("GET", "/v1/project")["sender"] == "shop@example.test"


def test_a_click_beside_a_window_leaves_what_is_written_in_it(console: Console) -> None:
    page = console.open("/pools")
    page.get_by_role("button", name="New pool").first.click()
    name = page.get_by_role("dialog").get_by_role("textbox", name="Name", exact=True)
    name.fill("Half written")
    page.mouse.click(5, 400)
    expect(name).to_have_value("Half written")


def test_an_id_that_is_taken_is_said_to_be_and_the_form_stays(console: Console) -> None:
    page = console.open("/pools")
    page.get_by_role("button", name="New pool").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Gift")
    dialog.get_by_role("textbox", name="Description").fill("Half written")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("A pool with the key 'gift' is there already.")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Description")).to_have_value("Half written")
    dialog.get_by_role("textbox", name="ID", exact=True).fill("gift-two")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Gift", level=1)).to_be_visible()


def test_a_refused_generation_is_tried_again_with_the_format_that_was_made(console: Console) -> None:
    console.api("POST", "/v1/pools", {"key": "made", "type": "made", "name": "Made", "description": "x"})
    page = console.open("/pools/made?by=generated")
    page.route("**/generations", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("How many codes").fill("20")
    page.get_by_role("button", name="Generate 20 codes").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("How many codes")).to_have_value("20")
    page.unroute("**/generations")
    page.get_by_role("button", name="Generate 20 codes").click()
    total = page.locator("dl", has=page.get_by_text("Total", exact=True)).locator("dd").first
    expect(total).to_have_text("20")


def test_a_number_is_emptied_and_typed_anew(console: Console) -> None:
    page = console.open("/pools/gift/alerts")
    page.get_by_role("button", name="Add a threshold").click()
    below = page.get_by_role("textbox", name="Fewer than")
    below.press("End")
    for _ in range(3):
        below.press("Backspace")
    expect(below).to_have_value("")
    below.press_sequentially("50")
    expect(below).to_have_value("50")


def test_an_event_whose_answer_was_lost_is_not_sent_twice(console: Console) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page = console.open("/events")
    page.get_by_role("button", name="Send an event").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Event type").fill("lost")
    dialog.get_by_label("Value of email").fill("once@example.test")
    page.route("**/v1/events", lose_the_answer)
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    page.unroute("**/v1/events")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("cell", name="once@example.test", exact=True)).to_have_count(1)
    assert len(console.api("GET", "/v1/events?eventType=lost")["items"]) == 1


def test_who_may_not_read_codes_edits_a_contact_and_the_code_in_its_field_stays(
    console: Console, installation: Tearoff
) -> None:
    field = console.api("POST", "/v1/fields", {"key": "LAST_CODE", "name": "Last code", "type": "TEXTFIELD"})
    console.api("POST", "/v1/pools/gift/imports", {"text": "GIFT-1234-ABCD"})
    person = {"firstName": "Olha", "locators": [{"kind": "email", "value": "olha@example.test"}]}
    contact = console.api("POST", "/v1/contacts", person)["id"]
    who = f"editor-{secrets.token_hex(3)}@example.test"
    words = ("person", "create", who, "--password", PASSWORD, "--project", console.project, "--role", "editor")
    made = installation.run(*words)
    assert made.returncode == 0, made.stderr
    page = console.open("/pools/gift/issue")
    page.get_by_label("Email begins with").fill("olha@")
    page.get_by_role("combobox", name="Write the code to the field").click()
    page.get_by_role("option", name="Last code").click()
    page.get_by_role("button", name="Issue to many").click()
    page.get_by_role("dialog").get_by_role("button", name="Issue to many").click()
    page.get_by_role("link", name=re.compile(r"^Task \d+$")).click()
    expect(page.get_by_text("1 row processed")).to_be_visible()

    page = console.open(f"/contacts/{contact}", signed_in=False)
    page.get_by_role("textbox", name="Email").fill(who)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Additional fields").get_by_text("GIFT…CD")).to_be_visible()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("dialog").get_by_label("First name").fill("Olga")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Olga", level=1)).to_be_visible()
    assert console.api("GET", f"/v1/contacts/{contact}")["fields"][str(field["id"])] == "GIFT-1234-ABCD"


def test_the_window_that_asks_is_accessible(console: Console) -> None:
    page = console.open("/pools/gift/settings")
    page.get_by_role("textbox", name="Description").fill("Not saved")
    page.get_by_role("link", name="Contacts").click()
    expect(page.get_by_role("button", name="Stay here")).to_be_focused()
    shoot(page, "unsaved-changes")
    assert_accessible(page)
