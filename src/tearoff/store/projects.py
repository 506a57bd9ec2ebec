"""Projects. They are the tenants, so these are the functions that may look across them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from tearoff.domain.projects import Project
from tearoff.errors import Conflict, NotFound
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional

SQL = queries.load("projects")


async def add(tx: Tx, *, name: str, time_zone: str, now: datetime) -> int | None:
    """The id of the new project; None when the name is taken."""
    return await fetch_optional(tx, SQL.add_project, {"name": name, "time_zone": time_zone, "now": now}, into=int)


async def get(tx: Tx, *, project_id: int) -> Project:
    """The project; raises NotFound."""
    found = await fetch_optional(tx, SQL.get_project, {"project_id": project_id}, into=Project)
    if found is None:
        raise NotFound("project", project_id)
    return found


async def find_by_name(tx: Tx, *, name: str) -> Project | None:
    """The project with this name."""
    return await fetch_optional(tx, SQL.find_project_by_name, {"name": name}, into=Project)


async def change(
    tx: Tx, *, project_id: int, time_zone: str, sender: str, template_limits: Mapping[str, float] | None = None
) -> bool:
    """Whether these settings of the project are other than before; without template limits they stay."""
    limits = None if template_limits is None else Jsonb(dict(template_limits))
    values = {"project_id": project_id, "time_zone": time_zone, "sender": sender, "template_limits": limits}
    return await execute(tx, SQL.change_project, values) > 0


async def rename(tx: Tx, *, project_id: int, name: str) -> None:
    """Call the project otherwise; raises Conflict when another one is called so."""
    try:
        await execute(tx, SQL.rename_project, {"project_id": project_id, "name": name})
    except UniqueViolation as error:
        raise Conflict(f"A project named {name!r} is there already.") from error


async def list_first(tx: Tx, *, limit: int) -> list[Project]:
    """The oldest projects."""
    return await fetch_all(tx, SQL.list_projects, {"limit": limit}, into=Project)


async def list_troubled(tx: Tx, *, now: datetime) -> list[int]:
    """The projects that the rescuer must look at: leases or holds that ran out, runs that wait for codes."""
    return await fetch_all(tx, SQL.list_troubled, {"now": now}, into=int)


async def list_generating(tx: Tx) -> list[int]:
    """The projects with codes to generate, or with pools that fill themselves."""
    return await fetch_all(tx, SQL.list_generating, {}, into=int)
