"""Connects the parts: the only file that knows who talks to whom.

What only one kind of process needs is imported where it is connected, so that a command starts at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tearoff.clock import Clock
from tearoff.config import Settings, default_data_dir
from tearoff.errors import TearoffError
from tearoff.logs import get_logger
from tearoff.store import embedded, secrets
from tearoff.store.db import Database, now
from tearoff.store.embedded import Running
from tearoff.store.migrate import migrate

if TYPE_CHECKING:
    from tearoff.api.site import Site
    from tearoff.engine.parts import Engine

LOG = get_logger("boot")
REVIVED_EVERY_SECONDS = 1.0
CLOCK_SET_EVERY_SECONDS = 60.0
CONNECTIONS_MAX = 20
BRIEF = timedelta(seconds=3)
"""How long a command waits for a database that is away; a process that stays waits longer (`LONG`)."""
LONG = timedelta(seconds=30)


class Connected(NamedTuple):
    """An open database with its time, and the folder of this installation's own files."""

    db: Database
    clock: Clock
    folder: Path


def folder_of(settings: Settings) -> Path:
    """The folder of this installation's own files."""
    return settings.data_dir or default_data_dir(is_root=os.geteuid() == 0)


@asynccontextmanager
async def open_database(
    settings: Settings, *, patience: timedelta = BRIEF, is_migrating: bool = True
) -> AsyncIterator[Connected]:
    """The database with its schema brought up to date; the bundled one is started, and revived while it is in use.

    Raises Misconfigured with a sentence for the operator.
    """
    folder = folder_of(settings)
    clock = Clock()
    async with contextlib.AsyncExitStack() as stack:
        url, direct_url = settings.database_url, settings.direct_url
        if url is None:
            running = await asyncio.to_thread(embedded.start, folder)
            stack.push_async_callback(asyncio.to_thread, running.close)
            url, direct_url = running.url, running.direct_url
            await stack.enter_async_context(_repeated(REVIVED_EVERY_SECONDS, lambda: _revive(running)))
        db = await Database.open(
            url,
            direct_url=direct_url,
            prepare=settings.is_prepare_enabled,
            pool_size=CONNECTIONS_MAX,
            patience=patience,
        )
        stack.push_async_callback(db.close)
        if is_migrating:
            await _migrate(db)
        await now(db, clock)
        await stack.enter_async_context(_repeated(CLOCK_SET_EVERY_SECONDS, lambda: now(db, clock)))
        yield Connected(db, clock, folder)


@asynccontextmanager
async def open_site(settings: Settings, *, patience: timedelta = BRIEF) -> AsyncIterator[Site]:
    """What a process that serves HTTP works with, and commands that do what requests do."""
    from tearoff.api import site

    async with open_database(settings, patience=patience) as (db, clock, folder):
        cipher = secrets.cipher(settings.secret_key, folder)
        made = site.open_site(db=db, clock=clock, settings=settings, cipher=cipher)
        try:
            yield made
        finally:
            await made.engine.channels.close()
            await made.engine.http.close()


@asynccontextmanager
async def open_engine(settings: Settings, *, patience: timedelta = LONG) -> AsyncIterator[Engine]:
    """What the engine's actors work with; its connections to the outside are closed at the end."""
    from tearoff.channels.http_source import Sources
    from tearoff.channels.net import Http
    from tearoff.engine.open_channels import OpenChannels
    from tearoff.engine.parts import Engine
    from tearoff.engine.versions import Versions

    async with contextlib.AsyncExitStack() as stack:
        db, clock, folder = await stack.enter_async_context(open_database(settings, patience=patience))
        cipher = secrets.cipher(settings.secret_key, folder)
        http = Http(settings.source_allow)
        stack.push_async_callback(http.close)
        channels = OpenChannels(cipher=cipher, http=http, clock=clock)
        stack.push_async_callback(channels.close)
        yield Engine(
            db=db,
            clock=clock,
            settings=settings,
            cipher=cipher,
            http=http,
            sources=Sources(http),
            channels=channels,
            versions=Versions(),
        )


async def _migrate(db: Database) -> None:
    async with db.direct() as conn:
        names = await migrate(conn)
    if names:
        LOG.info("schema_migrated", migrations=names)


async def _revive(running: Running) -> None:
    if await asyncio.to_thread(running.revive):
        LOG.warning("database_revived")


@asynccontextmanager
async def _repeated(seconds: float, act: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Do something again and again in the background; what fails is said and tried again at the next turn."""

    async def repeat() -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await act()
            except (TearoffError, OSError) as error:
                LOG.warning("upkeep_failed", error=str(error))

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
