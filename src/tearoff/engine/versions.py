"""Published workflow versions in memory: they never change, so each is read and parsed once a process."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from tearoff.domain import workflows as rules
from tearoff.domain.runs import SEND_BLOCK, Run
from tearoff.domain.workflows import End, NextExit, SendMessage, Workflow
from tearoff.store import workflows
from tearoff.store.db import Tx

KEPT_MAX = 2_000
SEND_END = "end"


class Versions:
    """Workflow versions by project, workflow and number; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int, int], Workflow] = {}

    async def load(self, tx: Tx, *, project_id: int, runs: Iterable[Run]) -> None:
        """Read the versions of these runs that are not in memory yet."""
        pairs = {(r.workflow_id, r.version) for r in runs if r.workflow_id is not None and r.version is not None}
        missing = [pair for pair in pairs if (project_id, *pair) not in self._kept]
        if not missing:
            return
        while len(self._kept) + len(missing) > KEPT_MAX and self._kept:
            del self._kept[next(iter(self._kept))]
        for pair, found in (await workflows.get_versions(tx, project_id=project_id, pairs=missing)).items():
            self._kept[(project_id, *pair)] = rules.parse(found.definition)

    def workflow_of(self, project_id: int, run: Run) -> Workflow:
        """The workflow of a run whose version was loaded; a send without a workflow is a single message block."""
        if run.workflow_id is None or run.version is None:
            return send_of(run.data["messageId"])
        return self._kept[(project_id, run.workflow_id, run.version)]


@lru_cache(maxsize=KEPT_MAX)
def send_of(message_id: int) -> Workflow:
    """One message block, the same for every request for this message; the medium picks where the locator goes."""
    block = SendMessage(
        message=message_id,
        contact_id="${request.contactId}",
        email="${request.locator}",
        phone="${request.locator}",
        token="${request.locator}",
        language="${request.languageCode}",
        exits=NextExit(next=SEND_END),
    )
    return Workflow(blocks={SEND_BLOCK: block, SEND_END: End()})


def request_data(run: Run) -> dict[str, Any]:
    """What the block of a send without a workflow reads of its request, under names that no event has."""
    return {f"request.{name}": run.data.get(name) for name in ("contactId", "locator", "languageCode")}
