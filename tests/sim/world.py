"""What lies outside: a channel whose other side lies, data sources that fail, and an exact record of what left us."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from tests.sim.seams import Crash, Theatre

from tearoff.channels.http_source import SourceRequest
from tearoff.domain.deliveries import Accepted, Kind, Outcome, Outgoing, Refused, Unknown
from tearoff.errors import SourceFailed

CODE = re.compile(r"\bC\d+X\b")
HOLE = "[]"


class Mail(NamedTuple):
    """A message that arrived."""

    message_id: str
    recipient: str
    text: str


class World:
    """Everything that left us, as the other sides saw it."""

    def __init__(self, rng: Random, theatre: Theatre) -> None:
        self.rng, self.theatre = rng, theatre
        self.mails: list[Mail] = []
        self.refused: dict[str, int] = defaultdict(int)
        self.asked: list[tuple[str, str]] = []
        """Codes that a source was told, each with the person it was told about."""
        self.answers: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        """The codes that callers of the API were told, by key."""

    def mailed(self) -> set[str]:
        """The codes that somebody got by mail."""
        return {code for mail in self.mails for code in CODE.findall(mail.text)}


class LyingChannel:
    """A channel over the world: the local part of an address says how it is treated."""

    kind: Kind = "mailbox"

    def __init__(self, world: World) -> None:
        self.world = world

    async def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """One outcome an item; the process may die between two of them."""
        outcomes: list[Outcome] = []
        for item in batch:
            outcomes.append(self._send(item))
            if self.world.rng.random() < self.world.theatre.crash_share / 2 and not self.world.theatre.is_calm:
                raise Crash
        await self.world.theatre.seam()
        return outcomes

    def _send(self, item: Outgoing) -> Outcome:
        mood = item.recipient.partition("@")[0].rstrip("0123456789")
        luck = self.world.rng.random()
        if mood == "nobody" or (mood == "flaky" and luck < 0.1):
            self.world.refused[item.message_id] += 1
            return Refused(detail="550 no such user", permanent=True)
        if mood == "busy" or (mood == "flaky" and luck < 0.3):
            self.world.refused[item.message_id] += 1
            return Refused(detail="450 later", permanent=False)
        if mood == "flaky" and luck < 0.4:
            return Unknown("the connection was lost before the other side had it")
        self.world.mails.append(Mail(item.message_id, item.recipient, str(getattr(item.content, "text", ""))))
        if mood == "flaky" and luck < 0.6:
            return Unknown("the answer was lost")
        return Accepted(answer="250 taken")

    async def check(self) -> str:
        """Never asked here."""
        return "It lies."

    async def close(self) -> None:
        """Nothing is open."""


class LyingSources:
    """The other side of every data source."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def call(self, request: SourceRequest) -> Any:
        """What the source says, after it has seen what we told it."""
        person = request.url.partition("who=")[2].partition("&")[0]
        self.world.asked += [(code, person) for code in CODE.findall(f"{request.url} {request.body or ''}")]
        luck = self.world.rng.random()
        await self.world.theatre.seam()
        if luck < 0.2:
            raise SourceFailed(request.name, "it is down.", permanent=luck < 0.1)
        return {"gift": "a pen"}
