"""The project over REST, and new ones for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import projects as actions
from tearoff.actions.templates import limits_of
from tearoff.api.rest.audit import note
from tearoff.api.site import Caller, Site
from tearoff.domain.projects import Project
from tearoff.store import projects

CHANGED = ("name", "time_zone", "sender", "template_limits")


class ProjectView(msgspec.Struct, rename="camel", kw_only=True):
    """A project. `sender` is used where a message names none; the days end in `timeZone`.

    `templateLimits` are limits of its templates that are tighter than the installation's, by name.
    """

    id: int
    name: str
    time_zone: str
    sender: str
    template_limits: dict[str, float]
    created_at: datetime


class ProjectChange(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What is to be other."""

    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    sender: str | UnsetType = UNSET
    template_limits: dict[str, float] | UnsetType = UNSET


class ProjectBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A project to be made."""

    name: str
    time_zone: str = "UTC"


async def get(call: Caller) -> ProjectView:
    """The project of the key, or the one that is open."""
    async with call.site.db.transaction() as tx:
        return view(await projects.get(tx, project_id=call.project_id))


async def change(call: Caller, data: JSONBody[ProjectChange]) -> ProjectView:
    """Change the project's settings."""
    given = {name: value for name in CHANGED if (value := getattr(data, name)) is not UNSET}
    async with call.site.db.transaction() as tx:
        before = await projects.get(tx, project_id=call.project_id)
        after = msgspec.structs.replace(before, **given)
        await actions.change(tx, after, limits=limits_of(call.site.settings))
        await note(tx, call, "project", before.name, **given)
        return view(after)


async def create(request: Request[Any, Any, Any], data: JSONBody[ProjectBody]) -> ProjectView:
    """Make a project; `PUT /v1/session/project` opens it."""
    site: Site = request.app.state.site
    async with site.db.transaction() as tx:
        project_id = await actions.create(tx, name=data.name, time_zone=data.time_zone, now=site.clock.now())
        return view(await projects.get(tx, project_id=project_id))


def view(project: Project) -> ProjectView:
    """A project as the API shows it."""
    return ProjectView(
        id=project.project_id,
        name=project.name,
        time_zone=project.time_zone,
        sender=project.sender,
        template_limits=project.template_limits,
        created_at=project.created_at,
    )
