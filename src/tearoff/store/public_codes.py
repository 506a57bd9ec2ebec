"""Multi-use codes, which are everybody's: messages print them, and nobody takes them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("public_codes")


class PublicCode(msgspec.Struct, frozen=True):
    """The code that a pool of multi-use codes shows now."""

    pool: str
    parameter: str
    value: str
    use_from: datetime | None
    expires_at: datetime | None


async def list_first(tx: Tx, *, project_id: int, now: datetime) -> list[PublicCode]:
    """What each launched pool of multi-use codes shows now; a pool without such a code is left out."""
    return await fetch_all(tx, SQL.list_first, {"project_id": project_id, "now": now}, into=PublicCode)
