"""Forgetting what is old, a batch at a time; claims, codes, redemptions and runs are never forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional

SQL = queries.load("pruning")
Kind = Literal[
    "keys",
    "bodies",
    "steps",
    "answers",
    "notices",
    "samples",
    "refusals",
    "guesses",
    "problems",
    "problem_events",
    "rejects",
    "previews",
    "audit",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


RANGED: dict[Kind, str] = {"bodies": "list_old_deliveries", "steps": "list_old_runs", "answers": "list_old_runs"}
"""Kinds of large tables: they are walked once, by id, behind a mark."""


async def prune(tx: Tx, *, project_id: int, kind: Kind, before: datetime, limit: int) -> int:
    """Forget at most `limit` things of a kind that are older than `before`; gives how many were looked at, or gone."""
    params = {"project_id": project_id, "before": before, "limit": limit, "kind": kind}
    if kind not in RANGED:
        return await execute(tx, SQL[f"prune_{kind}"], params)
    after = await fetch_optional(tx, SQL.get_mark, params, int) or 0
    ids = await fetch_all(tx, SQL[RANGED[kind]], params | {"after": after}, int)
    if ids:
        await execute(tx, SQL[f"prune_{kind}"], params | {"ids": ids})
        await execute(tx, SQL.set_mark, params | {"upto": ids[-1]})
    return len(ids)
