"""What a workflow must satisfy before it is published: one start, ways that end, and names that are there."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import msgspec

from tearoff.domain.parameters import names_in
from tearoff.domain.pools import GENERAL
from tearoff.domain.quotes import find_in_parameter
from tearoff.domain.workflows import (
    AnyBlock,
    End,
    GetContact,
    GetPromoCode,
    SendMessage,
    Start,
    Workflow,
    exits_of,
    texts_of,
)
from tearoff.errors import Problem

RECIPIENTS = ("contact_id", "email", "phone", "token")
IDENTITIES = (*RECIPIENTS, "external_customer_id")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a workflow may name: messages and fields by key or id as text, pools by type."""

    messages: frozenset[str] = frozenset()
    pools: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


def check(workflow: Workflow, known: Known, at: str = "") -> list[Problem]:
    """Every reason why the workflow may not run."""
    problems = [
        *check_start(workflow),
        *check_exits(workflow),
        *check_reach(workflow),
        *(problem for name, block in workflow.blocks.items() for problem in check_block(name, block, known)),
    ]
    if not any(problem.pointer.startswith("/blocks") and "/exits" in problem.pointer for problem in problems):
        problems += [*check_rounds(workflow), *check_recipients(workflow)]
    return [Problem(at + problem.pointer, problem.detail) for problem in problems]


def check_start(workflow: Workflow) -> Iterator[Problem]:
    """One start, with an event type."""
    starts = workflow.starts
    if len(starts) != 1:
        yield Problem("/blocks", f"A workflow has exactly one start block; this one has {len(starts)}.")
    for name, block in workflow.blocks.items():
        if isinstance(block, Start) and not block.event_type.strip():
            yield Problem(f"/blocks/{name}/eventType", "The event type that starts the workflow is needed.")


def check_exits(workflow: Workflow) -> Iterator[Problem]:
    """Every exit leads to a block, and none back to the start."""
    for name, block in workflow.blocks.items():
        for exit, target in exits_of(block).items():
            pointer = f"/blocks/{name}/exits/{exit}"
            if target not in workflow.blocks:
                yield Problem(pointer, f"There is no block {target!r}.")
            elif isinstance(workflow.blocks[target], Start):
                yield Problem(pointer, "No exit leads back to the start.")


def check_reach(workflow: Workflow) -> Iterator[Problem]:
    """Every block can be reached from the start, and an end is there."""
    reached: set[str] = set()
    ahead = [name for name, block in workflow.blocks.items() if isinstance(block, Start)]
    while ahead:
        name = ahead.pop()
        if name in workflow.blocks and name not in reached:
            reached.add(name)
            ahead += exits_of(workflow.blocks[name]).values()
    for name in workflow.blocks:
        if name not in reached and workflow.starts:
            yield Problem(f"/blocks/{name}", "No path from the start leads to this block.")
    if not any(isinstance(block, End) for block in workflow.blocks.values()):
        yield Problem("/blocks", "A workflow needs an end block.")


def check_rounds(workflow: Workflow) -> Iterator[Problem]:
    """No path comes back to a block that it passed: nothing in it waits, so the run would never end."""
    graph = {name: exits_of(block).values() for name, block in workflow.blocks.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = [str(name) for name in reversed(error.args[1])]
        yield Problem(f"/blocks/{circle[0]}", f"The path {' → '.join(circle)} goes round without a wait.")


def check_recipients(workflow: Workflow) -> Iterator[Problem]:
    """Every message knows its recipient on each path: by a parameter, or by the contact that was found before."""
    seen: set[tuple[str, bool]] = set()
    ahead = [(name, False) for name, block in workflow.blocks.items() if isinstance(block, Start)]
    while ahead:
        name, has_contact = ahead.pop()
        if (name, has_contact) in seen:
            continue
        seen.add((name, has_contact))
        block = workflow.blocks[name]
        if isinstance(block, SendMessage) and not has_contact and not any(getattr(block, each) for each in RECIPIENTS):
            yield Problem(
                f"/blocks/{name}",
                "Nobody is named to receive the message: give contactId, email, phone or token, "
                "or put a getContact block before it.",
            )
        for exit, target in exits_of(block).items():
            finds = isinstance(block, GetContact) and exit == "next"
            ahead.append((target, has_contact or finds))


def check_block(name: str, block: AnyBlock, known: Known) -> Iterator[Problem]:
    """One block by itself: what it names is there, and its parameters are well written."""
    at = f"/blocks/{name}"
    for pointer, text in texts_of(block):
        if curly := find_in_parameter(text):
            yield Problem(at + pointer, curly.detail)
        elif "${" in text and "}" not in text.split("${", 1)[1]:
            yield Problem(at + pointer, f"{text!r} opens a parameter with ${{ and does not close it.")
    match block:
        case GetContact():
            if not any(getattr(block, each) is not None for each in IDENTITIES):
                yield Problem(at, "Say whom to find: contactId, externalCustomerId, email, phone or token.")
        case GetPromoCode():
            yield from check_code_block(at, block, known)
        case SendMessage():
            if not names_in(block.message) and str(block.message) not in known.messages:
                yield Problem(f"{at}/message", f"There is no message {block.message!r}.")
        case _:
            pass


def check_code_block(at: str, block: GetPromoCode, known: Known) -> Iterator[Problem]:
    """The pool and the field are there; days and discount are whole numbers or parameters."""
    if not names_in(block.type) and not find_in_parameter(str(block.type)):
        wanted = str(block.type or GENERAL)
        if wanted not in known.pools:
            yield Problem(f"{at}/type", f"There is no pool of the type {wanted!r}.")
    for label, value in (("days", block.days), ("discount", block.discount)):
        if value is not None and not names_in(value) and not str(value).strip().isdecimal():
            yield Problem(f"{at}/{label}", f"A whole number from 0 or a ${{parameter}} is needed, not {value!r}.")
    if block.save_to_field is not None and str(block.save_to_field) not in known.fields:
        yield Problem(f"{at}/saveToField", f"There is no field {block.save_to_field!r}.")
