"""The outbox: deliveries as the engine writes them and as the sender leases them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class NewDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A rendered message for one recipient; `carried` are the (code id, claim key) whose codes it may show."""

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
    content: dict[str, Any]
    reference: str
    expires_at: datetime | None
    carried: tuple[tuple[int, str], ...] = ()


class Leased(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery in a sender's hands; `tries` counts this attempt. One with an `attempt` below zero is a resend."""

    delivery_id: int
    run_id: int
    block: str
    channel_id: int
    medium: str
    recipient: str
    content: dict[str, Any]
    reference: str
    expires_at: datetime | None
    tries: int
    is_doubtful: bool
    created_at: datetime
    attempt: int = 0
