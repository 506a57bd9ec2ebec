"""The settings: what an owner sets up before the first message goes out."""

import re
import secrets

from playwright.sync_api import Page, expect
from tests.console.conftest import PASSWORD, Console, assert_accessible, shoot
from tests.processes import Tearoff

OPENED = "**/v1/session/project"


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_the_project_gets_another_name_and_zone(console: Console) -> None:
    page = console.open("/settings")
    page.get_by_role("textbox", name="Default sender").fill("Corner Shop <shop@example.test>")
    zone = page.get_by_role("combobox", name="Time zone")
    zone.fill("Europe/Lisbon")
    page.get_by_role("option", name="Europe/Lisbon").click()
    shoot(page, "settings-project")
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    project = console.api("GET", "/v1/project")
    assert (project["timeZone"], project["sender"]) == ("Europe/Lisbon", "Corner Shop <shop@example.test>")


def test_a_channel_is_made_tested_and_removed_and_its_password_never_comes_back(console: Console) -> None:
    page = console.open("/settings/channels")
    expect(page.get_by_role("heading", name="No channels yet")).to_be_visible()
    page.get_by_role("button", name="Add a channel").click()
    page.get_by_role("textbox", name="Key").fill("mail")
    page.get_by_role("textbox", name="Server").fill("no server")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("textbox", name="Server")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Server").fill("127.0.0.1")
    page.get_by_role("textbox", name="Port").fill("9")
    page.get_by_role("textbox", name="User name").fill("shop")
    page.get_by_role("textbox", name="Password").fill("open sesame")
    shoot(page, "settings-channel-form")
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="mail")
    expect(row).to_contain_text("127.0.0.1")
    assert "open sesame" not in str(console.api("GET", "/v1/channels/mail"))
    row.get_by_role("button", name="Test").click()
    page.get_by_role("button", name="Run the test").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text(re.compile("refused|reach", re.I))
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Change").click()
    expect(page.get_by_role("textbox", name="Password")).to_have_value("")
    page.get_by_role("textbox", name="Port").fill("25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    kept = console.api("GET", "/v1/channels/mail")
    assert (kept["settings"]["port"], kept["secrets"]) == (25, ["password"])
    row.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="No channels yet")).to_be_visible()


def test_a_key_is_shown_once_works_and_is_disabled(console: Console) -> None:
    page = console.open("/settings/keys")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_role("textbox", name="Name").fill("till")
    choose(page, "May", "check and redeem codes")
    page.get_by_role("dialog").get_by_role("button", name="Make a key").click()
    value = page.get_by_role("alert").locator("code").inner_text()
    assert len(value) > 30
    shoot(page, "settings-keys")
    assert_accessible(page)
    page.reload()
    expect(page.get_by_role("row", name="till")).to_be_visible()
    expect(page.get_by_text(value)).to_be_hidden()
    page.get_by_role("row", name="till").get_by_role("button", name="Disable").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("row", name="till")).to_contain_text("Disabled")


def test_a_field_is_made_with_the_problem_shown_at_its_input(console: Console) -> None:
    page = console.open("/settings/fields")
    page.get_by_role("button", name="Add a field").click()
    page.get_by_role("textbox", name="Name").fill("Last code")
    page.get_by_role("textbox", name="Key").fill("9 bad")
    page.get_by_role("dialog").get_by_role("button", name="Add a field").click()
    expect(page.get_by_role("textbox", name="Key")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Key").fill("LAST_CODE")
    page.get_by_role("dialog").get_by_role("button", name="Add a field").click()
    expect(page.get_by_role("cell", name="PERSONAL.LAST_CODE")).to_be_visible()
    shoot(page, "settings-fields")
    assert_accessible(page)


def test_staff_is_told_of_problems_and_a_webhook_shows_its_secret_once(console: Console) -> None:
    page = console.open("/settings/notifications")
    page.get_by_role("button", name="Add a notification").click()
    page.get_by_role("textbox", name="Email address").fill("stock@example.test")
    choose(page, "When", "Daily at 9:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="stock@example.test")).to_contain_text("Daily")
    page.get_by_role("button", name="Add a notification").click()
    choose(page, "By", "Webhook")
    page.get_by_role("textbox", name="Address of the webhook").fill("https://shop.example/hooks")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("whsec_")
    shoot(page, "settings-notifications")
    assert_accessible(page)


def test_somebody_is_invited_joins_as_a_viewer_and_cannot_change_a_thing(console: Console) -> None:
    page = console.open("/settings/people")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_role("textbox", name="Email").fill("viewer@example.test")
    choose(page, "Role", "Viewer")
    page.get_by_role("dialog").get_by_role("button", name="Invite somebody").click()
    link = page.get_by_role("alert").locator("code").inner_text()
    shoot(page, "settings-people")
    assert_accessible(page)
    guest = console.open(link, signed_in=False)
    guest.get_by_role("textbox", name="Your name").fill("Vera")
    guest.get_by_role("textbox", name="New password").fill("a long enough one")
    shoot(guest, "invitation")
    assert_accessible(guest)
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_role("heading", name="Overview")).to_be_visible()
    guest.goto("/settings/fields")
    expect(guest.get_by_role("heading", name="Settings")).to_be_visible()
    expect(guest.get_by_role("button", name="Add a field")).to_be_hidden()
    expect(guest.get_by_role("tab", name="People")).to_be_hidden()
    page.reload()
    page.get_by_role("row", name="viewer@example.test").get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row", name="viewer@example.test")).to_be_hidden()
    guest.goto("/pools")
    expect(guest.get_by_role("heading", name="Pools")).to_be_hidden()


def test_the_log_tells_who_made_a_key(console: Console) -> None:
    page = console.open("/settings/audit")
    expect(page).to_have_title("Audit log · Settings · Tearoff")
    choose(page, "What", "API key")
    expect(page.get_by_role("row", name="API key").first).to_contain_text("admin@example.com")
    shoot(page, "settings-audit")
    assert_accessible(page)


def test_an_administrator_makes_another_project_and_opens_it(console: Console) -> None:
    page = console.open("/settings")
    page.get_by_role("button", name="New project").click()
    name = f"{console.project} two"
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    with page.expect_response(OPENED):
        page.get_by_role("combobox", name="Project").select_option(name)
    expect(page.get_by_role("heading", name="Three steps to the first mail")).to_be_visible()
    with page.expect_response(OPENED):
        page.get_by_role("combobox", name="Project").select_option(console.project)
    page.goto("/settings")
    expect(page.get_by_role("textbox", name="Name")).to_have_value(console.project)


def test_an_administrator_helps_who_forgot_the_password_and_disables_an_account(
    console: Console, installation: Tearoff
) -> None:
    who = f"forgetful-{secrets.token_hex(3)}@example.test"
    made = installation.run("person", "create", who, "--password", PASSWORD, "--project", console.project)
    assert made.returncode == 0, made.stderr
    page = console.open("/settings/people")
    row = page.get_by_role("row", name=who)
    row.get_by_role("button", name=f"More for {who}").click()
    page.get_by_role("menuitem", name="Give a link to a new password").click()
    link = page.get_by_role("alert").locator("code").inner_text()
    guest = console.open(link, signed_in=False)
    guest.get_by_role("textbox", name="New password").fill("another long one")
    guest.get_by_role("button", name="Save").click()
    guest.get_by_role("textbox", name="Email").fill(who)
    guest.get_by_role("textbox", name="Password").fill("another long one")
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Overview")).to_be_visible()
    row.get_by_role("button", name=f"More for {who}").click()
    page.get_by_role("menuitem", name="Disable the account").click()
    shoot(page, "settings-people-disable")
    assert_accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Disable the account").click()
    expect(row.get_by_text("Disabled", exact=True)).to_be_visible()
    guest.goto("/pools")
    expect(guest.get_by_role("heading", name="Sign in to Tearoff")).to_be_visible()
    row.get_by_role("button", name=f"More for {who}").click()
    page.get_by_role("menuitem", name="Enable the account").click()
    expect(row.get_by_text("Disabled", exact=True)).to_be_hidden()


def test_a_webhook_tells_what_it_was_told_and_gets_a_new_secret(console: Console) -> None:
    made = console.api("POST", "/v1/subscriptions", {"kind": "webhook", "target": "http://127.0.0.1:9/hook"})
    page = console.open("/settings/notifications")
    page.get_by_role("link", name="http://127.0.0.1:9/hook").click()
    expect(page.get_by_role("heading", name="Nothing was told yet")).to_be_visible()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("row", name="Test")).to_be_visible()
    page.get_by_role("button", name="New secret").click()
    page.get_by_role("dialog").get_by_role("button", name="New secret").click()
    secret = page.get_by_role("alert").filter(has_text="whsec_").locator("code").inner_text()
    assert secret != made["secret"]
    shoot(page, "settings-notification")
    assert_accessible(page)


def test_a_person_changes_their_own_name(console: Console) -> None:
    page = console.open("/")
    page.get_by_role("button", name="Ada").click()
    page.get_by_role("menuitem", name="My account").click()
    page.get_by_role("textbox", name="Your name").fill("Ada L.")
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Ada L.")).to_be_visible()
    page.get_by_role("textbox", name="Your name").fill("Ada")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Ada", exact=True)).to_be_visible()
