"""Two windows of one browser, and a console that is not served over HTTPS."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import Console, assert_accessible, shoot, signed_in
from tests.processes import Tearoff

PLAIN_HTTP = """
delete Crypto.prototype.randomUUID;
Object.defineProperty(window, 'isSecureContext', {value: false});
Object.defineProperty(navigator, 'clipboard', {value: undefined});
"""

LOOK_AGAIN = "setInterval(() => window.dispatchEvent(new Event('visibilitychange')), 500)"


@pytest.fixture
def beside(console: Console) -> Iterator[Console]:
    """The same project in a session of its own, which may end up in another project."""
    alone = Console(console.url, console.project, console.key, console.browser, state=signed_in(console))
    yield alone
    alone.close()


def open_project(page: Page, name: str) -> None:
    """What another window of the same browser does, while this one stays in sight and hears of nothing."""
    session = page.request.get("/v1/session").json()
    theirs = next(one["id"] for one in session["projects"] if one["name"] == name)
    headers = {"X-CSRF-Token": session["csrfToken"]}
    assert page.request.put("/v1/session/project", data={"projectId": theirs}, headers=headers).ok


def test_a_window_beside_another_one_never_writes_into_the_project_of_that_one(
    beside: Console, installation: Tearoff
) -> None:
    other = f"{beside.project} other"
    installation.make_key(other)
    page = beside.open("/settings")
    page.get_by_role("textbox", name="Default sender").fill("mine@example.test")
    open_project(page, other)
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Another project is open")
    expect(dialog).to_be_visible()
    assert page.request.get("/v1/project").json()["sender"] == ""
    assert_accessible(page)
    dialog.get_by_role("button", name=f"Back to {beside.project}", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert beside.api("GET", "/v1/project")["sender"] == "mine@example.test"


def test_a_window_beside_another_one_shows_nothing_of_the_project_of_that_one(
    beside: Console, installation: Tearoff
) -> None:
    other = f"{beside.project} third"
    theirs = Console(beside.url, other, installation.make_key(other), beside.browser)
    theirs.api("POST", "/v1/pools", {"key": "theirs", "name": "Theirs", "description": "x"})
    page = beside.open("/")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    open_project(page, other)
    page.get_by_role("link", name="Pools").click()
    dialog = page.get_by_role("dialog", name="Another project is open")
    expect(dialog).to_be_visible()
    expect(page.get_by_text("Theirs", exact=True)).to_have_count(0)
    dialog.get_by_role("button", name=f"Open {other}").click()
    page.get_by_role("link", name="Pools").click()
    expect(page.get_by_role("link", name="Theirs")).to_be_visible()


def test_a_draft_that_was_saved_in_another_window_is_what_is_seen_and_published(console: Console) -> None:
    key = f"two-{secrets.token_hex(3)}"
    blocks = {"start": {"kind": "start", "eventType": "two", "exits": {"next": "end"}}, "end": {"kind": "end"}}
    console.api("POST", "/v1/workflows", {"key": key, "name": key, "blocks": blocks})
    page = console.open(f"/workflows/{key}")
    expect(page.locator(".react-flow__node")).to_have_count(2)
    console.api("PATCH", f"/v1/workflows/{key}", {"blocks": {**blocks, "alone": {"kind": "end"}}})
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("It is what you see now.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator(".react-flow__node")).to_have_count(3)
    expect(page.get_by_role("status").get_by_text("All changes are saved")).to_be_visible()


def test_a_draft_that_was_saved_meanwhile_is_offered_to_who_has_unsaved_changes(console: Console) -> None:
    key = f"two-{secrets.token_hex(3)}"
    blocks = {"start": {"kind": "start", "eventType": "two", "exits": {"next": "end"}}, "end": {"kind": "end"}}
    console.api("POST", "/v1/workflows", {"key": key, "name": key, "blocks": blocks})
    page = console.open(f"/workflows/{key}")
    page.get_by_role("button", name="Add block: Message").click()
    expect(page.locator(".react-flow__node")).to_have_count(3)
    console.api("PATCH", f"/v1/workflows/{key}", {"blocks": {"start": {**blocks["start"], "exits": {}}}})
    page.evaluate(LOOK_AGAIN)
    note = page.get_by_role("status").filter(has_text="saved another draft")
    expect(note).to_contain_text("command line saved another draft at")
    page.get_by_role("button", name="Show it; undo brings yours back").click()
    expect(page.locator(".react-flow__node")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator(".react-flow__node")).to_have_count(3)


def test_a_draft_is_saved_over_somebody_elses_only_when_that_is_chosen(console: Console) -> None:
    key = f"over-{secrets.token_hex(3)}"
    blocks = {"start": {"kind": "start", "eventType": "two", "exits": {"next": "end"}}, "end": {"kind": "end"}}
    console.api("POST", "/v1/workflows", {"key": key, "name": key, "blocks": blocks})
    page = console.open(f"/workflows/{key}")
    page.get_by_role("button", name="Add block: Message").click()
    expect(page.locator(".react-flow__node")).to_have_count(3)
    console.api("PATCH", f"/v1/workflows/{key}", {"blocks": {"start": {**blocks["start"], "exits": {}}}})
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("status").filter(has_text="Yours is not saved.")).to_be_visible()
    assert len(console.api("GET", f"/v1/workflows/{key}")["blocks"]) == 1
    assert_accessible(page)
    shoot(page, "draft-saved-meanwhile")
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_role("status").get_by_text("All changes are saved")).to_be_visible()
    assert len(console.api("GET", f"/v1/workflows/{key}")["blocks"]) == 3


def test_of_two_drafts_the_one_that_is_chosen_is_published(console: Console) -> None:
    key = f"chosen-{secrets.token_hex(3)}"
    blocks = {"start": {"kind": "start", "eventType": "two", "exits": {"next": "end"}}, "end": {"kind": "end"}}
    console.api("POST", "/v1/workflows", {"key": key, "name": key, "blocks": blocks})
    page = console.open(f"/workflows/{key}")
    page.locator(".react-flow__node").filter(has_text="End").click()
    page.get_by_role("textbox", name="Name of the block").fill("finish")
    page.get_by_role("textbox", name="Name of the block").press("Tab")
    expect(page.get_by_role("status").get_by_text("There are unsaved changes")).to_be_visible()
    console.api("PATCH", f"/v1/workflows/{key}", {"blocks": {"start": {**blocks["start"], "exits": {}}}})
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save mine over it").click()
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is live.")).to_be_visible()
    assert set(console.api("GET", f"/v1/workflows/{key}/versions/1")["blocks"]) == {"start", "finish"}


def test_a_version_replaces_somebody_elses_new_draft_only_when_that_is_known(console: Console) -> None:
    key = f"back-{secrets.token_hex(3)}"
    blocks = {"start": {"kind": "start", "eventType": "two", "exits": {"next": "end"}}, "end": {"kind": "end"}}
    console.api("POST", "/v1/workflows", {"key": key, "name": key, "blocks": blocks})
    console.api("POST", f"/v1/workflows/{key}/publish")
    page = console.open(f"/workflows/{key}/versions")
    restore = page.get_by_role("button", name="Take version 1 as the draft")
    expect(restore).to_be_visible()
    console.api("PATCH", f"/v1/workflows/{key}", {"blocks": {"start": {**blocks["start"], "exits": {}}}})
    with page.expect_response(lambda answer: answer.request.method == "GET" and answer.url.endswith(key)):
        restore.click()
    expect(page.get_by_text("command line saved another draft")).to_be_visible()
    assert len(console.api("GET", f"/v1/workflows/{key}")["blocks"]) == 1
    restore.click()
    expect(page.locator(".react-flow__node")).to_have_count(2)
    assert len(console.api("GET", f"/v1/workflows/{key}")["blocks"]) == 2


def test_a_code_is_issued_and_copied_where_the_console_is_not_served_over_https(console: Console) -> None:
    console.api("POST", "/v1/pools", {"key": "plain", "type": "plain", "name": "Plain", "description": "x"})
    console.api("POST", "/v1/pools/plain/imports", {"text": "PLAIN-1"})
    console.api("POST", "/v1/contacts", {"locators": [{"kind": "email", "value": "plain@example.test"}]})
    page = console.open("/pools")
    page.context.add_init_script(PLAIN_HTTP)
    page.goto("/pools/plain/issue")
    page.get_by_role("textbox", name="Email", exact=True).fill("plain@example.test")
    page.get_by_role("button", name="Issue a code").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.goto("/codes")
    page.get_by_label("Find one code").press("Control+v")
    expect(page.get_by_label("Find one code")).to_have_value("PLAIN-1")
