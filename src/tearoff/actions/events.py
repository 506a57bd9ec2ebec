"""Events: accepted in sets, each set in one transaction with the runs that it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tearoff.domain import workflows as rules
from tearoff.domain.events import REMEMBERED_FOR, Accepted, Event, EventType, lacks
from tearoff.domain.runs import NewRun
from tearoff.errors import Invalid, KeyReused, Problem, TearoffError
from tearoff.store import dues, idempotency, runs, workflows
from tearoff.store import events as store
from tearoff.store.db import Database, Tx

DOOR = "event"
PLANS_MAX = 1000
Plan = tuple[str, rules.Start]


class Plans:
    """Where the published versions start, parsed once: a version never changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int], Plan] = {}

    def of(self, project_id: int, active: workflows.ActiveVersion) -> Plan:
        """The id and the block of the start."""
        key = (project_id, active.workflow_id, active.version)
        if key not in self._known:
            if len(self._known) >= PLANS_MAX:
                self._known.clear()
            blocks = rules.parse(active.definition).blocks
            self._known[key] = next((name, b) for name, b in blocks.items() if isinstance(b, rules.Start))
        return self._known[key]


async def accept(
    db: Database, *, project_id: int, events: Sequence[Event], now: datetime, plans: Plans | None = None
) -> list[Accepted | TearoffError]:
    """One result an event, in order, after the commit; an event that its type refuses is an error and stores nothing.

    Types that are not there are made. An event under a key that came within the last days with the same request is a
    repeat: it starts nothing. `plans` spares parsing live workflows again for every set.
    """
    async with db.transaction() as tx:
        return await record(tx, project_id=project_id, events=events, now=now, plans=plans)


async def record(
    tx: Tx, *, project_id: int, events: Sequence[Event], now: datetime, plans: Plans | None = None
) -> list[Accepted | TearoffError]:
    """As `accept`, inside a transaction of the caller, for whom it must be the last step."""
    kinds = await _types(tx, project_id, events, now)
    results: list[Accepted | TearoffError | None] = [_refusal(kinds[event.type_key], event) for event in events]
    await _recognise(tx, project_id, events, results, now)
    fresh = [n for n, result in enumerate(results) if result is None]
    ids = await _store(tx, plans or Plans(), project_id, [events[n] for n in fresh], kinds, now)
    for n, event_id in zip(fresh, ids, strict=True):
        results[n] = Accepted(event_id)
    return [result for result in results if result is not None]


async def _types(tx: Tx, project_id: int, events: Sequence[Event], now: datetime) -> dict[str, EventType]:
    keys = {event.type_key for event in events}
    kinds = await store.find_types(tx, project_id=project_id, keys=list(keys))
    if missing := keys - kinds.keys():
        await store.add_types(tx, project_id=project_id, keys=list(missing), now=now)
        kinds |= await store.find_types(tx, project_id=project_id, keys=list(missing))
    return kinds


def _refusal(kind: EventType, event: Event) -> TearoffError | None:
    sentence = lacks(kind, event.params)
    return Invalid(Problem("/params", sentence)) if sentence else None


async def _recognise(
    tx: Tx,
    project_id: int,
    events: Sequence[Event],
    results: list[Accepted | TearoffError | None],
    now: datetime,
) -> None:
    """Fill in the results of repeats and of reused keys, also of those inside the set."""
    keyed = [(n, event.key) for n, event in enumerate(events) if event.key and results[n] is None]
    if not keyed:
        return
    first: dict[str, int] = {}
    for n, key in keyed:
        first.setdefault(key, n)
    requests = {key: events[n].request for key, n in first.items()}
    forgotten = now - REMEMBERED_FOR
    fresh = await idempotency.keep_all(
        tx, project_id=project_id, door=DOOR, requests=requests, now=now, forgotten_before=forgotten
    )
    if repeated := requests.keys() - fresh:
        known = await idempotency.find(tx, project_id=project_id, door=DOOR, keys=list(repeated))
        requests |= {key: row.request for key, row in known.items()}
    for n, key in keyed:
        if key not in fresh or first[key] != n:
            results[n] = Accepted(None) if events[n].request == requests[key] else KeyReused(key)


async def _store(
    tx: Tx,
    plans: Plans,
    project_id: int,
    events: Sequence[Event],
    kinds: Mapping[str, EventType],
    now: datetime,
) -> list[int]:
    if not events:
        return []
    type_ids = [kinds[event.type_key].event_type_id for event in events]
    ids = await store.add_all(tx, project_id=project_id, events=events, event_type_ids=type_ids, now=now)
    keys = list({event.type_key for event in events})
    active = await workflows.list_active(tx, project_id=project_id, event_type_keys=keys)
    started = [
        NewRun(version.workflow_id, version.version, event_id, None, None, block, {})
        for version in active
        for block, start in [plans.of(project_id, version)]
        for event, event_id in zip(events, ids, strict=True)
        if event.type_key == version.event_type_key and rules.is_started_by(start, event.params)
    ]
    if started:
        await runs.add_all(tx, project_id=project_id, runs=started, now=now)
        await dues.bump(tx, project_id=project_id, actor="runner", due_at=now)
    return ids
