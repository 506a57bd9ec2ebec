"""The calls by which clients try whether they are connected."""

from __future__ import annotations

from litestar import Response

from tearoff import __version__
from tearoff.api.site import Caller
from tearoff.api.yespo.answers import answer
from tearoff.store import projects


async def version() -> Response[bytes]:
    """The version, in the vendor's shape."""
    return answer({"version": __version__, "protocolVersion": "1.1"})


async def info(call: Caller) -> Response[bytes]:
    """The project as the vendor's organisation; clients use it as a ping."""
    async with call.site.db.transaction() as tx:
        project = await projects.get(tx, project_id=call.project_id)
    return answer({"userEmail": project.sender, "organisationName": project.name, "orgId": project.project_id})
