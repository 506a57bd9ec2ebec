"""The wire of an open SMTP connection: bytes out, answers in, each in its turn, also when several are on their way.

aiosmtplib opens the connection, speaks TLS and signs in; but it reads one answer for each command that it waits for, so
groups of commands (RFC 2920) need a reader of their own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

ANSWER_BYTES_MAX = 64 * 1024


class Answer(NamedTuple):
    """What the server said; the lines of a long answer are one text."""

    code: int
    text: str


class WireLost(ConnectionError):
    """No answer will come any more: the connection went away, fell silent for too long or talks nonsense."""


class Wire(asyncio.Protocol):
    """Takes a connection over from whoever opened it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._lines: list[str] = []
        self._answers: deque[Answer] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._loss: str | None = None
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether the other side may still listen."""
        return self._loss is None and not self._transport.is_closing()

    @property
    def is_quiet(self) -> bool:
        """Whether the server has said nothing that nobody asked for, as it does before it hangs up."""
        return not self._answers and not self._buffer

    def write(self, data: bytes) -> None:
        """Send; raises WireLost when nothing of it can leave."""
        if not self.is_open:
            raise WireLost(self._loss or "Connection closed")
        self._transport.write(data)

    async def answer(self, seconds: float) -> Answer:
        """The next answer; raises WireLost when there will be none, or none in time."""
        if not self._answers and self._loss is None:
            self._waiter = self._loop.create_future()
            timer = self._loop.call_later(seconds, self._end, "Timed out waiting for an answer")
            try:
                await self._waiter
            finally:
                timer.cancel()
                self._waiter = None
        if self._answers:
            return self._answers.popleft()
        raise WireLost(self._loss or "Connection closed")

    def close(self) -> None:
        """Hang up."""
        self._end("Connection closed")

    def data_received(self, data: bytes) -> None:
        """Called by the event loop with what came, in any pieces."""
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            if not line[:3].isdigit():
                self._end(f"Malformed answer: {line[:80].decode('utf-8', 'replace')}")
                return
            self._lines.append(line[4:].strip().decode("utf-8", "replace"))
            if line[3:4] != b"-":
                self._answers.append(Answer(int(line[:3]), "\n".join(self._lines)))
                self._lines = []
        if len(self._buffer) + sum(map(len, self._lines)) > ANSWER_BYTES_MAX:
            self._end("Answer too long")
        elif self._answers:
            self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the event loop at the end."""
        self._end(str(error) if error else "Connection lost")

    def _end(self, reason: str) -> None:
        self._loss = self._loss or reason
        self._transport.close()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
