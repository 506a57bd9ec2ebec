"""A Tearoff of the demo's own: started in a folder, stopped without a trace."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

START_SECONDS_MAX = 60.0
READY = "Tearoff is ready at "
EMAIL, PASSWORD = "Sign in as", "One-time password:"
PROJECT = "My project"
"""What `tearoff run` calls the first project of an installation."""


class Installation:
    """`tearoff run` on a free port, with its data in `folder` and more variables in its environment."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self._data = str(folder / "data")
        self._log = folder / "log"
        self._environ = {**os.environ, **environ, "PYTHONUNBUFFERED": "1"}
        self._command = str(Path(sys.executable).with_name("tearoff"))
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""
        self.key = ""
        self.email = ""
        self.password = ""

    async def start(self) -> None:
        """Start everything and wait until it answers; raises RuntimeError with the log when it does not."""
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                self._command,
                *("run", "--port", "0", "--data-dir", self._data),
                env=self._environ,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        try:
            async with asyncio.timeout(START_SECONDS_MAX):
                self.url = await self._ready()
        except TimeoutError:
            raise RuntimeError(f"Tearoff did not start:\n{self._log.read_text()}") from None

    async def _ready(self) -> str:
        assert self._process is not None and self._process.stdout is not None
        url = ""
        async for line in self._process.stdout:
            text = line.decode().strip()
            if text.startswith(READY):
                url = text.removeprefix(READY)
            elif text.startswith(EMAIL):
                self.email = text.removeprefix(EMAIL).strip()
            elif text.startswith(PASSWORD):
                self.password = text.removeprefix(PASSWORD).split()[0]
                return url
        raise RuntimeError(f"Tearoff ended at its start:\n{self._log.read_text()}")

    def fill_project(self, *files: Path) -> str:
        """Make the first project what the files say; gives an API key of it."""
        self.key = self._run("key", "create", "--project", PROJECT, "--scope", "full").split()[-1]
        print(self._run("apply", *map(str, files), "--project", PROJECT))
        return self.key

    def _run(self, *words: str) -> str:
        command = [self._command, *words, "--data-dir", self._data]
        done = subprocess.run(command, env=self._environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
        return done.stdout.strip()

    async def stop(self) -> None:
        """Stop everything, and wait until it is gone."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        await self._process.wait()
