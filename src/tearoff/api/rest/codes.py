"""Codes over REST: the list, the story of one, and its withdrawal."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.params import JSONBody, PathParameter, QueryParameter

from tearoff.actions import codes as actions
from tearoff.api.pages import After, Limit, Text, next_page
from tearoff.api.rest.audit import note
from tearoff.api.rest.code_stories import CodeItem, CodeView, item_of, tell
from tearoff.api.site import Caller
from tearoff.domain.codes import CODE_LENGTH_MAX, State
from tearoff.errors import Forbidden, Invalid, Problem
from tearoff.logs import get_logger, masked
from tearoff.store import codes, pools, stories

log = get_logger("api")

REASON_LENGTH_MAX = 500
Code = Annotated[str, PathParameter(max_length=CODE_LENGTH_MAX, description="The code")]
StateFilter = Annotated[State | None, QueryParameter(name="state")]
Reveal = Annotated[
    bool, QueryParameter(description="Show codes in full; the right to do so is needed, and it is noted")
]


class CodePage(msgspec.Struct):
    """Codes by id."""

    items: list[CodeItem]
    next: str | None


class ActView(msgspec.Struct, rename="camel", kw_only=True):
    """One thing that happened to a code; `who` is the task, claim key, message or order behind it."""

    at: datetime
    act: str
    who: str | None
    contact_id: int | None
    run_id: int | None
    reason: str | None


class Story(msgspec.Struct):
    """What happened, in order."""

    items: list[ActView]


class WithdrawalBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why a code is taken out of circulation."""

    reason: str


async def list_codes(
    call: Caller,
    limit: Limit = 100,
    after: After = None,
    pool: Text = None,
    code_state: StateFilter = None,
    reveal: Reveal = False,
) -> CodePage:
    """Codes by id, of one pool or all, in one state or any."""
    if reveal and not call.actor.may("reveal", "GET"):
        raise Forbidden(f"{call.actor.standing} may not read codes in full.")
    async with call.site.db.transaction() as tx:
        pool_id = (await pools.resolve(tx, project_id=call.project_id, reference=pool)).pool_id if pool else None
        found = await codes.list_stories(
            tx, project_id=call.project_id, pool_id=pool_id, state=code_state, after=after or 0, limit=limit
        )
        if reveal and found:
            await note(tx, call, "reveal", "codes", count=len(found), first=found[0].code_id, last=found[-1].code_id)
    if reveal and found:
        log.info("codes_revealed", project_id=call.project_id, by=call.actor.subject, count=len(found))
    items = [CodeItem(**item_of(code, code.value if reveal else masked(code.value))) for code in found]
    return CodePage(items, next_page([code.code_id for code in found], limit))


async def get(call: Caller, code: Code) -> CodeView:
    """Everything about a code: its windows, its owners and why they have it, its messages and uses. It is noted."""
    async with call.site.db.transaction() as tx:
        return await tell(tx, call, await codes.get(tx, project_id=call.project_id, value=code))


async def story(call: Caller, code: Code) -> Story:
    """Everything that ever happened to a code, in order: added, reserved, sent, issued, passed on, used, taken back."""
    async with call.site.db.transaction() as tx:
        found = await codes.get(tx, project_id=call.project_id, value=code)
        acts = await stories.list_acts(tx, project_id=call.project_id, code_id=found.code_id)
    return Story([ActView(**msgspec.structs.asdict(act)) for act in acts])


async def withdraw(call: Caller, code: Code, data: JSONBody[WithdrawalBody]) -> CodeView:
    """Take a free code out of circulation; a reserved or issued one stays with its owner (409)."""
    if not 1 <= len(data.reason.strip()) <= REASON_LENGTH_MAX:
        raise Invalid(Problem("/reason", f"Give a reason of 1 to {REASON_LENGTH_MAX} characters."))
    async with call.site.db.transaction() as tx:
        story = await actions.withdraw(
            tx, project_id=call.project_id, value=code, reason=data.reason.strip(), now=call.now
        )
        return await tell(tx, call, story)
