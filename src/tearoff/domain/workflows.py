"""Workflows: blocks joined by their exits. A version that was published never changes.

A parameter of a block is a constant, or `${name}` for what the event or an earlier block gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from tearoff.domain.codes import DAYS_MAX
from tearoff.domain.conditions import Filter, passes
from tearoff.domain.definitions import check_key
from tearoff.domain.pools import Reissue
from tearoff.domain.shapes import collect
from tearoff.errors import Invalid, Problem

BLOCKS_MAX = 200
HOLD_HOURS_MAX = 24 * 90

WorkflowState = Literal["live", "stopped", "draft"]
"""live: events start it · stopped: it was published, and nothing starts it now · draft: it was never published."""

Text = str | int | None
Hours = Annotated[int, msgspec.Meta(ge=0, le=HOLD_HOURS_MAX)]
Days = Annotated[int, msgspec.Meta(ge=0, le=DAYS_MAX)]


class Exits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a run goes on: the id of the next block under the name of each exit."""


class NoExits(Exits, frozen=True, kw_only=True):
    """The run ends here."""


class NextExit(Exits, frozen=True, kw_only=True):
    """The only way on."""

    next: str


class ContactExits(Exits, frozen=True, kw_only=True):
    """With a contact, and optionally without one; a run without that exit fails there."""

    next: str
    missing: str | None = None


class CodeExits(Exits, frozen=True, kw_only=True):
    """With a code, and optionally without one; a run without that exit holds until there is stock."""

    found: str
    empty: str | None = None


class Block(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
):
    """What every block may carry: `ui` is where an editor draws it."""

    ui: dict[str, Any] | None = None


class Start(Block, frozen=True, kw_only=True, tag="start"):
    """Where a run begins: an event of this type whose parameters pass the filter."""

    event_type: str
    filter: Filter | None = None
    exits: NextExit


class GetContact(Block, frozen=True, kw_only=True, tag="getContact"):
    """Finds the contact by the first of these that is given, or makes it."""

    contact_id: Text = None
    external_customer_id: Text = None
    email: Text = None
    phone: Text = None
    token: Text = None
    create: bool = False
    exits: ContactExits


class GetPromoCode(Block, frozen=True, kw_only=True, tag="getPromoCode"):
    """Takes the next code that is valid for `days` more days, of this type and discount.

    `reissue` and `reissue_days` stand before the pool's: whether somebody who has a code gets the same one again.
    """

    days: Text = None
    type: Text = None
    discount: Text = None
    save_to_field: Text = None
    hold_hours: Hours = 24
    reissue: Reissue | None = None
    reissue_days: Days | None = None
    exits: CodeExits


class SendMessage(Block, frozen=True, kw_only=True, tag="message"):
    """Renders a message and hands it to the message's channel; without a recipient it goes to the run's contact."""

    message: str | int
    contact_id: Text = None
    email: Text = None
    phone: Text = None
    token: Text = None
    language: Text = None
    json: Any = None
    exits: NextExit


class End(Block, frozen=True, kw_only=True, tag="end"):
    """The run is done."""

    exits: NoExits = NoExits()


AnyBlock = Start | GetContact | GetPromoCode | SendMessage | End


class Workflow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Blocks by their ids."""

    key: str = ""
    name: str = ""
    blocks: dict[str, AnyBlock]

    @property
    def starts(self) -> list[Start]:
        """The start blocks; a workflow that passed its check has one."""
        return [block for block in self.blocks.values() if isinstance(block, Start)]


class StoredWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow as it is stored; version 0 was never published, `draft_version` counts the drafts that were saved."""

    workflow_id: int
    key: str
    name: str
    is_active: bool
    version: int
    draft: dict[str, Any]
    draft_version: int
    drafted_at: datetime
    drafted_by: str
    created_at: datetime
    updated_at: datetime


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A published version, for ever as it was."""

    workflow_id: int
    version: int
    event_type_key: str
    definition: dict[str, Any]
    published_at: datetime


def parse(definition: Mapping[str, Any], at: str = "") -> Workflow:
    """The typed workflow of a definition; raises Invalid with every problem of its form."""
    problems: list[Problem] = []
    workflow = collect(definition, Workflow, at, problems)
    if workflow is None or problems:
        raise Invalid(*problems)
    assert isinstance(workflow, Workflow)
    if workflow.key:
        problems += check_key(workflow.key, f"{at}/key")
    if len(workflow.blocks) > BLOCKS_MAX:
        problems.append(Problem(f"{at}/blocks", f"A workflow has at most {BLOCKS_MAX} blocks."))
    if problems:
        raise Invalid(*problems)
    return workflow


def plain(workflow: Workflow) -> dict[str, Any]:
    """The definition of a workflow's blocks in one canonical form, without key and name: what a version keeps."""
    blocks = {name: without_drawing(msgspec.to_builtins(block)) for name, block in workflow.blocks.items()}
    return {"blocks": blocks}


def without_drawing(block: dict[str, Any]) -> dict[str, Any]:
    """A block's definition without what only an editor needs."""
    return {name: value for name, value in block.items() if name != "ui"}


def exits_of(block: AnyBlock) -> dict[str, str]:
    """The ids of the next blocks by the names of the exits that are joined."""
    return {name: block_id for name, block_id in msgspec.structs.asdict(block.exits).items() if block_id is not None}


def path_of(workflow: Workflow) -> list[str]:
    """The ids of the blocks in the order in which a run may come to them, the nearest to the start first."""
    order = dict.fromkeys(name for name, block in workflow.blocks.items() if isinstance(block, Start))
    ahead = list(order)
    for name in ahead:
        for target in exits_of(workflow.blocks[name]).values():
            if target in workflow.blocks and target not in order:
                order[target] = None
                ahead.append(target)
    return [*order, *sorted(workflow.blocks.keys() - order.keys())]


def texts_of(block: AnyBlock) -> Iterator[tuple[str, str]]:
    """Every text among a block's parameters, with its JSON pointer below the block."""
    for name, value in msgspec.to_builtins(block).items():
        if name not in ("kind", "exits", "ui"):
            yield from texts_in(value, f"/{name}")


def texts_in(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Every text in plain data, with its pointer."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts_in(item, f"{at}/{name}")
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from texts_in(item, f"{at}/{n}")


def is_started_by(start: Start, params: Mapping[str, Any]) -> bool:
    """Whether an event of the start's type with these parameters starts a run."""
    return passes(start.filter, params)
