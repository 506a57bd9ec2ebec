"""Answered requests, remembered by their key so that a repeat is harmless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all

SQL = queries.load("idempotency")


class Remembered(msgspec.Struct, frozen=True):
    """A request that came before: its hash, and its answer where there is one to repeat."""

    key: str
    request: bytes
    created_at: datetime
    answer: Any = None


async def keep_all(
    tx: Tx, *, project_id: int, door: str, requests: Mapping[str, bytes], now: datetime, forgotten_before: datetime
) -> set[str]:
    """Remember these requests (key → hash); gives the keys that were new or forgotten."""
    values = {
        "project_id": project_id,
        "door": door,
        "keys": list(requests),
        "requests": list(requests.values()),
        "now": now,
        "forgotten_before": forgotten_before,
    }
    return set(await fetch_all(tx, SQL.keep_all, values, str))


async def find(tx: Tx, *, project_id: int, door: str, keys: Sequence[str]) -> dict[str, Remembered]:
    """What is remembered under these keys."""
    values = {"project_id": project_id, "door": door, "keys": list(keys)}
    return {row.key: row for row in await fetch_all(tx, SQL.find, values, Remembered)}


async def set_answer(tx: Tx, *, project_id: int, door: str, key: str, answer: Any) -> None:
    """Keep the answer to a remembered request, to be repeated."""
    values = {"project_id": project_id, "door": door, "key": key, "answer": Jsonb(answer)}
    await execute(tx, SQL.set_answer, values)
