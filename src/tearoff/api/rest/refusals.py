"""Refused redemptions over REST: each attempt, and the report that says why codes were refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar.params import QueryParameter

from tearoff.api.pages import After, Limit, Text, next_page
from tearoff.api.rest.audit import note
from tearoff.api.rest.claims import may_reveal
from tearoff.api.site import Caller
from tearoff.domain.redemptions import Reason, Status
from tearoff.logs import masked
from tearoff.store import pools
from tearoff.store import refusals as store
from tearoff.store.refusals import LAST, Refusal

ROWS_MAX = 1000
DAYS_MAX = 366
Days = Annotated[int, QueryParameter(ge=1, le=DAYS_MAX, description="How many days back")]
StatusFilter = Annotated[Status | None, QueryParameter(name="status")]


class RefusalView(msgspec.Struct, rename="camel", kw_only=True):
    """A refused attempt; `code` is what was tried."""

    id: int
    code: str | None
    pool: str | None
    contact_id: int | None
    order_id: str | None
    status: Status
    reason: Reason | None
    refused_at: datetime


class RefusalPage(msgspec.Struct):
    """Refused attempts, the newest first."""

    items: list[RefusalView]
    next: str | None


class RefusalCountView(msgspec.Struct, rename="camel", kw_only=True):
    """How often codes of a pool were refused for one reason, and how many different codes that were."""

    pool: str | None
    status: Status
    reason: Reason | None
    refused: int
    codes: int
    last_at: datetime


class LockView(msgspec.Struct, rename="camel"):
    """Somebody who named too many codes that are not theirs, as `key:ID`, `address:IP` or `contact:ID`."""

    subject: str
    locked_until: datetime


class RefusalReport(msgspec.Struct):
    """Why codes were refused, the most frequent reason first, and who is locked out for guessing."""

    reasons: list[RefusalCountView]
    locked: list[LockView]


async def list_refusals(
    call: Caller, limit: Limit = 100, after: After = None, pool: Text = None, code_status: StatusFilter = None
) -> RefusalPage:
    """Refused attempts, the newest first, of one pool or all, with one status or any."""
    async with call.site.db.transaction() as tx:
        pool_id = (await pools.resolve(tx, project_id=call.project_id, reference=pool)).pool_id if pool else None
        found = await store.list_page(
            tx, project_id=call.project_id, pool_id=pool_id, status=code_status, before=after or LAST, limit=limit
        )
        if found and may_reveal(call):
            await note(tx, call, "reveal", "redemption refusals", count=len(found))
    items = [view(row, is_revealed=may_reveal(call)) for row in found]
    return RefusalPage(items, next_page([row.refusal_id for row in found], limit))


async def report(call: Caller, days: Days = 30) -> RefusalReport:
    """Why codes were refused in the last days, and who is locked out now."""
    async with call.site.db.transaction() as tx:
        since = call.now - timedelta(days=days)
        counts = await store.count_by_reason(tx, project_id=call.project_id, since=since, limit=ROWS_MAX)
        locked = await store.list_all_locked(tx, project_id=call.project_id, now=call.now, limit=ROWS_MAX)
    reasons = [
        RefusalCountView(
            pool=row.pool_key,
            status=row.status,
            reason=row.reason,
            refused=row.refused,
            codes=row.codes,
            last_at=row.last_at,
        )
        for row in counts
    ]
    return RefusalReport(reasons, [LockView(row.subject, row.locked_until) for row in locked])


def view(row: Refusal, *, is_revealed: bool) -> RefusalView:
    """A refused attempt as the API shows it."""
    return RefusalView(
        id=row.refusal_id,
        code=row.value if is_revealed or row.value is None else masked(row.value),
        pool=row.pool_key,
        contact_id=row.contact_id,
        order_id=row.order_id,
        status=row.status,
        reason=row.reason,
        refused_at=row.refused_at,
    )
