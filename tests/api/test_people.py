"""People of a project: invited, given roles and rights, disabled; links that work once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from tests.api.conftest import key_for, signed_in
from tests.api.people import PASSWORD, Browser, browser_of, person_for

from tearoff.actions import password_resets
from tearoff.actions.passwords import Passwords
from tearoff.domain.people import hash_of_token
from tearoff.errors import NotFound
from tearoff.store.db import execute

NEW = "a quite different one"


@pytest.fixture(autouse=True)
async def tries(db) -> None:
    """All tests come from one address, so each begins anew."""
    async with db.transaction() as tx:
        await execute(tx, "DELETE FROM sign_in_try")


@pytest.fixture
async def browsers(base_url) -> AsyncIterator[Any]:
    """Opens browsers in which somebody is signed in."""
    async with AsyncExitStack() as stack:

        async def opened(email: str = "") -> Browser:
            one = await stack.enter_async_context(browser_of(base_url))
            if email:
                answer = await one.sign_in(email)
                assert answer.status == 200, await answer.text()
            return one

        yield opened


@pytest.fixture
async def owner(browsers, db, project) -> Browser:
    return await browsers(await person_for(db, project, "owner"))


@pytest.fixture
async def administrator(browsers, db, project) -> Browser:
    one = await browsers(await person_for(db, None, "owner", is_administrator=True))
    await one.put("/v1/session/project", json={"projectId": project})
    return one


def fresh_email() -> str:
    return f"new-{uuid4()}@x.test"


async def invited(browser: Browser, email: str, **more: Any) -> str:
    """The token of an invitation's link."""
    answer = await browser.post("/v1/invitations", json={"email": email, "role": "editor", **more})
    assert answer.status == 201, await answer.text()
    made = await answer.json()
    assert made["isMailed"] is False
    return made["link"].partition("#")[2]


async def accept(browser: Browser, token: str, password: str = NEW, **more: Any) -> aiohttp.ClientResponse:
    answer = await browser.post("/v1/invitations/accept", json={"token": token, "password": password, **more})
    if answer.status == 200:
        browser.learn(await answer.json())
    return answer


async def member(browser: Browser, email: str) -> dict[str, Any]:
    """A person as the list of the project shows them."""
    found = await (await browser.get("/v1/people")).json()
    return next(one for one in found["items"] if one["email"] == email)


async def test_an_invited_person_chooses_a_password_and_is_in(owner, browsers, project):
    email = fresh_email()
    token = await invited(owner, f" {email.upper()} ", role="viewer", mayReveal=True)
    guest = await browsers()
    seen = await (await guest.post("/v1/invitations/look", json={"token": token})).json()
    assert (seen["email"], seen["role"], seen["isKnown"]) == (email, "viewer", False)
    answer = await accept(guest, token, name="Guest", language="uk")
    found = await answer.json()
    assert (answer.status, found["person"]["name"], found["person"]["language"]) == (200, "Guest", "uk")
    assert (found["project"]["id"], found["role"]) == (project, "viewer")
    assert (found["mayReveal"], found["mayExport"]) == (True, False)
    assert (await guest.get("/v1/pools")).status == 200
    assert (await guest.sign_in(email, NEW)).status == 200
    assert (await member(owner, email))["role"] == "viewer"
    assert (await (await owner.get("/v1/invitations")).json())["items"] == []


async def test_an_invitation_is_accepted_once(owner, browsers):
    token = await invited(owner, fresh_email())
    assert (await accept(await browsers(), token)).status == 200
    assert (await accept(await browsers(), token)).status == 404
    assert (await (await browsers()).post("/v1/invitations/look", json={"token": token})).status == 404


async def test_a_newer_invitation_ends_the_earlier_one(owner, browsers):
    email = fresh_email()
    first, second = await invited(owner, email), await invited(owner, email)
    assert (await accept(await browsers(), first)).status == 404
    assert (await accept(await browsers(), second)).status == 200


async def test_a_revoked_or_old_invitation_opens_nothing(owner, browsers, db):
    revoked, old = await invited(owner, fresh_email()), await invited(owner, fresh_email())
    items = (await (await owner.get("/v1/invitations")).json())["items"]
    assert (await owner.delete(f"/v1/invitations/{items[1]['id']}")).status == 204
    assert (await owner.delete(f"/v1/invitations/{items[1]['id']}")).status == 404
    query = "UPDATE invitation SET expires_at = now() WHERE token_hash = %(hash)s"
    async with db.transaction() as tx:
        await execute(tx, query, {"hash": hash_of_token(old)})
    for token in (revoked, old, "guessed"):
        assert (await accept(await browsers(), token)).status == 404
    assert [one["isExpired"] for one in (await (await owner.get("/v1/invitations")).json())["items"]] == [True]


async def test_only_the_hashes_of_links_are_stored(owner, administrator, db):
    token = await invited(owner, fresh_email())
    email = await person_for(db, (await (await owner.get("/v1/project")).json())["id"], "viewer")
    one = await member(administrator, email)
    made = await (await administrator.post(f"/v1/people/{one['id']}/password-reset")).json()
    async with db.transaction() as tx:
        for query in ("SELECT i::text FROM invitation i", "SELECT r::text FROM password_reset r"):
            text = "".join(row for (row,) in await (await tx.execute(query)).fetchall())
            assert text
            assert token not in text
            assert made["link"].partition("#")[2] not in text


async def test_a_link_alone_does_not_open_the_account_of_who_is_known(owner, browsers, db, other_project):
    email = await person_for(db, other_project, "owner")
    token = await invited(owner, email)
    guest = await browsers()
    assert (await (await guest.post("/v1/invitations/look", json={"token": token})).json())["isKnown"] is True
    assert (await accept(guest, token, "not theirs, but long")).status == 401
    answer = await accept(guest, token, PASSWORD)
    found = await answer.json()
    assert (answer.status, len(found["projects"])) == (200, 2)
    assert {one["role"] for one in found["projects"]} == {"owner", "editor"}


async def test_who_is_a_member_is_not_invited_again(owner, db, project):
    email = await person_for(db, project, "viewer")
    answer = await owner.post("/v1/invitations", json={"email": email, "role": "owner"})
    assert answer.status == 409


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b@c", "a b@x.test", "a@x.test\nBcc: b@x.test", "x" * 300 + "@x.test"]
)
async def test_what_is_no_email_is_refused(owner, email):
    answer = await owner.post("/v1/invitations", json={"email": email, "role": "viewer"})
    assert answer.status == 422
    assert (await answer.json(content_type=None))["errors"][0]["pointer"] == "/email"


async def test_a_weak_password_does_not_use_the_invitation_up(owner, browsers):
    token = await invited(owner, fresh_email())
    assert (await accept(await browsers(), token, "short")).status == 422
    assert (await accept(await browsers(), token)).status == 200


async def test_a_new_role_is_felt_at_the_next_request(owner, browsers, db, project):
    email = await person_for(db, project, "editor")
    editor = await browsers(email)
    person_id = (await member(owner, email))["id"]
    assert (await editor.post("/v1/pools", json={"key": "a", "description": "x"})).status == 201
    answer = await owner.patch(f"/v1/people/{person_id}", json={"role": "viewer"})
    assert (answer.status, (await answer.json())["role"]) == (200, "viewer")
    assert (await editor.post("/v1/pools", json={"key": "b", "description": "x"})).status == 403
    assert (await owner.delete(f"/v1/people/{person_id}")).status == 204
    assert (await editor.get("/v1/pools")).status == 403
    assert (await owner.get(f"/v1/people/{person_id}")).status == 404


async def test_changes_of_roles_keys_and_settings_stand_in_the_audit_log(owner, db, project):
    email = await person_for(db, project, "viewer")
    person_id = (await member(owner, email))["id"]
    await owner.patch(f"/v1/people/{person_id}", json={"mayReveal": True})
    await owner.post("/v1/keys", json={"name": "till", "scope": "redeem"})
    await owner.patch("/v1/project", json={"timeZone": "Europe/Kyiv"})
    await invited(owner, fresh_email())
    entries = (await (await owner.get("/v1/audit")).json())["items"]
    me = (await (await owner.get("/v1/session")).json())["person"]
    assert [one["action"] for one in entries] == ["invite", "project", "key", "role", "sign-in"]
    assert {one["actor"] for one in entries} == {me["email"]}
    assert {one["detail"]["personId"] for one in entries} == {me["id"]}
    assert entries[3]["detail"]["may_reveal"] is True


async def test_the_last_owner_stays(owner, db, project):
    async with db.transaction() as tx:
        await execute(tx, "UPDATE person SET disabled_at = now() WHERE is_administrator AND disabled_at IS NULL")
    me = (await (await owner.get("/v1/session")).json())["person"]["id"]
    assert (await owner.patch(f"/v1/people/{me}", json={"role": "viewer"})).status == 409
    assert (await owner.delete(f"/v1/people/{me}")).status == 409
    await person_for(db, project, "owner")
    assert (await owner.patch(f"/v1/people/{me}", json={"role": "viewer"})).status == 200


async def test_only_administrators_change_what_counts_everywhere(owner, administrator, browsers, db, project):
    email = await person_for(db, project, "editor")
    editor = await browsers(email)
    person_id = (await member(owner, email))["id"]
    for body in ({"isDisabled": True}, {"isAdministrator": True}):
        assert (await owner.patch(f"/v1/people/{person_id}", json=body)).status == 403
    assert (await owner.post(f"/v1/people/{person_id}/password-reset")).status == 403
    assert (await owner.post("/v1/projects", json={"name": fresh_email()})).status == 403
    assert (await administrator.patch(f"/v1/people/{person_id}", json={"isDisabled": True})).status == 200
    assert (await editor.get("/v1/pools")).status == 401
    assert (await editor.sign_in(email)).status == 401
    assert (await administrator.patch(f"/v1/people/{person_id}", json={"isDisabled": False})).status == 200
    assert (await editor.sign_in(email)).status == 200


async def test_a_key_makes_no_administrators_and_resets_no_passwords(http, db, project):
    email = await person_for(db, project, "viewer")
    found = (await (await http.get("/v1/people")).json())["items"]
    person_id = next(one["id"] for one in found if one["email"] == email)
    assert (await http.patch(f"/v1/people/{person_id}", json={"isAdministrator": True})).status == 403
    assert (await http.post(f"/v1/people/{person_id}/password-reset", json={})).status == 403


async def test_an_administrator_owns_every_project_and_makes_new_ones(administrator, project):
    name = f"made {uuid4()}"
    answer = await administrator.post("/v1/projects", json={"name": name, "timeZone": "Europe/Kyiv"})
    made = await answer.json()
    assert (answer.status, made["timeZone"]) == (201, "Europe/Kyiv")
    assert (await administrator.post("/v1/projects", json={"name": name})).status == 409
    answer = await administrator.put("/v1/session/project", json={"projectId": made["id"]})
    assert (await answer.json())["role"] == "owner"
    assert (await administrator.post("/v1/pools", json={"key": "a", "description": "x"})).status == 201


async def test_project_settings_are_changed_and_checked(owner, project):
    answer = await owner.patch("/v1/project", json={"name": f"renamed {project}", "sender": "Shop <shop@x.test>"})
    found = await answer.json()
    assert (answer.status, found["name"], found["sender"]) == (200, f"renamed {project}", "Shop <shop@x.test>")
    assert await (await owner.get("/v1/project")).json() == found
    wrong = {"name": " ", "timeZone": "Mars/Olympus", "sender": "a\nBcc: b"}
    answer = await owner.patch("/v1/project", json=wrong)
    pointers = {one["pointer"] for one in (await answer.json(content_type=None))["errors"]}
    assert (answer.status, pointers) == (422, {"/name", "/timeZone", "/sender"})


async def test_an_administrator_gets_a_link_for_who_forgot_their_password(administrator, browsers, db, project):
    email = await person_for(db, project, "viewer")
    guest = await browsers(email)
    person_id = (await member(administrator, email))["id"]
    made = await (await administrator.post(f"/v1/people/{person_id}/password-reset")).json()
    assert made["isMailed"] is False
    token = made["link"].partition("/new-password#")[2]
    weak = await guest.post("/v1/password-resets/accept", json={"token": token, "password": "short"})
    assert weak.status == 422
    answer = await guest.post("/v1/password-resets/accept", json={"token": token, "password": NEW})
    assert answer.status == 204
    assert (await guest.get("/v1/session")).status == 401
    assert (await guest.post("/v1/password-resets/accept", json={"token": token, "password": NEW})).status == 404
    assert (await guest.sign_in(email)).status == 401
    assert (await guest.sign_in(email, NEW)).status == 200


async def test_a_link_for_a_new_password_runs_out_and_ends_with_another_one(administrator, browsers, db, project):
    email = await person_for(db, project, "viewer")
    person_id = (await member(administrator, email))["id"]

    async def made() -> str:
        answer = await administrator.post(f"/v1/people/{person_id}/password-reset")
        return (await answer.json())["link"].partition("#")[2]

    old, first, second = await made(), await made(), await made()
    query = "UPDATE password_reset SET expires_at = now() WHERE token_hash = %(hash)s"
    async with db.transaction() as tx:
        await execute(tx, query, {"hash": hash_of_token(old)})
    guest = await browsers()
    for token, status in ((old, 404), (second, 204), (first, 404)):
        answer = await guest.post("/v1/password-resets/accept", json={"token": token, "password": NEW})
        assert answer.status == status


async def test_without_a_live_link_no_password_is_hashed(db, site):
    """Hashing is dear, two at a time, and signing in waits for its turn."""

    class Busy(Passwords):
        async def hash(self, password: str) -> str:
            raise AssertionError(password)

    at = {"token": "nobody's", "password": NEW, "address": "", "now": site.clock.now()}
    with pytest.raises(NotFound):
        await password_resets.accept(db, Busy(), **at)


async def test_asking_for_a_new_password_tells_nothing(browsers, db, project):
    guest = await browsers()
    email = await person_for(db, project, "viewer")
    answers = [
        await guest.post("/v1/password-resets", json={"email": one}) for one in (email, fresh_email(), "", "x" * 999)
    ]
    assert {(one.status, await one.read()) for one in answers} == {(202, b"")}
    statuses = [(await guest.post("/v1/password-resets", json={"email": email})).status for _ in range(20)]
    assert statuses[-1] == 429


async def test_people_of_another_project_are_not_there(owner, db, other_project, browsers):
    stranger = await person_for(db, other_project, "owner")
    other = await browsers(stranger)
    person_id = (await (await other.get("/v1/session")).json())["person"]["id"]
    listed = await (await owner.get("/v1/people")).text()
    assert stranger not in listed
    assert (await owner.get(f"/v1/people/{person_id}")).status == 404
    assert (await owner.patch(f"/v1/people/{person_id}", json={"role": "viewer"})).status == 404
    assert (await owner.delete(f"/v1/people/{person_id}")).status == 404
    await owner.post("/v1/pools", json={"key": "secret-of-the-owner", "description": "x"})
    assert (await other.get("/v1/pools/secret-of-the-owner")).status == 404


async def test_a_full_key_invites_too(db, project, base_url):
    async with signed_in(base_url, await key_for(db, project)) as http:
        answer = await http.post("/v1/invitations", json={"email": fresh_email(), "role": "viewer"})
        assert answer.status == 201
        assert (await answer.json())["link"].startswith(base_url + "/invitation#")


async def test_people_change_their_own_name_and_language(owner):
    answer = await owner.patch("/v1/session", json={"name": "Олена", "language": "uk"})
    found = await answer.json()
    assert (answer.status, found["person"]["name"], found["person"]["language"]) == (200, "Олена", "uk")
    assert (await owner.patch("/v1/session", json={"language": "tlh"})).status == 422


async def test_who_has_left_a_project_finds_another_one_open(owner, db, project, other_project):
    me = (await (await owner.get("/v1/session")).json())["person"]["id"]
    async with db.transaction() as tx:
        await execute(
            tx,
            "INSERT INTO membership VALUES (%(p)s, %(me)s, 'viewer', false, false, now())",
            {"p": other_project, "me": me},
        )
        await execute(tx, "DELETE FROM membership WHERE project_id = %(p)s", {"p": project})
    found = await (await owner.get("/v1/session")).json()
    assert (found["project"]["id"], found["role"]) == (other_project, "viewer")


async def test_a_link_opened_by_many_at_once_is_used_once(owner, administrator, browsers, db, project):
    token = await invited(owner, fresh_email())
    guests = [await browsers() for _ in range(4)]
    answers = await asyncio.gather(*(accept(guest, token) for guest in guests))
    assert sorted(one.status for one in answers)[0] == 200
    assert [one.status for one in answers].count(200) == 1
    person_id = (await member(administrator, await person_for(db, project, "viewer")))["id"]
    made = await (await administrator.post(f"/v1/people/{person_id}/password-reset")).json()
    body = {"token": made["link"].partition("#")[2], "password": NEW}
    answers = await asyncio.gather(*(guest.post("/v1/password-resets/accept", json=body) for guest in guests))
    assert sorted(one.status for one in answers) == [204, 404, 404, 404]
