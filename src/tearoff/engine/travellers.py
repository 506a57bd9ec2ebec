"""A run on its way through blocks, in memory, until it must wait or is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tearoff.domain.contacts import Contact
from tearoff.domain.outbox import NewDelivery
from tearoff.domain.projects import Project
from tearoff.domain.runs import Hold, Move, Run, Step, claim_key, claim_prefix
from tearoff.domain.shapes import keepable
from tearoff.domain.workflows import AnyBlock, Workflow, exits_of


@dataclass(slots=True)
class Carried:
    """A code that the run has claimed; only the key is kept in history."""

    block: str
    key: str
    parameter: str
    code_id: int
    value: str
    expires_at: datetime | None


@dataclass(slots=True, kw_only=True)
class Traveller:
    """One run with what its templates can read (`data`), what it did (`steps`) and what it wants to send.

    `emptied` says which blocks had no code for it, and under which parameter templates read null instead.
    """

    run: Run
    workflow: Workflow
    params: dict[str, Any]
    data: dict[str, Any]
    block_id: str
    contact_id: int | None
    contact: Contact | None = None
    carried: list[Carried] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    deliveries: list[NewDelivery] = field(default_factory=list)
    end: Move | None = None
    is_capped: bool = False
    held_at: datetime | None = None
    hold_until: datetime | None = None
    emptied: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.held_at, self.hold_until = self.run.held_at, self.run.hold_until
        for block_id, parameter in self.run.data.get("emptied", {}).items():
            self._go_without_code(block_id, parameter)

    @property
    def block(self) -> AnyBlock:
        """The block at which the run stands."""
        return self.workflow.blocks[self.block_id]

    @property
    def position(self) -> int:
        """The number of the next step."""
        return self.run.position + len(self.steps)

    def key(self, mark: str = "") -> str:
        """The claim key of the block at which the run stands; `mark` tells several claims of one block apart."""
        return claim_key(self.run.run_id, self.block_id + mark, self.run.attempt)

    def kept(self, mark: str = "") -> Carried | None:
        """The code that this block claimed before and that the run still has."""
        before = claim_prefix(self.run.run_id, self.block_id + mark)
        return next((code for code in self.carried if code.key.startswith(before)), None)

    def go_without_code(self, parameter: str) -> None:
        """Let templates ask for the code of this block and get null: the workflow knows of that case."""
        self._go_without_code(self.block_id, parameter)

    def _go_without_code(self, block_id: str, parameter: str) -> None:
        self.emptied[block_id] = parameter
        for name in ("promocode", parameter):
            self.data.setdefault(name, None)

    def carry(self, code: Carried) -> None:
        """Take a code along: templates read it under its parameter and as `promocode`."""
        self.keep(code)
        self.data[code.parameter] = self.data["promocode"] = code.value

    def keep(self, code: Carried) -> None:
        """Have a code, once: another block may get the same one again."""
        if all(carried.code_id != code.code_id for carried in self.carried):
            self.carried.append(code)

    def leave(
        self, exit: str, now: datetime, *, shown: dict[str, Any] | None = None, output: dict[str, Any] | None = None
    ) -> None:
        """Go on through an exit of the block."""
        self._note(exit, now, shown, output, None)
        self.block_id = exits_of(self.block)[exit]
        self.held_at = self.hold_until = None

    def finish(self, now: datetime) -> None:
        """The run is done."""
        self._note(None, now, None, None, None)
        self.end = self._move("done", now)

    def fail(self, type: str, detail: str, now: datetime, *, shown: dict[str, Any] | None = None) -> None:
        """The run cannot go on; `type` is a stable word for the reason."""
        detail = keepable(detail)
        self._note(None, now, shown, None, detail)
        self.end = self._move("failed", now, error={"type": type, "detail": detail, "block": self.block_id})

    def hold(self, pool_id: int, criteria: str, time: timedelta, now: datetime) -> None:
        """Wait for a code; a run that was held before keeps its turn and its time."""
        since = self.held_at or now
        until = self.hold_until or since + time
        self.end = self._move("held", now, hold=Hold(pool_id, criteria, since, until))

    def wait_shown(self, output: dict[str, Any], now: datetime) -> None:
        """Show in the history that the run waits here, and why."""
        self._note(None, now, None, output, None)

    def learn(self, source: str, value: Any, error: str | None, now: datetime) -> None:
        """Take what a data source said, and go on at once."""
        self.run.answers[source] = value
        shown = {"source": source}
        self.steps.append(Step(self.run.run_id, self.position, self.block_id, "source", None, shown, None, error, now))

    def pause(self, now: datetime) -> None:
        """Stop here so that the set can be written while its lease holds; the block is taken up again at once."""
        self.end = self._move("due", now)

    def call(self, source: str, now: datetime) -> None:
        """Wait for what a data source answers."""
        self.end = self._move("calling", now, wanted=source)

    def answer(self, source: str, value: Any, now: datetime) -> None:
        """Take what a data source said, and go on where the run stopped for it."""
        self.learn(source, value, None, now)
        self.end = self._move("due", now)

    def _note(
        self,
        exit: str | None,
        now: datetime,
        shown: dict[str, Any] | None,
        output: dict[str, Any] | None,
        error: str | None,
    ) -> None:
        kind = str(self.block.__struct_config__.tag)
        self.steps.append(Step(self.run.run_id, self.position, self.block_id, kind, exit, shown, output, error, now))

    def _move(self, state: Any, now: datetime, **more: Any) -> Move:
        wanted = more.pop("wanted", None)
        data = {name: value for name, value in self.run.data.items() if name not in ("claims", "wanted")}
        if self.carried:
            data["claims"] = [{"block": c.block, "key": c.key, "parameter": c.parameter} for c in self.carried]
        if self.contact is not None:
            data["hasContact"] = True
        if self.emptied:
            data["emptied"] = self.emptied
        if wanted is not None:
            data["wanted"] = wanted
        return Move(
            run_id=self.run.run_id,
            state=state,
            block=self.block_id,
            position=self.position,
            contact_id=self.contact_id,
            wake_at=now,
            data=data,
            answers=self.run.answers,
            **more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Runs of one project that stand at one block of one workflow version.

    `until`, by the monotonic clock, is when work that takes its time must stop, so that the set keeps its lease.
    """

    project: Project
    block_id: str
    block: AnyBlock
    travellers: list[Traveller]
    now: datetime
    until: float

    @property
    def project_id(self) -> int:
        """The project of all of them."""
        return self.project.project_id
