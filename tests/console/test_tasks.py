"""Tasks, by clicks: listed, filtered, stopped."""

import re

from playwright.sync_api import expect
from tests.console.conftest import Console, assert_accessible, shoot


def test_a_generation_is_found_by_its_kind_watched_and_stopped(console: Console) -> None:
    console.api("POST", "/v1/formats", {"key": "long", "length": 14})
    console.api("POST", "/v1/pools", {"key": "endless", "type": "endless", "name": "Endless", "description": "x"})
    task = console.api("POST", "/v1/pools/endless/generations", {"format": "long", "quantity": 50_000_000})
    page = console.open("/tasks")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Generation").click()
    assert "kind=generation" in page.url
    row = page.get_by_role("row", name=re.compile(f"Task {task['id']} "))
    expect(row.get_by_text("At work")).to_be_visible()
    shoot(page, "tasks")
    assert_accessible(page)
    row.get_by_role("link", name=f"Task {task['id']}").click()
    expect(page).to_have_url(re.compile(f"/tasks/{task['id']}$"))
    expect(page.get_by_text(re.compile("of 50,000,000"))).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped").first).to_be_visible()
    assert console.api("GET", f"/v1/tasks/{task['id']}")["state"] == "cancelled"


def test_a_project_without_tasks_says_what_will_stand_there(console: Console) -> None:
    page = console.open("/tasks?state=failed")
    expect(page.get_by_role("heading", name="No task is found by this")).to_be_visible()
