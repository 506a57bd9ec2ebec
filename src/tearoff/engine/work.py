"""The engine's process: every actor in a loop of its own, woken by hints, sure by polling."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from tearoff.engine import callers, generator, importer, issuer, pruner, rescuer, runner, sender, watcher
from tearoff.engine.beside import Beside
from tearoff.engine.parts import Engine
from tearoff.engine.turns import Turn, Turns
from tearoff.errors import TearoffError
from tearoff.logs import get_logger
from tearoff.store import dues, projects
from tearoff.store.dues import Actor
from tearoff.store.wake import Hints

LOG = get_logger("engine")
POLL_SECONDS = 1.0
PAUSE_SECONDS_MAX = 5.0
PROJECTS_MAX = 1000
SENDERS = 2
"""While one set is on the wire, the database leases and settles the other: half as much again in the whole flow."""


class Work:
    """Runs the actors until `stop`; each finishes the set that it has in hand."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stopping = asyncio.Event()
        self._hints = {actor: asyncio.Event() for actor in ("runner", "sender", "importer")}
        self._rescuing = Turns(engine, "rescuer", rescuer.turn)
        self._generating = Turns(engine, "generator", generator.turn)

    def stop(self) -> None:
        """Let every actor end after its present turn."""
        self._stopping.set()
        for hint in self._hints.values():
            hint.set()

    async def run(self) -> None:
        """Work until stopped."""
        hints = Hints(self._engine.db, self._hints)
        listening = asyncio.create_task(hints.listen())
        try:
            await asyncio.gather(
                self._loop("runner", self._due_turn("runner", runner.turn), "runner"),
                self._loop_beside("caller", "runner", callers.turn),
                *(self._loop_beside("sender", "sender", sender.turn) for _ in range(SENDERS)),
                self._loop("rescuer", self._rescue, None),
                self._loop("importer", self._unless_stopped(self._due_turn("importer", importer.turn)), "importer"),
                self._loop("generator", self._generate, None),
                self._loop("issuer", self._due_turn("issuer", issuer.turn), None),
                self._loop("watcher", self._watch, None),
                self._loop("pruner", self._prune, None),
            )
        finally:
            listening.cancel()

    def _due_turn(self, actor: Actor, turn: Turn) -> Callable[[], Awaitable[int]]:
        turns = Turns(self._engine, actor, turn)

        async def due() -> int:
            now = self._engine.clock.now()
            async with self._engine.db.transaction() as tx:
                waiting = await dues.list_projects(tx, actor=actor, now=now, limit=PROJECTS_MAX)
            return await turns.take(waiting)

        return due

    async def _loop_beside(self, name: str, actor: Literal["runner", "sender"], turn: Turn) -> None:
        beside = Beside(turn, self._hints[actor])
        try:
            await self._loop(name, self._due_turn(actor, beside.turn), actor)
        finally:
            await beside.finish()

    def _unless_stopped(self, turn: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
        """The turn, given up when the process stops: it takes minutes, and somebody else can do it from the start."""

        async def given_up() -> int:
            working = asyncio.ensure_future(turn())
            stopping = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not working.done():
                working.cancel()
                await asyncio.wait({working})
                return 0
            return working.result()

        return given_up

    async def _watch(self) -> int:
        await watcher.round(self._engine, self._engine.clock.now())
        return 0

    async def _prune(self) -> int:
        await pruner.round(self._engine, self._engine.clock.now())
        return 0

    async def _rescue(self) -> int:
        async with self._engine.db.transaction() as tx:
            troubled = await projects.list_troubled(tx, now=self._engine.clock.now())
        await self._rescuing.take(troubled)
        return 0

    async def _generate(self) -> int:
        async with self._engine.db.transaction() as tx:
            busy = await projects.list_generating(tx)
        return await self._generating.take(busy)

    async def _loop(
        self, name: str, turn: Callable[[], Awaitable[int]], hint: Literal["runner", "sender", "importer"] | None
    ) -> None:
        """Turn after turn without a pause while there is work, else at the next hint or poll; errors back off."""
        failures = 0
        while not self._stopping.is_set():
            try:
                done = await turn()
                failures = 0
            except Exception as error:
                failures += 1
                done = 0
                known = isinstance(error, TearoffError)
                LOG.error("turn_failed", turn=name, error=str(error), exc_info=None if known else error)
                await asyncio.sleep(min(PAUSE_SECONDS_MAX, 0.1 * 2**failures))
            if not done:
                await self._rest(self._hints[hint] if hint else self._stopping)

    async def _rest(self, hint: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(hint.wait(), POLL_SECONDS)
        except TimeoutError:
            return
        if hint is not self._stopping:
            hint.clear()
