"""What the routes of all definitions share: creating once, and changing some of what is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from tearoff.actions.idempotency import once
from tearoff.api.site import Call
from tearoff.domain.definitions import Put
from tearoff.errors import Conflict, Problem
from tearoff.store.db import Tx

D = TypeVar("D", bound=msgspec.Struct)
V = TypeVar("V", bound=msgspec.Struct)


class Found(msgspec.Struct):
    """What a check found; nothing means that all is well."""

    problems: list[Problem]


async def create_once(
    call: Call, door: str, body: msgspec.Struct, make: Callable[[Tx], Awaitable[V]], shape: type[V]
) -> V:
    """What `make` gives in its transaction; a repeat under the same Idempotency-Key gets the first answer."""
    async with call.site.db.transaction() as tx:

        async def act() -> Any:
            return msgspec.to_builtins(await make(tx), str_keys=True)

        answer = await once(
            tx,
            project_id=call.project_id,
            door=door,
            key=call.idempotency_key,
            request=msgspec.json.encode(body),
            now=call.now,
            act=act,
        )
    return msgspec.convert(answer, shape)


async def begun_once(tx: Tx, call: Call, door: str, asked: object, act: Callable[[], Awaitable[int]]) -> int:
    """The number of the task that `act` begins; what is asked again under the same Idempotency-Key gets the first."""
    task_id: int = await once(
        tx,
        project_id=call.project_id,
        door=door,
        key=call.idempotency_key,
        request=msgspec.json.encode(asked, order="deterministic"),
        now=call.now,
        act=act,
    )
    return task_id


def require_new(put: Put, noun: str) -> int:
    """The id of what was made; raises Conflict when it was there already."""
    if put.change != "created":
        raise taken(put.key, noun)
    return put.id


def taken(key: str, noun: str) -> Conflict:
    """What refuses to make something under a key that something else has."""
    return Conflict(f"A {noun} with the key {key!r} is there already.")


def patched(definition: D, patch: msgspec.Struct) -> D:
    """The definition with what the patch sets; what it leaves out stays."""
    given = {name: value for name, value in msgspec.structs.asdict(patch).items() if value is not msgspec.UNSET}
    return msgspec.structs.replace(definition, **given)
