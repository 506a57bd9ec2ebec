"""Keeps processes of ours alive: what crashes is started again, what is told to stop is waited for."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence

from tearoff.clock import monotonic
from tearoff.errors import Misconfigured
from tearoff.logs import get_logger

LOG = get_logger("supervisor")
PAUSE_SECONDS_FIRST = 0.25
PAUSE_SECONDS_MAX = 15.0
STEADY_SECONDS = 30.0
"""A process that lived this long is forgiven its earlier crashes."""
STOP_SECONDS_MAX = 40.0
NOT_STARTED = -1
REFUSED = 2
"""The exit status of a command that cannot work as it is configured; trying again would not help."""


class Supervisor:
    """Runs each of `commands` (name → words behind `tearoff`) as a process of its own until `stopping` is set."""

    def __init__(
        self, commands: Mapping[str, Sequence[str]], *, stopping: asyncio.Event, descriptors: Sequence[int] = ()
    ) -> None:
        self._commands, self._stopping, self._descriptors = commands, stopping, descriptors
        self._ready = {name: asyncio.Event() for name in commands}
        self._refused: str | None = None

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Return when all have stopped; raises Misconfigured when one refuses to start at all."""
        announcing = asyncio.create_task(self._announce(on_ready))
        try:
            await asyncio.gather(*(self._keep(name) for name in self._commands))
        finally:
            announcing.cancel()
        if self._refused is not None:
            raise Misconfigured(f"`tearoff {self._refused}` does not start; the reason stands above.")

    async def _announce(self, on_ready: Callable[[], None]) -> None:
        for ready in self._ready.values():
            await ready.wait()
        on_ready()

    async def _keep(self, name: str) -> None:
        crashes = 0
        while not self._stopping.is_set():
            began = monotonic()
            try:
                status = await self._live(name)
            except OSError as error:  # the machine may be short of processes or memory just now
                LOG.error("process_not_started", process=name, error=str(error))
                status = NOT_STARTED
            if self._stopping.is_set():
                return
            if status == REFUSED and not self._ready[name].is_set():
                self._refused = self._commands[name][0]
                self._stopping.set()
                return
            crashes = 1 if monotonic() - began > STEADY_SECONDS else crashes + 1
            pause = min(PAUSE_SECONDS_MAX, PAUSE_SECONDS_FIRST * 2**crashes)
            LOG.error("process_crashed", process=name, status=status, restart_seconds=pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _live(self, name: str) -> int:
        """One life of a process, to its end or ours; its exit status."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "tearoff"),
                *(*self._commands[name], "--lifeline", str(theirs.fileno())),
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), *self._descriptors),
                start_new_session=True,
            )
            theirs.close()
            ours.setblocking(False)
            LOG.info("process_started", process=name, pid=process.pid)
            hearing = asyncio.create_task(self._hear(name, ours))
            try:
                return await self._until_ended(process)
            finally:
                hearing.cancel()
                await asyncio.wait((hearing,))

    async def _hear(self, name: str, line: socket.socket) -> None:
        with contextlib.suppress(ConnectionError):
            if await asyncio.get_running_loop().sock_recv(line, 16):
                self._ready[name].set()

    async def _until_ended(self, process: Process) -> int:
        ended = asyncio.create_task(process.wait())
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((ended, stop), return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.terminate()
                await asyncio.wait((ended,), timeout=STOP_SECONDS_MAX)
        finally:
            stop.cancel()
            if not ended.done():
                process.kill()
        return await ended
