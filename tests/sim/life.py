"""One life from one seed: a project, its people, its doors, and the actors that work on it, on real PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from tests import stock
from tests.sim import plan
from tests.sim.doors import Doors
from tests.sim.seams import Seamed, Theatre
from tests.sim.world import LyingChannel, LyingSources, World

from tearoff.actions import project_files, redemptions
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.domain import project_files as files
from tearoff.domain.redemptions import Rule
from tearoff.engine import callers, rescuer, runner, sender
from tearoff.engine.blocks import message
from tearoff.engine.open_channels import OpenChannels
from tearoff.engine.parts import Engine, Limits
from tearoff.engine.versions import Versions
from tearoff.store import channels, projects
from tearoff.store.db import Database, fetch_all, fetch_value
from tearoff.store.secrets import Cipher

NUMBERS = itertools.count(1)
ADD_PROJECT = """
INSERT INTO project (name, time_zone, created_at) VALUES (%(name)s, %(zone)s, %(now)s) RETURNING project_id
"""
IS_DUE = "SELECT due_at <= %(now)s FROM due WHERE project_id = %(project_id)s AND actor = %(actor)s"
NEXT_INSTANT = """
SELECT at FROM (
    SELECT min(wake_at) AS at FROM run WHERE project_id = %(project_id)s AND state IN ('due', 'calling')
    UNION ALL SELECT min(lease_until) FROM run WHERE project_id = %(project_id)s AND state = 'leased'
    UNION ALL SELECT min(hold_until) FROM run WHERE project_id = %(project_id)s AND state = 'held'
    UNION ALL SELECT min(due_at) FROM delivery WHERE project_id = %(project_id)s AND state = 'waiting'
    UNION ALL SELECT min(lease_until) FROM delivery WHERE project_id = %(project_id)s AND state = 'leased'
    UNION ALL SELECT min(hold_until) FROM claim WHERE project_id = %(project_id)s AND returned_at IS NULL) q
 WHERE at IS NOT NULL ORDER BY at LIMIT 1
"""
TURNS: dict[str, tuple[str | None, Callable[[Engine, int, datetime], Awaitable[int]]]] = {
    "runner": ("runner", runner.turn),
    "sender": ("sender", sender.turn),
    "caller": ("runner", callers.turn),
    "rescuer": (None, rescuer.turn),
}
STAFF = ("runner", "runner", "sender", "sender", "caller", "caller", "rescuer", "rescuer")
LIVE_MAX = 9
SETTLED_MAX = 4000
RETRIES = 2
STRIDE = timedelta(minutes=20)


class Life:
    """Everything that happens to one project between its birth and its rest."""

    def __init__(self, db: Database, seed: int, *, is_wild: bool = False) -> None:
        self.db, self.seed, self.is_wild = db, seed, is_wild
        self.rng = Random(seed)
        crash_share = self.rng.choice([0.0, 0.02, 0.06])
        self.theatre = Theatre(self.rng, is_wild=is_wild, crash_share=crash_share)
        self.world = World(self.rng, self.theatre)
        self.now = datetime.fromisoformat(self.rng.choice(plan.STARTS)).astimezone(UTC)
        self.zone = self.rng.choice(plan.ZONES)
        self.people = plan.people(self.rng)
        self.project = 0
        self.engines: list[tuple[str, Engine]] = []

    async def live(self) -> None:
        """From birth to rest."""
        names = [module for module in (runner, sender, callers, message) if hasattr(module, "uuid4")]
        kept = [module.uuid4 for module in names]
        fail_alone = runner._fail_alone

        async def noted(*facts: object) -> None:
            self.theatre.failures += [fact for fact in facts if isinstance(fact, Exception)]
            await fail_alone(*facts)

        runner._fail_alone = noted
        for module in names:
            module.uuid4 = lambda: UUID(int=self.rng.getrandbits(128), version=4)
        try:
            await self._begin()
            await self._bustle()
            await self._rest()
        finally:
            runner._fail_alone = fail_alone
            for module, original in zip(names, kept, strict=True):
                module.uuid4 = original

    async def _begin(self) -> None:
        name = f"life {self.seed} {next(NUMBERS)} {self.rng.random()}"
        async with self.db.transaction() as tx:
            at = {"name": name, "zone": self.zone, "now": self.now}
            self.project = await fetch_value(tx, ADD_PROJECT, at, int)
        cipher = Cipher("a key that only tests use")
        definitions = plan.definitions(self.rng)
        raw = files.RawFile("life.yaml", definitions, lambda path: path)
        await project_files.apply(
            self.db, project_id=self.project, plan=files.parse([raw], {}), cipher=cipher, now=self.now
        )
        self.definitions = definitions
        self.doors = Doors(self, Seamed(self.db, self.theatre))
        await self._publish()
        for name in STAFF:
            self.engines.append((name, await self._engine(cipher)))
        await self.doors.upload()

    async def _publish(self) -> None:
        """Codes that everybody may use, a few times each."""
        self.public = ["EVERYBODY-1", "EVERYBODY-2"]
        await stock.upload(self.db, self.project, self.public, self.now, type=plan.PUBLIC)
        pool_id = await stock.pool_of(self.db, self.project, plan.PUBLIC)
        async with self.db.transaction() as tx:
            rule = Rule(uses_max=plan.PUBLIC_USES_MAX)
            await redemptions.set_rule(tx, project_id=self.project, pool_id=pool_id, rule=rule)

    async def _engine(self, cipher: Cipher) -> Engine:
        """An engine process of its own, as far as memory goes."""
        clock, http = Clock(), Http(())
        opened = OpenChannels(cipher=cipher, http=http, clock=clock)
        async with self.db.transaction() as tx:
            box = await channels.resolve(tx, project_id=self.project, reference="box")
        opened._open[(self.project, box.channel_id)] = (box, LyingChannel(self.world))
        parts = Engine(
            db=self.db,
            clock=clock,
            settings=Settings(),
            cipher=cipher,
            http=http,
            sources=LyingSources(self.world),  # type: ignore[arg-type]
            channels=opened,
            versions=Versions(),
            limits=Limits(run_batch_max=self.rng.choice([2, 10, 500]), delivery_batch_max=self.rng.choice([1, 5, 200])),
        )
        return replace(parts, db=Seamed(self.db, self.theatre))  # type: ignore[arg-type]

    async def _bustle(self) -> None:
        """Doors and actors take turns; the clock leaps while some of them stand still."""
        self.theatre.is_calm = False
        for _ in range(self.rng.randint(250, 900)):
            luck = self.rng.random()
            self.theatre.now = self.now
            if luck < 0.04:
                self.now += timedelta(
                    seconds=self.rng.choice([1, 5, 25, 90, 700, 4000, 90_000 if luck < 0.003 else 10])
                )
            elif luck < 0.7 and self.theatre.waiting:
                await self.theatre.step()
            elif len(self.theatre.tasks) < LIVE_MAX:
                self.theatre.start(
                    self.doors.turn() if self.rng.random() < 0.3 else self._turn(self.rng.randrange(len(STAFF)))
                )
            if self.is_wild:
                await asyncio.sleep(self.rng.random() * 0.004)
            else:
                await self.theatre.settle()

    async def _turn(self, number: int) -> int:
        """One turn of one actor, if its project has work for it as far as its due row says."""
        name, engine = self.engines[number]
        actor, turn = TURNS[name]
        now = self.now
        async with engine.db.transaction() as tx:
            at = {"project_id": self.project, "actor": actor, "now": now}
            if actor is None:
                has_work = self.project in await projects.list_troubled(tx, now=now)
            else:
                has_work = any(await fetch_all(tx, IS_DUE, at, bool))
        if not has_work:
            return 0
        return await turn(engine, self.project, now)

    async def _rest(self) -> None:
        """No more crashes: every turn ends, and time passes until nothing is left to do."""
        self.theatre.is_calm = True
        await self.theatre.finish()
        await self.doors.complete()
        await self._quieten()
        for _ in range(RETRIES):
            await self.doors.upload()
            await self.doors.retry()
            await self._quieten()

    async def _quieten(self) -> None:
        """Let time pass until nothing is left to do, each time a stride past the next due instant."""
        for _ in range(SETTLED_MAX):
            done = 0
            for number in range(len(self.engines)):
                done += await self._turn(number)
            if not done:
                async with self.db.transaction() as tx:
                    instants = await fetch_all(tx, NEXT_INSTANT, {"project_id": self.project}, datetime)
                if not instants:
                    return
                if instants[0] <= self.now:
                    raise AssertionError(f"work is due since {instants[0]}, and nobody finds it at {self.now}")
                self.now = instants[0] + STRIDE
        raise AssertionError("the life never came to rest")
