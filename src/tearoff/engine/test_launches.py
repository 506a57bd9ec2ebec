"""Test launches and dry runs: events taken through a workflow in memory, over transactions that can write nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tearoff.clock import monotonic
from tearoff.domain.projects import Project
from tearoff.domain.runs import Run
from tearoff.domain.test_launches import DryRun, Seen, State, TestLaunch, counts_of, steps_of
from tearoff.domain.workflow_checks import check_exits, check_rounds, check_start
from tearoff.domain.workflows import Start, Workflow, parse
from tearoff.engine.parts import Engine
from tearoff.engine.test_sends import send_test
from tearoff.engine.travellers import Group, Traveller
from tearoff.engine.trials import Trial
from tearoff.engine.tried_blocks import TRIED
from tearoff.errors import Invalid, TearoffError
from tearoff.store import projects
from tearoff.store.events import StoredEvent

STEPS_MAX = 1000
NOBODY = UUID(int=0)
STATES: Mapping[str, State] = {"done": "done", "held": "held"}


def walkable(definition: Mapping[str, Any], at: str = "") -> Workflow:
    """The workflow of a definition that can be walked: one start, exits that lead on, no rounds.

    Other faults show on the path. Raises Invalid with every problem.
    """
    workflow = parse(definition, at)
    problems = [*check_start(workflow), *check_exits(workflow)] or list(check_rounds(workflow))
    if problems:
        raise Invalid(*(msgspec.structs.replace(problem, pointer=at + problem.pointer) for problem in problems))
    return workflow


async def launch(
    engine: Engine,
    *,
    project_id: int,
    trial: Trial,
    workflow_id: int | None,
    event_id: int | None,
    params: Mapping[str, Any],
    reasons: Sequence[str],
    to: str | None,
    now: datetime,
) -> TestLaunch:
    """The path of one event; `to` is where its messages are really sent, marked as tests.

    `reasons` are those for which no run would really start.
    """
    reader = replace(engine, db=engine.db.read_only())
    [traveller] = travellers = [_traveller(trial.workflow, 1, workflow_id, event_id, params)]
    await walk(reader, project_id, trial, travellers, now)
    if to is not None:
        await _send(reader, project_id, trial, to, now)
    end = traveller.end
    assert end is not None
    return TestLaunch(
        state=STATES.get(end.state, "failed"),
        block=end.block,
        error=end.error,
        would_start=not reasons,
        reasons=list(reasons),
        contact_id=traveller.contact_id,
        steps=steps_of(traveller.steps, trial.seen[traveller.run.run_id]),
    )


async def dry_run(
    engine: Engine,
    *,
    project_id: int,
    trial: Trial,
    workflow_id: int | None,
    events: Sequence[StoredEvent],
    started: Sequence[StoredEvent],
    now: datetime,
) -> DryRun:
    """What the events `started` among `events` would do now, one after the other with the stock that there is."""
    reader = replace(engine, db=engine.db.read_only())
    travellers = [
        _traveller(trial.workflow, n, workflow_id, event.event_id, event.params) for n, event in enumerate(started, 1)
    ]
    await walk(reader, project_id, trial, travellers, now)
    blocks, failures = counts_of(trial.workflow, [step for t in travellers for step in t.steps])
    states = Counter(STATES.get(t.end.state, "failed") for t in travellers if t.end is not None)
    return DryRun(
        events=len(events),
        started=len(started),
        oldest_at=min((event.received_at for event in events), default=None),
        newest_at=max((event.received_at for event in events), default=None),
        states={str(state): runs for state, runs in states.items()},
        blocks=blocks,
        failures=failures,
    )


def _traveller(
    workflow: Workflow, number: int, workflow_id: int | None, event_id: int | None, params: Mapping[str, Any]
) -> Traveller:
    start = next(name for name, block in workflow.blocks.items() if isinstance(block, Start))
    run = Run(
        run_id=number,
        workflow_id=workflow_id,
        version=None,
        event_id=event_id,
        request_id=None,
        contact_id=None,
        block=start,
        attempt=0,
        position=0,
        held_at=None,
        hold_until=None,
        data={},
        answers={},
        lease=NOBODY,
    )
    return Traveller(
        run=run, workflow=workflow, params=dict(params), data=dict(params), block_id=start, contact_id=None
    )


async def walk(
    engine: Engine, project_id: int, trial: Trial, travellers: Sequence[Traveller], now: datetime
) -> Project:
    """Take every traveller to its end, as the runner does; a block that cannot be tried fails its runs."""
    async with engine.db.transaction() as tx:
        project = await projects.get(tx, project_id=project_id)
    for _ in range(STEPS_MAX):
        groups: dict[str, list[Traveller]] = defaultdict(list)
        for traveller in travellers:
            if traveller.end is None:
                groups[traveller.block_id].append(traveller)
        if not groups:
            break
        for block_id, members in groups.items():
            block = members[0].block
            group = Group(
                project=project, block_id=block_id, block=block, travellers=members, now=now, until=monotonic()
            )
            await _try(engine, trial, group)
    return project


async def _try(engine: Engine, trial: Trial, group: Group) -> None:
    try:
        await TRIED[type(group.block)](engine, trial, group)
    except TearoffError as error:
        for traveller in group.travellers:
            if traveller.end is None and traveller.block_id == group.block_id:
                traveller.fail(error.type, str(error), group.now)


async def _send(engine: Engine, project_id: int, trial: Trial, to: str, now: datetime) -> None:
    """Send what the one traveller would get to this address instead, by the channels it would go by."""
    seen = trial.seen[1]
    for unsent in trial.unsent:
        sent = await send_test(engine, project_id, unsent.channel_id, unsent.medium, unsent.content, to, now)
        message = seen[unsent.position].message
        assert message is not None
        seen[unsent.position] = Seen(message=msgspec.structs.replace(message, sent=sent))
