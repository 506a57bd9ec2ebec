"""Processes that `flow` is measured with: a whole Tearoff, and the sink."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
READY = "Tearoff is ready at "
SECONDS_MAX = 60.0
TEAROFF = (sys.executable, "-P", "-m", "tearoff")


class Sink:
    """The sink in its process: where it listens, and what it got."""

    def __init__(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.port, self._reader, self._writer = port, reader, writer

    async def _ask(self, word: bytes) -> object:
        self._writer.write(word + b"\n")
        return json.loads(await self._reader.readline())

    async def take(self) -> list[str]:
        """The codes in the mails since the last time."""
        codes = await self._ask(b"take")
        assert isinstance(codes, list)
        return codes

    async def wait_for(self, mails: int) -> None:
        """Return when so many mails came; raises TimeoutError."""
        async with asyncio.timeout(SECONDS_MAX):
            while (await self._ask(b"count")) != mails:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    """A running sink."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.sink", stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        port, asked = (int(word) for word in (await process.stdout.readline()).split())
        reader, writer = await asyncio.open_connection("127.0.0.1", asked, limit=1 << 26)
        yield Sink(port, reader, writer)
        writer.close()
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def tearoff(folder: Path) -> AsyncIterator[str]:
    """`tearoff run` with its data in a folder: one process for HTTP, one engine; gives its address."""
    environ = {**os.environ, "TEAROFF_LOG_FORMAT": "json"}
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *TEAROFF,
            *("run", "--port", "0", "--data-dir", str(folder / "data")),
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    try:
        yield await _ready(process.stdout, folder / "log")
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _ready(lines: asyncio.StreamReader, log: Path) -> str:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_MAX):
            async for line in lines:
                if line.decode().startswith(READY):
                    return line.decode().removeprefix(READY).strip()
    raise RuntimeError(f"Tearoff did not start:\n{log.read_text()}")


def command(folder: Path, *words: str) -> str:
    """What a command of ours prints; raises RuntimeError with its error."""
    done = subprocess.run(
        [*TEAROFF, *words, "--data-dir", str(folder / "data")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()
