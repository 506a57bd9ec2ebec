"""Workflows in the console: built by clicks, tested without spending, published, stopped, looked into."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.console.conftest import PASSWORD, Console, assert_accessible, shoot
from tests.processes import Tearoff

HTML = "<h1>Happy birthday, $!{data.get('firstName')}</h1><p>Your code: <b>$!data.get('promocode')</b></p>"
BLOCKS: dict[str, dict[str, Any]] = {
    "start": {"kind": "start", "eventType": "birthday", "exits": {"next": "code"}},
    "code": {"kind": "getPromoCode", "type": "birthday", "discount": "${discount}", "exits": {"found": "mail"}},
    "mail": {
        "kind": "message",
        "message": "birthday-mail",
        "email": "${EmailAddress}",
        "exits": {"next": "end"},
    },
    "end": {"kind": "end"},
}
PARAMS = {"EmailAddress": "ann@example.com", "discount": 10}


@pytest.fixture(scope="module", autouse=True)
def setting(site: Console) -> None:
    """What the workflows name: a pool with codes, a message to a mailbox, a field, and an event of before."""
    site.api("POST", "/v1/fields", {"key": "PROMOCODE", "name": "Promo code", "type": "TEXTFIELD"})
    site.api("POST", "/v1/pools", {"key": "birthday", "type": "birthday", "description": "Gifts"})
    codes = {"promocodes": [f"GIFT-{n:03}" for n in range(20)], "expirationDate": "2099-01-01", "discount": 10}
    site.api("POST", "/api/v1/promocodes", codes | {"type": "birthday"})
    site.api("POST", "/v1/pools/birthday/launch", {})
    site.api("POST", "/v1/channels", {"key": "box", "kind": "mailbox", "medium": "email"})
    texts = {"subject": "Happy birthday", "html": HTML, "sender": "Shop <shop@example.com>"}
    mail = {"key": "birthday-mail", "name": "Birthday mail", "medium": "email", "channel": "box"}
    site.api("POST", "/v1/messages", mail | {"languages": {"en": texts}})
    site.api("POST", "/v1/events", {"eventType": "birthday", "params": PARAMS})


def drafted(console: Console, blocks: dict[str, dict[str, Any]] = BLOCKS, *, is_live: bool = False) -> str:
    """The key of a workflow that is there already."""
    key = f"made-{secrets.token_hex(3)}"
    console.api("POST", "/v1/workflows", {"key": key, "name": f"Made {key}", "blocks": blocks})
    if is_live:
        console.api("POST", f"/v1/workflows/{key}/publish", {})
    return key


def block(page: Page, name: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{name}"]')


def box(page: Page, label: str) -> Locator:
    return page.get_by_role("combobox", name=label, exact=True)


def complete(page: Page, label: str, begun: str, option: str) -> None:
    """Type the beginning of a value, and take what the input offers."""
    box(page, label).press_sequentially(begun)
    page.get_by_role("option", name=re.compile(option)).click()


def stock(console: Console) -> Any:
    return console.api("GET", "/v1/pools/birthday/stock")


def test_the_birthday_workflow_is_built_by_clicks_and_published(console: Console) -> None:
    page = console.open("/workflows")
    shoot(page, "workflows-empty")
    page.get_by_role("button", name="New workflow").first.click()
    page.get_by_label("Name").fill("День народження")
    expect(page.get_by_label("Key")).to_have_value("den-narodzhennya")
    page.get_by_label("Key").fill("birthday")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="День народження", level=1)).to_be_visible()

    page.get_by_role("button", name="Add block: Start").click()
    complete(page, "Event type", "birth", "birthday")
    page.get_by_role("button", name="Add block: Get promo code").click()
    complete(page, "Pool", "birth", "birthday")
    box(page, "Valid for days").fill("10")
    complete(page, "Discount", "${disc", "discount")
    expect(box(page, "Discount")).to_have_value("${discount}")
    complete(page, "Save to field", "PROMO", "PROMOCODE")
    page.get_by_role("button", name="Add block: Message").click()
    complete(page, "Message", "birth", "birthday-mail")
    page.get_by_role("button", name="Insert a value: Email").click()
    page.get_by_role("option", name=re.compile("EmailAddress")).click()
    expect(box(page, "Email")).to_have_value("${EmailAddress}")
    page.get_by_role("button", name="Add block: End").click()
    expect(page.locator(".react-flow__edge")).to_have_count(3)
    page.get_by_role("tab", name="Problems").click()
    expect(page.get_by_text("Nothing stands against publishing.")).to_be_visible()
    page.get_by_role("tab", name="List").click()
    page.get_by_role("button", name="Get promo code · code").click()
    shoot(page, "workflow-built")
    assert_accessible(page)

    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The stock is enough.")).to_be_visible()
    dialog.get_by_label("Expected runs").fill("10000")
    expect(dialog.get_by_text(re.compile("9,9[0-9]{2} codes are missing"))).to_be_visible()
    shoot(page, "workflow-launch-check")
    assert_accessible(page)
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Live · version 1")).to_be_visible()
    live = console.api("GET", "/v1/workflows/birthday")
    assert live["isActive"]
    assert live["blocks"]["code"]["days"] == "10"
    assert live["blocks"]["code"]["exits"] == {"found": "message"}


def test_a_problem_is_shown_on_its_block_and_in_its_form(console: Console) -> None:
    wrong = {**BLOCKS, "mail": {**BLOCKS["mail"], "message": "nothing-such", "exits": {}}}
    page = console.open(f"/workflows/{drafted(console, wrong)}")
    expect(block(page, "mail").get_by_label("problem")).to_be_visible()
    page.get_by_role("tab", name="Problems").click()
    page.get_by_role("button", name="mail").click()
    expect(page.get_by_text("The exit “Next” leads nowhere.")).to_be_visible()
    page.get_by_role("combobox", name="Next leads to").click()
    page.get_by_role("option", name="end · End").click()
    expect(page.get_by_text("There is no message 'nothing-such'.")).to_be_visible()
    shoot(page, "workflow-problem")
    box(page, "Message").fill("birthday-mail")
    expect(block(page, "mail").get_by_label("problem")).to_have_count(0)


def test_what_was_done_is_undone_and_done_again(console: Console) -> None:
    page = console.open(f"/workflows/{drafted(console)}")
    expect(page.locator(".react-flow__node")).to_have_count(4)
    block(page, "mail").click()
    box(page, "Language").fill("uk")
    block(page, "mail").focus()
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(page.locator(".react-flow__node")).to_have_count(4)
    expect(page.locator(".react-flow__edge")).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").get_by_text("All changes are saved")).to_be_visible()
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    page.get_by_role("link", name="Pools").click()
    page.get_by_role("dialog").get_by_role("button", name="Stay here").click()
    expect(page.locator(".react-flow__node")).to_have_count(3)


def test_a_block_is_dragged_from_the_palette_and_exits_are_joined_by_hand(console: Console) -> None:
    page = console.open(f"/workflows/{drafted(console, {'start': BLOCKS['start'] | {'exits': {}}})}")
    canvas = page.locator(".react-flow__pane")
    page.get_by_role("button", name="Add block: End").drag_to(canvas, target_position={"x": 330, "y": 440})
    expect(page.locator(".react-flow__node")).to_have_count(2)
    block(page, "start").locator(".react-flow__handle-bottom").drag_to(
        block(page, "end").locator(".react-flow__handle")
    )
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    page.reload()
    expect(page.locator(".react-flow__edge")).to_have_count(1)


@pytest.mark.parametrize(
    ("stock_mode", "outcome"),
    [("As it is", "come to its end"), ("Empty", "wait for a code"), ("Expiring", "come to its end")],
)
def test_a_test_launch_shows_the_path_and_spends_nothing(console: Console, stock_mode: str, outcome: str) -> None:
    before = stock(console), console.api("GET", "/v1/events?eventType=birthday"), console.api("GET", "/v1/runs")
    page = console.open(f"/workflows/{drafted(console)}")
    page.get_by_role("tab", name="Test").click()
    expect(page.get_by_role("combobox", name="Event")).to_have_value(re.compile("ann@example.com"))
    page.get_by_text(stock_mode, exact=True).click()
    page.get_by_role("button", name="Test the draft").click()
    result = page.get_by_role("status", name="Result of the test")
    expect(result.get_by_text(f"The run would {outcome}")).to_be_visible()
    expect(result.get_by_text("Nothing was spent")).to_be_visible()
    expect(block(page, "start").locator("[data-mark=passed]")).to_be_visible()
    shoot(page, f"workflow-path-{stock_mode}")
    assert_accessible(page)
    if stock_mode == "Empty":
        expect(block(page, "code").locator("[data-mark=waits]")).to_be_visible()
    else:
        result.get_by_role("button", name="Look at the message").click()
        frame = page.get_by_role("dialog").frame_locator("iframe")
        expect(frame.get_by_role("heading", name=re.compile("Happy birthday"))).to_be_visible()
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear the path").click()
    expect(page.locator("[data-mark]")).to_have_count(0)
    assert (
        stock(console),
        console.api("GET", "/v1/events?eventType=birthday"),
        console.api("GET", "/v1/runs"),
    ) == before


def test_a_pasted_event_tests_the_unsaved_draft_and_a_dry_run_takes_the_real_ones(console: Console) -> None:
    key = drafted(console)
    page = console.open(f"/workflows/{key}")
    block(page, "start").click()
    page.get_by_role("button", name="Add a condition").first.click()
    box(page, "Parameter 1").fill("level")
    box(page, "Value 1").fill("gold")
    page.get_by_role("tab", name="Test").click()
    page.get_by_role("combobox", name="Event").click()
    page.get_by_role("option", name="Paste one").click()
    page.locator(".cm-content").fill('{"EmailAddress": "bob@example.com", "discount": 10}')
    page.get_by_role("button", name="Test the draft").click()
    expect(page.get_by_text("A real event like this starts no run")).to_be_visible()
    assert "filter" not in console.api("GET", f"/v1/workflows/{key}")["blocks"]["start"]
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Dry run").click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text(re.compile("^0 of [0-9]+ events"))).to_be_visible()
    shoot(page, "workflow-dry-run")
    assert_accessible(page)


def test_a_real_event_becomes_a_run_with_its_path_and_counts(console: Console) -> None:
    key = drafted(console, {**BLOCKS, "start": {**BLOCKS["start"], "eventType": "real"}}, is_live=True)
    console.api("POST", "/v1/events", {"eventType": "real", "params": PARAMS})
    page = console.open(f"/workflows/{key}/runs")
    expect(page.get_by_role("cell", name="Done")).to_be_visible()
    page.get_by_role("button", name="Funnel").click()
    page.get_by_role("button", name="As a table").click()
    expect(page.get_by_role("table").filter(has_text="Stand there").get_by_role("row").nth(2)).to_contain_text("code")
    page.get_by_role("button", name="As a chart").click()
    expect(page.locator("canvas")).to_be_visible()
    shoot(page, "workflow-runs")
    assert_accessible(page)
    page.get_by_role("table", name="Runs").get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=re.compile("^Run [0-9]+"))).to_be_visible()
    expect(block(page, "mail").locator("[data-mark=passed]")).to_be_visible()
    expect(page.get_by_role("list", name="Steps").get_by_role("listitem")).to_have_count(4)
    shoot(page, "workflow-run")
    assert_accessible(page)
    page.goto(f"/workflows/{key}")
    page.get_by_role("switch", name="Live counts").check()
    expect(page.locator(".react-flow__edge-text").first).to_have_text("1")
    page.goto("/workflows")
    page.get_by_label("Search").fill(key)
    expect(page.get_by_role("row")).to_have_count(2)
    row = page.get_by_role("row").filter(has_text=key)
    expect(row.get_by_role("cell").nth(2)).to_have_text("1")
    shoot(page, "workflows")
    assert_accessible(page)


def test_runs_are_filtered_stopped_and_go_on_with_new_stock(console: Console) -> None:
    empty = {**BLOCKS["code"], "discount": "77"}
    key = drafted(console, {**BLOCKS, "start": {**BLOCKS["start"], "eventType": "hold"}, "code": empty}, is_live=True)
    for n in range(3):
        params = {"EmailAddress": f"held{n}@example.com"}
        console.api("POST", "/v1/events", {"eventType": "hold", "params": params})
    page = console.open(f"/workflows/{key}/runs")
    expect(page.get_by_role("cell", name="Waits for a code")).to_have_count(3)
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    page.get_by_role("button", name="Stop the run").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop the run").click()
    expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
    page.get_by_role("link", name=key).click()
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Stopped").click()
    expect(page.get_by_role("row")).to_have_count(2)
    codes = {"promocodes": ["RARE-1"], "expirationDate": "2099-01-01", "discount": 77, "type": "birthday"}
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Stopped").click()
    expect(page.get_by_role("row")).to_have_count(4)
    console.api("POST", "/api/v1/promocodes", codes)
    expect(page.get_by_role("cell", name="Done")).to_have_count(1, timeout=20_000)
    page.get_by_role("button", name="Resume 1 waiting run").click()
    expect(page.get_by_text("0 runs go on; 1 still wait.")).to_be_visible()
    page.get_by_role("button", name="Stop all runs").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop 1 run").click()
    expect(page.get_by_role("cell", name="Stopped")).to_have_count(2, timeout=20_000)


def test_a_failed_run_is_found_by_its_error_and_tried_again(console: Console) -> None:
    key = drafted(console, {**BLOCKS, "start": {**BLOCKS["start"], "eventType": "fail"}}, is_live=True)
    params = PARAMS | {"EmailAddress": "nobody"}
    console.api("POST", "/v1/events", {"eventType": "fail", "keyValue": "x", "params": params})
    page = console.open(f"/workflows/{key}/runs?state=failed")
    expect(page.get_by_role("cell", name="Failed")).to_be_visible(timeout=20_000)
    page.get_by_label("Error contains").fill("not there")
    expect(page.get_by_text("No run matches")).to_be_visible()
    page.get_by_label("Error contains").fill("nobody")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("alert").filter(has_text="Failed at mail")).to_be_visible()
    expect(block(page, "mail").locator("[data-mark=failed]")).to_be_visible()
    shoot(page, "workflow-run-failed")
    assert_accessible(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("attempt 2")).to_be_visible(timeout=20_000)


def test_two_versions_are_compared_and_an_old_one_is_taken_again(console: Console) -> None:
    key = drafted(console, {**BLOCKS, "start": {**BLOCKS["start"], "eventType": "version"}}, is_live=True)
    page = console.open(f"/workflows/{key}")
    block(page, "code").click()
    box(page, "Valid for days").fill("7")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Live · version 2")).to_be_visible()
    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_text("code · Valid for days: nothing → 7")).to_be_visible()
    expect(page.locator("[data-mark=changed]")).to_have_count(2)
    shoot(page, "workflow-versions")
    assert_accessible(page)
    page.get_by_role("button", name="Take version 1 as the draft").click()
    expect(page.locator(".react-flow__node")).to_have_count(4)
    assert "days" not in console.api("GET", f"/v1/workflows/{key}")["blocks"]["code"]


def test_a_workflow_is_stopped_duplicated_and_deleted_from_the_list(console: Console) -> None:
    key = drafted(console, {**BLOCKS, "start": {**BLOCKS["start"], "eventType": "stop"}}, is_live=True)
    page = console.open("/workflows")
    page.get_by_role("button", name=f"Actions of Made {key}").click()
    page.get_by_role("menuitem", name="Stop").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("row").filter(has_text=key).get_by_text("Stopped")).to_be_visible()
    page.get_by_role("button", name=f"Actions of Made {key}").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=f"Made {key} (copy)")).to_be_visible()
    expect(page.locator(".react-flow__node")).to_have_count(4)
    page.goto("/workflows")
    page.get_by_role("button", name=f"Actions of Made {key} (copy)").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_text("its 4 blocks are deleted")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text(f"Made {key} (copy)", exact=True)).to_have_count(0)


def test_a_workflow_is_built_with_the_keyboard_alone(console: Console) -> None:
    key = drafted(console, {})
    page = console.open(f"/workflows/{key}")
    for kind in ("Start", "Get contact", "End"):
        page.get_by_role("button", name=f"Add block: {kind}").focus()
        page.keyboard.press("Enter")
    block(page, "start").focus()
    page.keyboard.press("Enter")
    box(page, "Event type").focus()
    page.keyboard.type("birth")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    block(page, "contact").focus()
    page.keyboard.press("Enter")
    box(page, "Email").focus()
    page.keyboard.type("${email")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page, "Email")).to_have_value("${EmailAddress}")
    page.get_by_role("combobox", name="Not found leads to").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    made = console.api("GET", f"/v1/workflows/{key}")["blocks"]
    assert made["start"]["eventType"] == "birthday"
    assert made["contact"]["exits"] == {"next": "end", "missing": "end"}


def test_a_viewer_only_looks(console: Console, installation: Tearoff) -> None:
    key = drafted(console)
    who = f"looker-{secrets.token_hex(3)}@example.com"
    made = installation.run("person", "create", who, "--password", PASSWORD, "--project", console.project)
    assert made.returncode == 0, made.stderr
    page = console.open(f"/workflows/{key}", signed_in=False)
    page.get_by_role("textbox", name="Email").fill(who)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    block(page, "code").click()
    expect(box(page, "Pool")).to_be_disabled()
    for name in ("Save draft", "Publish", "More", "Add block: End", "Remove the block"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    block(page, "code").focus()
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__node")).to_have_count(4)


def test_a_phone_builds_by_the_list_and_dark_colours_are_readable(console: Console) -> None:
    key = drafted(console)
    page = console.open(f"/workflows/{key}", phone=True, dark=True)
    page.get_by_role("button", name="Message · mail").click()
    box(page, "Language").fill("en")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    assert console.api("GET", f"/v1/workflows/{key}")["blocks"]["mail"]["language"] == "en"
    shoot(page, "workflow-phone-dark")
    assert_accessible(page)
    wide = console.open(f"/workflows/{key}", dark=True)
    block(wide, "code").click()
    shoot(wide, "workflow-dark")
    assert_accessible(wide)
