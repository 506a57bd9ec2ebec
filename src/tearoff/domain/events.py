"""Events: what is accepted, and whom an event is about."""

from __future__ import annotations

from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it is stored. `request` is the hash of what came, by which a repeat under `key` is recognised."""

    type_key: str
    key_value: str
    params: dict[str, Any]
    key: str | None = None
    request: bytes = b""


class Accepted(msgspec.Struct, frozen=True):
    """What became of an event: its id, or None when it repeats one that was accepted before."""

    event_id: int | None
