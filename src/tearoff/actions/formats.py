"""Formats, and tasks that generate codes with them."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes

import msgspec

from tearoff.actions import pools
from tearoff.domain import formats as rules
from tearoff.domain.formats import Format, FormatDefinition
from tearoff.domain.generation import Generation, Refill
from tearoff.domain.permutation import KEY_BYTES
from tearoff.domain.pools import Pool
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.store import formats as store
from tearoff.store import tasks
from tearoff.store.db import Tx
from tearoff.store.secrets import Cipher, context

QUANTITY_MAX = 100_000_000
REFILL_DAYS_MAX = 365
ADJUSTABLE = ("name", "codes_max", "guesses_min")
"""What may change of a format that has made codes; everything else is their shape."""


async def add(tx: Tx, *, project_id: int, wanted: FormatDefinition, cipher: Cipher, now: datetime) -> Format:
    """A new format with a key of its own; raises Invalid with every problem, Conflict when the key is taken."""
    if problems := rules.check(wanted):
        raise Invalid(*problems)
    secret = cipher.seal(token_bytes(KEY_BYTES), context(project_id, "format", wanted.key))
    format_id = await store.add(tx, project_id=project_id, wanted=wanted, secret=secret, now=now)
    if format_id is None:
        raise Conflict(f"There is a format {wanted.key!r} already.")
    return Format(format_id=format_id, key=wanted.key, definition=wanted, made=0)


async def change(tx: Tx, *, project_id: int, before: Format, wanted: FormatDefinition) -> Format:
    """The format as it is now; raises Conflict when its codes already have another shape."""
    problems = rules.check(wanted)
    if wanted.key != before.key:
        problems.append(Problem("/key", "The key of a format stays."))
    if problems:
        raise Invalid(*problems)
    now_so = {name: value for name, value in msgspec.structs.asdict(wanted).items() if name not in ADJUSTABLE}
    is_same = all(getattr(before.definition, name) == value for name, value in now_so.items())
    at = {"project_id": project_id, "format_id": before.format_id}
    if not await store.change(tx, **at, wanted=wanted, is_same_shape=is_same):
        raise Conflict("Codes were made in this format; only its name, ceiling and guess floor may change.")
    return msgspec.structs.replace(before, definition=wanted)


async def start(
    tx: Tx,
    *,
    project_id: int,
    pool: Pool,
    format: Format,
    quantity: int,
    discount: int | None,
    expires_at: datetime | None,
    now: datetime,
    by: str = "",
) -> int:
    """The number of a task that generates codes into a pool.

    Raises Invalid for more codes than the format has left beside what other tasks are making, or for codes that would
    be over at once; Conflict for a pool that is archived, or filled in another way.
    """
    if pool.state == "archived":
        raise Conflict(f"The pool {pool.key!r} is archived; launch it again to fill it.")
    format = await store.hold(tx, project_id=project_id, format_id=format.format_id)
    problems = _check_expiry(expires_at, now)
    if not 1 <= quantity <= min(format.room, QUANTITY_MAX):
        problems.append(Problem("/quantity", _refusal(format, quantity)))
    if problems:
        raise Invalid(*problems)
    await pools.fill_by(tx, project_id=project_id, pool_ids=[pool.pool_id], method="generated")
    task_id = await tasks.add(
        tx,
        project_id=project_id,
        kind="generation",
        now=now,
        total=quantity,
        by=by,
        name=format.key,
        pool_id=pool.pool_id,
    )
    generation = Generation(
        task_id=task_id,
        pool_id=pool.pool_id,
        format_id=format.format_id,
        quantity=quantity,
        discount=discount,
        expires_at=expires_at,
    )
    await store.add_generation(tx, project_id=project_id, generation=generation)
    return task_id


def _check_expiry(expires_at: datetime | None, now: datetime) -> list[Problem]:
    if expires_at is None:
        return []
    if expires_at.tzinfo is None:
        return [Problem("/expiresAt", "A time names its zone, such as 2026-12-31T23:59:59+02:00.")]
    return [Problem("/expiresAt", "The codes would be over before they are made.")] if expires_at <= now else []


def _refusal(format: Format, quantity: int) -> str:
    wanted, taken = format.definition, format.made + format.planned
    if quantity > min(format.room, QUANTITY_MAX) and wanted.capacity - taken >= quantity:
        return (
            f"With {quantity} more codes one guess in {wanted.guesses(taken + quantity)} would hit one;"
            f" the format asks for {wanted.guesses_min}. Make its codes longer, or lower guessesMin."
        )
    beside = f" beside the {format.planned} that are being made" if format.planned else ""
    return f"The format has room for {format.room} more codes{beside}."


async def put_refill(tx: Tx, *, project_id: int, refill: Refill) -> Refill:
    """Let a pool fill itself before it is empty; raises Invalid for a rule that cannot work."""
    problems = [
        Problem(f"/{name}", f"A whole number from 1 to {QUANTITY_MAX} is needed.")
        for name in ("below", "quantity")
        if not 1 <= getattr(refill, name) <= QUANTITY_MAX
    ]
    if refill.days_left is not None and not 1 <= refill.days_left <= REFILL_DAYS_MAX:
        problems.append(Problem("/daysLeft", f"A whole number from 1 to {REFILL_DAYS_MAX} is needed."))
    if problems:
        raise Invalid(*problems)
    await store.put_refill(tx, project_id=project_id, refill=refill)
    return refill
