"""Steps: the history of runs, block by block."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from psycopg.types.json import Jsonb

from tearoff.domain.runs import Step
from tearoff.store import queries
from tearoff.store.db import Tx, fetch_all

SQL = queries.load("steps")
TYPES = ("int8", "int8", "int2", "text", "text", "text", "jsonb", "jsonb", "text", "timestamptz")


class Place(msgspec.Struct, frozen=True):
    """When a run first came to a block."""

    run_id: int
    block: str
    position: int


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
