"""Turns concurrent single requests into batches: whatever queued while the last commit flushed is the next batch.

There is no timer: a lone request goes at once, and the batch grows with the load by itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from tearoff.errors import Overloaded, TearoffError, Unavailable

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH_MAX = 256
WAITING_MAX = 10_000


class Coalescer(Generic[Key, Item, Result]):
    """Runs `act(key, items)` for one key at a time, with everything that waits for that key.

    `act` gives one result an item, in order; an error as a result fails that item alone. When `act` itself raises, its
    items are tried one by one, so that only the guilty one fails. Where the database is away nobody is guilty, and
    trying each would let the last one wait as many times as long.
    """

    def __init__(
        self,
        act: Callable[[Key, list[Item]], Awaitable[Sequence[Result | TearoffError]]],
        *,
        batch_max: int = BATCH_MAX,
        waiting_max: int = WAITING_MAX,
    ) -> None:
        self._act = act
        self._batch_max, self._waiting_max = batch_max, waiting_max
        self._queues: dict[Key, deque[tuple[Item, asyncio.Future[Result]]]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many items are not settled yet."""
        return self._waiting

    async def submit(self, key: Key, item: Item) -> Result:
        """The result of `item`; raises its error, or Overloaded when too much waits already."""
        future = self._put(key, item)
        try:
            return await future
        finally:
            self._waiting -= 1

    async def settle(self, key: Key, item: Item) -> asyncio.Future[Result]:
        """As `submit`, for who passes an error on as a value: what became of `item`, when it is done."""
        future = self._put(key, item)
        try:
            with suppress(Exception):  # it stays in the future
                await future
            return future
        finally:
            self._waiting -= 1

    def _put(self, key: Key, item: Item) -> asyncio.Future[Result]:
        if self._waiting >= self._waiting_max:
            raise Overloaded()
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting += 1
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = deque()
            worker = asyncio.create_task(self._work(key, queue))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        queue.append((item, future))
        return future

    async def close(self) -> None:
        """Wait until everything that was accepted is done."""
        await asyncio.gather(*self._workers)

    async def _work(self, key: Key, queue: deque[tuple[Item, asyncio.Future[Result]]]) -> None:
        while queue:
            batch = [queue.popleft() for _ in range(min(len(queue), self._batch_max))]
            await self._settle(key, [entry for entry in batch if not entry[1].cancelled()])
        # no await between the last look at the queue and its removal: a new item would be lost
        del self._queues[key]

    async def _settle(self, key: Key, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        if not batch:
            return
        # gather keeps whatever went wrong as a value: no caller may be left waiting
        [results] = await asyncio.gather(self._act(key, [item for item, _ in batch]), return_exceptions=True)
        if isinstance(results, BaseException):
            if len(batch) == 1 or isinstance(results, Unavailable):
                for _, future in batch:
                    _finish(future, results)
                return
            for entry in batch:
                await self._settle(key, [entry])
            return
        for (_, future), result in zip(batch, results, strict=True):
            _finish(future, result)


class Lanes(Generic[Key, Item, Result]):
    """Coalescers side by side: one batch is prepared while another one is written; each item takes the shortest queue.

    For acts that may run at once for one key.
    """

    def __init__(self, lanes: Sequence[Coalescer[Key, Item, Result]]) -> None:
        self._lanes = lanes

    async def submit(self, key: Key, item: Item) -> Result:
        """The result of `item`; raises its error, or Overloaded when too much waits already."""
        return await min(self._lanes, key=lambda lane: lane.waiting).submit(key, item)

    async def close(self) -> None:
        """Wait until everything that was accepted is done."""
        for lane in self._lanes:
            await lane.close()


def _finish(future: asyncio.Future[Result], result: Result | BaseException) -> None:
    if future.done():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)
