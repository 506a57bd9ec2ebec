"""Runs: one person's way through one version of a workflow."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

RunState = Literal["due", "leased", "calling", "held", "sending", "done", "failed", "stopped"]
"""due: waits for the runner · calling: waits for a data source · held: waits for a code · sending: its last delivery
is on its way · done, failed, stopped: over."""

SEND_BLOCK = "message"
"""The only block of a send without a workflow."""


class NewRun(msgspec.Struct, frozen=True):
    """A run to be started. `data` of a send without a workflow (workflow_id None) is its request."""

    workflow_id: int | None
    version: int | None
    event_id: int | None
    request_id: str | None
    contact_id: int | None
    block: str
    data: dict[str, Any]


def claim_key(run_id: int, block: str, attempt: int) -> str:
    """The key under which a run's block claims: the same after a crash, another after a return."""
    return f"{run_id}:{block}:{attempt}"
