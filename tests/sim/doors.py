"""What comes from outside: events with repeats, uploads, withdrawals, claims of the API, stops and retries, a till."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tests.sim import plan
from tests.sim.seams import Crash, Seamed
from tests.sim.tills import Till
from tests.stock import once

from tearoff.actions import asked_claims, codes, events, runs
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.domain.code_files import CodeRow
from tearoff.domain.codes import Wish
from tearoff.domain.events import Event
from tearoff.errors import ClaimReturned, Conflict, NotFound, PoolEmpty, TearoffError, Unavailable
from tearoff.store.db import fetch_all

if TYPE_CHECKING:
    from tests.sim.life import Life

RUNS = "SELECT run_id FROM run WHERE project_id = %(project_id)s AND state = ANY (%(states)s) ORDER BY run_id"
FAR = timedelta(days=400)


class Doors:
    """Callers who keep their promises: whoever gets no answer asks again with the same key."""

    def __init__(self, life: Life, db: Seamed) -> None:
        self.life, self.db, self.rng = life, db, life.rng
        self.uploaded: set[str] = set()
        self.accepted: dict[str, Event] = {}
        self.unanswered: dict[str, Event] = {}
        self.pending_rows: list[CodeRow] = []
        self.holds: list[str] = []
        self.asked: dict[str, tuple[ClaimCall, Ask]] = {}
        self.pools = asked_claims.Pools()
        self.counted = 0
        self.till = Till(life, db)

    async def turn(self) -> None:
        """One thing that somebody outside does."""
        weights = {
            self.send_events: 30,
            self.upload: 12,
            self.change: 6,
            self.withdraw: 3,
            self.claim: 10,
            self.decide: 8,
            self.stop: 4,
            self.retry: 14,
            self.till.redeem: 12,
            self.till.take_back: 5,
        }
        await self.rng.choices([*weights], [*weights.values()])[0]()

    async def send_events(self) -> None:
        """New events and repeats of old ones, as a coalesced set; who gets no answer will ask again."""
        chosen: list[Event] = list(self.unanswered.values())[:3]
        for _ in range(self.rng.randint(1, 6)):
            known = [*self.accepted.values()]
            chosen.append(self.rng.choice(known) if known and self.rng.random() < 0.3 else self._event())
        for event in chosen:
            if event.key not in self.accepted:
                self.unanswered[str(event.key)] = event
        await self._accept(chosen)

    async def _accept(self, chosen: list[Event]) -> None:
        results = await events.accept(self.db, project_id=self.life.project, events=chosen, now=self.life.now)  # type: ignore[arg-type]
        for event, result in zip(chosen, results, strict=True):
            assert not isinstance(result, TearoffError), result
            self.accepted[str(event.key)] = event
            self.unanswered.pop(str(event.key), None)

    def _event(self) -> Event:
        self.counted += 1
        params = {
            "EmailAddress": self.rng.choice(self.life.people),
            "discount": str(self.rng.choice(plan.DISCOUNTS)),
            "n": self.counted,
        }
        return Event(
            type_key=self.rng.choice(plan.EVENTS),
            key_value=params["EmailAddress"],
            params=params,
            key=f"event {self.counted}",
            request=sha256(repr(params).encode()).digest(),
        )

    async def upload(self) -> None:
        """New codes of one or several types."""
        self.pending_rows += [self._row(f"C{self._next()}X") for _ in range(self.rng.randint(1, 14))]
        await self._upload(list(self.pending_rows))

    async def change(self) -> None:
        """Known codes again, with other attributes, in use or not in use any more."""
        if self.uploaded:
            values = self.rng.sample(sorted(self.uploaded), min(len(self.uploaded), self.rng.randint(1, 5)))
            await self._upload([self._row(value, self.rng.choice([None, True, False])) for value in values])

    def _next(self) -> int:
        self.counted += 1
        return self.counted

    def _row(self, value: str, is_in_use: bool | None = None) -> CodeRow:
        ends = [None, None, self.life.now + FAR, self.life.now + timedelta(hours=self.rng.choice([2, 20, 45, 100]))]
        return CodeRow(
            line=self._next(),
            value=value,
            expires_at=self.rng.choice(ends),
            discount=self.rng.choice(plan.DISCOUNTS),
            type=self.rng.choice(plan.TYPES),
            is_in_use=is_in_use,
        )

    async def _upload(self, rows: list[CodeRow]) -> None:
        async with self.db.transaction() as tx:
            await codes.upload(tx, project_id=self.life.project, batches=once(rows), now=self.life.now)
        self.uploaded |= {row.value for row in rows}
        self.pending_rows = [row for row in self.pending_rows if row.value not in self.uploaded]

    async def withdraw(self) -> None:
        """One code, if it is free."""
        if not self.uploaded:
            return
        value = self.rng.choice(sorted(self.uploaded))
        try:
            async with self.db.transaction() as tx:
                await codes.withdraw(tx, project_id=self.life.project, value=value, reason="sim", now=self.life.now)
        except Conflict:
            return

    async def claim(self) -> None:
        """Claims over the API in one batch, some under the keys of earlier ones; each answer is remembered."""
        if self.asked and self.rng.random() < 0.4:
            call, ask = self.asked[self.rng.choice(sorted(self.asked))]
            asks = [ask, ask]
        else:
            hold = self.rng.choice([None, timedelta(seconds=self.rng.choice([30, 600, 90_000]))])
            wish = Wish(discount=self.rng.choice([None, 10]), days=self.rng.choice([None, 1]))
            call = ClaimCall(self.life.project, None, self.rng.choice(plan.TYPES), wish, hold)
            asks = [Ask(f"api {self._next()}") for _ in range(self.rng.randint(1, 3))]
            self.asked |= {ask.key: (call, ask) for ask in asks}
            self.holds += [ask.key for ask in asks if hold is not None]
        now, known = self.life.now, self.pools
        answers = await asked_claims.claim(self.db, call, asks, now=now, known=known)  # type: ignore[arg-type]
        for ask, answer in zip(asks, answers, strict=True):
            if isinstance(answer, TearoffError):
                assert isinstance(answer, PoolEmpty | ClaimReturned), answer
            else:
                self.life.world.answers[ask.key].add(tuple(row.value for row in answer))

    async def decide(self) -> None:
        """Confirm a hold, or return it."""
        if not self.holds:
            return
        key = self.rng.choice(self.holds)
        act = self.rng.choice([asked_claims.confirm, asked_claims.give_back])
        try:
            async with self.db.transaction() as tx:
                await act(tx, project_id=self.life.project, key=key, now=self.life.now)
        except (Conflict, NotFound):
            return

    async def stop(self) -> None:
        """Stop some runs, whatever they do just now."""
        await self._with_runs(runs.stop, ["due", "held", "calling", "leased", "done"])

    async def retry(self) -> None:
        """Let some failed runs go again."""
        await self._with_runs(runs.retry, ["failed"])

    async def _with_runs(self, act: Any, states: list[str]) -> None:
        async with self.db.transaction() as tx:
            found = await fetch_all(tx, RUNS, {"project_id": self.life.project, "states": states}, int)
        chosen = self.rng.sample(found, min(len(found), self.rng.randint(1, 8)))
        if chosen:
            async with self.db.transaction() as tx:
                await act(tx, project_id=self.life.project, run_ids=chosen, now=self.life.now)

    async def complete(self) -> None:
        """Whoever got no answer asks until one comes."""
        try:
            while self.unanswered:
                await self._accept(list(self.unanswered.values()))
            if self.pending_rows:
                await self._upload(list(self.pending_rows))
        except (Crash, Unavailable) as error:
            raise AssertionError("the world is kind by now") from error
        await self.till.complete()
