"""One kept SMTP connection: opened when it is needed, used for many mails, reset after a refusal.

aiosmtplib speaks the protocol. The body is written here, after the server's 354, because only then does a lost
connection leave the outcome unknown; before it, the mail surely never left.
"""

from __future__ import annotations

import contextlib
import ssl
from typing import Annotated, Literal

import aiosmtplib
import msgspec

from tearoff.channels.mime import Mail
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
        self.settings = settings
        self.sent = 0
        self.idle_since = monotonic()
        self.client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=password if settings.username else None,
            local_hostname=settings.hello_name,
            timeout=settings.timeout_seconds,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            tls_context=tls_context,
        )

    async def open(self) -> None:
        """Connect, greet and sign in; raises NotOpened with the reason."""
        try:
            await self.client.connect()
            if self.client.is_ehlo_or_helo_needed:
                await self.greet()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self.client.close()
            raise NotOpened(f"{self.settings.host}:{self.settings.port}: {error}") from error
        self.sent = 0

    async def greet(self) -> None:
        """EHLO, or HELO for a server that does not know it."""
        try:
            await self.client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await self.client.helo()

    async def deliver(self, mail: Mail) -> Outcome:
        """Send one mail. A kept connection that the server closed meanwhile is replaced once."""
        if self.client.is_connected and monotonic() - self.idle_since > IDLE_SECONDS_MAX:
            await self.quit()
        was_open = self.client.is_connected
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
        if not self.client.is_connected:
            await self.open()
        is_clean = False
        try:
            outcome = await self.transact(mail)
            is_clean = True
        finally:
            if not is_clean:
                self.client.close()
        self.sent += 1
        self.idle_since = monotonic()
        if self.sent >= self.settings.messages_per_connection_max:
            await self.quit()
        return outcome

    async def transact(self, mail: Mail) -> Outcome:
        """MAIL, RCPT, DATA and the body; raises Lost while the mail surely has not left."""
        if mail.needs_utf8 and not self.client.supports_extension("smtputf8"):
            return Refused(detail="The server takes no international mail addresses (SMTPUTF8).", permanent=True)
        options = [b"SMTPUTF8", b"BODY=8BITMIME"] if mail.needs_utf8 else []
        # The addresses are parsed already, so the commands are written here; aiosmtplib would parse them again.
        commands = (
            (COMPLETED, (b"MAIL", f"FROM:<{mail.sender}>".encode(), *options)),
            (COMPLETED, (b"RCPT", f"TO:<{mail.recipient}>".encode())),
            (GO_AHEAD, (b"DATA",)),
        )
        try:
            for wanted, words in commands:
                answer = await self.client.execute_command(*words)
                if answer.code // 100 != wanted:
                    return await self.refused(answer.code, answer.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Lost(f"Connection lost before the mail was sent: {error}") from error
        return await self.send_body(mail.data)

    async def refused(self, code: int, text: str) -> Outcome:
        """The refusal before the body, with the connection ready for the next mail."""
        if code == CLOSING:
            raise Lost(f"{code} {text}")
        try:
            await self.client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self.client.close()
        outcome = from_smtp(code, text)
        # A success code where another was due is a server out of step; the mail has not left.
        return outcome if isinstance(outcome, Refused) else Refused(detail=f"{code} {text}", permanent=False)

    async def send_body(self, data: bytes) -> Outcome:
        """The mail itself, dot-stuffed. From here on a lost answer leaves the outcome unknown."""
        protocol = self.client.protocol
        if protocol is None or not protocol.is_connected:
            raise Lost("Connection lost before the mail was sent.")
        protocol.write((b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        try:
            answer = await protocol.read_response(timeout=self.settings.timeout_seconds)
        except (aiosmtplib.SMTPException, OSError) as error:
            self.client.close()
            return Unknown(f"No answer after the mail was sent: {error}")
        if not 200 <= answer.code < 600 or 300 <= answer.code < 400:
            self.client.close()
            return Unknown(f"No sense in the answer after the mail was sent: {answer.code} {answer.message}")
        if answer.code == CLOSING:
            self.client.close()
        return from_smtp(answer.code, answer.message)

    async def quit(self) -> None:
        """Say goodbye, shortly, and close."""
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await self.client.quit(timeout=QUIT_SECONDS_MAX)
        self.client.close()
