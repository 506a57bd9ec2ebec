"""Forgetting a person: what the books lose, and what they keep."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one

SQL = queries.load("erasures")


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
