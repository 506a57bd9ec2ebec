"""One kept SMTP connection: opened when it is needed, used for many mails, reset after a refusal.

aiosmtplib opens it and signs in; the mail is sent here. The body is written after the server's 354, because only then
does a lost connection leave the outcome unknown; before it, the mail surely never left.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import Annotated, Literal, cast

import aiosmtplib
import msgspec

from tearoff.channels.mime import Mail
from tearoff.channels.smtp_wire import Answer, Wire, WireLost
from tearoff.clock import monotonic
from tearoff.domain.deliveries import Outcome, Refused, Unknown, from_smtp
from tearoff.errors import TearoffError

IDLE_SECONDS_MAX = 60
QUIT_SECONDS_MAX = 2
# The first digits of an answer (RFC 5321, 4.2.1).
COMPLETED, GO_AHEAD = 2, 3
CLOSING = 421


class EmailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """An SMTP server. The password is the secret `password`; `caCertificate` is the PEM text of an own authority."""

    host: Annotated[str, msgspec.Meta(min_length=1, max_length=253, pattern=r"^[^\s]+$")]
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    tls: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    sender: str | None = None
    return_path: str | None = None
    ca_certificate: str | None = None
    hello_name: Annotated[str, msgspec.Meta(pattern=r"^[!-~]+$")] = "localhost"
    connections_max: Annotated[int, msgspec.Meta(ge=1, le=50)] = 4
    messages_per_connection_max: Annotated[int, msgspec.Meta(ge=1)] = 100
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0, le=600)] = 60


class NotOpened(TearoffError):
    """The server could not be reached or would not let us in; no mail is to blame."""

    type = "delivery-failed"


class Lost(TearoffError):
    """The connection went away before the mail was sent."""

    type = "delivery-failed"


class Connection:
    """A connection that opens itself; used by one mail at a time."""

    def __init__(self, settings: EmailSettings, password: str | None, tls_context: ssl.SSLContext | None) -> None:
        self.settings, self.tls_context = settings, tls_context
        self.password = password if settings.username else None
        self.sent = 0
        self.idle_since = monotonic()
        self.wire: Wire | None = None
        self.can_group = self.has_utf8 = False

    @property
    def is_open(self) -> bool:
        """Whether the next mail needs no new connection, as far as one can know."""
        return self.wire is not None and self.wire.is_open

    async def open(self) -> Wire:
        """Connect, greet and sign in; raises NotOpened with the reason."""
        client = aiosmtplib.SMTP(
            hostname=self.settings.host,
            port=self.settings.port,
            username=self.settings.username,
            password=self.password,
            local_hostname=self.settings.hello_name,
            timeout=self.settings.timeout_seconds,
            use_tls=self.settings.tls == "tls",
            start_tls=self.settings.tls == "starttls",
            tls_context=self.tls_context,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await greet(client)
            if client.protocol is None or not client.protocol.is_connected:
                raise ConnectionResetError("Connection lost after the greeting")
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            raise NotOpened(f"{self.settings.host}:{self.settings.port}: {error}") from error
        self.can_group = client.supports_extension("pipelining")
        self.has_utf8 = client.supports_extension("smtputf8")
        self.sent = 0
        self.wire = Wire(cast(asyncio.Transport, client.protocol.transport))
        return self.wire

    async def deliver(self, mail: Mail) -> Outcome:
        """Send one mail. A kept connection that the server closed meanwhile is replaced once."""
        if self.wire is not None and self.is_open:
            if not self.wire.is_quiet:
                self.wire.close()
            elif monotonic() - self.idle_since > IDLE_SECONDS_MAX:
                await self.quit()
        was_open = self.is_open
        try:
            return await self.attempt(mail)
        except Lost as lost:
            if not was_open:
                return Refused(detail=str(lost), permanent=False)
        try:
            return await self.attempt(mail)
        except Lost as lost:
            return Refused(detail=str(lost), permanent=False)

    async def attempt(self, mail: Mail) -> Outcome:
        """One transaction on this connection, opened if need be; afterwards it is clean or closed."""
        wire = self.wire if self.wire is not None and self.is_open else await self.open()
        is_clean = False
        try:
            outcome = await self.transact(wire, mail)
            is_clean = True
        finally:
            if not is_clean:
                wire.close()
        self.sent += 1
        self.idle_since = monotonic()
        if self.sent >= self.settings.messages_per_connection_max:
            await self.quit()
        return outcome

    async def transact(self, wire: Wire, mail: Mail) -> Outcome:
        """MAIL, RCPT, DATA and the body; raises Lost while the mail surely has not left."""
        if mail.needs_utf8 and not self.has_utf8:
            return Refused(detail="The server takes no international mail addresses (SMTPUTF8).", permanent=True)
        options = " SMTPUTF8 BODY=8BITMIME" if mail.needs_utf8 else ""
        commands = (f"MAIL FROM:<{mail.sender}>{options}\r\n", f"RCPT TO:<{mail.recipient}>\r\n", "DATA\r\n")
        refusal = await self.offer(wire, [command.encode() for command in commands])
        return await self.send_body(wire, mail.data) if refusal is None else await self.refused(wire, refusal)

    async def offer(self, wire: Wire, commands: list[bytes]) -> Answer | None:
        """The first refusal of the envelope; None when the server waits for the body.

        A server that takes groups of commands gets all at once (RFC 2920). The body is no part of the group: what was
        not written cannot have left.
        """
        refusal: Answer | None = None
        try:
            if self.can_group:
                wire.write(b"".join(commands))
            for command, wanted in zip(commands, (COMPLETED, COMPLETED, GO_AHEAD), strict=True):
                if not self.can_group:
                    wire.write(command)
                answer = await wire.answer(self.settings.timeout_seconds)
                if answer.code == CLOSING:
                    raise WireLost(f"{answer.code} {answer.text}")
                if answer.code // 100 != wanted:
                    refusal = refusal or answer
                    if not self.can_group:
                        return refusal
            if refusal is not None and answer.code // 100 == GO_AHEAD:
                # it waits for a mail that it refused: to be cut off here is what cannot be misunderstood
                wire.close()
        except WireLost as error:
            if refusal is None:
                raise Lost(f"Connection lost before the mail was sent: {error}") from error
        return refusal

    async def refused(self, wire: Wire, answer: Answer) -> Outcome:
        """The refusal before the body, with the connection ready for the next mail."""
        try:
            wire.write(b"RSET\r\n")
            if (await wire.answer(self.settings.timeout_seconds)).code // 100 != COMPLETED:
                wire.close()
        except WireLost:
            wire.close()
        outcome = from_smtp(answer.code, answer.text)
        if isinstance(outcome, Refused):
            return outcome
        # A success code where another was due is a server out of step; the mail has not left.
        return Refused(detail=f"{answer.code} {answer.text}", permanent=False)

    async def send_body(self, wire: Wire, data: bytes) -> Outcome:
        """The mail itself, dot-stuffed. From here on a lost answer leaves the outcome unknown."""
        try:
            wire.write((b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        except WireLost as error:
            raise Lost("Connection lost before the mail was sent.") from error
        try:
            answer = await wire.answer(self.settings.timeout_seconds)
        except WireLost as error:
            return Unknown(f"No answer after the mail was sent: {error}")
        if not 200 <= answer.code < 600 or 300 <= answer.code < 400:
            wire.close()
            return Unknown(f"No sense in the answer after the mail was sent: {answer.code} {answer.text}")
        if answer.code == CLOSING:
            wire.close()
        return from_smtp(answer.code, answer.text)

    async def quit(self) -> None:
        """Say goodbye, shortly, and close."""
        if self.wire is None:
            return
        with contextlib.suppress(WireLost):
            self.wire.write(b"QUIT\r\n")
            await self.wire.answer(QUIT_SECONDS_MAX)
        self.wire.close()
        self.wire = None


async def greet(client: aiosmtplib.SMTP) -> None:
    """EHLO, or HELO for a server that does not know it."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()
