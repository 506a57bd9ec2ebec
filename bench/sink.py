"""An SMTP server that does nothing but count mails and note their codes; `python -m bench.sink` runs it.

It answers every command at once, also in groups, so that who sends is what is measured. On the control socket, `count`
gives how many mails came, and `take` gives the codes in them and forgets everything.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import cast

import uvloop

CODE = re.compile(rb"BENCH-[0-9]+(?:-[0-9]+)*")
READY = b"220 sink\r\n"
OK = b"250 OK\r\n"
HELLO = b"250-sink\r\n250 PIPELINING\r\n"
GO_AHEAD = b"354 go\r\n"
END = b"\r\n.\r\n"


class Counted:
    """What came: the number of mails and the first code in each."""

    def __init__(self) -> None:
        self.mails = 0
        self.codes: list[str] = []


class Smtp(asyncio.Protocol):
    """One connection; commands may come in any pieces."""

    def __init__(self, counted: Counted) -> None:
        self._counted, self._buffer, self._in_data = counted, bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(READY)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._in_data or b"\n" in self._buffer:
            if not (self._take_mail() if self._in_data else self._take_command()):
                return

    def _take_mail(self) -> bool:
        at = self._buffer.find(END)
        if at < 0:
            return False
        found = CODE.search(self._buffer, 0, at)
        if found:
            self._counted.codes.append(found[0].decode())
        self._counted.mails += 1
        del self._buffer[: at + len(END)]
        self._in_data = False
        self._transport.write(OK)
        return True

    def _take_command(self) -> bool:
        at = self._buffer.find(b"\n")
        word = bytes(self._buffer[:4]).upper()
        del self._buffer[: at + 1]
        if word == b"DATA":
            self._in_data = True
            self._transport.write(GO_AHEAD)
        elif word == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            self._transport.write(HELLO if word == b"EHLO" else OK)
        return True


async def serve() -> None:
    """Listen on free ports, print them, and stay until standard input ends."""
    counted = Counted()

    async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for line in reader:
            answer: object = counted.mails
            if line.strip() == b"take":
                answer = counted.codes
                counted.mails, counted.codes = 0, []
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(lambda: Smtp(counted), "127.0.0.1", 0)
    # a line of the control socket holds all codes of a run
    asked = await asyncio.start_server(control, "127.0.0.1", 0, limit=1 << 26)
    print(smtp.sockets[0].getsockname()[1], asked.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve())
