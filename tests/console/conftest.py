"""The console in a real Chromium: one installation for all tests, a project of its own for each file."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect, sync_playwright
from tests.processes import Tearoff, installed

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("TEAROFF_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
ADMINISTRATOR, PASSWORD = "admin@example.com", "correct horse battery"
AXE = ROOT / "console/node_modules/axe-core/axe.min.js"
SHOTS = os.environ.get("TEAROFF_SHOTS")
STILL = """Promise.allSettled(document.getAnimations()
    .filter((one) => one.playState === "running" && one.effect?.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished)).then(() => null)"""
"""Waits for what fades or slides; what turns for ever, as a loader does, does not count."""
PATIENCE_MS, SETTLE_MS = 20_000, 5_000
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.e2e)


@dataclass
class Console:
    """A project of its own, and a browser in which the administrator is signed in to it."""

    url: str
    project: str
    key: str
    browser: Browser
    state: Any = None
    contexts: list[BrowserContext] = field(default_factory=list)

    def api(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """The answer of the REST API in this project, as JSON; a refusal fails the test."""
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=30, **more)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def open(self, path: str = "/", *, phone: bool = False, dark: bool = False, signed_in: bool = True) -> Page:
        """A page of the console in a fresh browser profile."""
        context = self.browser.new_context(
            base_url=self.url,
            storage_state=self.state if signed_in else None,
            viewport=PHONE if phone else WIDE,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    def close(self) -> None:
        """Close what `open` opened."""
        while self.contexts:
            self.contexts.pop().close()


@pytest.fixture(scope="session")
def installation() -> Iterator[Tearoff]:
    """A running Tearoff with its built console and an administrator."""
    if not (ROOT / "src/tearoff/console_dist/index.html").exists():
        pytest.fail("The console is not built: run `make console`.")
    with installed({"TEAROFF_SOURCE_ALLOW": "127.0.0.1"}) as one:
        one.start()
        words = ("person", "create", ADMINISTRATOR, "--password", PASSWORD, "--name", "Ada", "--administrator")
        done = one.run(*words)
        assert done.returncode == 0, done.stderr
        yield one


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope="module")
def site(installation: Tearoff, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Console]:
    """What all tests of one file share: the project and its session."""
    name = f"{request.module.__name__.rpartition('.')[2]}-{secrets.token_hex(3)}"
    key = installation.make_key(name, time_zone="Europe/Kyiv")
    made = Console(url=installation.url, project=name, key=key, browser=browser)
    made.state = signed_in(made)
    yield made
    made.close()


@pytest.fixture
def console(site: Console) -> Iterator[Console]:
    """The console of this file's project; what a test opened is closed after it."""
    yield site
    site.close()


def signed_in(console: Console) -> Any:
    """The cookies of a session of the administrator in the console's project."""
    context = console.browser.new_context(base_url=console.url)
    answer = context.request.post("/v1/session", data={"email": ADMINISTRATOR, "password": PASSWORD})
    assert answer.ok, answer.text()
    session = context.request.get("/v1/session").json()
    project = next(one["id"] for one in session["projects"] if one["name"] == console.project)
    headers = {"X-CSRF-Token": session["csrfToken"]}
    changed = context.request.put("/v1/session/project", data={"projectId": project}, headers=headers)
    assert changed.ok, changed.text()
    state = context.storage_state()
    context.close()
    return state


def settle(page: Page) -> None:
    """Wait until the page asks for nothing more (a frame in it may keep Chromium from saying so) and stands still."""
    with suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
    page.evaluate(STILL)


def assert_accessible(page: Page) -> None:
    """Fail on what axe calls serious or critical, with the place and the rule."""
    settle(page)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})")
    serious = [
        f"{one['id']}: {one['help']} at {node['target']}: {node.get('failureSummary', '')}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]
    assert not serious, "\n".join(serious)


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page for a person to look at, in the folder that TEAROFF_SHOTS names."""
    if SHOTS:
        settle(page)
        page.screenshot(path=Path(SHOTS) / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png", full_page=True)
