"""`tearoff run` as an operator meets it: real processes, started from nothing, crashed and stopped."""

import asyncio
import contextlib
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator

import aiohttp
import psutil
import pytest
from tests.processes import STOP_SECONDS_MAX, Tearoff, installed

PATIENCE_SECONDS = 90.0
OPENED_BY_KEY = "/api/v1/promocodes/count"


@pytest.fixture(scope="module")
def installation() -> Iterator[Tearoff]:
    with installed() as one:
        one.start()
        yield one


@pytest.fixture
def tearoff(installation: Tearoff) -> Tearoff:
    """One installation for all tests of this file, running."""
    if not installation.is_running:
        installation.start()
    return installation


@pytest.fixture(scope="module")
def key(installation: Tearoff) -> str:
    """A key that was made while it ran."""
    return installation.make_key("Shop", time_zone="Europe/Kyiv")


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


async def status(url: str, path: str = "/readyz", key: str = "") -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with aiohttp.ClientSession() as http, http.get(url + path, headers=headers) as answer:
        return answer.status


def quiet_port() -> int:
    """A free port below those that the system gives to outgoing connections, so that none of them takes it."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


async def test_it_starts_from_nothing_and_answers(tearoff: Tearoff) -> None:
    assert "schema_migrated" in tearoff.log()
    assert await status(tearoff.url) == 200


async def test_a_key_opens_the_api_until_it_is_disabled(tearoff: Tearoff, key: str) -> None:
    made = tearoff.run("key", "create", "--project", "Shop", "--scope", "full", "--name", "till")
    assert made.returncode == 0
    assert await status(tearoff.url, OPENED_BY_KEY, made.stdout.strip()) == 200
    listed = tearoff.run("key", "list", "--project", "Shop").stdout
    assert made.stdout.strip() not in listed
    key_id = next(line.split("\t")[0] for line in listed.splitlines() if "till" in line)
    assert tearoff.run("key", "disable", key_id, "--project", "Shop").returncode == 0
    until(lambda: "disabled" in tearoff.run("key", "list", "--project", "Shop").stdout)
    assert await status(tearoff.url, OPENED_BY_KEY, key) == 200


def test_the_doctor_finds_it_well_and_leaves_the_server_running(tearoff: Tearoff) -> None:
    done = tearoff.run("doctor")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "All is well."), done.stdout + done.stderr
    assert tearoff.servers()


def test_a_killed_engine_is_started_again(tearoff: Tearoff) -> None:
    killed = tearoff.find_child("work")
    assert killed
    killed.kill()
    until(lambda: tearoff.find_child("work") not in (None, killed))


async def test_a_request_waits_while_a_killed_api_is_started_again(tearoff: Tearoff) -> None:
    killed = tearoff.find_child("serve")
    assert killed
    killed.kill()
    assert await status(tearoff.url) == 200


async def test_a_killed_database_server_is_started_again(tearoff: Tearoff) -> None:
    for server in tearoff.servers():
        with contextlib.suppress(psutil.NoSuchProcess):  # a backend ends by itself once its postmaster is gone
            server.kill()
    assert await status(tearoff.url) == 200


async def test_two_runs_share_one_data_folder_and_one_may_go(tearoff: Tearoff, key: str) -> None:
    second = Tearoff(tearoff.folder)
    second.start()
    assert second.url != tearoff.url
    assert await status(second.url, OPENED_BY_KEY, key) == 200
    children = second.process.children()
    assert second.stop(signal.SIGINT) == 0
    assert not any(child.is_running() for child in children)
    assert await status(tearoff.url) == 200


async def test_it_starts_again_after_everything_was_killed(tearoff: Tearoff, key: str) -> None:
    tearoff.kill()
    assert not tearoff.servers()
    tearoff.start()
    assert await status(tearoff.url, OPENED_BY_KEY, key) == 200


async def test_a_stop_answers_what_is_under_way_and_ends_everything(tearoff: Tearoff, key: str) -> None:
    children = tearoff.process.children()
    host, _, port = tearoff.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = b'{"promocodes": ["LAST-MINUTE"]}'
    head = f"POST /api/v1/promocodes HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body[:5])
    await writer.drain()
    stopped = asyncio.create_task(asyncio.to_thread(tearoff.stop))
    await asyncio.sleep(0.5)
    assert not stopped.done()
    writer.write(body[5:])
    assert b" 200 " in await reader.readline()
    writer.close()
    assert await stopped == 0
    assert not any(child.is_running() for child in children)
    assert not tearoff.servers()
    assert "crashed" not in tearoff.log().rpartition("process_started")[2]


async def test_the_port_is_free_again_at_once_when_the_supervisor_was_killed(tearoff: Tearoff, key: str) -> None:
    port = str(quiet_port())
    tearoff.stop()
    tearoff.start("--port", port)
    children = tearoff.process.children()
    tearoff.process.kill()
    tearoff.start("--port", port)
    assert await status(tearoff.url, OPENED_BY_KEY, key) == 200
    assert tearoff.url.endswith(port)
    assert not psutil.wait_procs(children, STOP_SECONDS_MAX)[1]


def test_children_and_the_server_end_when_their_supervisor_is_killed(tearoff: Tearoff) -> None:
    children = tearoff.process.children()
    tearoff.process.kill()
    assert not psutil.wait_procs(children, STOP_SECONDS_MAX)[1]
    until(lambda: not tearoff.servers())


@pytest.mark.parametrize(
    ("words", "variables", "sentence"),
    [
        (["--port", "1"], {"TEAROFF_LOG_FORMAT": "loud"}, "TEAROFF_LOG_FORMAT must be console or json."),
        (["--host", "203.0.113.1"], {}, "Nothing can listen on 203.0.113.1:8080"),
        (["--port", "0"], {"TEAROFF_SECRET_KEY": "short"}, "must hold at least 16 characters"),
    ],
)
def test_what_cannot_start_says_why_and_ends(
    installation: Tearoff, words: list[str], variables: dict[str, str], sentence: str
) -> None:
    done = installation.run("run", *words, environ=variables)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not installation.servers()
