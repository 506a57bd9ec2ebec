"""Forgetting a person: what the books lose, and what they keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one

SQL = queries.load("erasures")
EVENTS_READ_MAX = 1_000_000
SHORT = 8
"""A name under so many characters is looked for as a whole value: it would be a part of nearly every event."""

ESCAPED = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


class NamedEvent(msgspec.Struct, frozen=True):
    """An event that may be about a contact."""

    event_id: int
    key_value: str
    params: dict[str, Any]


class Foreseen(msgspec.Struct, frozen=True):
    """What erasing a contact would touch: its runs, those on their way, its messages, and codes that stay its own."""

    runs: int
    open_runs: int
    messages: int
    codes: int


async def foresee(tx: Tx, *, project_id: int, contact_id: int) -> Foreseen:
    """The numbers of an erasure that has not happened."""
    params = {"project_id": project_id, "contact_id": contact_id}
    return await fetch_one(tx, SQL.foresee, params, into=Foreseen, kind="contact", key=contact_id)


async def list_open_runs(tx: Tx, *, project_id: int, contact_id: int) -> list[int]:
    """The contact's runs that are not over."""
    return await fetch_all(tx, SQL.list_open_runs, {"project_id": project_id, "contact_id": contact_id}, int)


async def list_runs(tx: Tx, *, project_id: int, contact_id: int) -> list[int]:
    """Every run that was about the contact."""
    return await fetch_all(tx, SQL.list_runs, {"project_id": project_id, "contact_id": contact_id}, int)


async def blank(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> int:
    """Take names, addresses and words out of these runs, their events, steps and messages; gives how many messages."""
    params = {"project_id": project_id, "run_ids": list(run_ids)}
    for paragraph in ("blank_events", "blank_steps", "blank_runs"):
        await execute(tx, SQL[paragraph], params)
    return await execute(tx, SQL.blank_deliveries, params)


async def list_events(tx: Tx, *, project_id: int, names: Sequence[str]) -> list[NamedEvent]:
    """Of the newest million events those that hold one of these names, as their key or in their parameters."""
    params: dict[str, Any] = {"project_id": project_id, "limit": EVENTS_READ_MAX}
    params["names"] = [name.lower() for name in names]
    params["patterns"] = [pattern for name in names for pattern in _patterns(name)]
    return await fetch_all(tx, SQL.list_events_naming, params, NamedEvent)


async def blank_events(tx: Tx, *, project_id: int, event_ids: Sequence[int]) -> int:
    """Take everything out of these events but their type and their instant; gives how many there were."""
    return await execute(tx, SQL.blank_named_events, {"project_id": project_id, "event_ids": list(event_ids)})


def _patterns(name: str) -> list[str]:
    """What finds a name in parameters as PostgreSQL writes them."""
    text = msgspec.json.encode(name.lower()).decode()[1:-1].translate(ESCAPED)
    return [f"%{text}%"] if len(name) >= SHORT else [f'%"{text}"%', f"%: {text},%", f"%: {text}}}%"]
