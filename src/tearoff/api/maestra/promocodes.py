"""What the operations do: issue, redeem, take a redemption back, list a customer's codes, check those of an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from litestar import Request

from tearoff.actions import asked_claims, contacts, issues, redemptions
from tearoff.actions.asked_claims import shown
from tearoff.actions.issues import Wanted
from tearoff.actions.redemptions import Checked
from tearoff.api.maestra import bodies
from tearoff.api.maestra.answers import filled, time_of
from tearoff.api.rest.audit import note
from tearoff.api.rest.redemptions import address_of, is_insider
from tearoff.api.site import Call
from tearoff.domain.contacts import Identity
from tearoff.domain.operations import PAGE_ITEMS_MAX, Operation
from tearoff.domain.redemptions import Status, Use, Verdict, sentence_of, shown_to_outsider, verdict_of
from tearoff.domain.validity import Window
from tearoff.errors import Invalid, NotFound, NotRedeemable, Problem, TearoffError
from tearoff.store import folds, holdings, pools
from tearoff.store import redemptions as redemption_store
from tearoff.store.db import Tx
from tearoff.store.holdings import Holding

COUPONS_MAX = 100
CANCELLED = "cancelled-by-operation"
ISSUES = ("issue", "issueByValue", "issueOrCreate")
COUPON_STATUS: Mapping[Status, str] = {
    "can-be-used": "CanBeUsed",
    "not-found": "NotFound",
    "not-issued": "NotIssued",
    "used": "Used",
    "not-yet-active": "YetNotActive",
    "no-longer-active": "AlreadyNotActive",
    "not-for-this-order": "CanNotBeUsedForCurrentOrder",
    "blocked": "Blocked",
    "unavailable": "Unavailable",
}


class Invocation(NamedTuple):
    """One call of an operation."""

    call: Call
    request: Request[Any, Any, Any]
    tree: dict[str, Any]
    operation: Operation
    transaction: str | None


async def issue_next(at: Invocation) -> dict[str, Any]:
    """The next code of the pool."""
    _forbid(at, "ids")
    return await _issue(at, None, is_made=False, is_pool_needed=True)


async def issue_by_value(at: Invocation) -> dict[str, Any]:
    """The code that the caller names; it must be there."""
    _forbid(at, "pool")
    return await _issue(at, _value(at), is_made=False, is_pool_needed=False)


async def issue_or_create(at: Invocation) -> dict[str, Any]:
    """The code that the caller names; it is made in the pool when it is not there."""
    return await _issue(at, _value(at), is_made=True, is_pool_needed=True)


async def issued_before(at: Invocation) -> dict[str, Any]:
    """The code that this transaction issued to this customer; nothing for anybody else, and for any other operation."""
    contact = bodies.customer(at.tree)
    if at.operation.kind not in ISSUES or contact is None:
        return {}
    async with at.call.site.db.transaction() as tx:
        [contact_id] = await contacts.find(tx, project_id=at.call.project_id, identities=[contact])
        rows = await asked_claims.find(tx, project_id=at.call.project_id, key=_key(at))
        value = next((row.value for row in rows if row.contact_id == contact_id and row.revoked_at is None), None)
        held = value and await holdings.find_by_value(tx, project_id=at.call.project_id, value=value)
    return {"promoCode": {"issueStatus": "Issued", **_shown(held)}} if held else {}


async def redeem(at: Invocation) -> dict[str, Any]:
    """Use a code. Where another system decides about its codes, that system says so by this operation."""
    call, value = at.call, _value(at)
    order = bodies.text(at.tree, "order", "ids", "externalId") or bodies.text(at.tree, "order", "ids", "websiteId")
    used_at = _past(at, "promoCode", "usedDateTimeUtc") or _past(at, "executionDateTimeUtc")
    use = Use(
        value=value,
        order_id=order or (f"transaction:{at.transaction}" if at.transaction else None),
        contact=await _customer(at),
        point=bodies.text(at.tree, "pointOfContact"),
        caller=call.actor.subject,
        address=address_of(at.request),
        at=used_at if is_insider(call) else None,
    )
    async with call.site.db.transaction() as tx:
        done = await redemptions.redeem_one(tx, project_id=call.project_id, use=use, now=call.now)
        if isinstance(done, NotRedeemable) and done.rule == "processed-outside":
            told = Use(
                value=value, order_id=use.order_id, contact=use.contact, point=use.point, at=used_at, is_told=True
            )
            done = await redemptions.redeem_one(tx, project_id=call.project_id, use=told, now=call.now)
        value = await folds.spell(tx, project_id=call.project_id, value=value)
        held = await holdings.find_by_value(tx, project_id=call.project_id, value=value)
    if isinstance(done, NotRedeemable):
        verdict = verdict_of(done) if is_insider(call) else shown_to_outsider(verdict_of(done))
        message = {"message": sentence_of(verdict), "location": "/promoCode/ids/value"}
        refused = {"status": COUPON_STATUS[verdict.status], "ids": {"value": value}}
        return {"status": "ValidationError", "validationMessages": [message], "promoCode": refused}
    if isinstance(done, TearoffError):
        raise done
    return {"status": "Success", "promoCode": {"status": "Used", **(_shown(held) if held else {})}}


async def cancel(at: Invocation) -> dict[str, Any]:
    """Take the last use of a code back; the customer must be the one who used it, where that is known."""
    call, value = at.call, _value(at)
    contact = bodies.customer(at.tree)
    async with call.site.db.transaction() as tx:
        [contact_id] = await contacts.find(tx, project_id=call.project_id, identities=[contact]) if contact else [None]
        if contact is not None and contact_id is None:
            raise NotFound("customer", shown(contact))
        value = await folds.spell(tx, project_id=call.project_id, value=value)
        live = await redemption_store.list_live(tx, project_id=call.project_id, value=value)
        mine = [use for use in live if use.contact_id in (None, contact_id)]
        if not mine:
            raise Invalid(Problem("/promoCode/ids/value", "The customer has not used such a code."))
        await redemptions.roll_back(
            tx, project_id=call.project_id, redemption_id=mine[0].redemption_id, now=call.now, reason=CANCELLED
        )
        await note(tx, call, "reveal", f"redemption {mine[0].redemption_id}")
        held = await holdings.find_by_value(tx, project_id=call.project_id, value=value)
    return {"status": "Success", "promoCode": _shown(held) if held else {}}


async def list_codes(at: Invocation) -> dict[str, Any]:
    """The codes of a customer, page by page."""
    call = at.call
    contact = bodies.customer(at.tree)
    if contact is None:
        raise Invalid(Problem("", "Name the customer."))
    page = bodies.number(at.tree, "page", "pageNumber", default=1, most=1_000_000)
    size = bodies.number(at.tree, "page", "itemsPerPage", default=100, most=PAGE_ITEMS_MAX)
    async with call.site.db.transaction() as tx:
        [contact_id] = await contacts.find(tx, project_id=call.project_id, identities=[contact])
        if contact_id is None:
            raise NotFound("customer", shown(contact))
        held = await holdings.list_of_contact(
            tx,
            project_id=call.project_id,
            contact_id=contact_id,
            since=bodies.instant(at.tree, "page", "sinceDateTimeUtc"),
            until=bodies.instant(at.tree, "page", "tillDateTimeUtc"),
            limit=size,
            skip=(page - 1) * size,
        )
        if held:
            await note(tx, call, "reveal", f"codes of the contact {contact_id}", count=len(held))
    codes = [{"status": _state(one, call.now), **_shown(one)} for one in held]
    return {"status": "Success", "customer": {"ids": {"mindboxId": contact_id}}, "promoCodes": codes}


async def check(at: Invocation) -> dict[str, Any]:
    """What is true of the codes of an order; nothing is used."""
    call = at.call
    coupons = bodies.node(at.tree, "order").get("coupons", [])
    coupons = coupons.get("coupon", []) if isinstance(coupons, dict) else coupons
    coupons = coupons if isinstance(coupons, list) else [coupons]
    if not 1 <= len(coupons) <= COUPONS_MAX or not all(isinstance(coupon, dict) for coupon in coupons):
        raise Invalid(Problem("", f"/order/coupons holds 1 to {COUPONS_MAX} coupons."))
    values = [bodies.text(coupon, "ids", "code") or bodies.text(coupon, "ids", "value") or "" for coupon in coupons]
    contact = await _customer(at)
    address = address_of(at.request)
    uses = [Use(value=value or "-", contact=contact, caller=call.actor.subject, address=address) for value in values]
    async with call.site.db.transaction() as tx:
        checked = await redemptions.check(tx, project_id=call.project_id, uses=uses, now=call.now)
    infos = [_coupon(call, value, one) for value, one in zip(values, checked, strict=True)]
    return {"status": "Success", "order": {"couponsInfo": infos}}


async def _issue(at: Invocation, value: str | None, *, is_made: bool, is_pool_needed: bool) -> dict[str, Any]:
    call = at.call
    contact = await _customer(at)
    if contact is None:
        raise Invalid(Problem("", "Name the customer to whom the code is issued."))
    pool_id = at.operation.pool_id
    async with call.site.db.transaction() as tx:
        if pool_id is not None:
            _forbid(at, "pool")
        elif is_pool_needed:
            pool_id = await _find_pool(tx, at)
            if pool_id is None:
                return {"status": "Success", "promoCode": {"issueStatus": "PromoCodePoolNotFound"}}
    window = Window(
        bodies.instant(at.tree, "promoCode", "availableFromDateTimeUtc"),
        bodies.instant(at.tree, "promoCode", "availableTillDateTimeUtc"),
    )
    wanted = Wanted(
        key=_key(at),
        contact=contact,
        pool=pool_id,
        value=value,
        is_made=is_made,
        window=window if any(window) else None,
    )
    now = _past(at, "executionDateTimeUtc") or call.now
    issued = await issues.issue(call.site.db, project_id=call.project_id, wanted=wanted, now=now)
    if issued.claimed is None:
        return {"status": "Success", "promoCode": {"issueStatus": issued.status}}
    async with call.site.db.transaction() as tx:
        held = await holdings.find_by_value(tx, project_id=call.project_id, value=issued.claimed.value)
    return {"status": "Success", "promoCode": {"issueStatus": issued.status, **(_shown(held) if held else {})}}


def _key(at: Invocation) -> str:
    """The claim key of an issue: the same for a repeat of its transaction."""
    return f"maestra:{at.transaction or uuid4()}"


async def _customer(at: Invocation) -> Identity | None:
    """The customer by our id; who is not there yet is made, as every operation with a customer does."""
    named = bodies.customer(at.tree)
    if named is None:
        return None
    async with at.call.site.db.transaction() as tx:
        [contact_id] = await contacts.find_or_create(
            tx, project_id=at.call.project_id, identities=[named], now=at.call.now
        )
    if contact_id is None:
        raise NotFound("customer", shown(named))
    return Identity(contact_id=contact_id)


async def _find_pool(tx: Tx, at: Invocation) -> int | None:
    """The pool by its external id, which is its key or its type."""
    wanted = bodies.text(at.tree, "promoCode", "pool", "ids", "externalId")
    if wanted is None:
        raise Invalid(Problem("", "Name the pool: /promoCode/pool/ids/externalId."))
    found = await pools.find_by_key(tx, project_id=at.call.project_id, key=wanted)
    found = found or await pools.find_by_type(tx, project_id=at.call.project_id, type=wanted)
    return found.pool_id if found else None


def _value(at: Invocation) -> str:
    found = bodies.text(at.tree, "promoCode", "ids", "value")
    if found is None:
        raise Invalid(Problem("", "Name the code: /promoCode/ids/value."))
    return found


def _forbid(at: Invocation, name: str) -> None:
    if bodies.node(at.tree, "promoCode", name):
        raise Invalid(Problem("", f"The operation {at.operation.key!r} takes no /promoCode/{name}."))


def _past(at: Invocation, *path: str) -> datetime | None:
    found = bodies.instant(at.tree, *path)
    if found is not None and found > at.call.now:
        raise Invalid(Problem("/" + "/".join(path), "This time is in the future."))
    return found


def _shown(held: Holding) -> dict[str, Any]:
    """A code with its pool as the dialect describes it."""
    pool = {"ids": {"externalId": held.pool_key}, "name": held.pool_name, "description": held.pool_description}
    point = {"ids": {"externalId": held.point}} if held.point else None
    return filled(
        {
            "ids": {"mindboxId": held.code_id, "value": held.value},
            "pool": pool,
            "availableFromDateTimeUtc": time_of(held.use_from),
            "availableTillDateTimeUtc": time_of(held.use_until),
            "isUsed": held.redemption_id is not None,
            "usedPointOfContact": point,
            "usedDateTimeUtc": time_of(held.redeemed_at),
            "issuedDateTimeUtc": time_of(held.issued_at),
            "blockedDateTimeUtc": time_of(held.blocked_at),
        }
    )


def _state(held: Holding, now: datetime) -> str:
    """The state of a customer's code in the dialect's five words."""
    if held.blocked_at is not None:
        return "Blocked"
    if held.redemption_id is not None:
        return "Used"
    if held.use_from is not None and now < held.use_from:
        return "YetNotActive"
    return "AlreadyNotActive" if held.use_until is not None and now >= held.use_until else "Active"


def _coupon(call: Call, value: str, checked: Checked | TearoffError) -> dict[str, Any]:
    if isinstance(checked, TearoffError):
        raise checked
    verdict: Verdict = checked.verdict if is_insider(call) else shown_to_outsider(checked.verdict)
    coupon: dict[str, Any] = {"ids": {"code": value}, "status": COUPON_STATUS[verdict.status]}
    if checked.facts is not None and verdict.status != "not-found":
        start, end = checked.facts.window
        coupon |= {"pool": {"ids": {"externalId": checked.facts.pool_key}}}
        coupon |= filled({"availableFromDateTimeUtc": time_of(start), "availableTillDateTimeUtc": time_of(end)})
        coupon |= filled({"usedDateTimeUtc": time_of(checked.facts.redeemed_at)})
    return {"coupon": coupon}
