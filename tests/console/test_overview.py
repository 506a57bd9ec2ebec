"""The overview: what needs a person, what is left, and the first steps of an empty project."""

from playwright.sync_api import expect
from tests.console.conftest import Console, assert_accessible, shoot


def test_an_empty_project_is_filled_with_the_example(console: Console) -> None:
    page = console.open("/")
    expect(page.get_by_role("heading", name="Three steps to the first mail")).to_be_visible()
    shoot(page, "overview-empty")
    assert_accessible(page)
    page.get_by_role("button", name="Fill in the birthday example").click()
    page.wait_for_url("**/workflows/birthday")
    assert console.api("GET", "/v1/workflows/birthday")["isActive"]
    page.goto("/")
    row = page.get_by_role("row", name="Birthday codes")
    expect(row.get_by_role("cell", name="100", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Three steps to the first mail")).to_be_hidden()
    shoot(page, "overview")
    assert_accessible(page)
    dark = console.open("/", dark=True)
    expect(dark.get_by_role("row", name="Birthday codes")).to_be_visible()
    shoot(dark, "overview-dark")
    assert_accessible(dark)
    phone = console.open("/", phone=True)
    expect(phone.get_by_role("row", name="Birthday codes")).to_be_visible()
    shoot(phone, "overview-phone")


def test_a_pool_that_runs_low_needs_a_person_until_somebody_closes_it(console: Console) -> None:
    pool = {
        "key": "few",
        "type": "few",
        "name": "Few",
        "description": "Runs low",
        "state": "launched",
        "alertBelow": 50,
    }
    console.api("POST", "/v1/pools", pool)
    console.api("POST", "/v1/pools/few/imports", {"text": "FEW-1\nFEW-2\nFEW-3"})
    page = console.open("/problems")
    row = page.get_by_role("row", name="few")
    for _ in range(20):
        if row.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
        page.wait_for_load_state("networkidle")
    expect(row).to_be_visible()
    shoot(page, "problems")
    assert_accessible(page)
    row.get_by_role("button", name="Close").click()
    expect(row).to_be_hidden()
