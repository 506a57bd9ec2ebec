"""A local SMTP server that keeps what it receives: the demo believes nobody but the receiver."""

from __future__ import annotations

import asyncio
import email
import re
from dataclasses import dataclass, field
from email import policy
from typing import Any

from aiosmtpd.smtp import SMTP

CODE = re.compile(r"BDAY-[A-Z2-9]{4}-[A-Z2-9]{4}")


@dataclass
class Receiver:
    """What arrived: each mail with its recipient, Message-ID and the codes in its text."""

    mails: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep one mail."""
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        self.mails.append((envelope.rcpt_tos[0], str(message["Message-ID"]), frozenset(CODE.findall(text))))
        return "250 OK"

    async def listen(self) -> tuple[asyncio.Server, int]:
        """A running server on a free port of the loopback address, and the port."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True), "127.0.0.1", 0)
        return server, server.sockets[0].getsockname()[1]
