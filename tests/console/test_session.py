"""Signing in and out, as a person does it."""

from playwright.sync_api import expect
from tests.console.conftest import ADMINISTRATOR, PASSWORD, Console, assert_accessible, shoot


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
