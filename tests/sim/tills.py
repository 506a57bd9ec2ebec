"""A shop's till: it uses codes for orders and takes uses back; where it got no answer it asks again for the order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.sim.seams import Crash, Seamed

from tearoff.actions import redemptions
from tearoff.actions.redemptions import Redeemed
from tearoff.domain.redemptions import Use
from tearoff.errors import NotRedeemable, TearoffError, Unavailable

if TYPE_CHECKING:
    from tests.sim.life import Life


class Till:
    """Orders with their codes, and what the till was told of them."""

    def __init__(self, life: Life, db: Seamed) -> None:
        self.life, self.db, self.rng = life, db, life.rng
        self.asked: dict[str, str] = {}
        self.unanswered: set[str] = set()
        self.used: dict[str, set[int]] = defaultdict(set)
        """The redemptions that an order was told of."""
        self.going_back: set[int] = set()
        self.taken_back: set[int] = set()
        """Redemptions that the till wanted to take back, and those of which it heard that they are."""

    async def redeem(self) -> None:
        """Codes for new orders, and some orders once more."""
        await self._redeem([self._order() for _ in range(self.rng.randint(1, 4))])

    def _order(self) -> str:
        if self.asked and self.rng.random() < 0.3:
            return self.rng.choice(sorted(self.asked))
        order = f"order {len(self.asked)}"
        self.asked[order] = self._code()
        return order

    def _code(self) -> str:
        """One that a customer has, one that is everybody's, or a guess."""
        world = self.life.world
        held = sorted(
            {code for codes in world.answers.values() for answer in codes for code in answer} | world.mailed()
        )
        luck = self.rng.random()
        if luck < 0.2:
            return self.rng.choice(self.life.public)
        if held and luck < 0.9:
            return self.rng.choice(held)
        return self.rng.choice(sorted(self.life.doors.uploaded))

    async def _redeem(self, orders: list[str]) -> None:
        settled = {order: self.used[order] - self.going_back for order in orders}
        self.unanswered |= set(orders)
        uses = [Use(value=self.asked[order], order_id=order) for order in orders]
        results = await redemptions.redeem(self.db, project_id=self.life.project, uses=uses, now=self.life.now)  # type: ignore[arg-type]
        for order, result in zip(orders, results, strict=True):
            self.unanswered.discard(order)
            if isinstance(result, Redeemed):
                self.used[order].add(result.redemption_id)
            else:
                self._is_honest(order, result, settled[order])

    def _is_honest(self, order: str, result: TearoffError, settled: set[int]) -> None:
        """A refusal is one of the known words, and never the answer to an order that has its use."""
        assert isinstance(result, NotRedeemable) or result.type == "conflict", result
        assert not settled - self.going_back, f"{order} has its use, and hears: {result}"

    async def take_back(self) -> None:
        """A payment failed."""
        known = sorted({redemption for ids in self.used.values() for redemption in ids})
        if not known:
            return
        chosen = self.rng.choice(known)
        self.going_back.add(chosen)
        async with self.db.transaction() as tx:
            at = {"project_id": self.life.project, "redemption_id": chosen}
            await redemptions.roll_back(tx, **at, now=self.life.now, reason="sim")
        self.taken_back.add(chosen)

    async def complete(self) -> None:
        """Whatever got no answer is asked for again."""
        try:
            while self.unanswered:
                await self._redeem(sorted(self.unanswered))
        except (Crash, Unavailable) as error:
            raise AssertionError("the world is kind by now") from error
