"""Mail over SMTP: a set is shared out among a few kept connections."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from tearoff.channels.addresses import named
from tearoff.channels.contract import needed, parse_settings
from tearoff.channels.mime import compose
from tearoff.channels.smtp import Connection, EmailSettings, NotOpened
from tearoff.domain.deliveries import Kind, Outcome, Outgoing, Refused
from tearoff.errors import DeliveryFailed, Invalid, Problem

Waiting = deque[tuple[int, Outgoing]]


def parse(settings: Mapping[str, Any]) -> EmailSettings:
    """The settings, with their addresses and certificate tried; raises Invalid."""
    parsed = parse_settings(EmailSettings, settings)
    for name, text in (("sender", parsed.sender), ("returnPath", parsed.return_path)):
        if text:
            named(text, f"/{name}")
    tls_context(parsed)
    return parsed


def tls_context(settings: EmailSettings) -> ssl.SSLContext | None:
    """What TLS trusts: the system's authorities, or only the given one."""
    if settings.tls == "none":
        return None
    try:
        return ssl.create_default_context(cadata=settings.ca_certificate or None)
    except (ssl.SSLError, ValueError) as error:
        raise Invalid(Problem("/caCertificate", "This is not a certificate in PEM form.")) from error


class Email:
    """An SMTP server as a channel."""

    kind: Kind = "email"

    def __init__(self, settings: EmailSettings, secrets: Mapping[str, str]) -> None:
        self.settings = settings
        self.return_path = named(settings.return_path, "/returnPath").address if settings.return_path else None
        self.password = needed(secrets, "password") if settings.username else None
        self.tls = tls_context(settings)
        self.slots = asyncio.Semaphore(settings.connections_max)
        self.idle: list[Connection] = []

    async def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Share the set out among the connections; each takes the next mail as soon as it is free.

        A mail that meets a server that cannot be reached goes back to the others; when no connection can be opened,
        all that is left is refused for now, without a wait for each.
        """
        outcomes: dict[int, Outcome] = {}
        waiting: Waiting = deque(enumerate(batch))
        workers = self.settings.connections_max
        while waiting:
            count = min(workers, len(waiting))
            ends = await asyncio.gather(*(self.work(waiting, outcomes) for _ in range(count)))
            failures = [end for end in ends if end is not None]
            workers = count - len(failures)
            if not workers:
                refusal = Refused(detail=str(failures[-1]), permanent=False)
                outcomes.update((place, refusal) for place, _ in waiting)
                break
        return [outcomes[place] for place in range(len(batch))]

    async def work(self, waiting: Waiting, outcomes: dict[int, Outcome]) -> NotOpened | None:
        """Send what waits over one connection; the error when it could not be opened."""
        async with self.slots:
            connection = self.idle.pop() if self.idle else Connection(self.settings, self.password, self.tls)
            try:
                while waiting:
                    place, item = waiting.popleft()
                    try:
                        outcomes[place] = await self.deliver(connection, item)
                    except NotOpened as error:
                        waiting.appendleft((place, item))
                        return error
            finally:
                if connection.is_open:
                    self.idle.append(connection)
        return None

    async def deliver(self, connection: Connection, item: Outgoing) -> Outcome:
        """One mail over one connection; what cannot be a mail is refused for good."""
        try:
            mail = compose(item, self.settings.sender, self.return_path)
        except Invalid as error:
            return Refused(detail=str(error), permanent=True)
        return await connection.deliver(mail)

    async def check(self) -> str:
        """That the server answers, speaks TLS as set and lets us in."""
        connection = Connection(self.settings, self.password, self.tls)
        try:
            await connection.open()
        except NotOpened as error:
            raise DeliveryFailed(str(error), permanent=False) from error
        await connection.quit()
        user = f"signed in as {self.settings.username}" if self.settings.username else "without signing in"
        return f"{self.settings.host}:{self.settings.port} answers, TLS {self.settings.tls}, {user}."

    async def close(self) -> None:
        """Say goodbye on every kept connection."""
        idle, self.idle = self.idle, []
        await asyncio.gather(*(connection.quit() for connection in idle))
