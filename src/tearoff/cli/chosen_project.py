"""Which project a command is about: the one named, or the only one there is."""

from __future__ import annotations

from tearoff.domain.projects import Project
from tearoff.errors import Misconfigured
from tearoff.store import projects
from tearoff.store.db import Tx


async def choose(tx: Tx, name: str | None) -> Project:
    """The project; raises Misconfigured with what to do when there is none or more than one."""
    if name is not None:
        found = await projects.find_by_name(tx, name=name)
        if found is None:
            raise Misconfigured(f"There is no project {name!r}; make it with: tearoff project create {name!r}")
        return found
    some = await projects.list_first(tx, limit=2)
    if not some:
        raise Misconfigured("There is no project yet; make one with: tearoff project create NAME")
    if len(some) > 1:
        raise Misconfigured("There are several projects; say which one with --project NAME.")
    return some[0]
