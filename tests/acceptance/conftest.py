"""One installation of real processes for all stories, and for each a project and receivers of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.acceptance.receivers import Receivers
from tests.acceptance.shop import Shop
from tests.processes import Tearoff, installed

NOON_ZONE = f"Etc/GMT{datetime.now(UTC).hour - 12:+}"
"""Where it is about noon now: no story meets midnight between one step and the next."""


@pytest.fixture(scope="session")
def tearoff() -> Iterator[Tearoff]:
    """`tearoff run`, which may call servers on this machine."""
    with installed({"TEAROFF_SOURCE_ALLOW": "127.0.0.1"}) as running:
        running.start()
        yield running
        assert running.stop() == 0


@pytest.fixture(scope="module")
async def shop(tearoff: Tearoff, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    """A project named after the story, with its channels."""
    key = await asyncio.to_thread(tearoff.make_key, request.module.__name__, time_zone=NOON_ZONE)
    receivers = Receivers()
    await receivers.start()
    shop = Shop(tearoff.url, key, ZoneInfo(NOON_ZONE), receivers)
    for channel in receivers.channels():
        await shop.define("channels", **channel)
    yield shop
    await shop.http.close()
    await receivers.stop()
