"""Formats over REST: what they allow, samples of them, and tasks that generate codes into pools."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes
from typing import Annotated

import msgspec
from litestar.params import JSONBody, QueryParameter

from tearoff.actions import formats as actions
from tearoff.api.pages import After, Limit, Ref, next_page
from tearoff.api.rest import tasks
from tearoff.api.rest.definitions import begun_once, create_once
from tearoff.api.rest.tasks import TaskView
from tearoff.api.site import Caller
from tearoff.domain import formats as rules
from tearoff.domain.formats import Format, FormatDefinition
from tearoff.domain.generation import Refill, generate
from tearoff.errors import Conflict, Invalid, NotFound, Problem
from tearoff.store import formats as store
from tearoff.store import pools
from tearoff.store import tasks as task_store
from tearoff.store.db import Tx

SAMPLES_MAX = 100
Planned = Annotated[int, QueryParameter(ge=0, le=actions.QUANTITY_MAX)]
Count = Annotated[int, QueryParameter(ge=1, le=SAMPLES_MAX)]


class FormatView(msgspec.Struct, rename="camel", kw_only=True):
    """A format, how many codes it made, and how many more may be asked for. `warnings` say what may be regretted."""

    id: int
    format: FormatDefinition
    letters: str
    made: int
    capacity: int
    room: int
    warnings: list[Problem]


class FormatPage(msgspec.Struct):
    """Formats, the oldest first."""

    items: list[FormatView]
    next: str | None


class Capacity(msgspec.Struct, rename="camel", kw_only=True):
    """What a shape allows: with `made` codes in the world, one guess in `guesses` hits one."""

    capacity: int
    made: int
    guesses: int
    guesses_min: int
    is_guessable: bool


class Samples(msgspec.Struct):
    """Codes of the shape that were never made and never will be: their key is thrown away."""

    samples: list[str]


class GenerationBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """How many codes of which format a pool gets, with what discount, good until when."""

    format: str | int
    quantity: int
    discount: Annotated[int, msgspec.Meta(ge=0, le=99)] | None = None
    expires_at: datetime | None = None


class RefillBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """When fewer than `below` codes are free, or last for fewer than `days_left` days, `quantity` more of the format,
    good for `valid_days` days."""

    format: str | int
    below: int
    quantity: int
    discount: Annotated[int, msgspec.Meta(ge=0, le=99)] | None = None
    valid_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] | None = None
    days_left: int | None = None


class RefillView(msgspec.Struct, rename="camel", kw_only=True):
    """The rule by which a pool fills itself; `problem` says why it could not."""

    format: int
    below: int
    quantity: int
    discount: int | None
    valid_days: int | None
    days_left: int | None
    problem: str | None


async def list_formats(call: Caller, limit: Limit = 100, after: After = None) -> FormatPage:
    """The formats of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit)
    return FormatPage([view(one) for one in found], next_page([one.format_id for one in found], limit))


async def get(call: Caller, format: Ref) -> FormatView:
    """One format, by id or key."""
    async with call.site.db.transaction() as tx:
        return view(await store.resolve(tx, project_id=call.project_id, reference=format))


async def create(call: Caller, data: JSONBody[FormatDefinition]) -> FormatView:
    """A new format with a key of its own."""

    async def make(tx: Tx) -> FormatView:
        made = await actions.add(tx, project_id=call.project_id, wanted=data, cipher=call.site.cipher, now=call.now)
        return view(made)

    return await create_once(call, "formats", data, make, FormatView)


async def put(call: Caller, format: Ref, data: JSONBody[FormatDefinition]) -> FormatView:
    """The format as it shall be; once it made codes, their shape stays."""
    async with call.site.db.transaction() as tx:
        before = await store.resolve(tx, project_id=call.project_id, reference=format)
        return view(await actions.change(tx, project_id=call.project_id, before=before, wanted=data))


async def remove(call: Caller, format: Ref) -> None:
    """Forget a format that made no codes."""
    async with call.site.db.transaction() as tx:
        found = await store.resolve(tx, project_id=call.project_id, reference=format)
        if not await store.remove(tx, project_id=call.project_id, format_id=found.format_id):
            raise Conflict(f"The format {found.key!r} made codes, or a pool fills itself with it.")


async def capacity(call: Caller, data: JSONBody[FormatDefinition], made: Planned = 0) -> Capacity:
    """What a shape allows and how hard it is to guess, before anything is stored."""
    if problems := rules.check(data):
        raise Invalid(*problems)
    guesses = data.guesses(made)
    return Capacity(
        capacity=data.capacity,
        made=made,
        guesses=guesses,
        guesses_min=data.guesses_min,
        is_guessable=guesses < data.guesses_min,
    )


async def sample(call: Caller, data: JSONBody[FormatDefinition], count: Count = 5) -> Samples:
    """Codes of the shape, under a key that nobody keeps."""
    if problems := rules.check(data):
        raise Invalid(*problems)
    return Samples(generate(data, token_bytes(32), 0, min(count, data.capacity)))


async def start(call: Caller, pool: Ref, data: JSONBody[GenerationBody]) -> TaskView:
    """A task that generates codes into a pool; the codes appear while it runs.

    A repeat under the same Idempotency-Key gets the same task.
    """
    at = {"project_id": call.project_id}

    async def act() -> int:
        return await actions.start(
            tx,
            **at,
            pool=await pools.resolve(tx, **at, reference=pool),
            format=await store.resolve(tx, **at, reference=data.format),
            quantity=data.quantity,
            discount=data.discount,
            expires_at=data.expires_at,
            now=call.now,
            by=call.actor.name,
        )

    async with call.site.db.transaction() as tx:
        task_id = await begun_once(tx, call, "generations", [pool, data], act)
        return tasks.view(await task_store.get(tx, **at, task_id=task_id))


async def put_refill(call: Caller, pool: Ref, data: JSONBody[RefillBody]) -> RefillView:
    """Let a pool fill itself before it is empty."""
    at = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        refill = Refill(
            pool_id=(await pools.resolve(tx, **at, reference=pool)).pool_id,
            format_id=(await store.resolve(tx, **at, reference=data.format)).format_id,
            below=data.below,
            quantity=data.quantity,
            discount=data.discount,
            valid_days=data.valid_days,
            days_left=data.days_left,
        )
        return refill_view(await actions.put_refill(tx, **at, refill=refill))


async def get_refill(call: Caller, pool: Ref) -> RefillView:
    """The rule by which a pool fills itself."""
    at = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        pool_id = (await pools.resolve(tx, **at, reference=pool)).pool_id
        found = await store.get_refill(tx, **at, pool_id=pool_id)
    if found is None:
        raise NotFound("refill of the pool", pool)
    return refill_view(found)


async def remove_refill(call: Caller, pool: Ref) -> None:
    """The pool no longer fills itself."""
    at = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        pool_id = (await pools.resolve(tx, **at, reference=pool)).pool_id
        if not await store.remove_refill(tx, **at, pool_id=pool_id):
            raise NotFound("refill of the pool", pool)


def view(found: Format) -> FormatView:
    """A format as the API shows it."""
    wanted = found.definition
    return FormatView(
        id=found.format_id,
        format=wanted,
        letters=wanted.letters,
        made=found.made,
        capacity=wanted.capacity,
        room=found.room,
        warnings=rules.warnings(wanted),
    )


def refill_view(found: Refill) -> RefillView:
    """A rule as the API shows it."""
    return RefillView(
        format=found.format_id,
        below=found.below,
        quantity=found.quantity,
        discount=found.discount,
        valid_days=found.valid_days,
        days_left=found.days_left,
        problem=found.problem,
    )
