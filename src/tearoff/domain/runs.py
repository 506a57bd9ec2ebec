"""Runs: one person's way through one version of a workflow."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

RunState = Literal["due", "leased", "calling", "held", "done", "failed", "stopped"]
"""due: waits for the runner · calling: waits for a data source · held: waits for a code · done, failed, stopped:
over."""

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


class Run(msgspec.Struct, frozen=True):
    """A run as the engine leases it; `answers` is what data sources said, by name."""

    run_id: int
    workflow_id: int | None
    version: int | None
    event_id: int | None
    request_id: UUID | None
    contact_id: int | None
    block: str
    attempt: int
    position: int
    held_at: datetime | None
    hold_until: datetime | None
    data: dict[str, Any]
    answers: dict[str, Any]


class Hold(msgspec.Struct, frozen=True):
    """Why and until when a run waits for a code."""

    pool_id: int
    criteria: str
    since: datetime
    until: datetime


class Move(msgspec.Struct, frozen=True):
    """Where a run goes next, and what it takes along."""

    run_id: int
    state: RunState
    block: str
    position: int
    contact_id: int | None
    wake_at: datetime
    data: dict[str, Any]
    answers: dict[str, Any]
    hold: Hold | None = None
    error: dict[str, Any] | None = None


class Step(msgspec.Struct, frozen=True):
    """One block of a run's history: what went in, what came out, which exit it took."""

    run_id: int
    position: int
    block: str
    kind: str
    exit: str | None
    input: dict[str, Any] | None
    output: dict[str, Any] | None
    error: str | None
    at: datetime


def claim_key(run_id: int, block: str, attempt: int) -> str:
    """The key under which a run's block claims: the same after a crash, another after a return."""
    return f"{run_id}:{block}:{attempt}"
