"""Deliveries: what was sent, what the other side said, and the day's figures on the overview."""

from playwright.sync_api import expect
from tests.console.conftest import Console, assert_accessible, shoot


def test_a_sent_mail_stands_in_the_list_and_in_the_figures_of_the_day(console: Console) -> None:
    page = console.open("/")
    page.get_by_role("button", name="Fill in the birthday example").click()
    page.wait_for_url("**/workflows/birthday")
    event = {
        "eventTypeKey": "birthday",
        "keyValue": "ada@example.test",
        "params": [{"name": "EmailAddress", "value": "ada@example.test"}],
    }
    console.api("POST", "/api/v1/event", event)
    page.goto("/deliveries?state=sent")
    row = page.get_by_role("row", name="ada@example.test")
    for _ in range(20):
        if row.count():
            break
        page.wait_for_timeout(500)
        page.reload()
        page.wait_for_load_state("networkidle")
    expect(row).to_contain_text("Sent")
    shoot(page, "deliveries")
    assert_accessible(page)
    page.get_by_role("button", name="table").click()
    expect(page.get_by_role("table", name="Messages by day and state")).to_be_visible()
    page.goto("/")
    expect(page.locator("text=Messages sent").locator("..")).to_contain_text("1")
    shoot(page, "overview-after")
    dark = console.open("/deliveries", dark=True)
    expect(dark.get_by_role("row", name="ada@example.test")).to_be_visible()
    shoot(dark, "deliveries-dark")
    assert_accessible(dark)
