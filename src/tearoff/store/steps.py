"""Steps: the history of runs, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.runs import RunState, Step
from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("steps")
TYPES = ("int8", "int8", "int2", "text", "text", "text", "jsonb", "jsonb", "text", "timestamptz")


class Place(msgspec.Struct, frozen=True):
    """When a run first came to a block."""

    run_id: int
    block: str
    position: int


class Passages(msgspec.Struct, frozen=True):
    """How often runs left a block through an exit; without exit and error they ended or wait there."""

    block: str
    exit: str | None
    is_error: bool
    passages: int


class Chosen(msgspec.Struct, frozen=True):
    """Runs in a state; `block` is where those stand that are on their way."""

    state: RunState
    block: str | None
    runs: int
    oldest_at: datetime


async def add_all(tx: Tx, *, project_id: int, steps: Sequence[Step]) -> None:
    """Write the history of a set of runs."""
    async with tx.cursor() as cursor, cursor.copy(SQL.add_all) as copy:
        copy.set_types(TYPES)
        for s in steps:
            shown = (None if s.input is None else Jsonb(s.input), None if s.output is None else Jsonb(s.output))
            await copy.write_row((project_id, s.run_id, s.position, s.block, s.kind, s.exit, *shown, s.error, s.at))


async def list_places(tx: Tx, *, project_id: int, run_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """The position of the first step at each block, by run and block."""
    params = {"project_id": project_id, "run_ids": list(run_ids)}
    return {(p.run_id, p.block): p.position for p in await fetch_all(tx, SQL.list_places, params, Place)}


async def list_by_run(tx: Tx, *, project_id: int, run_id: int) -> list[Step]:
    """A run's way so far."""
    return await fetch_all(tx, SQL.list_by_run, {"project_id": project_id, "run_id": run_id}, Step)


async def count_passages(
    tx: Tx,
    *,
    project_id: int,
    workflow_id: int,
    version: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int,
) -> tuple[list[Passages], list[Chosen]]:
    """How the newest `limit` runs of a workflow left its blocks, and where they are; each filter may be None."""
    params = {"project_id": project_id, "workflow_id": workflow_id, "version": version, "since": since}
    params |= {"until": until, "limit": limit}
    passages = await fetch_all(tx, SQL.count_passages, params, Passages, prepare=False)
    return passages, await fetch_all(tx, SQL.count_chosen, params, Chosen, prepare=False)
