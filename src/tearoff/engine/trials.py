"""What a test launch pretends: stock that is looked at and not taken, and what each step showed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from tearoff.domain.codes import Fit, Wish, fit
from tearoff.domain.deliveries import Content
from tearoff.domain.handouts import Policy, fit_of, window_of
from tearoff.domain.pools import Pool
from tearoff.domain.samples import sample_like
from tearoff.domain.test_launches import Mode, Seen
from tearoff.domain.workflows import Workflow
from tearoff.engine.travellers import Carried, Traveller
from tearoff.store import codes, samples
from tearoff.store.db import Tx

PRETENDED_EMPTY = "The test pretends that no pool has a code."


class Outlook(NamedTuple):
    """What a pool has for a wish: how many codes fit, and the sample that stands for the next one."""

    free: int
    sample: str
    expires_at: datetime | None
    fit: Fit


class Unsent(NamedTuple):
    """A rendered message that may be sent as a test: where it was rendered, and by which channel it would go."""

    position: int
    channel_id: int
    medium: str
    content: Content


@dataclass(slots=True, kw_only=True)
class Trial:
    """One test launch, or a dry run of many events: what it pretends, and what it saw, by run and position."""

    workflow: Workflow
    mode: Mode = "normal"
    is_calling: bool = False
    seen: dict[int, dict[int, Seen]] = field(default_factory=lambda: defaultdict(dict))
    unsent: list[Unsent] = field(default_factory=list)
    taken: Counter[int] = field(default_factory=Counter)

    def note(self, traveller: Traveller, seen: Seen) -> None:
        """Keep what the step shows that the traveller takes next."""
        self.seen[traveller.run.run_id][traveller.position] = seen

    async def look(self, tx: Tx, project_id: int, pool: Pool, wish: Wish, zone: tzinfo, now: datetime) -> Outlook:
        """What the pool has for this wish, less what the events before were shown."""
        policy = Policy(pool, zone)
        exact = fit_of(policy, wish, now)
        at = {"project_id": project_id, "pool_id": pool.pool_id}
        found = await samples.find_next(tx, **at, fit=exact)
        shapes = [] if found else await samples.list_shapes(tx, **at)
        value = found.value if found else next((shape.value for shape in shapes), None)
        end = window_of(policy, now).end
        if self.mode == "expiring":
            least = fit(Wish(days=max(wish.days or 0, pool.days_left_min or 0)), now, zone).until
            return Outlook(1 << 30, sample_like(value), _sooner(least, end), exact)
        if self.mode == "empty" or found is None:
            return Outlook(0, sample_like(value), None, exact)
        free = await codes.count_free(tx, **at, fit=exact) - self.taken[pool.pool_id]
        return Outlook(free, sample_like(value), _sooner(found.expires_at, end), exact)

    def take(self, traveller: Traveller, pool: Pool, outlook: Outlook, mark: str = "") -> Carried:
        """The sample as the traveller carries it; it has no place in the books."""
        self.taken[pool.pool_id] += 1
        return Carried(
            block=traveller.block_id,
            key=traveller.key(mark),
            parameter=pool.parameter,
            code_id=-1 - len(traveller.carried),
            value=outlook.sample,
            expires_at=outlook.expires_at,
        )

    def why_empty(self, pool: Pool) -> str:
        """Why no code of the pool is given."""
        return PRETENDED_EMPTY if self.mode == "empty" else f"No code of the pool {pool.key!r} fits."


def hold(traveller: Traveller, pool: Pool, wish: Wish, time: timedelta, why: str, now: datetime) -> None:
    """Let the run wait here for a code, as a real one would."""
    traveller.wait_shown({"reason": f"{why} The run would wait for one.", "until": (now + time).isoformat()}, now)
    traveller.hold(pool.pool_id, wish.text, time, now)


def _sooner(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)
