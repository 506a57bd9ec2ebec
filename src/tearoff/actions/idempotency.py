"""Repeats of one request, answered as the first was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from tearoff.domain.events import IDEMPOTENCY_KEY_MAX, REMEMBERED_FOR
from tearoff.errors import Invalid, KeyReused, Problem
from tearoff.store import idempotency
from tearoff.store.db import Tx
from tearoff.store.idempotency import Remembered


def check_key(key: str | None) -> None:
    """Raises Invalid when an Idempotency-Key is too long."""
    if key is not None and len(key) > IDEMPOTENCY_KEY_MAX:
        raise Invalid(Problem("", f"Idempotency-Key must have at most {IDEMPOTENCY_KEY_MAX} characters."))


async def once(
    tx: Tx,
    *,
    project_id: int,
    door: str,
    key: str | None,
    request: bytes,
    now: datetime,
    act: Callable[[], Awaitable[Any]],
) -> Any:
    """What `act` gives, as plain JSON data; under a key that came before with the same request, what it gave then.

    `act` works in the same transaction, so the key is kept exactly when its work is. Raises KeyReused when the request
    is another one.
    """
    check_key(key)
    if key is None:
        return await act()
    digest = sha256(request).digest()
    fresh = await idempotency.keep_all(
        tx, project_id=project_id, door=door, requests={key: digest}, now=now, forgotten_before=now - REMEMBERED_FOR
    )
    if not fresh:
        known = (await idempotency.find(tx, project_id=project_id, door=door, keys=[key]))[key]
        return answer_of(known, request)
    answer = await act()
    await idempotency.set_answer(tx, project_id=project_id, door=door, key=key, answer=answer)
    return answer


async def find_repeat(tx: Tx, *, project_id: int, door: str, key: str | None, now: datetime) -> Remembered | None:
    """The request that came before under the key, for doors that know what a request is only when it came whole."""
    check_key(key)
    if key is None:
        return None
    known = (await idempotency.find(tx, project_id=project_id, door=door, keys=[key])).get(key)
    return known if known is not None and known.created_at >= now - REMEMBERED_FOR else None


def answer_of(known: Remembered, request: bytes) -> Any:
    """The answer to a repeat; raises KeyReused when the request is another one."""
    if known.request != sha256(request).digest():
        raise KeyReused(known.key)
    return known.answer
