"""Signing in and out, as a person does it."""

from playwright.sync_api import Page, expect
from tests.console.conftest import ADMINISTRATOR, PASSWORD, Console, assert_accessible, shoot
from tests.processes import Tearoff


def test_a_person_signs_in_sees_the_menu_and_signs_out(console: Console) -> None:
    page = console.open("/pools", signed_in=False)
    expect(page.get_by_role("heading", name="Sign in to Tearoff")).to_be_visible()
    shoot(page, "sign-in")
    assert_accessible(page)
    page.get_by_label("Email").fill(ADMINISTRATOR)
    page.get_by_role("textbox", name="Password").fill("wrong wrong wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pools", level=1)).to_be_visible()
    shoot(page, "pools-empty")
    assert_accessible(page)
    page.get_by_role("button", name="Ada").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Tearoff")).to_be_visible()


def test_the_console_speaks_ukrainian(console: Console) -> None:
    page = console.open("/pools")
    page.get_by_role("button", name="Ada").click()
    page.get_by_role("menuitem", name="Українська").click()
    expect(page.get_by_role("heading", name="Пули", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Пули", level=1)).to_be_visible()
    shoot(page, "pools-uk")


def sign_in(page: Page) -> None:
    page.get_by_role("textbox", name="Email").fill(ADMINISTRATOR)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def change_session(page: Page, method: str, path: str = "", body: object = None) -> None:
    """What another tab of the same browser does to the session."""
    session = page.request.get("/v1/session").json()
    headers = {"X-CSRF-Token": session["csrfToken"]}
    assert page.request.fetch(f"/v1/session{path}", method=method, data=body, headers=headers).ok


def test_nothing_is_lost_when_the_session_ends_during_work(console: Console) -> None:
    page = console.open("/", signed_in=False)
    sign_in(page)
    with page.expect_response("**/v1/session/project"):
        page.get_by_role("combobox", name="Project").select_option(console.project)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.goto("/settings")
    page.get_by_role("textbox", name="Default sender").fill("Corner Shop <long@example.test>")
    change_session(page, "DELETE")
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    shoot(page, "session-ended")
    assert_accessible(page)
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value)
    expect(opened.value.get_by_role("heading", name="Settings")).to_be_visible()
    dialog.get_by_role("button", name="I have signed in").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert console.api("GET", "/v1/project")["sender"] == "Corner Shop <long@example.test>"


def test_a_page_says_when_another_tab_opened_another_project(console: Console, installation: Tearoff) -> None:
    other = f"{console.project} other"
    installation.make_key(other)
    page = console.open("/settings")
    page.get_by_role("textbox", name="Default sender").fill("Corner Shop <mine@example.test>")
    projects = page.request.get("/v1/session").json()["projects"]
    theirs = next(one["id"] for one in projects if one["name"] == other)
    change_session(page, "PUT", "/project", {"projectId": theirs})
    page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
    dialog = page.get_by_role("dialog", name="Another project is open")
    dialog.get_by_role("button", name=f"Back to {console.project}", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert console.api("GET", "/v1/project")["sender"] == "Corner Shop <mine@example.test>"


def test_a_page_says_that_the_server_is_away_and_goes_on_by_itself(console: Console) -> None:
    page = console.open("/pools")
    page.context.route("**/v1/**", lambda route: route.abort())
    page.get_by_role("link", name="Contacts").click()
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    assert_accessible(page)
    page.context.unroute("**/v1/**")
    expect(page.get_by_role("heading", name="No contacts yet")).to_be_visible()


def test_a_page_that_cannot_be_loaded_leaves_the_menu(console: Console) -> None:
    page = console.open("/pools")
    expect(page.get_by_role("heading", name="Pools", level=1)).to_be_visible()
    page.context.route("**/assets/**", lambda route: route.abort())
    page.get_by_role("link", name="Redemptions").click()
    expect(page.get_by_role("heading", name="This page cannot be shown")).to_be_visible()
    page.context.unroute("**/assets/**")
    page.get_by_role("link", name="Pools").click()
    expect(page.get_by_role("heading", name="Pools", level=1)).to_be_visible()
