"""`tearoff person …` and the first start: who may sign in, as an operator sees to it."""

import time
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from click.testing import CliRunner
from tests.api.people import Browser, browser_of
from tests.processes import Tearoff, installed

from tearoff.cli.openapi import openapi

OWNER = "boss@x.test"
LABEL = "One-time password: "
PATIENCE_SECONDS = 90.0


@pytest.fixture(scope="module")
def tearoff() -> Iterator[Tearoff]:
    with installed({"TEAROFF_OWNER_EMAIL": "Boss@X.test"}) as one:
        one.start()
        yield one


@pytest.fixture
async def browser(tearoff: Tearoff) -> AsyncIterator[Browser]:
    async with browser_of(tearoff.url) as one:
        yield one


def one_time(lines: list[str]) -> list[str]:
    """The one-time passwords that were printed."""
    return [line.removeprefix(LABEL).split()[0] for line in lines if line.startswith(LABEL)]


def said(tearoff: Tearoff, word: str) -> None:
    """Wait until it is printed."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not any(word in line for line in tearoff.said):
        assert time.monotonic() < end
        time.sleep(0.02)


async def test_the_first_start_makes_an_owner_with_a_password_for_one_time(tearoff: Tearoff, browser: Browser) -> None:
    said(tearoff, "Make a key")
    [password] = one_time(tearoff.said)
    assert any(OWNER in line for line in tearoff.said)
    found = await (await browser.sign_in(OWNER, password)).json()
    assert (found["mustChangePassword"], found["person"]["isAdministrator"]) == (True, True)
    assert found["project"]["name"] == "My project"
    assert (await browser.get("/v1/pools")).status == 403
    answer = await browser.put("/v1/session/password", json={"old": password, "new": "a quite different one"})
    browser.learn(await answer.json())
    assert (await browser.get("/v1/pools")).status == 200
    assert password not in tearoff.log()


def test_the_next_start_makes_nobody(tearoff: Tearoff) -> None:
    tearoff.stop()
    tearoff.said.clear()
    tearoff.start()
    said(tearoff, "Make a key")
    assert one_time(tearoff.said) == []
    assert len(tearoff.run("person", "list").stdout.splitlines()) == 1
    assert len(tearoff.run("project", "list").stdout.splitlines()) == 1


async def test_people_are_made_and_listed(tearoff: Tearoff, browser: Browser) -> None:
    words = ("--password", "long enough to be one", "--project", "My project", "--role", "editor", "--reveal")
    made = tearoff.run("person", "create", "Ann@x.test", "--name", "Ann", *words)
    assert (made.returncode, made.stdout) == (0, "Made ann@x.test.\n")
    found = await (await browser.sign_in("ann@x.test", "long enough to be one")).json()
    assert (found["role"], found["mayReveal"], found["mayExport"]) == ("editor", True, False)
    assert found["mustChangePassword"] is False
    listed = tearoff.run("person", "list").stdout.splitlines()
    assert [line.split("\t")[1:3] for line in listed] == [[OWNER, "administrator"], ["ann@x.test", "person"]]


async def link_for(tearoff: Tearoff, email: str) -> str:
    """The token of a link to a new password, as an administrator gets it."""
    words = ("--password", "an administrator's own", "--administrator")
    assert tearoff.run("person", "create", "adm@x.test", *words).returncode == 0
    async with browser_of(tearoff.url) as admin:
        await admin.sign_in("adm@x.test", "an administrator's own")
        assert tearoff.run("project", "create", "Of Bob").returncode == 0
        found = await (await admin.get("/v1/session")).json()
        [of_bob] = [one["id"] for one in found["projects"] if one["name"] == "Of Bob"]
        await admin.put("/v1/session/project", json={"projectId": of_bob})
        invited = await (await admin.post("/v1/invitations", json={"email": email, "role": "viewer"})).json()
        async with browser_of(tearoff.url) as guest:
            accepted = {"token": invited["link"].partition("#")[2], "password": "long enough to be one"}
            assert (await guest.post("/v1/invitations/accept", json=accepted)).status == 200
        [bob] = [one for one in (await (await admin.get("/v1/people")).json())["items"] if one["email"] == email]
        made = await (await admin.post(f"/v1/people/{bob['id']}/password-reset")).json()
    assert tearoff.run("person", "disable", "adm@x.test").returncode == 0
    return str(made["link"].partition("#")[2])


async def test_a_lost_password_is_replaced_and_sessions_end(tearoff: Tearoff, browser: Browser) -> None:
    assert tearoff.run("person", "create", "bob@x.test", "--password", "long enough to be one").returncode == 0
    await browser.sign_in("bob@x.test", "long enough to be one")
    token = await link_for(tearoff, "bob@x.test")
    done = tearoff.run("person", "reset-password", "bob@x.test", "--password", "-", typed="typed by nobody else\n")
    assert (done.returncode, done.stderr) == (0, "")
    await browser.sign_in("bob@x.test", "typed by nobody else")
    done = tearoff.run("person", "reset-password", "BOB@x.test")
    [password] = one_time(done.stdout.splitlines())
    assert (await browser.get("/v1/session")).status == 401
    stolen = {"token": token, "password": "chosen by a thief"}
    assert (await browser.post("/v1/password-resets/accept", json=stolen)).status == 404
    found = await (await browser.sign_in("bob@x.test", password)).json()
    assert found["mustChangePassword"] is True


async def test_who_is_disabled_is_out_until_enabled_again(tearoff: Tearoff, browser: Browser) -> None:
    password = "long enough to be one"
    assert tearoff.run("person", "create", "cy@x.test", "--password", password).returncode == 0
    await browser.sign_in("cy@x.test", password)
    assert tearoff.run("person", "disable", "cy@x.test").returncode == 0
    assert (await browser.get("/v1/session")).status == 401
    assert (await browser.sign_in("cy@x.test", password)).status == 401
    assert "disabled" in tearoff.run("person", "list").stdout
    assert tearoff.run("person", "enable", "cy@x.test").returncode == 0
    assert (await browser.sign_in("cy@x.test", password)).status == 200


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("create", "boss@x.test", "--password", "long enough to be one"), "has the email 'boss@x.test' already"),
        (("create", "nobody", "--password", "long enough to be one"), "not an email"),
        (("create", "eve@x.test", "--password", "short"), "10 to 200 characters"),
        (("create", "eve@x.test", "--project", "Nowhere"), "There is no project 'Nowhere'"),
        (("reset-password", "eve@x.test"), "Nobody has the email"),
        (("disable", OWNER), "No administrator would be left"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tearoff: Tearoff, words: tuple[str, ...], sentence: str) -> None:
    done = tearoff.run("person", *words)
    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    assert "eve@x.test" not in tearoff.run("person", "list").stdout


async def test_the_printed_contract_is_the_served_one(tearoff: Tearoff, browser: Browser) -> None:
    printed = msgspec.json.decode(CliRunner().invoke(openapi).output)
    assert printed == await (await browser.get("/openapi.json")).json(content_type=None)
    assert printed["openapi"].startswith("3.1")
