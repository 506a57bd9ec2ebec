"""What an operator asks of a running database: is it safe, does work pile up, do claim keys hold what they promise."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, fetch_one, fetch_value

SQL = queries.load("health")


class Server(msgspec.Struct, frozen=True):
    """The database server; `is_durable`: it keeps what it has confirmed, also through a power cut."""

    version: str
    is_durable: bool
    is_writable: bool


class Queues(msgspec.Struct, frozen=True):
    """What waits in a project, with the instant of the oldest; held runs wait for codes, the others for an engine."""

    due_runs: int
    due_since: datetime | None
    held_runs: int
    held_since: datetime | None
    due_deliveries: int
    delivery_since: datetime | None


async def get_server(tx: Tx) -> Server:
    """The server behind this connection."""
    return await fetch_one(tx, SQL.get_server, {}, Server, kind="server", key="")


async def get_queues(tx: Tx, *, project_id: int, now: datetime) -> Queues:
    """The queues of a project."""
    params = {"project_id": project_id, "now": now}
    return await fetch_one(tx, SQL.get_queues, params, Queues, kind="project", key=project_id)


async def count_abandoned(tx: Tx, *, project_id: int, before: datetime) -> int:
    """Runs and deliveries whose lease ran out before this instant and that nobody took over."""
    return await fetch_value(tx, SQL.count_abandoned, {"project_id": project_id, "before": before}, int)


async def count_ambiguous_keys(tx: Tx, *, project_id: int) -> int:
    """Live claim keys that stand for more than one request or hold two codes for one part: always zero (P2)."""
    return await fetch_value(tx, SQL.count_ambiguous_keys, {"project_id": project_id}, int)
