"""The till, by clicks: codes looked up, redeemed, taken back; failed attempts with reasons; the guessing alarm."""

import re
import time

import requests
from playwright.sync_api import expect
from tests.console.conftest import Console, assert_accessible, shoot


def issued(console: Console, key: str) -> str:
    """A code of a pool of its own that somebody has."""
    console.api("POST", "/v1/pools", {"key": key, "type": key, "name": key.title(), "description": "x"})
    console.api("POST", f"/v1/pools/{key}/imports", {"text": f"{key.upper()}-1\n{key.upper()}-2"})
    while console.api("GET", f"/v1/pools/{key}/stock")["total"] < 2:
        time.sleep(0.1)
    return console.api("POST", "/v1/claims", {"key": key, "pool": key})["code"]


def test_a_code_is_looked_up_redeemed_and_rolled_back(console: Console) -> None:
    code = issued(console, "till")
    page = console.open("/redemptions")
    page.get_by_role("textbox", name="Code", exact=True).fill(code)
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("The code can be used")).to_be_visible()
    page.get_by_label("Order number").fill("A-17")
    page.get_by_label("Amount").fill("25.50")
    shoot(page, "redeem")
    assert_accessible(page)
    page.get_by_role("button", name="Redeem", exact=True).click()
    expect(page.get_by_text("Order A-17 has used the code.")).to_be_visible()
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("Used already")).to_be_visible()
    page.get_by_role("tab", name="Uses").click()
    row = page.get_by_role("row", name=re.compile("A-17"))
    row.get_by_role("button", name="Roll back").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 use less is counted in till.")).to_be_visible()
    dialog.get_by_label("Reason").fill("Payment failed")
    dialog.get_by_role("button", name="Roll back").click()
    expect(row.get_by_text("Payment failed")).to_be_visible()
    shoot(page, "uses")
    assert_accessible(page)
    assert console.api("GET", "/v1/pools/till/stock")["redeemed"] == 0


def test_failed_attempts_are_told_with_their_reasons_and_guessing_raises_the_alarm(console: Console) -> None:
    code = issued(console, "guarded")
    headers = {"Authorization": f"Bearer {console.key}", "X-Customer-IP": "203.0.113.9"}
    console.api("POST", "/v1/redemptions", {"code": code, "orderId": "B-1"})
    page = console.open("/redemptions")
    expect(page.get_by_role("alert")).to_have_count(0)
    for order in ("B-2", "B-3"):
        requests.post(
            f"{console.url}/v1/redemptions", json={"code": code, "orderId": order}, headers=headers, timeout=30
        )
    for n in range(40):
        body = {"code": f"GUESS-{n}", "orderId": f"G-{n}"}
        requests.post(f"{console.url}/v1/redemptions", json=body, headers=headers, timeout=30)
    page.goto("/redemptions/refusals")
    why = page.get_by_role("table", name="Why codes were refused")
    expect(why.get_by_role("row", name=re.compile("Used already guarded 2 1"))).to_be_visible()
    shoot(page, "refusals")
    assert_accessible(page)
    page.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="Used already").click()
    expect(page.get_by_role("table", name="Failed attempts").get_by_role("row")).to_have_count(3)
    page.get_by_role("alert").get_by_role("link", name="1 caller is locked out for guessing").click()
    expect(page.get_by_role("row", name=re.compile("Address 203.0.113.9"))).to_be_visible()
    shoot(page, "guessing")
    assert_accessible(page)
