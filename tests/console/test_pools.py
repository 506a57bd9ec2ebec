"""The pages of a pool, by clicks: made, filled in each of the three ways, set up, launched, watched, archived."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from tests.console.conftest import Console, assert_accessible, settle, shoot

HEADER = "Code;Issue-start;Issue-end;Available-from;Available-till\n"
WINDOW = "20.06.2022 20:13;30.06.2099 20:13;30.06.2022 20:13;31.08.2099 20:13"
ROWS = "".join(f"jfj!{n:04d}lk;{WINDOW}\n" for n in range(500))
BAD = f"jfj!0001lk;{WINDOW}\nBAD-DATE;31.13.2022 10:00;;;\n" + "X" * 501 + ";;;;\n"


def make(console: Console, key: str, **more: object) -> str:
    body = {"key": key, "type": key, "name": key.title(), "description": "For the tests."}
    console.api("POST", "/v1/pools", body | more)
    return f"/pools/{key}"


def counter(page: Page, name: str) -> str:
    return page.locator("dl", has=page.get_by_text(name, exact=True)).locator("dd").first.inner_text()


def total_of(page: Page) -> Locator:
    return page.locator("dl", has=page.get_by_text("Total", exact=True)).locator("dd").first


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def make_by_clicks(page: Page) -> None:
    page.get_by_role("button", name="New pool").first.click()
    page.get_by_label("Name", exact=False).first.fill("Birthday promo codes")
    expect(page.get_by_label("ID")).to_have_value("birthday-promo-codes")
    expect(page.get_by_label("Parameter name")).to_have_value("birthdaypromocodes")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Birthday promo codes", level=1)).to_be_visible()
    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Launch")).to_be_disabled()
    expect(page.get_by_text("Before the launch: a description is needed").first).to_be_visible()


def read_the_preview(page: Page) -> None:
    expect(page.get_by_text("Preview of codes.csv")).to_be_visible()
    expect(page.get_by_text("Delimiter: Semicolon")).to_be_visible()
    columns = page.get_by_role("table", name="Columns")
    expect(columns.get_by_role("row", name="Issue-start Handed out from DD.MM.YYYY HH:MM")).to_be_visible()
    problems = page.get_by_role("table", name=re.compile("Rows with problems"))
    expect(problems.get_by_role("row", name=re.compile("BAD-DATE Refused"))).to_be_visible()
    expect(problems.get_by_role("row", name=re.compile("jfj!0001lk Repeated"))).to_be_visible()
    assert (counter(page, "Rows"), counter(page, "New codes"), counter(page, "Refused")) == ("503", "500", "3")
    assert counter(page, "Total") == "0", "a preview stores nothing"
    shoot(page, "pool-preview")
    assert_accessible(page)


def read_the_report(page: Page) -> None:
    page.get_by_role("tab", name="Imports").click()
    done = page.get_by_role("row", name=re.compile("Import of codes"))
    expect(done.get_by_text("503 rows processed: 500 successful, 3 refused")).to_be_visible()
    done.get_by_role("link", name=re.compile("Task")).click()
    expect(page.get_by_role("heading", name="Report")).to_be_visible()
    expect(page.get_by_role("cell", name="codes.csv")).to_be_visible()
    shoot(page, "task-report")
    page.get_by_role("link", name="birthday-promo-codes").click()


def set_up(page: Page) -> None:
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Description").fill("A gift for each birthday.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Before the launch")).to_have_count(0)
    page.get_by_role("tab", name="Usage").click()
    expect(page.get_by_label("Check that a code was issued before it is used")).to_be_checked()
    choose(page, "Ends", "after…")
    page.get_by_label("How many").fill("14")
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.get_by_role("button", name="Save", exact=True).click()


def test_a_pool_is_made_filled_from_a_file_set_up_and_launched(console: Console, tmp_path: Path) -> None:
    """The whole way of the vendor's page "How to import promo codes into a project", by clicks."""
    file = tmp_path / "codes.csv"
    file.write_text(HEADER + ROWS + BAD)
    page = console.open("/pools")
    make_by_clicks(page)
    page.locator("input[type=file]").set_input_files(file)
    read_the_preview(page)
    page.reload()
    page.get_by_role("button", name="Import 500 codes").click()
    expect(page.get_by_text("500 codes were added")).to_be_visible()
    expect(total_of(page)).to_have_text("500")
    shoot(page, "pool-imported")
    with page.expect_download() as refused:
        page.get_by_role("link", name="All refused rows as a file").click()
    lines = refused.value.path().read_text().splitlines()
    assert [line.split(",")[1] for line in lines[1:]][:2] == ["jfj!0001lk", "BAD-DATE"]
    page.get_by_role("button", name="Add more codes").click()
    expect(page.get_by_text("The pool was filled from a file first, and so it stays")).to_be_visible()
    expect(page.get_by_role("radio", name="Generated")).to_be_disabled()
    read_the_report(page)
    set_up(page)
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("Can be used", exact=True)).to_be_visible()
    pool = console.api("GET", "/v1/pools/birthday-promo-codes")
    assert (pool["state"], pool["validFor"]["endsAfter"]) == ("launched", {"amount": 14, "unit": "days"})
    assert console.api("POST", "/v1/claims", {"key": "one", "pool": "birthday-promo-codes"})["code"] == "jfj!0000lk"


def test_an_upload_that_breaks_off_goes_on_where_it_stopped(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "big.csv"
    file.write_text("Code\n" + "".join(f"RESUMED-{n:07d}-{'x' * 40}\n" for n in range(100_000)))
    path = make(console, "resumed")
    page = console.open(path)
    offsets: list[str] = []

    def lose_the_second_piece(route: Route) -> None:
        offset = route.request.headers.get("upload-offset")
        if route.request.method != "PATCH" or offset is None:
            return route.continue_()
        offsets.append(offset)
        return route.abort() if int(offset) and is_down else route.continue_()

    is_down = True
    page.route("**/v1/imports/*", lose_the_second_piece)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Sending big.csv")).to_be_visible()
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.get_by_text(re.compile(r"The upload of big.csv stopped at 70"))).to_be_visible()
    is_down = False
    offsets.clear()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name="Import 100,000 codes")).to_be_visible(timeout=60_000)
    assert offsets == ["4000000"], "only what was missing was sent"


def test_an_upload_outlives_a_server_that_does_not_answer_for_a_while(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "patient.csv"
    file.write_text("Code\n" + "".join(f"PATIENT-{n}\n" for n in range(1000)))
    page = console.open(make(console, "patient"))

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "PATCH":
            route.fetch()
        route.abort()

    page.route("**/v1/imports/*", lose_the_answer)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("the server does not answer, trying again")).to_be_visible()
    page.unroute("**/v1/imports/*")
    expect(page.get_by_role("button", name="Import 1,000 codes")).to_be_visible()


def test_a_check_of_another_tab_is_made_anew_before_it_is_imported(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "shared.csv"
    file.write_text("Code\nSHARED-1\n")
    page = console.open(make(console, "shared"))
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name="Import 1 code")).to_be_visible()
    beside = console.open(page.url)
    beside.get_by_role("button", name="Check again").click()
    beside.get_by_role("button", name="Import 1 code").click()
    expect(beside.get_by_text("1 code was added")).to_be_visible()


def test_an_empty_file_is_refused_with_the_reason(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("")
    page = console.open(make(console, "hollow"))
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("alert").filter(has_text="empty")).to_be_visible()
    expect(page.get_by_text("Drag a file here")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Drag a file here")).to_be_visible()
    expect(page.get_by_text("The upload of empty.csv stopped")).to_have_count(0)


def test_a_file_that_cannot_be_read_leads_on_to_another_one(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "broken.xlsx"
    file.write_bytes(b"PK\x03\x04 no workbook at all")
    page = console.open(make(console, "broken"))
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("alert").filter(has_text="The file could not be read")).to_be_visible()
    page.get_by_role("button", name="Choose another file").click()
    expect(page.get_by_text("Drag a file here")).to_be_visible()


def test_the_unissued_part_of_an_import_is_undone(console: Console) -> None:
    path = make(console, "undone")
    page = console.open(f"{path}?by=typed")
    page.get_by_label("Promo codes").fill("U1\nU2\n\nU3\nU3\n")
    expect(page.get_by_text("4 codes · 1 line stands there twice.")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("3 codes were added")).to_be_visible()
    console.api("POST", "/v1/claims", {"key": "taken", "pool": "undone"})
    page.get_by_role("button", name="Undo").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("3 codes were added. Those that nobody has yet are removed")).to_be_visible()
    dialog.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Removed 2, withdrawn 0, kept with their owners 1.")).to_be_visible()
    expect(total_of(page)).to_have_text("1")


def test_codes_are_generated_to_a_format_drawn_up_by_clicks(console: Console) -> None:
    path = make(console, "summer")
    page = console.open(f"{path}?by=generated")
    expect(page.get_by_role("button", name="2", exact=True)).to_have_attribute("aria-pressed", "true")
    odds = page.get_by_text("One guess in").locator("..")
    before = odds.inner_text()
    page.get_by_role("button", name="Digits: All").click()
    page.get_by_role("button", name="Digits: None").click()
    page.get_by_role("button", name="Z", exact=True).click()
    page.get_by_label("Length").fill("8")
    page.get_by_label("Prefix").fill("S")
    page.get_by_label("Groups of").fill("4")
    sample = page.locator("code").first
    expect(sample).to_have_text(re.compile(r"^S[A-HJ-NP-Y]{3}-[A-HJ-NP-Y]{4}$"))
    assert odds.inner_text() != before
    page.get_by_label("How many codes").fill("5000000")
    expect(page.get_by_text("Too easy to guess")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Generate"))).to_be_disabled()
    page.get_by_label("How many codes").fill("300")
    shoot(page, "pool-generate")
    assert_accessible(page)
    page.get_by_role("button", name="Generate 300 codes").click()
    expect(total_of(page)).to_have_text("300")
    codes = [item["code"] for item in console.api("GET", "/v1/codes?pool=summer&reveal=true&limit=300")["items"]]
    assert len(codes) == 300 and all(re.fullmatch(r"S[A-HJ-NP-Y]{3}-[A-HJ-NP-Y]{4}", code) for code in codes)

    rule = page.get_by_role("region", name="Refill rule")
    rule.get_by_label("Fewer than").fill("50")
    rule.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("The rule is saved.")).to_be_visible()
    assert console.api("GET", "/v1/pools/summer/refill")["below"] == 50


def test_multi_use_and_the_check_before_use_exclude_each_other_where_they_stand(console: Console) -> None:
    path = make(console, "public", state="draft")
    page = console.open(f"{path}/usage")
    multi = page.get_by_role("radio", name="Multi-use")
    expect(multi).to_be_disabled()
    expect(page.get_by_text("Multi-use is not possible while")).to_be_visible()
    page.get_by_label("Check that a code was issued before it is used").uncheck()
    multi.check()
    expect(page.get_by_text("The two exclude each other.")).to_be_visible()
    expect(page.get_by_label("Check that a code was issued before it is used")).to_be_disabled()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    shoot(page, "pool-usage")
    assert_accessible(page)
    pool = console.api("GET", "/v1/pools/public")
    assert (pool["codeType"], pool["isIssueChecked"]) == ("multi", False)
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("The kind of codes is fixed since the pool was launched.")).to_be_visible()


def test_the_threshold_and_who_is_told_are_set_and_the_log_says_who_changed_what(console: Console) -> None:
    path = make(console, "watched")
    page = console.open(f"{path}/alerts")
    page.get_by_label("Threshold").fill("250")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    page.get_by_role("button", name="Add a threshold").click()
    page.get_by_label("Fewer than").fill("20")
    page.get_by_role("button", name="Save: More thresholds").click()
    page.get_by_label("Email or URL").fill("not an address")
    page.get_by_role("button", name="Add a person").click()
    expect(page.get_by_label("Email or URL")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Email or URL").fill("stock@example.com")
    page.get_by_role("button", name="Add a person").click()
    expect(page.get_by_text("Email · At once · This pool only")).to_be_visible()
    shoot(page, "pool-alerts")
    assert_accessible(page)
    assert console.api("GET", "/v1/pools/watched/alerts")["rungs"] == [{"below": 20, "level": "alarm"}]
    page.get_by_role("tab", name="Change log").click()
    change = page.get_by_role("row", name=re.compile("admin@example.com"))
    expect(change.get_by_text("Threshold: 1,000 → 250")).to_be_visible()
    shoot(page, "pool-changes")


def test_the_stock_is_shown_with_its_forecast_and_as_a_table(console: Console) -> None:
    path = make(console, "drawn")
    console.api("POST", "/v1/pools/drawn/imports", {"text": "\n".join(f"D{n}" for n in range(30))})
    page = console.open(f"{path}/stock")
    chart = page.get_by_role("img", name="Stock and forecast")
    expect(chart.locator("canvas")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Nothing is known of the pace yet.")).to_be_visible()
    shoot(page, "pool-stock")
    assert_accessible(page)
    page.get_by_role("button", name="As a table").first.click()
    expect(page.get_by_role("table", name="Stock and forecast").get_by_role("row")).not_to_have_count(0)


def test_the_forecast_stands_between_the_faster_and_the_slower_pace(console: Console) -> None:
    path = make(console, "band")
    console.api("POST", "/v1/pools/band/imports", {"text": "\n".join(f"B{n}" for n in range(60))})
    soon = datetime.now(UTC) + timedelta(days=10)
    later = soon + timedelta(days=10)
    paces = {"perDay": 6, "perDayLow": 3, "emptyAt": soon.isoformat(), "emptyLatestAt": later.isoformat()}
    page = console.open("/pools")

    def foresee(route: Route) -> None:
        known = route.fetch().json()
        route.fulfill(json={**known, "ready": 60, **paces})

    page.route("**/pools/band/forecast", foresee)
    page.goto(f"{path}/stock")
    expect(page.get_by_text("At 6 a day the pool is empty on")).to_be_visible()
    expect(page.get_by_text("At the slower pace of 3 a day it lasts until")).to_be_visible()
    shoot(page, "pool-forecast")
    page.get_by_role("button", name="As a table").first.click()
    rows = page.get_by_role("table", name="Stock and forecast").get_by_role("row").all()
    ahead = [cells for row in rows[1:] if (cells := row.get_by_role("cell").all_inner_texts())[2]]
    fast, slow = ([int(cells[column]) for cells in ahead] for column in (2, 3))
    assert (fast[0], slow[0]) == (60, 60)
    assert fast[-1] == slow[-1] == 0
    assert all(low <= high for low, high in zip(fast, slow, strict=True))
    assert slow[fast.index(0)] == 30, "when the faster pace has emptied the pool, the slower one has left half"


def test_a_pool_is_found_in_the_list_and_archived_with_the_numbers_said(console: Console) -> None:
    make(console, "found")
    console.api("POST", "/v1/pools/found/imports", {"text": "F1\nF2"})
    page = console.open("/pools")
    expect(page.get_by_role("row", name=re.compile("Found found Can be used 2"))).to_be_visible()
    shoot(page, "pools")
    assert_accessible(page)
    page.get_by_role("searchbox", name="Search pools").fill("foun")
    expect(page.get_by_role("row")).to_have_count(2)
    assert "q=foun" in page.url, "the address can be shared"
    page.get_by_role("link", name="Found").click()
    page.get_by_role("button", name="Archive").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 available codes will be handed out no more.")).to_be_visible()
    dialog.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Archived", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Launch again")).to_be_enabled()


def test_the_imports_of_a_pool_have_their_words_at_their_own_address(console: Console) -> None:
    path = make(console, "direct")
    console.api("POST", "/v1/pools/direct/imports", {"text": "DIRECT-1"})
    page = console.open(f"{path}/imports")
    expect(page.get_by_role("columnheader", name="Created by")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Import of codes"))).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_long_words_push_nothing_off_the_page(console: Console, phone: bool) -> None:
    path = make(console, f"endless-{phone}".lower(), name="W" * 200, alertBelow=50)
    console.api("POST", "/v1/subscriptions", {"kind": "webhook", "target": f"https://hooks.test/{phone}/{'x' * 150}"})
    for where in ("/", "/pools", "/problems", path, f"{path}/alerts", "/settings/notifications"):
        page = console.open(where, phone=phone)
        expect(page.get_by_role("heading", level=1)).not_to_have_text("…")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), where
    page = console.open("/pools?q=endless", phone=phone)
    expect(page.get_by_role("columnheader", name="State")).to_be_in_viewport()


@pytest.mark.parametrize("look", [{"phone": True}, {"dark": True}], ids=["phone", "dark"])
def test_the_numbers_are_readable_on_a_phone_and_in_the_dark(console: Console, look: dict[str, bool]) -> None:
    name = "".join(look)
    path = make(console, f"small-{name}")
    for where in ("/pools", path, f"{path}/stock"):
        page = console.open(where, **look)
        expect(page.get_by_role("heading", level=1)).not_to_have_text("…")
        shoot(page, f"{name}-{where}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), where


def test_another_id_moves_the_page_and_warns_who_may_be_broken(console: Console) -> None:
    path = make(console, "before")
    make(console, "taken-already")
    page = console.open(f"{path}/settings")
    page.get_by_role("textbox", name="ID").fill("taken-already")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.url.endswith("/pools/before/settings")
    page.get_by_role("textbox", name="ID").fill("after")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/pools/after/settings$"))
    expect(page.get_by_text("Whoever calls the pool 'before' must call it 'after' now.")).to_be_visible()
