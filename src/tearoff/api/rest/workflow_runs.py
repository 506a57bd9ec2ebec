"""The runs of one workflow over REST: counted on its blocks, stopped and resumed together."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from tearoff.actions import runs as actions
from tearoff.api.pages import Ref
from tearoff.api.site import Call, Caller
from tearoff.domain.funnels import BlockCount, blocks_of
from tearoff.domain.runs import RunState
from tearoff.domain.workflows import parse
from tearoff.store import runs, steps, workflows
from tearoff.store.db import Tx
from tearoff.store.steps import Chosen

RUNS_MAX = 20_000
STOP_SECONDS_MAX = 20.0
VersionNumber = Annotated[int | None, QueryParameter(name="version", ge=1, le=2**31 - 1, description="One version")]


class Counts(msgspec.Struct, rename="camel", kw_only=True):
    """How the newest runs went through the blocks. `isComplete`: there are no more runs than the `runs` counted here,
    the oldest of which began at `since`. `states` counts them by state; `live` are all of the workflow's that are on
    their way, which is what stopping them would stop."""

    version: int | None
    runs: int
    is_complete: bool
    since: datetime | None
    states: dict[RunState, int]
    live: dict[RunState, int]
    blocks: list[BlockCount]


class Stopped(msgspec.Struct, rename="camel"):
    """How many runs stopped; `left` are on their way still, so ask again until nothing is left."""

    stopped: int
    left: int


class Resumed(msgspec.Struct, rename="camel"):
    """How many held runs go on with the stock there is, and how many of this workflow wait on."""

    resumed: int
    left: int


async def counts(call: Caller, workflow: Ref, version: VersionNumber = None) -> Counts:
    """How many runs passed each block and exit, for one version or for all; the blocks are those of the version asked
    for, else of the live one."""
    async with call.site.db.transaction() as tx:
        stored = await workflows.resolve(tx, project_id=call.project_id, reference=workflow)
        shown = version or stored.version
        definition = stored.draft
        if shown:
            found = await workflows.get_version(
                tx, project_id=call.project_id, workflow_id=stored.workflow_id, version=shown
            )
            definition = found.definition
        at: dict[str, Any] = {"project_id": call.project_id, "workflow_id": stored.workflow_id}
        passages, chosen = await steps.count_passages(tx, **at, version=version, limit=RUNS_MAX)
        live = await runs.count_live(tx, **at)
    looked_at = sum(each.runs for each in chosen)
    return Counts(
        version=version,
        runs=looked_at,
        is_complete=looked_at < RUNS_MAX,
        since=min((each.oldest_at for each in chosen), default=None),
        states=_states(chosen),
        live=live,
        blocks=blocks_of(parse(definition) if shown else None, passages, chosen),
    )


def _states(chosen: list[Chosen]) -> dict[RunState, int]:
    states: dict[RunState, int] = {}
    for each in chosen:
        states[each.state] = states.get(each.state, 0) + each.runs
    return states


async def stop_all(call: Caller, workflow: Ref) -> Stopped:
    """Stop the runs of a workflow that are on their way, in sets. Codes that nobody saw return to their pools."""
    async with call.site.db.transaction() as tx:
        stored = await workflows.resolve(tx, project_id=call.project_id, reference=workflow)
    at = {"project_id": call.project_id, "workflow_id": stored.workflow_id}
    stopped = await actions.stop_all(call.site.db, **at, now=call.now, seconds_max=STOP_SECONDS_MAX)
    async with call.site.db.transaction() as tx:
        left = await runs.count_live(tx, **at)
    return Stopped(stopped, sum(left.values()))


async def resume_held(call: Caller, workflow: Ref) -> Resumed:
    """Let the runs that wait for a code look for one now, the oldest first. They share their pools' queues with the
    runs of other workflows, which may have the earlier turn."""
    async with call.site.db.transaction() as tx:
        stored = await workflows.resolve(tx, project_id=call.project_id, reference=workflow)
        pool_ids = await runs.list_held_pools(tx, project_id=call.project_id, workflow_id=stored.workflow_id)
        resumed = await actions.resume_held(tx, project_id=call.project_id, pool_ids=pool_ids, now=call.now)
        left = await _held(tx, call, stored.workflow_id)
    return Resumed(resumed, left)


async def _held(tx: Tx, call: Call, workflow_id: int) -> int:
    return (await runs.count_live(tx, project_id=call.project_id, workflow_id=workflow_id)).get("held", 0)
