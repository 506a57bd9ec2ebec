"""Signing in to the console: cookie, token against forged requests, throttle, one-time passwords, ends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from tests.api.people import PASSWORD, Browser, browser_of, person_for

from tearoff.actions import sessions
from tearoff.actions.passwords import Passwords
from tearoff.actions.sessions import Limits
from tearoff.clock import Clock
from tearoff.domain.people import hash_of_token
from tearoff.domain.sessions import TRIES_MAX
from tearoff.errors import Unauthorized
from tearoff.store.db import execute, fetch_value


@pytest.fixture(autouse=True)
async def tries(db) -> None:
    """All tests come from one address, so each begins anew."""
    async with db.transaction() as tx:
        await execute(tx, "DELETE FROM sign_in_try")


@pytest.fixture
async def browser(base_url) -> AsyncIterator[Browser]:
    """A browser where nobody is signed in."""
    async with browser_of(base_url) as one:
        yield one


@pytest.fixture
async def owner(db, project) -> str:
    """The email of an owner of the project."""
    return await person_for(db, project, "owner")


async def test_nobody_is_signed_in_at_first_and_no_window_of_the_browser_asks(browser):
    answer = await browser.get("/v1/session")
    assert answer.status == 401
    assert not answer.headers["WWW-Authenticate"].startswith("Basic")


async def test_a_person_signs_in_and_is_told_what_they_may_do(browser, owner, project):
    answer = await browser.sign_in(owner)
    assert answer.status == 200
    found = await answer.json()
    assert found["person"]["email"] == owner
    assert (found["project"]["id"], found["project"]["role"], found["role"]) == (project, "owner", "owner")
    assert [one["id"] for one in found["projects"]] == [project]
    assert (found["mayReveal"], found["mayExport"], found["mustChangePassword"]) == (True, True, False)
    assert await (await browser.get("/v1/session")).json() == found
    assert (await browser.get("/v1/pools")).status == 200


async def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(browser, owner):
    cookie = (await browser.sign_in(owner)).headers["Set-Cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert "secure" not in parts
    answer = await browser.sign_in(owner, **{"X-Forwarded-Proto": "https"})
    assert "secure" in {part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")}


async def test_only_hashes_are_stored(browser, owner, db):
    await browser.sign_in(owner)
    async with db.transaction() as tx:
        kept = await fetch_value(tx, "SELECT password_hash FROM person WHERE email = %(e)s", {"e": owner}, str)
        rows = await (await tx.execute("SELECT s::text FROM session s")).fetchall()
    assert kept.startswith("$argon2id$")
    assert not [row for (row,) in rows if browser.cookie in row]


@pytest.mark.parametrize("header", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "guessed"}])
async def test_a_write_without_the_sessions_token_is_refused(browser, owner, header):
    await browser.sign_in(owner)
    answer = await browser.http.post("/v1/pools", json={"key": "forged", "description": "x"}, headers=header)
    assert (answer.status, (await answer.json(content_type=None))["type"]) == (403, "csrf-token")
    answer = await browser.http.delete("/v1/session", headers=header)
    assert answer.status == 403


async def test_the_token_of_another_session_is_refused(browser, base_url, owner):
    await browser.sign_in(owner)
    async with browser_of(base_url) as other:
        await other.sign_in(owner)
        headers = {"X-CSRF-Token": other.csrf}
        answer = await browser.http.post("/v1/pools", json={"key": "forged", "description": "x"}, headers=headers)
        assert answer.status == 403


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
async def test_what_a_page_of_another_site_writes_is_refused(browser, owner, origin):
    await browser.sign_in(owner)
    headers = {"Sec-Fetch-Site": origin, "X-CSRF-Token": browser.csrf}
    assert (await browser.http.post("/v1/pools", json={"key": "x"}, headers=headers)).status == 403
    body = {"email": owner, "password": PASSWORD}
    assert (await browser.http.post("/v1/session", json=body, headers={"Sec-Fetch-Site": origin})).status == 403


async def test_signing_in_reads_json_that_says_so(browser, owner):
    body = f'{{"email": "{owner}", "password": "{PASSWORD}"}}'.encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = await browser.http.post("/v1/session", data=body, headers={"Content-Type": kind})
        assert answer.status == 415
    answer = await browser.http.post("/v1/session", data=body, skip_auto_headers=["Content-Type"])
    assert answer.status == 415


async def test_a_write_with_the_token_is_done(browser, owner):
    await browser.sign_in(owner)
    made = await browser.post("/v1/pools", json={"key": "mine", "description": "x"})
    assert made.status == 201, await made.text()
    changes = await (await browser.get("/v1/pools/mine/changes")).json()
    assert {one["by"] for one in changes["items"]} <= {owner}


async def test_a_planted_session_is_not_taken_over(browser, base_url, owner, db, project):
    """The victim's browser holds the attacker's cookie; signing in gives another one and ends that session."""
    attacker = await person_for(db, project, "viewer")
    await browser.sign_in(attacker)
    planted = browser.cookie
    await browser.sign_in(owner)
    assert browser.cookie != planted
    async with browser_of(base_url, cookie=planted) as thief:
        assert (await thief.get("/v1/session")).status == 401


async def test_a_cookie_that_nobody_gave_out_is_not_taken_up(browser, base_url, owner):
    async with browser_of(base_url, cookie="chosen-by-the-attacker") as planted:
        await planted.sign_in(owner)
        assert planted.cookie != "chosen-by-the-attacker"
    async with browser_of(base_url, cookie="chosen-by-the-attacker") as thief:
        assert (await thief.get("/v1/session")).status == 401


async def test_a_request_with_a_key_never_uses_the_cookie(browser, owner):
    await browser.sign_in(owner)
    answer = await browser.get("/v1/pools", headers={"Authorization": "Bearer nobody-knows-this-key"})
    assert answer.status == 401


async def test_the_vendors_doors_do_not_take_a_cookie(browser, owner):
    await browser.sign_in(owner)
    assert (await browser.get("/api/v1/account/info")).status == 401
    answer = await browser.post("/api/v1/promocodes", json={"promocodes": ["FORGED"]})
    assert answer.status == 401


async def test_a_key_does_not_open_the_session_routes(http):
    assert (await http.get("/v1/session")).status == 403
    assert (await http.put("/v1/session/project", json={"projectId": 1})).status == 403


async def test_signing_out_ends_the_session_for_good(browser, base_url, owner):
    await browser.sign_in(owner)
    cookie = browser.cookie
    answer = await browser.delete("/v1/session")
    assert answer.status == 204
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    async with browser_of(base_url, cookie=cookie) as again:
        assert (await again.get("/v1/session")).status == 401


async def test_the_email_is_compared_without_case_and_spaces(browser, owner):
    assert (await browser.sign_in(f"  {owner.upper()} ")).status == 200


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", "x" * 10_000])
async def test_a_wrong_password_and_an_unknown_email_sound_the_same(browser, owner, password):
    known = await browser.sign_in(owner, password)
    unknown = await browser.sign_in(f"nobody-{owner}", password)
    assert known.status == unknown.status == 401
    assert await known.json(content_type=None) == await unknown.json(content_type=None)


async def test_after_too_many_tries_even_the_right_password_must_wait(browser, owner):
    statuses = [(await browser.sign_in(owner, "wrong")).status for _ in range(TRIES_MAX["email"])]
    assert set(statuses) == {401}
    answer = await browser.sign_in(owner)
    assert answer.status == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


async def test_tries_at_the_same_moment_do_not_slip_through(browser, owner):
    tries = [browser.sign_in(owner, "wrong") for _ in range(TRIES_MAX["email"] + 5)]
    statuses = [one.status for one in await asyncio.gather(*tries)]
    assert (statuses.count(401), statuses.count(429)) == (TRIES_MAX["email"], 5)


async def test_the_throttle_tells_nobody_who_is_known(browser, owner):
    stranger = f"nobody-{owner}"
    statuses = [(await browser.sign_in(stranger, "wrong")).status for _ in range(TRIES_MAX["email"] + 1)]
    assert statuses[-1] == 429


async def test_an_address_that_tries_many_emails_must_wait(browser, owner, db):
    async with db.transaction() as tx:
        await execute(
            tx, "UPDATE sign_in_try SET tries = %(n)s WHERE subject LIKE 'address:%%'", {"n": TRIES_MAX["address"]}
        )
        await execute(
            tx,
            "INSERT INTO sign_in_try VALUES ('address:127.0.0.1', %(now)s, %(n)s) ON CONFLICT DO NOTHING",
            {"n": TRIES_MAX["address"], "now": Clock().now()},
        )
    assert (await browser.sign_in(owner)).status == 429


async def test_success_forgets_the_tries_of_the_email(browser, owner):
    for _ in range(3):
        for _ in range(TRIES_MAX["email"] - 1):
            await browser.sign_in(owner, "wrong")
        assert (await browser.sign_in(owner)).status == 200


@pytest.mark.parametrize(
    ("column", "age"), [("seen_at", timedelta(hours=12, minutes=1)), ("expires_at", timedelta(days=14, minutes=1))]
)
async def test_a_session_ends_unused_and_at_the_latest_after_two_weeks(browser, owner, db, column, age):
    await browser.sign_in(owner)
    query = {
        "seen_at": "UPDATE session SET seen_at = now() - %(age)s WHERE session_hash = %(hash)s",
        "expires_at": "UPDATE session SET expires_at = now() + interval '14 days' - %(age)s"
        " WHERE session_hash = %(hash)s",
    }[column]
    for part, status in ((age - timedelta(minutes=2), 200), (age, 401)):
        async with db.transaction() as tx:
            await execute(tx, query, {"age": part, "hash": hash_of_token(browser.cookie)})
        assert (await browser.get("/v1/pools")).status == status


async def test_a_disabled_persons_session_ends_at_once(browser, owner, db):
    await browser.sign_in(owner)
    async with db.transaction() as tx:
        await execute(tx, "UPDATE person SET disabled_at = now() WHERE email = %(e)s", {"e": owner})
    assert (await browser.get("/v1/pools")).status == 401
    assert (await browser.sign_in(owner)).status == 401


async def test_who_leaves_the_project_sees_nothing_of_it_any_more(browser, owner, db, project):
    await browser.sign_in(owner)
    async with db.transaction() as tx:
        await execute(tx, "DELETE FROM membership WHERE project_id = %(p)s", {"p": project})
    assert (await browser.get("/v1/pools")).status == 403
    found = await (await browser.get("/v1/session")).json()
    assert (found["project"], found["role"], found["projects"]) == (None, None, [])


async def test_a_one_time_password_opens_nothing_but_its_own_change(browser, db, project):
    email = await person_for(db, project, "owner", is_password_temporary=True)
    found: dict[str, Any] = await (await browser.sign_in(email)).json()
    assert found["mustChangePassword"] is True
    answer = await browser.get("/v1/pools")
    assert (answer.status, (await answer.json(content_type=None))["type"]) == (403, "password-temporary")
    answer = await browser.put("/v1/session/password", json={"old": PASSWORD, "new": "a quite different one"})
    assert answer.status == 200, await answer.text()
    browser.learn(await answer.json())
    assert (await browser.get("/v1/pools")).status == 200
    assert (await browser.sign_in(email)).status == 401
    assert (await browser.sign_in(email, "a quite different one")).status == 200


async def test_a_new_password_ends_every_other_session(browser, base_url, owner):
    async with browser_of(base_url) as other:
        await other.sign_in(owner)
        await browser.sign_in(owner)
        before = browser.cookie
        answer = await browser.put("/v1/session/password", json={"old": PASSWORD, "new": "a quite different one"})
        assert answer.status == 200
        assert browser.cookie != before
        assert (await other.get("/v1/session")).status == 401
        assert (await browser.get("/v1/session")).status == 200


class Deliberate(Passwords):
    """Has found a password right, and waits before it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.found, self.may_say = asyncio.Event(), asyncio.Event()

    async def is_right(self, password: str, kept: str | None) -> bool:
        found = await super().is_right(password, kept)
        self.found.set()
        await self.may_say.wait()
        return found


async def test_who_proved_a_password_that_was_replaced_meanwhile_is_not_let_in(browser, owner, site, db):
    """Else a thief who signs in at the right moment stays in after the change."""
    await browser.sign_in(owner)
    slow, limits, now = Deliberate(), Limits(timedelta(hours=1), timedelta(days=1)), site.clock.now()
    at = {"email": owner, "password": PASSWORD, "address": "", "left": None, "limits": limits, "now": now}
    thief = asyncio.create_task(sessions.sign_in(site.db, slow, **at))
    await slow.found.wait()
    answer = await browser.put("/v1/session/password", json={"old": PASSWORD, "new": "a quite different one"})
    assert answer.status == 200
    slow.may_say.set()
    with pytest.raises(Unauthorized):
        await thief
    query = "SELECT count(*) FROM session s JOIN person p USING (person_id) WHERE p.email = %(e)s"
    async with db.transaction() as tx:
        assert await fetch_value(tx, query, {"e": owner}, int) == 1


@pytest.mark.parametrize("new", ["short", "aaaaaaaaaaaaaaa", PASSWORD, "x" * 201])
async def test_a_weak_password_is_refused_with_the_reason(browser, owner, new):
    await browser.sign_in(owner)
    answer = await browser.put("/v1/session/password", json={"old": PASSWORD, "new": new})
    assert answer.status == 422
    assert [one["pointer"] for one in (await answer.json(content_type=None))["errors"]] == ["/new"]


async def test_the_old_password_is_asked_for_and_guarded_by_the_throttle(browser, owner):
    await browser.sign_in(owner)
    body = {"old": "wrong", "new": "a quite different one"}
    answers = [(await browser.put("/v1/session/password", json=body)).status for _ in range(TRIES_MAX["email"] + 1)]
    assert (answers[0], answers[-1]) == (422, 429)


async def test_another_project_is_opened_only_by_who_belongs_there(browser, owner, db, project, other_project):
    await browser.sign_in(owner)
    assert (await browser.put("/v1/session/project", json={"projectId": other_project})).status == 404
    async with db.transaction() as tx:
        await execute(
            tx,
            "INSERT INTO membership SELECT %(p)s, person_id, 'viewer', false, false, now()"
            " FROM person WHERE email = %(e)s",
            {"p": other_project, "e": owner},
        )
    answer = await browser.put("/v1/session/project", json={"projectId": other_project})
    found = await answer.json()
    assert (answer.status, found["project"]["id"], found["role"], found["mayReveal"]) == (
        200,
        other_project,
        "viewer",
        False,
    )
    assert (await browser.post("/v1/pools", json={"key": "x", "description": "x"})).status == 403
    assert (await (await browser.sign_in(owner)).json())["project"]["id"] == other_project


async def test_a_page_touches_no_other_project_than_the_one_it_shows(browser, owner, project, other_project):
    await browser.sign_in(owner)
    for shown, status in ((project, 200), (other_project, 403)):
        headers = {"X-Project": str(shown)}
        answer = await browser.get("/v1/pools", headers=headers)
        assert answer.status == status
        body = {"key": f"shown-{shown}", "description": "x"}
        answer = await browser.post("/v1/pools", json=body, headers=headers)
        assert answer.status == (201 if status == 200 else 403)
    assert (await answer.json(content_type=None))["type"] == "other-project"
    assert (await browser.get("/v1/session", headers=headers)).status == 200
    assert [one["key"] for one in (await (await browser.get("/v1/pools")).json())["items"]] == [f"shown-{project}"]


async def test_sign_ins_and_failed_ones_stand_in_the_audit_log(browser, owner):
    await browser.sign_in(owner, "wrong")
    await browser.sign_in(owner)
    found = await (await browser.get("/v1/audit")).json()
    assert [(one["action"], one["actor"]) for one in found["items"]] == [
        ("sign-in", owner),
        ("sign-in-failed", owner),
    ]
    assert found["items"][0]["detail"]["address"] == "127.0.0.1"


async def test_the_contract_is_open_to_all(base_url):
    async with aiohttp.ClientSession(base_url) as nobody:
        answer = await nobody.get("/openapi.json")
        assert answer.status == 200
        assert "/v1/session" in (await answer.json(content_type=None))["paths"]
