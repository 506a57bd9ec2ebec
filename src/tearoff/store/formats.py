"""Formats, and the generations that they are used for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from tearoff.domain.definitions import as_id
from tearoff.domain.formats import Format, FormatDefinition
from tearoff.domain.generation import Generation, Refill
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_optional, fetch_value

SQL = queries.load("formats")


class Added(msgspec.Struct, frozen=True):
    """Codes that were stored, and the last place among them."""

    added: int
    last: int


async def add(tx: Tx, *, project_id: int, wanted: FormatDefinition, secret: bytes, now: datetime) -> int | None:
    """The id of the new format; None when the key is taken."""
    params = {"project_id": project_id, "key": wanted.key, "name": wanted.name or wanted.key, "secret": secret}
    definition = Jsonb(msgspec.to_builtins(wanted))
    return await fetch_optional(tx, SQL.add, params | {"definition": definition, "now": now}, int)


async def resolve(tx: Tx, *, project_id: int, reference: int | str) -> Format:
    """The format under an id or key; raises NotFound."""
    params = {"project_id": project_id, "id": as_id(reference), "key": str(reference)}
    return await fetch_one(tx, SQL.find, params, Format, kind="format", key=reference)


async def hold(tx: Tx, *, project_id: int, format_id: int) -> Format:
    """The format, locked until the transaction ends, with everything that is asked of it by now; raises NotFound."""
    await execute(tx, SQL.lock, {"project_id": project_id, "format_id": format_id})
    return await resolve(tx, project_id=project_id, reference=format_id)


async def get_secret(tx: Tx, *, project_id: int, format_id: int) -> bytes:
    """The sealed key of a format's permutation."""
    return await fetch_one(tx, SQL.get_secret, {"project_id": project_id, "format_id": format_id}, bytes)


async def list_page(tx: Tx, *, project_id: int, after: int = 0, limit: int = 100) -> list[Format]:
    """A page of formats by id."""
    return await fetch_all(tx, SQL.list_page, {"project_id": project_id, "after": after, "limit": limit}, Format)


async def change(tx: Tx, *, project_id: int, format_id: int, wanted: FormatDefinition, is_same_shape: bool) -> bool:
    """Whether the format is so now; once it made codes, its shape stays."""
    params = {"project_id": project_id, "format_id": format_id, "name": wanted.name or wanted.key}
    params |= {"definition": Jsonb(msgspec.to_builtins(wanted)), "is_same_shape": is_same_shape}
    return await execute(tx, SQL.change, params) > 0


async def reserve(tx: Tx, *, project_id: int, format_id: int, count: int) -> int:
    """The first of `count` running numbers that are this transaction's alone."""
    params = {"project_id": project_id, "format_id": format_id, "count": count}
    return await fetch_value(tx, SQL.reserve, params, int)


async def remove(tx: Tx, *, project_id: int, format_id: int) -> bool:
    """Whether the format is gone; one that made codes, or is about to, stays."""
    return await execute(tx, SQL.remove, {"project_id": project_id, "format_id": format_id}) > 0


async def add_generation(tx: Tx, *, project_id: int, generation: Generation) -> None:
    """What a task shall make."""
    await execute(tx, SQL.add_generation, {"project_id": project_id} | msgspec.structs.asdict(generation))


async def lease_generation(
    tx: Tx, *, project_id: int, lease: UUID, until: datetime, now: datetime
) -> Generation | None:
    """The oldest generation that nobody works on."""
    params = {"project_id": project_id, "lease": lease, "until": until, "now": now}
    return await fetch_optional(tx, SQL.lease_generation, params, Generation)


async def advance(tx: Tx, *, project_id: int, task_id: int, lease: UUID, count: int) -> int | None:
    """How many codes the task has made in all; None when it was cancelled or taken over."""
    params = {"project_id": project_id, "task_id": task_id, "lease": lease, "count": count}
    return await fetch_optional(tx, SQL.advance, params, int)


async def free_lease(tx: Tx, *, project_id: int, task_id: int, lease: UUID) -> None:
    """Let the next turn go on with the task."""
    await execute(tx, SQL.free_lease, {"project_id": project_id, "task_id": task_id, "lease": lease})


async def put_refill(tx: Tx, *, project_id: int, refill: Refill) -> None:
    """Let a pool fill itself by this rule."""
    await execute(tx, SQL.put_refill, {"project_id": project_id} | msgspec.structs.asdict(refill))


async def get_refill(tx: Tx, *, project_id: int, pool_id: int) -> Refill | None:
    """The rule by which a pool fills itself."""
    return await fetch_optional(tx, SQL.get_refill, {"project_id": project_id, "pool_id": pool_id}, Refill)


async def remove_refill(tx: Tx, *, project_id: int, pool_id: int) -> bool:
    """Whether the pool had a rule, and has none now."""
    return await execute(tx, SQL.remove_refill, {"project_id": project_id, "pool_id": pool_id}) > 0


async def list_low(tx: Tx, *, project_id: int, now: datetime) -> list[Refill]:
    """The rules of pools that are under their level and not being filled."""
    return await fetch_all(tx, SQL.list_low, {"project_id": project_id, "now": now}, Refill)


async def list_timed(tx: Tx, *, project_id: int) -> list[Refill]:
    """The rules of pools that fill themselves by how long they last, and are not being filled."""
    return await fetch_all(tx, SQL.list_timed, {"project_id": project_id}, Refill)


async def mark_refill_problem(tx: Tx, *, project_id: int, pool_id: int, problem: str | None) -> None:
    """Note why a pool could not be filled, or that it could."""
    await execute(tx, SQL.mark_refill_problem, {"project_id": project_id, "pool_id": pool_id, "problem": problem})


async def store_codes(tx: Tx, *, project_id: int, generation: Generation, codes: Sequence[str]) -> tuple[int, Added]:
    """Put new codes into a closed lot of the pool; gives the lot and how many were not there before.

    Their places are their order in `codes`. Codes that exist already, from an upload, are left out.
    """
    params = {"project_id": project_id} | msgspec.structs.asdict(generation)
    lot_id = await fetch_value(tx, SQL.add_lot, params, int)
    values = np.array(_escaped(codes), dtype=np.bytes_)
    order = np.argsort(values)
    try:
        async with tx.transaction():
            await _copy(tx, SQL.copy_codes, _lines(f"{project_id}\t{lot_id}\t", values, order))
        return lot_id, Added(len(codes), len(codes))
    except psycopg.errors.UniqueViolation:
        await execute(tx, SQL.create_made)
        await _copy(tx, SQL.copy_made, _lines("", values, order))
        return lot_id, await fetch_one(tx, SQL.add_codes, {"project_id": project_id, "lot_id": lot_id}, Added)


async def _copy(tx: Tx, statement: str, lines: bytes) -> None:
    async with tx.cursor() as cursor, cursor.copy(statement) as copy:
        await copy.write(lines)


def _lines(start: str, values: NDArray[np.bytes_], order: NDArray[np.intp]) -> bytes:
    """The lines of a text COPY: start, place and code, all of one length, so that whole columns are written at once."""
    if not len(values):
        return b""
    width = len(str(len(values)))
    places = np.char.zfill((order + 1).astype(np.bytes_), width)
    columns = [_fixed(start, len(values)), places, _fixed("\t", len(values)), values[order], _fixed("\n", len(values))]
    rows = [column.view(np.uint8).reshape(len(values), -1) for column in columns if column.size]
    return np.hstack(rows).tobytes()


def _fixed(text: str, count: int) -> NDArray[np.uint8]:
    return np.tile(np.frombuffer(text.encode(), dtype=np.uint8), (count, 1))


def _escaped(codes: Sequence[str]) -> Sequence[str]:
    """Text COPY reads a backslash as the start of an escape; fixed parts may hold one."""
    return [code.replace("\\", "\\\\") for code in codes] if codes and "\\" in codes[0] else codes
