"""Redemptions over REST: check a code, use it for an order, take the use back, and see what was refused."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody

from tearoff.actions import redemptions as actions
from tearoff.actions import told_uses
from tearoff.actions.redemptions import Checked
from tearoff.api.pages import After, Id, Limit, Ref, Text, next_page
from tearoff.api.rest.audit import note
from tearoff.api.rest.claims import ContactRef, identity_of, may_reveal
from tearoff.api.site import Call, Caller
from tearoff.domain.redemptions import Origin, Reason, Rule, Status, Use, sentence_of, shown_to_outsider, verdict_of
from tearoff.errors import Invalid, NotRedeemable, Problem, TearoffError
from tearoff.logs import masked
from tearoff.store import folds, pools
from tearoff.store import redemptions as store
from tearoff.store.redemptions import LAST, Redemption

REASON_LENGTH_MAX = 500
REPORTED_MAX = 10_000
REPORT_BODY_MAX = 8_000_000
BY_CALLER, TOLD = "rolled-back-by-caller", "told-from-outside"


class CheckBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A code, and the contact who wants to use it."""

    code: str
    contact: int | ContactRef | None = None


class RedemptionBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A use of a code for an order. The order is the key: the same one gets the same redemption again."""

    code: str
    order_id: str
    contact: int | ContactRef | None = None
    amount: Decimal | None = None
    point: str | None = None
    redeemed_at: datetime | None = None


class RollbackBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why a use is taken back."""

    reason: str = BY_CALLER


class ReportedUse(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """What another system knows of a code: that it was used, or that it was not."""

    code: str
    is_used: bool = True
    used_at: datetime | None = None
    order_id: str | None = None
    contact: int | ContactRef | None = None
    amount: Decimal | None = None
    point: str | None = None


class ReportBody(msgspec.Struct, forbid_unknown_fields=True):
    """What another system knows of codes."""

    items: list[ReportedUse]


class CheckView(msgspec.Struct, rename="camel", kw_only=True):
    """What is said of a code, and what it is worth; nothing more is said of one that is not found."""

    can_be_used: bool
    status: Status
    reason: Reason | None
    detail: str
    pool: str | None = None
    discount: int | None = None
    usable_from: datetime | None = None
    usable_until: datetime | None = None
    uses_left: int | None = None


class RedemptionTaken(msgspec.Struct, rename="camel", kw_only=True):
    """The redemption that the order has now."""

    id: int
    code: str
    pool: str
    discount: int | None
    contact_id: int | None
    order_id: str | None
    amount: Decimal | None
    redeemed_at: datetime


class RedemptionView(msgspec.Struct, rename="camel", kw_only=True):
    """A use of a code; the code is masked unless the key may read codes."""

    id: int
    code: str
    pool: str
    contact_id: int | None
    order_id: str | None
    amount: Decimal | None
    point: str | None
    origin: Origin
    redeemed_at: datetime
    rolled_back_at: datetime | None
    rolled_back_reason: str | None


class RedemptionPage(msgspec.Struct):
    """Uses, the newest first."""

    items: list[RedemptionView]
    next: str | None


class RejectedUse(msgspec.Struct):
    """A reported use that was not taken, by its place from 0."""

    index: int
    detail: str


class ReportView(msgspec.Struct):
    """What became of a report; every item is in exactly one count."""

    used: int
    freed: int
    unchanged: int
    rejected: list[RejectedUse]


async def check(call: Caller, request: Request[Any, Any, Any], data: JSONBody[CheckBody]) -> CheckView:
    """Whether a code can be used now; nothing is used."""
    problems: list[Problem] = []
    contact = identity_of(data.contact, problems)
    if problems:
        raise Invalid(*problems)
    use = Use(value=data.code, contact=contact, caller=call.actor.subject, address=address_of(request))
    async with call.site.db.transaction() as tx:
        [checked] = await actions.check(tx, project_id=call.project_id, uses=[use], now=call.now)
    if isinstance(checked, TearoffError):
        raise checked
    return check_view(checked, is_insider=is_insider(call))


async def create(
    call: Caller, request: Request[Any, Any, Any], data: JSONBody[RedemptionBody]
) -> Response[RedemptionTaken]:
    """Use a code: 201 for the first time, 200 when the order has used it already, 409 when it cannot be used."""
    problems: list[Problem] = []
    use = Use(
        value=data.code,
        order_id=data.order_id,
        contact=identity_of(data.contact, problems),
        amount=data.amount,
        point=data.point,
        caller=call.actor.subject,
        address=address_of(request),
        at=_past(data.redeemed_at, call, problems),
    )
    if problems:
        raise Invalid(*problems)
    try:
        done = await call.site.redemptions.submit(call.project_id, use)
    except NotRedeemable as error:
        raise error if is_insider(call) else told_outside(error) from error
    taken = RedemptionTaken(
        id=done.redemption_id,
        code=done.code,
        pool=done.pool_key,
        discount=done.discount,
        contact_id=done.contact_id,
        order_id=done.order_id,
        amount=done.amount,
        redeemed_at=done.redeemed_at,
    )
    return Response(taken, status_code=201 if done.is_fresh else 200)


async def get(call: Caller, redemption_id: Id) -> RedemptionView:
    """One use of a code."""
    async with call.site.db.transaction() as tx:
        found = await store.get(tx, project_id=call.project_id, redemption_id=redemption_id)
        if may_reveal(call):
            await note(tx, call, "reveal", f"redemption {redemption_id}")
    return view(found, is_revealed=may_reveal(call))


async def roll_back(call: Caller, redemption_id: Id, data: JSONBody[RollbackBody]) -> RedemptionView:
    """Take a use back, as after a payment that failed: the code can be used again. A repeat changes nothing."""
    if not 1 <= len(data.reason.strip()) <= REASON_LENGTH_MAX:
        raise Invalid(Problem("/reason", f"Give a reason of 1 to {REASON_LENGTH_MAX} characters."))
    async with call.site.db.transaction() as tx:
        ended = await actions.roll_back(
            tx, project_id=call.project_id, redemption_id=redemption_id, now=call.now, reason=data.reason.strip()
        )
        if may_reveal(call):
            await note(tx, call, "reveal", f"redemption {redemption_id}")
    return view(ended, is_revealed=may_reveal(call))


async def list_redemptions(
    call: Caller,
    limit: Limit = 100,
    after: After = None,
    pool: Text = None,
    code: Text = None,
    order: Text = None,
    contact: After = None,
) -> RedemptionPage:
    """Uses of codes, the newest first: all, or those of a pool, code, order or contact."""
    async with call.site.db.transaction() as tx:
        pool_id = (await pools.resolve(tx, project_id=call.project_id, reference=pool)).pool_id if pool else None
        meant = await folds.spell(tx, project_id=call.project_id, value=code) if code else None
        found = await store.list_page(
            tx,
            project_id=call.project_id,
            pool_id=pool_id,
            value=meant,
            order_id=order,
            contact_id=contact,
            before=after or LAST,
            limit=limit,
        )
        if found and may_reveal(call):
            await note(tx, call, "reveal", "redemptions", count=len(found))
    items = [view(row, is_revealed=may_reveal(call)) for row in found]
    return RedemptionPage(items, next_page([row.redemption_id for row in found], limit))


async def report(call: Caller, data: JSONBody[ReportBody]) -> ReportView:
    """Take over what another system knows of codes that it redeems: all that is right, and what is not by place."""
    if len(data.items) > REPORTED_MAX:
        raise Invalid(Problem("/items", f"At most {REPORTED_MAX} codes come in one report."))
    problems: list[Problem] = []
    told = [(_reported(item, f"/items/{n}", call, problems), item.is_used) for n, item in enumerate(data.items)]
    if problems:
        raise Invalid(*problems)
    done = await told_uses.report(call.site.db, project_id=call.project_id, told=told, now=call.now, reason=TOLD)
    rejected = [RejectedUse(n, error.detail) for n, error in done.rejected.items()]
    return ReportView(done.used, done.freed, done.unchanged, rejected)


async def get_rule(call: Caller, pool: Ref) -> Rule:
    """How often the codes of a pool may be used."""
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, project_id=call.project_id, reference=pool)
        return await store.find_rule(tx, project_id=call.project_id, pool_id=found.pool_id)


async def put_rule(call: Caller, pool: Ref, data: JSONBody[Rule]) -> Rule:
    """Say how often the codes of a pool may be used; what was used before counts."""
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, project_id=call.project_id, reference=pool)
        return await actions.set_rule(tx, project_id=call.project_id, pool_id=found.pool_id, rule=data)


def is_insider(call: Call) -> bool:
    """Whether the caller may know what is true of codes that are not the caller's."""
    return call.actor.may("codes", "POST")


def told_outside(error: NotRedeemable) -> NotRedeemable:
    """The refusal as a caller hears it that may only redeem."""
    verdict = shown_to_outsider(verdict_of(error))
    return NotRedeemable(verdict.status, verdict.reason, sentence_of(verdict))


def address_of(request: Request[Any, Any, Any]) -> str | None:
    """The address of the customer for whom the caller asks, where the caller says it."""
    try:
        return str(ipaddress.ip_address(request.headers.get("x-customer-ip", "").strip()))
    except ValueError:
        return None


def check_view(checked: Checked, *, is_insider: bool) -> CheckView:
    """What is said of a code as the API shows it."""
    verdict = checked.verdict if is_insider else shown_to_outsider(checked.verdict)
    said = CheckView(
        can_be_used=verdict.is_good, status=verdict.status, reason=verdict.reason, detail=sentence_of(verdict)
    )
    if checked.facts is None or verdict.status == "not-found":
        return said
    facts = checked.facts
    uses_max = 1 if facts.is_single else facts.uses_max
    said.pool, said.discount = facts.pool_key, facts.discount
    said.usable_from, said.usable_until = facts.window
    said.uses_left = None if uses_max is None else max(0, uses_max - facts.uses_so_far)
    return said


def view(row: Redemption, *, is_revealed: bool) -> RedemptionView:
    """A use as the API shows it."""
    return RedemptionView(
        id=row.redemption_id,
        code=row.value if is_revealed else masked(row.value),
        pool=row.pool_key,
        contact_id=row.contact_id,
        order_id=row.order_id,
        amount=row.amount,
        point=row.point,
        origin=row.origin,
        redeemed_at=row.redeemed_at,
        rolled_back_at=row.rolled_back_at,
        rolled_back_reason=row.rolled_back_reason,
    )


def _past(at: datetime | None, call: Call, problems: list[Problem]) -> datetime | None:
    """The instant of a use that happened before it was told, as at a till that was offline."""
    if at is None:
        return None
    if at.tzinfo is None or at > call.now:
        problems.append(Problem("/redeemedAt", "This is a time with its zone that is not in the future."))
    elif not is_insider(call):
        problems.append(Problem("/redeemedAt", f"{call.actor.standing} redeems now, not in the past."))
    return at


def _reported(item: ReportedUse, place: str, call: Call, problems: list[Problem]) -> Use:
    found: list[Problem] = []
    contact = identity_of(item.contact, found)
    if item.used_at is not None and (item.used_at.tzinfo is None or item.used_at > call.now):
        found.append(Problem("/usedAt", "This is a time with its zone that is not in the future."))
    problems += [Problem(place + problem.pointer, problem.detail) for problem in found]
    return Use(
        value=item.code,
        order_id=item.order_id,
        contact=contact,
        amount=item.amount,
        point=item.point,
        is_told=True,
        at=item.used_at,
    )
