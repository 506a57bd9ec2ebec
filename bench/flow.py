"""`flow`: events over HTTP to mails in a sink, each with its own code, against smtp-source and a plain worker."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import uvloop
from bench.callers import digest
from bench.installation import Sink, command, sink, tearoff
from bench.posting import Poster
from bench.result import Result
from bench.rounds import Contestant, alternate, figures_of

from bench import plain_worker, servers
from tearoff.clock import monotonic
from tearoff.store.db import Database

TARGETS = {"smtp_source": 0.15, "plain_worker": 8.0}
PROJECT = Path(__file__).with_name("flow.yaml")
CONNECTIONS = 10
MAIL_BYTES = 1400
"""About what a mail of ours has."""


class Size(NamedTuple):
    """How much of it, a round; the plain worker gets fewer events, because it is slow."""

    events: int
    plain_events: int
    mails: int
    rounds: int


SIZES = {"small": Size(100, 30, 200, 1), "real": Size(4_000, 400, 10_000, 5)}
NUMBERS = itertools.count(1)


def run(size: str) -> Result:
    """Measure in turn, with a Tearoff, a sink and a database for the plain worker of our own."""
    return uvloop.run(_run(size, SIZES[size]))


async def _run(name: str, size: Size) -> Result:
    codes: list[str] = []
    async with AsyncExitStack() as stack:
        to = await stack.enter_async_context(sink())
        poster = await stack.enter_async_context(_installation(to, size.events * (size.rounds + 1)))
        db = await stack.enter_async_context(servers.database(stack.enter_context(servers.postgres())))
        await plain_worker.prepare(db)
        contestants: dict[str, Contestant] = {
            "ours": lambda: _ours(poster, to, size.events, codes),
            "plain_worker": lambda: _plain(db, to, size.plain_events),
        }
        if shutil.which("smtp-source"):
            contestants["smtp_source"] = lambda: _smtp_source(to, size.mails)
        await _ours(poster, to, size.events, codes)
        speeds = await alternate(contestants, size.rounds)
    ratios = {
        name: round(speeds["ours"].median / speeds[name].median, 3 if name == "smtp_source" else 2)
        for name in TARGETS
        if name in speeds
    }
    absent = [name for name in TARGETS if name not in speeds]
    return Result("flow", name, figures_of(speeds), ratios, TARGETS, digest(codes), absent)


@asynccontextmanager
async def _installation(to: Sink, codes: int) -> AsyncIterator[Poster]:
    """A Tearoff with the project of `flow.yaml` and enough codes."""
    with servers.folder() as folder:
        async with tearoff(folder) as url:
            os.environ["BENCH_SMTP_PORT"] = str(to.port)
            await asyncio.to_thread(command, folder, "project", "create", "bench")
            made = await asyncio.to_thread(command, folder, "key", "create", "--project", "bench", "--scope", "full")
            await asyncio.to_thread(command, folder, "apply", str(PROJECT), "--project", "bench")
            poster = Poster(url, made.split()[-1])
            values = [f"BENCH-{n}" for n in range(1, codes + 1)]
            await poster.post_all([poster.request("/api/v1/promocodes", {"promocodes": values, "type": "bench"})])
            yield poster


def _events(count: int) -> list[dict[str, str]]:
    return [{"EmailAddress": f"person-{n}@example.test", "name": f"Ann {n}", "gift": "tea"} for n in range(count)]


async def _ours(poster: Poster, to: Sink, count: int, codes: list[str]) -> float:
    requests = [
        poster.request(
            "/api/v2/event",
            {
                "eventTypeKey": "birthday",
                "keyValue": event["EmailAddress"],
                "params": [{"name": name, "value": value} for name, value in event.items()],
            },
        )
        for event in _events(count)
    ]
    began = monotonic()
    await poster.post_all(requests)
    await to.wait_for(count)
    took = monotonic() - began
    codes.extend(await to.take())
    return count / took


async def _plain(db: Database, to: Sink, count: int) -> float:
    speed = await plain_worker.work(db, to.port, _events(count), first=next(NUMBERS) * count)
    if len(set(await to.take())) != count:
        raise RuntimeError("The plain worker lost a mail.")
    return speed


async def _smtp_source(to: Sink, mails: int) -> float:
    words = ("-d", "-s", str(CONNECTIONS), "-m", str(mails), "-l", str(MAIL_BYTES), "-f", "a@example.test")
    began = monotonic()
    process = await asyncio.create_subprocess_exec(
        "smtp-source", *words, "-t", "b@example.test", f"inet:127.0.0.1:{to.port}"
    )
    await process.wait()
    await to.wait_for(mails)
    took = monotonic() - began
    await to.take()
    return mails / took
