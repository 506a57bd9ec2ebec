"""Projects and their keys."""

from __future__ import annotations

from datetime import datetime

from tearoff.actions.templates import limit_problems
from tearoff.domain import keys as rules
from tearoff.domain import projects as project_rules
from tearoff.domain.projects import Project
from tearoff.errors import Conflict, Invalid, NotFound, Problem
from tearoff.store import keys, projects
from tearoff.store.db import Tx
from tearoff.velocity import Limits


async def create(tx: Tx, *, name: str, time_zone: str = "UTC", now: datetime) -> int:
    """The id of a new project; raises Conflict when the name is taken."""
    project_rules.check(name, time_zone)
    project_id = await projects.add(tx, name=name, time_zone=time_zone, now=now)
    if project_id is None:
        raise Conflict(f"A project named {name!r} is there already.")
    return project_id


async def change(tx: Tx, wanted: Project, *, limits: Limits) -> None:
    """Make the project what is wanted; raises Invalid, or Conflict when the name is taken.

    `limits`: those of the installation, which its templates must not pass.
    """
    problems = project_rules.sender_problems(wanted.sender)
    problems += limit_problems(wanted.template_limits, limits, "/templateLimits")
    project_rules.check(wanted.name, wanted.time_zone, problems)
    before = await projects.get(tx, project_id=wanted.project_id)
    if wanted.name != before.name:
        await projects.rename(tx, project_id=wanted.project_id, name=wanted.name)
    await projects.change(
        tx,
        project_id=wanted.project_id,
        time_zone=wanted.time_zone,
        sender=wanted.sender,
        template_limits=wanted.template_limits,
    )


async def create_key(tx: Tx, *, project_id: int, name: str, scope: str, value: str | None = None, now: datetime) -> str:
    """The value of a new key: it is shown now and never again, since only its hash is kept."""
    check_key(name, scope, value)
    chosen = value or rules.fresh_value()
    if await keys.find(tx, hash=rules.hash_of(chosen)):
        raise Conflict("A key with this value is there already.")
    await keys.add(tx, project_id=project_id, name=name, hash=rules.hash_of(chosen), scope=scope, now=now)
    return chosen


def check_key(name: str, scope: str, value: str | None) -> None:
    """Raises Invalid unless a key may be called so, reach so far and look so."""
    problems = []
    if not name.strip() or len(name) > project_rules.NAME_MAX:
        problems.append(Problem("/name", f"A key needs a name of 1 to {project_rules.NAME_MAX} characters."))
    if scope not in rules.SCOPES:
        problems.append(Problem("/scope", f"{scope!r} is not a scope; the scopes are {', '.join(rules.SCOPES)}."))
    if value is not None and not rules.VALUE_MIN <= len(value) <= rules.VALUE_MAX:
        problems.append(Problem("/value", f"A key has {rules.VALUE_MIN} to {rules.VALUE_MAX} characters."))
    if problems:
        raise Invalid(*problems)


async def disable_key(tx: Tx, *, project_id: int, key_id: int, now: datetime) -> None:
    """Make a key useless from now on; each process notices within some seconds. Raises NotFound."""
    if not await keys.mark_disabled(tx, project_id=project_id, key_id=key_id, now=now):
        raise NotFound("live key", key_id)
