"""Servers of a benchmark's own, started for it and gone after it: PostgreSQL and Redis, both flushing every commit."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tearoff.store import embedded
from tearoff.store.db import Database
from tearoff.store.migrate import migrate

REDIS_SECONDS_MAX = 10


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's own user can enter."""
    path = Path(tempfile.mkdtemp(prefix="tearoff-bench-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[embedded.Running]:
    """The bundled PostgreSQL with its shipped settings, fsync and synchronous_commit on."""
    with folder() as path, embedded.start(path / "data") as running:
        yield running


@asynccontextmanager
async def database(running: embedded.Running) -> AsyncIterator[Database]:
    """A migrated database on a running server."""
    db = await Database.open(running.url)
    try:
        async with db.direct() as conn:
            await migrate(conn)
        yield db
    finally:
        await db.close()


@contextmanager
def redis() -> Iterator[Path | None]:
    """The socket of a Redis that flushes every command to disk; None when Redis is not installed."""
    if shutil.which("redis-server") is None or shutil.which("redis-benchmark") is None:
        yield None
        return
    with folder() as path:
        at = path / "redis.sock"
        words = ["redis-server", "--port", "0", "--unixsocket", at, "--dir", path, "--save", "", "--appendonly", "yes"]
        server = subprocess.Popen([*words, "--appendfsync", "always"], stdout=subprocess.DEVNULL)
        try:
            _wait_for(at)
            yield at
        finally:
            server.terminate()
            server.wait()


def _wait_for(at: Path) -> None:
    for _ in range(REDIS_SECONDS_MAX * 20):
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(at)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nobody listens on {at}.")


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))
