"""Channels: the ways out as a project has them set up. What is secret is kept apart from the settings, and sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tearoff.domain.deliveries import Kind
from tearoff.domain.messages import Medium


class ChannelDefinition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A channel as somebody wants it; without `secrets` the ones it has stay."""

    key: str
    kind: Kind
    medium: Medium
    settings: dict[str, Any] = {}
    secrets: dict[str, str] | None = None


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as it is stored; `secret` is sealed."""

    channel_id: int
    key: str
    kind: Kind
    medium: Medium
    settings: dict[str, Any]
    secret: bytes | None
    created_at: datetime
