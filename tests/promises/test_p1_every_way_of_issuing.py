"""P1 and P3 with every way of issuing at once: in turn, by value, to many, again, revoked, passed on and returned."""

import asyncio
import random
from datetime import timedelta

from tests.stock import books, upload

from tearoff.actions import asked_claims, contacts, issuances, issues, pools, revocations
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.actions.issuances import Order
from tearoff.actions.issues import Wanted
from tearoff.domain.codes import Wish
from tearoff.domain.contacts import ContactChange, Identity
from tearoff.domain.pools import Cap, PoolDefinition
from tearoff.engine import issuer
from tearoff.errors import ClaimReturned, Conflict, NotFound, PoolEmpty, TearoffError
from tearoff.store import pools as pool_store
from tearoff.store.issuances import ContactFilter

CODES, PEOPLE, ACTS, CALLERS = 250, 40, 40, 6


class Caller:
    """Does one thing after the other, as its dice say, and keeps what each key got."""

    def __init__(self, db, project: int, now, seed: int) -> None:
        self.db, self.project, self.now, self.seed = db, project, now, seed
        self.dice = random.Random(seed)
        self.got: dict[str, str] = {}

    async def live(self) -> None:
        for n in range(ACTS):
            act = self.dice.choice([self.in_turn, self.in_turn, self.by_value, self.held, self.revoke, self.transfer])
            try:
                await act(f"{self.seed}-{n}")
            except (PoolEmpty, Conflict, NotFound):
                continue

    def person(self) -> Identity:
        return Identity(external_id=f"p{self.dice.randrange(PEOPLE)}")

    async def claim(self, key: str, hold: timedelta | None = None) -> str:
        call = ClaimCall(self.project, self.dice.choice(["again", "capped"]), None, Wish(), hold)
        ask = Ask(key, self.person())
        [first], [second] = [await asked_claims.claim(self.db, call, [ask], now=self.now) for _ in range(2)]
        if isinstance(first, TearoffError):
            raise first
        is_spent = isinstance(second, ClaimReturned)
        assert is_spent or second[0].value == first[0].value, (
            "a repeat of the key gives the same code, or it was revoked"
        )
        return first[0].value

    async def in_turn(self, key: str) -> None:
        self.got[key] = await self.claim(key)

    async def held(self, key: str) -> None:
        await self.claim(key, timedelta(seconds=60))
        async with self.db.transaction() as tx:
            act = self.dice.choice([asked_claims.give_back, asked_claims.confirm])
            await act(tx, project_id=self.project, key=key, now=self.now)

    async def by_value(self, key: str) -> None:
        value, is_made = f"C{self.dice.randrange(CODES * 2):04}", self.dice.random() < 0.3
        wanted = Wanted(key=key, contact=self.person(), value=value, is_made=is_made, pool="again" if is_made else None)
        self.got[key] = (await issues.by_value(self.db, project_id=self.project, wanted=wanted, now=self.now)).value

    async def revoke(self, key: str) -> None:
        async with self.db.transaction() as tx:
            await revocations.revoke(tx, project_id=self.project, value=self.mine(), reason=key, now=self.now)

    async def transfer(self, key: str) -> None:
        at = {"project_id": self.project, "value": self.mine(), "reason": key, "now": self.now}
        async with self.db.transaction() as tx:
            await revocations.transfer(tx, **at, to=self.person())

    def mine(self) -> str:
        return self.dice.choice([*self.got.values(), "C0000"])


async def test_every_code_has_one_owner_whichever_way_it_was_issued(db, project, now, engine) -> None:
    async with db.transaction() as tx:
        wanted = [
            PoolDefinition(key="again", description="x", reissue="pool"),
            PoolDefinition(key="capped", description="x", cap=Cap(max=3)),
        ]
        puts = await pools.put(tx, project_id=project, pools=wanted, now=now)
        people = [ContactChange(external_id=f"p{n}") for n in range(PEOPLE)]
        await contacts.upsert(tx, project_id=project, contacts=people, now=now)
    for start, type in ((0, "again"), (CODES // 2, "capped")):
        await upload(db, project, [f"C{start + n:04}" for n in range(CODES // 2)], now, type=type)
    for put in puts:
        async with db.transaction() as tx:
            order = Order(await pool_store.get(tx, project_id=project, pool_id=put.id), Wish())
            await issuances.start_filtered(tx, project_id=project, order=order, wanted=ContactFilter(), now=now)
    callers = [Caller(db, project, now, seed) for seed in range(CALLERS)]
    await asyncio.gather(*(caller.live() for caller in callers), *(issuer.turn(engine, project, now) for _ in range(4)))
    while await issuer.turn(engine, project, now):
        pass
    for type in ("again", "capped"):
        assert (await books(db, project, type)).issued > PEOPLE // 2
    assert sum(len(caller.got) for caller in callers) > CALLERS * ACTS // 4
