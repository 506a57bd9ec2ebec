"""Mails of the house: invitations and links for new passwords, through a project's email channel or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from tests.api.conftest import serving
from tests.api.people import Browser, browser_of, person_for
from tests.channels.smtp_server import SmtpServer

from tearoff.api.app import create_app
from tearoff.api.site import open_site
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.store.db import Database, execute
from tearoff.store.secrets import Cipher

PUBLIC = "https://console.x.test"
NEW = "a quite different one"
PATIENCE = 600


@pytest.fixture(autouse=True)
async def tries(db) -> None:
    """All tests come from one address, so each begins anew."""
    async with db.transaction() as tx:
        await execute(tx, "DELETE FROM sign_in_try")


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpServer]:
    server = SmtpServer()
    await server.start()
    yield server
    await server.stop()


@asynccontextmanager
async def house(db, settings: Settings) -> AsyncIterator[str]:
    """The address of a server with these settings."""
    site = open_site(db=db, clock=Clock(), settings=settings, cipher=Cipher("a key that is long enough"))
    async with serving(create_app(site)) as url:
        yield url
        await site.engine.channels.close()


@pytest.fixture
async def public(db) -> AsyncIterator[str]:
    async with house(db, Settings(public_url=PUBLIC)) as url:
        yield url


async def owner_with_channel(browser: Browser, db, project: int, port: int) -> None:
    """The browser's person owns the project, which mails through the server at this port."""
    await browser.sign_in(await person_for(db, project, "owner"))
    settings = {"host": "127.0.0.1", "port": port, "tls": "none", "sender": "shop@x.test"}
    channel = {"key": "smtp", "kind": "email", "medium": "email", "settings": settings}
    answer = await browser.post("/v1/channels", json=channel)
    assert answer.status == 201, await answer.text()


async def mailed(smtp: SmtpServer, count: int) -> list[str]:
    """The texts of the mails, once there are so many."""
    for _ in range(PATIENCE):
        if len(smtp.mails) >= count:
            break
        await asyncio.sleep(0.05)
    return [mail.get_content() for mail in smtp.mails]


def link_in(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("http"))


async def test_an_invitation_is_mailed_and_its_link_is_not_shown(public, db, project, smtp):
    async with browser_of(public) as owner, browser_of(public) as guest:
        await owner_with_channel(owner, db, project, smtp.port)
        await owner.patch("/v1/session", json={"language": "uk"})
        answer = await owner.post("/v1/invitations", json={"email": "guest@x.test", "role": "viewer"})
        made = await answer.json()
        assert (made["isMailed"], made["link"]) == (True, None)
        [text] = await mailed(smtp, 1)
        [mail] = smtp.mails
        assert (mail["To"], "проєкту" in text) == ("guest@x.test", True)
        link = link_in(text)
        assert link.startswith(f"{PUBLIC}/invitation#")
        body = {"token": link.partition("#")[2], "password": NEW}
        assert (await guest.post("/v1/invitations/accept", json=body)).status == 200


async def test_a_channel_that_does_not_work_shows_the_link_instead(public, db, project, smtp):
    async with browser_of(public) as owner:
        await owner_with_channel(owner, db, project, smtp.port)
        await smtp.stop()
        answer = await owner.post("/v1/invitations", json={"email": "guest@x.test", "role": "viewer"})
        made = await answer.json()
        assert made["isMailed"] is False
        assert made["link"].startswith(f"{PUBLIC}/invitation#")


async def test_a_forgotten_password_is_replaced_by_mail(public, db, project, smtp):
    async with browser_of(public) as owner, browser_of(public) as guest:
        await owner_with_channel(owner, db, project, smtp.port)
        email = await person_for(db, project, "viewer")
        headers = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}
        assert (await guest.post("/v1/password-resets", json={"email": email}, headers=headers)).status == 202
        [text] = await mailed(smtp, 1)
        assert "evil.test" not in text
        link = link_in(text)
        assert link.startswith(f"{PUBLIC}/new-password#")
        body = {"token": link.partition("#")[2], "password": NEW}
        assert (await guest.post("/v1/password-resets/accept", json=body)).status == 204
        assert (await guest.sign_in(email, NEW)).status == 200


async def test_without_a_public_address_no_link_for_a_password_is_mailed(base_url, db, project, smtp):
    async with browser_of(base_url) as owner:
        await owner_with_channel(owner, db, project, smtp.port)
        email = await person_for(db, project, "viewer")
        assert (await owner.post("/v1/password-resets", json={"email": email})).status == 202
        await asyncio.sleep(0.3)
        assert smtp.mails == []


@pytest.mark.parametrize("who", ["administrator", "of two projects"])
async def test_whose_account_opens_more_is_not_mailed_through_an_owner_who_could_read_it(
    public, db, project, other_project, smtp, who
):
    async with browser_of(public) as owner:
        await owner_with_channel(owner, db, project, smtp.port)
        email = await person_for(db, project, "viewer", is_administrator=who == "administrator")
        if who != "administrator":
            async with db.transaction() as tx:
                query = "INSERT INTO membership SELECT %(p)s, person_id, 'owner', true, true, now() FROM person"
                await execute(tx, f"{query} WHERE email = %(e)s", {"p": other_project, "e": email})
        assert (await owner.post("/v1/password-resets", json={"email": email})).status == 202
        await asyncio.sleep(0.3)
        assert smtp.mails == []


async def give_other_projects_an_owner(db: Database, project: int) -> None:
    """So that none of those that earlier tests left behind may carry an administrator's mail."""
    email = await person_for(db, project, "viewer")
    async with db.transaction() as tx:
        query = "INSERT INTO membership SELECT j.project_id, p.person_id, 'owner', true, true, now()"
        others = "FROM project j, person p WHERE p.email = %(e)s AND j.project_id <> %(p)s"
        await execute(tx, f"{query} {others}", {"p": project, "e": email})


async def test_an_administrator_is_mailed_where_only_administrators_own_the_channel(public, db, project, smtp):
    async with browser_of(public) as browser:
        email = await person_for(db, None, "owner", is_administrator=True)
        await give_other_projects_an_owner(db, project)
        await browser.sign_in(email)
        await browser.put("/v1/session/project", json={"projectId": project})
        settings = {"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "shop@x.test"}
        channel = {"key": "smtp", "kind": "email", "medium": "email", "settings": settings}
        assert (await browser.post("/v1/channels", json=channel)).status == 201
        await browser.post("/v1/password-resets", json={"email": email})
        assert len(await mailed(smtp, 1)) == 1


async def test_one_person_is_not_flooded(public, db, project, smtp):
    async with browser_of(public) as owner:
        await owner_with_channel(owner, db, project, smtp.port)
        email = await person_for(db, project, "viewer")
        for _ in range(6):
            assert (await owner.post("/v1/password-resets", json={"email": email})).status == 202
        await asyncio.sleep(0.5)
        assert len(smtp.mails) == 3


def test_a_projects_name_makes_no_second_line_in_a_letter() -> None:
    from tearoff.domain.letters import INVITATION, written

    letter = written(
        INVITATION, "tlh", project="A\r\nBcc: b@x.test", inviter="o@x.test", link="https://x.test/#{project}"
    )
    assert letter.subject == "An invitation to A Bcc: b@x.test"
    assert "#{project}" in letter.text
    assert msgspec.json.encode(letter)
