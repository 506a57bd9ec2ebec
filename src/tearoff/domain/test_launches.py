"""Test launches: what a workflow would do for an event, shown without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from tearoff.domain.deliveries import Content, EmailContent, PushContent, SmsContent
from tearoff.domain.funnels import BlockCount, blocks_of
from tearoff.domain.runs import Step
from tearoff.domain.workflows import Workflow

Mode = Literal["normal", "empty", "expiring"]
"""normal: as the stock is · empty: as if no pool had a code · expiring: with codes that last just as long as asked."""

State = Literal["done", "failed", "held"]
EVENTS_MAX = 1000
MARK = "[Test] "


class SampleCode(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The sample that stands for a code. `isGivenAgain`: the contact would get a code that it has already.

    `savedTo` is the field of the profile that would be written.
    """

    pool: str
    parameter: str
    value: str
    expires_at: datetime | None
    is_given_again: bool = False
    saved_to: str | None = None


class FoundContact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whom a block found; without an id, the contact would be created."""

    id: int | None
    would_be_created: bool


class SentTest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of really sending a test; `detail` is what the other side said, or a sentence why not."""

    to: str
    is_accepted: bool
    detail: str


class RenderedMessage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A message as its receiver would read it; which texts are set depends on the medium."""

    message: str
    version: int
    medium: str
    recipient: str
    language: str
    subject: str | None = None
    html: str | None = None
    text: str | None = None
    title: str | None = None
    link: str | None = None
    data: dict[str, str] = {}
    sender: str | None = None
    reply_to: str | None = None
    sent: SentTest | None = None


class SourceCall(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A data source that a template read; one that was not called gave null."""

    name: str
    is_called: bool
    value: Any = None
    error: str | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one step showed beside its plain input and output."""

    contact: FoundContact | None = None
    code: SampleCode | None = None
    message: RenderedMessage | None = None
    source: SourceCall | None = None


NOTHING = Seen()


class TestStep(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One block of the path. A step without exit and error is the end, or where the run would wait."""

    position: int
    block: str
    kind: str
    exit: str | None
    input: dict[str, Any] | None
    output: dict[str, Any] | None
    error: str | None
    contact: FoundContact | None = None
    code: SampleCode | None = None
    message: RenderedMessage | None = None
    source: SourceCall | None = None


class TestLaunch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The whole path of one event. `wouldStart` is false with `reasons` when no run would really start; the path is
    shown all the same. `block` is where it ended, `error` why it failed there or waits."""

    state: State
    block: str
    error: dict[str, Any] | None
    would_start: bool
    reasons: list[str]
    contact_id: int | None
    steps: list[TestStep]


class Way(msgspec.Struct, frozen=True):
    """How often a block was left in one way."""

    block: str
    exit: str | None
    is_error: bool
    passages: int


class Stand(msgspec.Struct, frozen=True):
    """How many runs wait at a block."""

    block: str | None
    runs: int


class Failures(msgspec.Struct, frozen=True, kw_only=True):
    """How many runs failed at a block for the same reason."""

    block: str
    detail: str
    runs: int


class DryRun(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What became of a set of events: `started` of them start a run, and `states` says how those end."""

    events: int
    started: int
    oldest_at: datetime | None
    newest_at: datetime | None
    states: dict[str, int]
    blocks: list[BlockCount]
    failures: list[Failures]


def shown(content: Content, head: RenderedMessage) -> RenderedMessage:
    """The head with the texts of what a channel would be given."""
    names = [name for name in content.__struct_fields__ if name in RenderedMessage.__struct_fields__]
    return msgspec.structs.replace(head, **{name: getattr(content, name) for name in names})


def marked(content: Content) -> Content:
    """The content, plain to see as a test."""
    match content:
        case EmailContent():
            return msgspec.structs.replace(content, subject=MARK + content.subject)
        case SmsContent():
            return msgspec.structs.replace(content, text=MARK + content.text)
        case PushContent():
            return msgspec.structs.replace(content, title=MARK + content.title)


def steps_of(steps: Sequence[Step], seen: Mapping[int, Seen]) -> list[TestStep]:
    """The path with what each step showed, by its position."""
    return [
        TestStep(
            position=step.position,
            block=step.block,
            kind=step.kind,
            exit=step.exit,
            input=step.input,
            output=step.output,
            error=step.error,
            **{name: getattr(seen.get(step.position, NOTHING), name) for name in Seen.__struct_fields__},
        )
        for step in steps
    ]


def counts_of(workflow: Workflow, steps: Iterable[Step]) -> tuple[list[BlockCount], list[Failures]]:
    """How many runs passed each block by which exit, in the order of the workflow, and why some failed."""
    ways: Counter[tuple[str, str | None, bool]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    waiting: Counter[str] = Counter()
    for step in steps:
        if step.exit is None and step.error is None and step.kind not in ("source", "end"):
            waiting[step.block] += 1
        elif step.kind != "source":
            ways[step.block, step.exit, step.error is not None] += 1
            if step.error is not None:
                failed[step.block, step.error] += 1
    stand = [Stand(block, runs) for block, runs in waiting.items()]
    blocks = blocks_of(workflow, [Way(*way, passages) for way, passages in ways.items()], stand)
    reasons = [Failures(block=block, detail=detail, runs=runs) for (block, detail), runs in failed.most_common()]
    return blocks, reasons
