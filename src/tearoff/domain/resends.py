"""Sending a message once more: the same text with the same codes, as long as these are still its receiver's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class SentBefore(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that somebody wants to be sent again. `live` of its `codes` still belong to its run or its contact.

    `attempt` is the number of the resend: below zero, so that it never meets the attempts of the run.
    """

    delivery_id: int
    run_id: int
    block: str
    attempt: int
    contact_id: int | None
    channel_id: int
    medium: str
    message_id: int
    version: int
    recipient: str
    language: str | None
    content: dict[str, Any] | None
    expires_at: datetime | None
    state: str
    codes: int
    live: int


def why_not(sent: SentBefore, *, is_suppressed: bool, now: datetime) -> str | None:
    """Why it cannot be sent again; None when it can."""
    if sent.state in ("waiting", "leased"):
        return "The message is still on its way."
    if sent.content is None:
        return "The text of the message was deleted; retry its run, or start a new one."
    if sent.live < sent.codes:
        return "A code of the message went back to its pool or was taken away, so it may be somebody else's."
    if sent.expires_at is not None and sent.expires_at <= now:
        return "A code of the message has run out."
    if is_suppressed:
        return "The address does not want to be written to."
    return None
