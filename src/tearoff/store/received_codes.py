"""What contacts received last from each pool: messages print it, and nobody takes anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("received_codes")


class ReceivedCode(msgspec.Struct, frozen=True):
    """The newest code of a pool that the contact of a run has, and until when it can be used."""

    run_id: int
    pool: str
    parameter: str
    value: str
    use_from: datetime | None
    expires_at: datetime | None


async def list_last(tx: Tx, *, project_id: int, contacts: Mapping[int, int], now: datetime) -> list[ReceivedCode]:
    """For each run (run id → contact id) and pool the newest code that has not run out, if there is one."""
    params = {"project_id": project_id, "runs": list(contacts), "contacts": list(contacts.values()), "now": now}
    return await fetch_all(tx, SQL.list_last, params, into=ReceivedCode)
