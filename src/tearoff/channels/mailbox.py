"""A channel for development: it accepts everything and sends nothing. The API lists what it took."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tearoff.domain.deliveries import Accepted, Kind, Outcome, Outgoing


class MailboxSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mailbox has nothing to set."""


class Mailbox:
    """Takes every medium; the accepted deliveries themselves are what a developer reads."""

    kind: Kind = "mailbox"

    async def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Accepted, for every item; the reference is the delivery's own key."""
        return [Accepted(reference=item.key, answer="kept in the mailbox") for item in batch]

    async def check(self) -> str:
        """That there is nothing that could be down."""
        return "The mailbox keeps every message and sends none."

    async def close(self) -> None:
        """Nothing is open."""
