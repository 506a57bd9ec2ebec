"""A real SMTP server whose mood depends on whom a mail is for."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

RCPT_ANSWERS = {"busy": "450 4.2.1 busy", "nobody": "550 5.1.1 no such user", "closing": "421 4.3.2 closing"}
DATA_ANSWERS = {"spam": "554 5.7.1 spam", "deferred": "451 4.7.1 later", "odd": "399 what"}
DATA_SECONDS = {"silent": 5.0, "slow": 0.4}


class SmtpServer:
    """Collects mails; the local part before the first dash says how it treats a recipient.

    `busy`, `nobody` and `closing` are refused at RCPT, `spam` and `deferred` after DATA; `hangup` loses the connection
    at RCPT; `lost` takes the mail and hangs up without an answer; `silent` takes it and never answers, `slow` after a
    while, `nul` with a NUL in its words. `groups` offers to take groups of commands.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, groups: bool = False, **options: Any) -> None:
        self.tls, self.groups, self.options = tls, groups, options
        self.port = 0
        self.connections = 0
        self.open: set[asyncio.BaseTransport] = set()
        self.resets = 0
        self.envelopes: list[Envelope] = []
        self.server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen, on the same port each time."""
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self.session, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        assert self.server
        self.server.close()
        self.cut()
        await asyncio.sleep(0.02)

    def cut(self) -> None:
        """Cut every connection, as an idle server or a firewall does."""
        for transport in list(self.open):
            transport.abort()  # type: ignore[attr-defined]

    def session(self) -> SMTP:
        """The protocol of one connection."""
        protocol = Counted(self, hostname="localhost", enable_SMTPUTF8=True, timeout=20, **self.options)
        self.connections += 1
        return protocol

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, parsed."""
        return [
            email.message_from_bytes(e.original_content or b"", policy=email.policy.SMTPUTF8) for e in self.envelopes
        ]  # type: ignore[misc]

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _e: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*answers[:-1], "250-PIPELINING", answers[-1]] if self.groups else answers

    async def handle_RCPT(self, server: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        mood = address.partition("@")[0].partition("-")[0]
        if mood == "hangup":
            server.transport.abort()
        if mood in RCPT_ANSWERS:
            return RCPT_ANSWERS[mood]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _s: Session, envelope: Envelope) -> str:
        mood = envelope.rcpt_tos[0].partition("@")[0].partition("-")[0]
        if mood in DATA_ANSWERS:
            return DATA_ANSWERS[mood]
        self.envelopes.append(envelope)
        if mood == "lost":
            server.transport.abort()
        if mood in DATA_SECONDS:
            await asyncio.sleep(DATA_SECONDS[mood])
        return f"250 2.0.0 queued as {len(self.envelopes)}" + ("\0" if mood == "nul" else "")

    async def handle_RSET(self, *_: object) -> str:
        self.resets += 1
        return "250 OK"


class Counted(SMTP):
    """A session that its server keeps count of."""

    def __init__(self, server: SmtpServer, **options: Any) -> None:
        super().__init__(server, **options)
        self.owner = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.owner.open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.owner.open = {one for one in self.owner.open if not one.is_closing()}
        super().connection_lost(error)


def knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    """Let `shop` in with the password `open sesame`."""
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"shop", b"open sesame")
    return AuthResult(success=is_right, handled=False)
