"""Hashing and checking passwords beside the event loop, a few at a time: each takes 64 MiB and a tenth of a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tearoff.domain import passwords
from tearoff.errors import Overloaded

AT_ONCE_MAX = 2
WAITING_MAX = 40
T = TypeVar("T")


class Passwords:
    """What a process hashes passwords with; raises Overloaded when too many wait already."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE_MAX)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The hash to keep."""
        return await self._run(lambda: passwords.hash_of(password))

    async def is_right(self, password: str, kept: str | None) -> bool:
        """Whether this is the password behind the hash; takes as long where there is none."""
        return await self._run(lambda: passwords.is_right(password, kept))

    async def _run(self, act: Callable[[], T]) -> T:
        if self._waiting >= WAITING_MAX:
            raise Overloaded
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(act)
        finally:
            self._waiting -= 1
