"""What a contact gets who has a code already: set for a pool, and for one block of a workflow."""

from playwright.sync_api import Page, expect
from tests.console.conftest import Console, assert_accessible, shoot


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_what_one_contact_gets_is_set_with_its_period(console: Console) -> None:
    console.api("POST", "/v1/pools", {"key": "fair", "type": "fair", "name": "Fair", "description": "x"})
    page = console.open("/pools/fair/usage")
    expect(page.get_by_label("The same only while it is valid")).to_have_count(0)
    choose(page, "A contact who already has a code gets", "the same code within one workflow")
    page.get_by_label("The same only while it is valid for so many more days").fill("5")
    page.get_by_label("At most so many codes per contact").fill("2")
    choose(page, "Within", "the present…")
    page.get_by_label("How many").fill("3")
    choose(page, "Unit", "weeks")
    shoot(page, "pool-per-contact")
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    pool = console.api("GET", "/v1/pools/fair")
    assert (pool["reissue"], pool["reissueDays"]) == ("workflow", 5)
    assert pool["cap"] == {"max": 2, "period": {"amount": 3, "unit": "weeks"}, "isCalendar": True}
    choose(page, "Within", "all time")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_have_count(2)
    assert console.api("GET", "/v1/pools/fair")["cap"] == {"max": 2, "period": None, "isCalendar": False}


def test_a_block_gives_a_code_again_only_while_it_lasts(console: Console) -> None:
    blocks = {
        "start": {"kind": "start", "eventType": "again", "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": "fair", "exits": {"found": "end"}},
        "end": {"kind": "end"},
    }
    console.api("POST", "/v1/workflows", {"key": "again", "name": "Again", "blocks": blocks})
    page = console.open("/workflows/again")
    page.locator('.react-flow__node[data-id="code"]').click()
    choose(page, "Who has a code already gets", "The same in this workflow")
    page.get_by_label("The same while it lasts, days").fill("7")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    code = console.api("GET", "/v1/workflows/again")["blocks"]["code"]
    assert (code["reissue"], code["reissueDays"]) == ("workflow", 7)
