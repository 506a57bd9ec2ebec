"""Workflows in the vendor's dialect: a list to choose from; they are started by events alone."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response
from litestar.params import QueryParameter

from tearoff.api.pages import Text
from tearoff.api.site import Caller
from tearoff.api.yespo.answers import answer
from tearoff.domain.workflows import StoredWorkflow
from tearoff.store import workflows as store

ROWS_MAX = 500
START_MAX = 10_000


async def list_workflows(
    call: Caller,
    name: Text = None,
    startindex: Annotated[int, QueryParameter(ge=1, le=START_MAX)] = 1,
    maxrows: Annotated[int, QueryParameter(ge=1, le=ROWS_MAX)] = ROWS_MAX,
) -> Response[bytes]:
    """A bare array of the workflows whose name or key holds `name`; rows are numbered from 1."""
    until = startindex - 1 + maxrows
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, limit=until, words=name or None)
    return answer([_shown(workflow) for workflow in found[startindex - 1 :]])


def _shown(workflow: StoredWorkflow) -> dict[str, Any]:
    status = "active" if workflow.is_active else "inactive"
    return {"id": workflow.workflow_id, "name": workflow.name or workflow.key, "status": status, "tags": []}
