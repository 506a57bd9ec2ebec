"""Putting a definition under its key: made, changed, or so already."""

from __future__ import annotations

from tearoff.domain.definitions import Put
from tearoff.errors import Conflict
from tearoff.store.db import Params, Tx, fetch_optional


async def put(tx: Tx, query: str, values: Params, *, noun: str, key: str) -> Put:
    """What became of it; raises Conflict where somebody made the very same at this moment.

    One statement cannot see a row that was made since it began, so it can neither insert nor find it.
    """
    found = await fetch_optional(tx, query, values, into=Put)
    if found is None:
        raise Conflict(f"Somebody made the {noun} {key!r} at the same moment; look at it, and try again.")
    return found
