"""What tests share: one bundled PostgreSQL for the session, migrated, and a project of its own for each test."""

import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tearoff.store import embedded
from tearoff.store.db import Database, fetch_value
from tearoff.store.migrate import migrate

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NUMBERS = itertools.count(1)
settings.register_profile("patient", deadline=None)  # how long an example takes is the machine's matter
settings.load_profile("patient")
# tracebacks as Python prints them: the simulation's mutants raise thousands, and pictures of them took most of its time
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(),
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=False),
    ]
)
ADD_PROJECT = "INSERT INTO project (name, created_at) VALUES (%(name)s, %(now)s) RETURNING project_id"


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Running]:
    """The session's PostgreSQL, in a folder that its unprivileged user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="tearoff-test-"))
    folder.chmod(0o711)
    running = embedded.start(folder)
    yield running
    running.close()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def db(server: embedded.Running) -> AsyncIterator[Database]:
    """An open, migrated database; isolation comes from `project`."""
    database = await Database.open(server.url)
    async with database.direct() as conn:
        await migrate(conn)
    yield database
    await database.close()


@pytest.fixture
def now() -> datetime:
    """The instant at which tests happen."""
    return NOW


@pytest.fixture
async def project(db: Database) -> int:
    """The id of a fresh project."""
    name = f"project {os.getpid()}-{next(NUMBERS)}"
    async with db.transaction() as tx:
        return await fetch_value(tx, ADD_PROJECT, {"name": name, "now": NOW}, int)


@pytest.fixture
async def other_project(db: Database) -> int:
    """The id of another fresh project."""
    name = f"other project {os.getpid()}-{next(NUMBERS)}"
    async with db.transaction() as tx:
        return await fetch_value(tx, ADD_PROJECT, {"name": name, "now": NOW}, int)
