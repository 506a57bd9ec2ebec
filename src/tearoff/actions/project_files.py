"""Applying project files: everything they define in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec

from tearoff import velocity
from tearoff.actions import channels, connectors, fields, messages, pools, snippets, sources, workflows
from tearoff.actions.templates import limit_problems, limits_for, limits_of
from tearoff.config import Settings
from tearoff.domain import projects as project_rules
from tearoff.domain import workflow_checks
from tearoff.domain.definitions import Change
from tearoff.domain.project_files import EventTypeEntry, FieldEntry, Item, Line, Plan, WorkflowEntry
from tearoff.domain.workflow_checks import Known
from tearoff.domain.workflows import parse
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.store import event_types, projects
from tearoff.store import fields as stored_fields
from tearoff.store import workflows as stored_workflows
from tearoff.store.db import Database, Tx
from tearoff.store.secrets import Cipher

Put = Callable[["Applying", Item], Awaitable[Change]]
BY = "project file"
AS_BUILT = Settings()


class NothingKept(Exception):  # noqa: N818, RUF100 - it ends a dry run, nothing went wrong
    """Raised at the end of a dry run, so that its transaction is rolled back."""


class Applying(msgspec.Struct, frozen=True):
    """What every step of applying a plan needs."""

    tx: Any
    project_id: int
    plan: Plan
    cipher: Any
    now: datetime
    settings: Settings
    limits: velocity.Limits = velocity.DEFAULT


async def apply(
    db: Database,
    *,
    project_id: int,
    plan: Plan,
    cipher: Cipher,
    now: datetime,
    is_dry: bool = False,
    settings: Settings = AS_BUILT,
) -> list[Line]:
    """What became of each definition; raises Invalid with every problem, and then nothing was changed."""
    lines: list[Line] = []
    try:
        async with db.transaction() as tx:
            lines = await apply_in(tx, project_id=project_id, plan=plan, cipher=cipher, now=now, settings=settings)
            if is_dry:
                raise NothingKept
    except NothingKept:
        pass
    return lines


async def apply_in(
    tx: Tx, *, project_id: int, plan: Plan, cipher: Cipher, now: datetime, settings: Settings = AS_BUILT
) -> list[Line]:
    """The same inside the caller's transaction, which a raised Invalid must end."""
    run = Applying(tx, project_id, plan, cipher, now, settings)
    lines: list[Line] = []
    problems: list[Problem] = []
    if plan.project is not None:
        try:
            lines.append(Line("project", "settings", await put_project(run, plan.project)))
        except Invalid as error:
            problems += error.problems
    limits = await limits_for(tx, project_id=project_id, settings=settings)
    run = msgspec.structs.replace(run, limits=limits)
    for section, (noun, put) in STEPS.items():
        for item in plan.items[section]:
            try:
                lines.append(Line(noun, item.definition.key, await put(run, item)))
            except Invalid as error:
                problems += error.problems
    if problems:
        raise Invalid(*problems)
    for item in plan.items["workflows"]:
        change = await set_running(run, item)
        at = next(n for n, line in enumerate(lines) if (line.noun, line.key) == ("workflow", item.definition.key))
        if lines[at].change == "unchanged":
            lines[at] = Line("workflow", item.definition.key, change)
    return lines


async def put_project(run: Applying, item: Item) -> Change:
    """Change the settings that are given."""
    before = await projects.get(run.tx, project_id=run.project_id)
    wanted = item.definition.time_zone or before.time_zone
    sender = before.sender if item.definition.sender is None else item.definition.sender
    try:
        project_rules.check(before.name, wanted)
    except Invalid as error:
        raise Invalid(*(Problem(item.at + each.pointer, each.detail) for each in error.problems)) from error
    own = item.definition.template_limits
    if problems := limit_problems(own or {}, limits_of(run.settings), f"{item.at}/templateLimits"):
        raise Invalid(*problems)
    changed = await projects.change(
        run.tx, project_id=run.project_id, time_zone=wanted, sender=sender, template_limits=own
    )
    return "changed" if changed else "unchanged"


async def put_field(run: Applying, item: Item) -> Change:
    """Make or change an additional field; its type stays for ever."""
    entry: FieldEntry = item.definition
    reference = f"{entry.section}.{entry.key}"
    is_there = bool(await stored_fields.find(run.tx, project_id=run.project_id, refs=[reference]))
    try:
        _, changed = await fields.ensure(run.tx, project_id=run.project_id, field=entry.field, now=run.now)
    except Invalid as error:
        raise Invalid(*(Problem(item.at + each.pointer, each.detail) for each in error.problems)) from error
    except Conflict as error:
        raise Invalid(Problem(f"{item.at}/type", error.detail)) from error
    return "unchanged" if not changed else "changed" if is_there else "created"


async def put_pool(run: Applying, item: Item) -> Change:
    """Make or change a pool."""
    definitions, places = [item.definition], [item.at]
    [put] = await pools.put(run.tx, project_id=run.project_id, pools=definitions, now=run.now, places=places, by=BY)
    return put.change


async def put_event_type(run: Applying, item: Item) -> Change:
    """Make or change an event type."""
    entry: EventTypeEntry = item.definition
    there = await event_types.list_page(run.tx, project_id=run.project_id, key=entry.key, limit=1)
    wanted = (entry.name or entry.key, entry.description, entry.params)
    if there and (there[0].name, there[0].description, there[0].params) == wanted:
        return "unchanged"
    await event_types.put(
        run.tx,
        project_id=run.project_id,
        key=entry.key,
        name=wanted[0],
        description=wanted[1],
        params=wanted[2],
        sets_params=True,
        now=run.now,
    )
    return "changed" if there else "created"


async def put_connector(run: Applying, item: Item) -> Change:
    """Make or change a connector."""
    put = await connectors.put(
        run.tx,
        project_id=run.project_id,
        connector=item.definition,
        cipher=run.cipher,
        now=run.now,
        at=item.at,
    )
    return put.change


async def put_channel(run: Applying, item: Item) -> Change:
    """Make or change a channel."""
    put = await channels.put(
        run.tx, project_id=run.project_id, channel=item.definition, cipher=run.cipher, now=run.now, at=item.at
    )
    return put.change


async def put_snippet(run: Applying, item: Item) -> Change:
    """Make or change a snippet; it may name those that come after it."""
    put = await snippets.put(
        run.tx,
        project_id=run.project_id,
        snippet=item.definition,
        now=run.now,
        at=item.at,
        limits=run.limits,
        planned={each.definition.wanted_name: each.definition.text for each in run.plan.items["snippets"]},
    )
    return put.change


async def put_source(run: Applying, item: Item) -> Change:
    """Make or change a source."""
    put = await sources.put(
        run.tx, project_id=run.project_id, source=item.definition, now=run.now, at=item.at, limits=run.limits
    )
    return put.change


async def put_message(run: Applying, item: Item) -> Change:
    """Make or change a message."""
    put = await messages.put(
        run.tx, project_id=run.project_id, message=item.definition, now=run.now, at=item.at, limits=run.limits
    )
    return put.change


async def put_workflow(run: Applying, item: Item) -> Change:
    """Draft a workflow, checked already if it is to be active; what the files define counts as there."""
    entry: WorkflowEntry = item.definition
    workflow = parse({"blocks": entry.blocks}, item.at)
    if entry.active:
        known = await stored_workflows.load_known(run.tx, project_id=run.project_id)
        if problems := workflow_checks.check(workflow, with_planned(known, run.plan), item.at):
            raise Invalid(*problems)
    put = await workflows.put(
        run.tx,
        project_id=run.project_id,
        key=entry.key,
        name=entry.name,
        blocks=entry.blocks,
        now=run.now,
        at=item.at,
        by="tearoff apply",
    )
    return put.change


def with_planned(known: Known, plan: Plan) -> Known:
    """What is known with what the files define: a message with a problem of its own is not missing besides."""
    fields = plan.items["fields"]
    return Known(
        messages=known.messages | plan.keys("messages"),
        pools=known.pools | {item.definition.wanted_type for item in plan.items["pools"]},
        fields=known.fields | {f"{item.definition.section}.{item.definition.key}" for item in fields},
    )


async def set_running(run: Applying, item: Item) -> Change:
    """Publish and start an active workflow, stop another."""
    entry: WorkflowEntry = item.definition
    stored = await stored_workflows.find_by_key(run.tx, project_id=run.project_id, key=entry.key)
    if stored is None:
        raise Conflict(f"Somebody removed the workflow {entry.key!r} at the same moment.")
    workflow_id = stored.workflow_id
    if entry.active:
        return await workflows.publish(
            run.tx, project_id=run.project_id, workflow_id=workflow_id, now=run.now, at=item.at
        )
    return await workflows.stop(run.tx, project_id=run.project_id, workflow_id=workflow_id, now=run.now)


STEPS: dict[str, tuple[str, Put]] = {
    "fields": ("field", put_field),
    "pools": ("pool", put_pool),
    "eventTypes": ("event type", put_event_type),
    "connectors": ("connector", put_connector),
    "channels": ("channel", put_channel),
    "snippets": ("snippet", put_snippet),
    "sources": ("source", put_source),
    "messages": ("message", put_message),
    "workflows": ("workflow", put_workflow),
}
"""Each section with its noun and what puts one definition; a later one may name what an earlier one made."""
