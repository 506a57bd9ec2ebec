"""A whole Tearoff in processes of its own, for tests that need the real thing: started from nothing, killed at will."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

COMMAND = (sys.executable, "-P", "-m", "tearoff")
READY = "Tearoff is ready at "
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 60.0


class Tearoff:
    """`tearoff run` on a data folder; commands may run beside it, and without it.

    `url` is set once it is ready; `said` is what all its lives printed.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.url = ""
        self.environ = {**os.environ, **(environ or {})}
        self.said: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> psutil.Process:
        """The supervisor."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def start(self, *words: str) -> None:
        """Start it, on a free port unless `words` say another, and wait until it is ready; else RuntimeError."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "run", "--port", "0", "--data-dir", str(self.data), *words],
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(self._process, lines), daemon=True).start()
        line = ""
        while not line.startswith(READY):
            try:
                line = lines.get(timeout=START_SECONDS_MAX)
            except queue.Empty:
                line = ""
            if not line:
                raise RuntimeError(f"it did not start:\n{self.log()}")
        self.url = line.removeprefix(READY).strip()

    def _read(self, process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
            self.said.append(line)
        lines.put("")

    def stop(self, name: signal.Signals = signal.SIGTERM) -> int:
        """Stop it as an operator does; its exit status."""
        assert self._process is not None
        self._process.send_signal(name)
        return self._process.wait(STOP_SECONDS_MAX)

    @property
    def is_running(self) -> bool:
        """Whether the supervisor lives."""
        return self._process is not None and self._process.poll() is None

    def find_child(self, command: str) -> psutil.Process | None:
        """The process of `tearoff serve` or `tearoff work`, if there is one just now."""
        for one in self.process.children():
            with suppress(psutil.Error):
                if command in one.cmdline():
                    return one
        return None

    def kill(self) -> None:
        """kill -9 of everything: supervisors, APIs, engines, PostgreSQL."""
        everything = [one for one in psutil.process_iter(["cmdline"]) if str(self.data) in (one.info["cmdline"] or ())]
        for one in [*everything, *self.servers()]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        if self._process is not None:
            self._process.wait(STOP_SECONDS_MAX)
        end = time.monotonic() + STOP_SECONDS_MAX
        while self.servers() and time.monotonic() < end:
            time.sleep(0.02)

    def servers(self) -> list[psutil.Process]:
        """The PostgreSQL processes that work in the data folder."""
        cluster = str(self.data / "pgdata")
        return [one for one in psutil.process_iter(["name", "cwd"]) if one.info["cwd"] == cluster]

    def run(
        self, *words: str, environ: Mapping[str, str] | None = None, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """A command on the same data folder, with more variables in its environment and what it reads."""
        words = (*COMMAND, *words, "--data-dir", str(self.data))
        environ = {**self.environ, **(environ or {})}
        return subprocess.run(words, env=environ, input=typed, capture_output=True, text=True, check=False)

    def make_key(self, project: str, *, time_zone: str = "UTC") -> str:
        """A full key of a new project."""
        for words in (
            ("project", "create", project, "--time-zone", time_zone),
            ("key", "create", "--project", project, "--scope", "full"),
        ):
            done = self.run(*words)
            if done.returncode:
                raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def log(self) -> str:
        """What it wrote to standard error in all its lives."""
        return (self.folder / "log").read_text()


@contextmanager
def installed(environ: Mapping[str, str] | None = None) -> Iterator[Tearoff]:
    """A Tearoff that is not started yet, in a folder of its own; nothing of it is left at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tearoff-run-"))
    folder.chmod(0o711)
    tearoff = Tearoff(folder, environ)
    try:
        yield tearoff
    finally:
        tearoff.kill()
        shutil.rmtree(folder)
