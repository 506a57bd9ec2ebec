"""The socket between a supervisor and its child: the child says once that it is ready, and hears when nobody is left.

The supervisor never writes; when it is gone, however it went, the child reads the end of the stream and stops. A thread
reads, so that a child whose loop is stuck goes too.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

READY = b"ready"
ALONE_SECONDS_MAX = 60.0
STOPS = (signal.SIGTERM, signal.SIGINT)


class Lifeline:
    """The child's end; `descriptor` None means that nobody supervises, and nothing is said or heard."""

    def __init__(self, descriptor: int | None) -> None:
        self._socket = None if descriptor is None else socket.socket(fileno=descriptor)

    @property
    def is_supervised(self) -> bool:
        """Whether somebody listens."""
        return self._socket is not None

    def say_ready(self) -> None:
        """Tell the supervisor that the work began."""
        if self._socket is not None:
            self._socket.sendall(READY)

    def watch(self, on_alone: Callable[[], object]) -> None:
        """Call back once the supervisor is gone, and end this process if it is still there a minute later."""
        if self._socket is not None:
            threading.Thread(target=self._watch, args=(self._socket, on_alone), daemon=True).start()

    def _watch(self, line: socket.socket, on_alone: Callable[[], object]) -> None:
        line.recv(1)
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself meanwhile
            on_alone()
        time.sleep(ALONE_SECONDS_MAX)
        os._exit(1)


@asynccontextmanager
async def stopping(line: Lifeline | None = None) -> AsyncIterator[asyncio.Event]:
    """An event that is set by SIGTERM, by SIGINT, and when the supervisor is gone."""
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    for name in STOPS:
        loop.add_signal_handler(name, event.set)
    if line is not None:
        line.watch(lambda: loop.call_soon_threadsafe(event.set))
    try:
        yield event
    finally:
        for name in STOPS:
            loop.remove_signal_handler(name)
