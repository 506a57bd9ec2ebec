"""Runs: one person's way through one version of a workflow."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

RunState = Literal["due", "leased", "calling", "held", "done", "failed", "stopped"]
"""due: waits for the runner · calling: waits for a data source · held: waits for a code · done, failed, stopped:
over."""

OVER: frozenset[RunState] = frozenset({"done", "failed", "stopped"})
POSITION_MAX = 32_767

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
    lease: UUID


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


class FailedRun(msgspec.Struct, frozen=True):
    """A failed run: the block where it goes on when it is retried, and what it takes along."""

    run_id: int
    block: str
    data: dict[str, Any]


class OpenClaim(msgspec.Struct, frozen=True):
    """A reserved claim of a run, with counts of the deliveries that carry it."""

    run_id: int
    key: str
    pool_id: int
    is_exposed: bool
    deliveries: int
    pending: int
    sent: int
    doubtful: int


Fate = Literal["wait", "issue", "fail", "return"]
"""What becomes of a reserved claim: nothing yet, issued, issued because its message failed, returned."""


def fate_of(claim: OpenClaim, state: RunState) -> Fate:
    """What the end of a run means for a claim: a code whose message surely never left, and that was never exposed,
    returns. As long as the run is on its way it may still send the code, so nothing is decided."""
    if state not in OVER or claim.pending:
        return "wait"
    if claim.sent or (not claim.deliveries and state == "done"):
        return "issue"
    return "fail" if claim.is_exposed or claim.doubtful else "return"


def message_failure(block: str, detail: str) -> dict[str, Any]:
    """The error of a run whose message did not go out."""
    return {"type": "delivery-failed", "detail": detail, "block": block}


def restarted(run: FailedRun, live: Container[str], places: Mapping[tuple[int, str], int]) -> FailedRun:
    """The run as it is retried: from the block of its earliest claim that was returned, or where it failed.

    `live` are the keys that still hold their code and stay with the run; `places` says which block came first. What
    blocks had no code is known of those before; the others are asked again.
    """
    kept = [claim for claim in run.data.get("claims", ()) if claim["key"] in live]
    lost = [claim["block"] for claim in run.data.get("claims", ()) if claim["key"] not in live]

    def place_of(name: str) -> int:
        return places.get((run.run_id, name), POSITION_MAX)

    block = min([*lost, run.block], key=place_of)
    emptied = {name: read for name, read in run.data.get("emptied", {}).items() if place_of(name) < place_of(block)}
    data = {name: value for name, value in run.data.items() if name not in ("claims", "emptied", "wanted")}
    return FailedRun(
        run.run_id, block, data | ({"claims": kept} if kept else {}) | ({"emptied": emptied} if emptied else {})
    )


def claim_key(run_id: int, block: str, attempt: int) -> str:
    """The key under which a run's block claims: the same after a crash, another after a return."""
    return f"{claim_prefix(run_id, block)}{attempt}"


def claim_prefix(run_id: int, block: str) -> str:
    """What the claim keys of a run's block begin with in every attempt."""
    return f"{run_id}:{block}:"
