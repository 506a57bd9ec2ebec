"""An engine in this process, a project from a file, and turns until nothing is due."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import yaml

from tearoff.actions import events, project_files
from tearoff.channels.http_source import Sources
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.domain import project_files as files
from tearoff.domain.events import Event, key_value_of
from tearoff.engine import callers, rescuer, runner, sender
from tearoff.engine.open_channels import OpenChannels
from tearoff.engine.parts import Engine
from tearoff.engine.versions import Versions
from tearoff.store import deliveries, runs, steps
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher

ALLOWED = ("127.0.0.1",)


@pytest.fixture(scope="session")
async def engine(db: Database) -> AsyncIterator[Engine]:
    clock, http, cipher = Clock(), Http(ALLOWED), Cipher("a key that only tests use")
    parts = Engine(
        db=db,
        clock=clock,
        settings=Settings(public_url="https://tearoff.example"),
        cipher=cipher,
        http=http,
        sources=Sources(http),
        channels=OpenChannels(cipher=cipher, http=http, clock=clock),
        versions=Versions(),
    )
    yield parts
    await parts.channels.close()
    await http.close()


@dataclass
class Stage:
    """One project and the engine that works on it; time stands still unless a test moves it."""

    engine: Engine
    project: int
    now: datetime

    @property
    def db(self) -> Database:
        return self.engine.db

    async def apply(self, text: str) -> None:
        """Make the project what a project file says."""
        plan = files.parse([files.RawFile("test.yaml", yaml.safe_load(text), lambda path: path)], {})
        await project_files.apply(self.db, project_id=self.project, plan=plan, cipher=self.engine.cipher, now=self.now)

    async def send(self, type: str, *all_params: dict[str, Any], keys: list[str] | None = None) -> None:
        """Accept events as the doors do."""
        made = [
            Event(
                type_key=type,
                key_value=key_value_of(params) or "x",
                params=params,
                key=keys[n] if keys else None,
                request=repr(params).encode(),
            )
            for n, params in enumerate(all_params)
        ]
        await events.accept(self.db, project_id=self.project, events=made, now=self.now)

    async def work(self, *, sending: bool = True) -> None:
        """Turn every actor until nothing is due now."""
        for _ in range(100):
            done = await runner.turn(self.engine, self.project, self.now)
            done += await callers.turn(self.engine, self.project, self.now)
            done += await rescuer.turn(self.engine, self.project, self.now)
            if sending:
                done += await sender.turn(self.engine, self.project, self.now)
            if not done:
                return
        raise AssertionError("the engine never came to rest")

    async def runs(self) -> list[runs.ListedRun]:
        """Every run, the oldest first."""
        async with self.db.transaction() as tx:
            return list(reversed(await runs.list_page(tx, project_id=self.project, limit=10_000)))

    async def steps(self, run_id: int) -> list[Any]:
        async with self.db.transaction() as tx:
            return await steps.list_by_run(tx, project_id=self.project, run_id=run_id)

    async def mailbox(self) -> list[deliveries.MailboxItem]:
        """What the mailbox channel accepted, the oldest first."""
        async with self.db.transaction() as tx:
            return list(reversed(await deliveries.list_mailbox(tx, project_id=self.project, limit=10_000)))

    async def deliveries(self) -> list[deliveries.ListedDelivery]:
        async with self.db.transaction() as tx:
            return list(reversed(await deliveries.list_page(tx, project_id=self.project, limit=10_000)))


@pytest.fixture
async def stage(engine: Engine, project: int, now: datetime) -> Stage:
    return Stage(engine, project, now)
