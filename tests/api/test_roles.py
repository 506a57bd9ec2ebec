"""What each role may do: the whole route table, tried by a viewer, an editor and an owner."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.api.people import Browser, browser_of, person_for
from tests.promises.test_p10_isolation import BODIES, PARAM, name, rows

from tearoff.api.rest.routes import ROUTES
from tearoff.api.rest.sign_in import ROUTES as SIGN_IN
from tearoff.api.routing import Route

WRITES = [route for route in ROUTES if route.method != "GET" and not route.is_reading]
LOOKS = [route for route in ROUTES if route.is_reading]
READS = [route for route in ROUTES if route.method == "GET"]
NUMBER = re.compile(r"\{\w+:int\}")
OWN = {"session", "membership", "person", "audit"}
"""Tables that signing in itself writes."""


@pytest.fixture(autouse=True)
async def stock(http) -> None:
    """A pool with a code, a message and a workflow, so that there is something to look at."""
    codes = {"promocodes": ["SUMMER-2099-7K"], "expirationDate": "2099-01-01", "type": "shop"}
    assert (await http.post("/api/v1/promocodes", json=codes)).status == 200
    message = {"key": "there", "medium": "sms", "languages": {"en": {"text": "x"}}}
    assert (await http.post("/v1/messages", json=message)).status == 201
    assert (await http.post("/v1/workflows", json={"key": "there", "name": "x", "blocks": {}})).status == 201


@pytest.fixture
async def browser(base_url) -> AsyncIterator[Browser]:
    async with browser_of(base_url) as one:
        yield one


async def call(browser: Browser, route: Route) -> tuple[int, str]:
    path = PARAM.sub("there", NUMBER.sub("1", route.path))
    body: dict[str, Any] = next((body for part, body in BODIES.items() if part in path), {})
    answer = await browser.request(route.method, path, **({} if route.method == "GET" else {"json": body}))
    text = await answer.text()
    return answer.status, text


async def test_a_viewer_writes_nothing(browser, db, project):
    await browser.sign_in(await person_for(db, project, "viewer", may_reveal=True, may_export=True))
    before = await rows(db, project)
    for route in WRITES:
        status, text = await call(browser, route)
        assert (status, "may not do this" in text) == (403, True), name(route)
    for route in LOOKS:
        assert (await call(browser, route))[0] != 403, name(route)
    after = await rows(db, project)
    assert {table for table in before if before[table] != after[table]} <= OWN


async def test_a_viewer_reads_everything_but_codes(browser, db, project):
    await browser.sign_in(await person_for(db, project, "viewer"))
    for route in READS:
        status, text = await call(browser, route)
        assert (status == 403) == (route.scope in ("reveal", "export")), name(route)
        assert "SUMMER-2099-7K" not in text, name(route)


async def test_an_editor_changes_everything_but_who_may_do_what(browser, db, project):
    await browser.sign_in(await person_for(db, project, "editor", may_reveal=True, may_export=True))
    for route in WRITES:
        status, text = await call(browser, route)
        assert (status == 403) == (route.scope == "administer"), f"{name(route)}: {status} {text}"


@pytest.mark.parametrize("route", [r for r in WRITES if r.scope == "administer"], ids=name)
def test_who_may_do_what_is_about_people_keys_channels_and_the_project(route):
    assert route.path.split("/")[2] in ("people", "invitations", "keys", "channels", "project")


async def test_an_owner_is_refused_nothing_that_a_role_gives(browser, db, project):
    await browser.sign_in(await person_for(db, project, "owner", may_reveal=False, may_export=False))
    for route in [*READS, *LOOKS]:
        assert ((await call(browser, route))[0] == 403) == (route.scope in ("reveal", "export")), name(route)
    for route in [route for route in WRITES if route.scope == "administer"]:
        status, text = await call(browser, route)
        assert status != 403 or "Only an administrator" in text, name(route)


@pytest.mark.parametrize("role", ["owner", "editor"])
async def test_who_may_not_reveal_sees_masked_codes_only(browser, db, project, role):
    await browser.sign_in(await person_for(db, project, role, may_reveal=False))
    listed = await (await browser.get("/v1/codes")).json()
    assert [one["code"] for one in listed["items"]] == ["SUMM…7K"]
    assert (await browser.get("/v1/codes?reveal=true")).status == 403
    claim = {"key": "by-hand", "type": "shop", "hold": 600}
    answers = [await browser.post("/v1/claims", json=claim), await browser.get("/v1/claims?key=by-hand")]
    answers += [await browser.post("/v1/claims/by-hand/confirm", json={})]
    for answer in answers:
        text = await answer.text()
        assert answer.status in (200, 201), text
        assert "SUMM…7K" in text
        assert "SUMMER-2099-7K" not in text


async def test_who_may_reveal_sees_codes_and_it_is_written_down(browser, db, project):
    email = await person_for(db, project, "viewer", may_reveal=True)
    await browser.sign_in(email)
    listed = await (await browser.get("/v1/codes?reveal=true")).json()
    assert [one["code"] for one in listed["items"]] == ["SUMMER-2099-7K"]
    [entry] = (await (await browser.get("/v1/audit?action=reveal")).json())["items"]
    assert entry["actor"] == email


async def test_who_may_export_does_and_it_is_written_down(browser, db, project):
    email = await person_for(db, project, "viewer", may_export=True)
    await browser.sign_in(email)
    assert (await browser.get("/v1/exports/holders")).status == 200
    [entry] = (await (await browser.get("/v1/audit?action=export")).json())["items"]
    assert entry["actor"] == email


async def test_a_one_time_password_opens_none_of_the_table(browser, db, project):
    await browser.sign_in(await person_for(db, project, "owner", is_password_temporary=True))
    for route in [*ROUTES, *(one for one in SIGN_IN if one.path == "/v1/projects")]:
        status, text = await call(browser, route)
        assert (status, "password-temporary" in text) == (403, True), name(route)


async def test_every_write_of_the_table_asks_for_the_token(browser, db, project):
    await browser.sign_in(await person_for(db, project, "owner"))
    token, browser.csrf = browser.csrf, "guessed"
    for route in [*ROUTES, *SIGN_IN]:
        if route.method != "GET" and route.scope != "open":
            status, text = await call(browser, route)
            assert (status, "csrf-token" in text) == (403, True), name(route)
    browser.csrf = token
    assert (await browser.get("/v1/session")).status == 200


async def test_nobody_is_let_in_by_a_session_route(base_url):
    async with browser_of(base_url) as nobody:
        for route in SIGN_IN:
            if route.scope != "open":
                assert (await call(nobody, route))[0] == 401, name(route)
