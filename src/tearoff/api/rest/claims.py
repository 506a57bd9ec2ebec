"""Claims over REST: one code or several under a key of the caller's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter, QueryParameter

from tearoff.actions import asked_claims as actions
from tearoff.actions import issues
from tearoff.actions.asked_claims import COUNT_MAX, HOLD_MAX, Ask, ClaimCall
from tearoff.actions.issues import Wanted
from tearoff.api.rest.audit import note
from tearoff.api.site import Call, Caller
from tearoff.domain.codes import parse_wish
from tearoff.domain.contacts import Identity, locator_of
from tearoff.domain.keys import ApiKey
from tearoff.domain.validity import ALWAYS, Window, check_window
from tearoff.errors import Invalid, Problem
from tearoff.logs import masked
from tearoff.store.claims import ClaimRow
from tearoff.store.db import Tx

KEY_LENGTH_MAX = 200
KEY_RULE = f"A claim key has 1 to {KEY_LENGTH_MAX} printable characters and no slash."
HOLD_RULE = f"hold is a number of seconds from 1 to {HOLD_MAX.days * 86400}."
CONTACT_RULE = "Name the contact by one of externalCustomerId, email and phone."

ClaimState = Literal["reserved", "issued", "returned"]
Key = Annotated[str, PathParameter(max_length=KEY_LENGTH_MAX, description="The key of the claim")]
AskedKey = Annotated[str, QueryParameter(name="key", max_length=KEY_LENGTH_MAX, description="The key of the claim")]


class ContactRef(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A contact by exactly one of its names."""

    external_customer_id: str | None = None
    email: str | None = None
    phone: str | None = None


class ClaimBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """What is claimed: `count` codes of a pool (by id, key or type), for a contact (by id or name) or for nobody.

    `hold`, in seconds, only reserves the codes: confirm them in time, or they return. `usable_from` and `usable_until`
    stand in for the validity that the pool gives with a hand-out. `code` names the very code; with `create` it is made
    in the pool when it is not there.
    """

    key: str
    pool: int | str | None = None
    type: str | None = None
    discount: int | str | None = None
    min_days_left: int | str | None = None
    contact: int | ContactRef | None = None
    count: int = 1
    hold: int | None = None
    usable_from: datetime | None = None
    usable_until: datetime | None = None
    code: str | None = None
    create: bool = False


class CodeView(msgspec.Struct, rename="camel"):
    """A code that the claim holds, null where it was returned; it can be used from `usable_from` until `expires_at`."""

    code: str | None
    expires_at: datetime | None
    discount: int | None
    usable_from: datetime | None = None


class ClaimTaken(msgspec.Struct):
    """The codes that the key has now; `code` is the first of `codes`."""

    key: str
    code: str
    codes: list[CodeView]


class ClaimView(msgspec.Struct, rename="camel", kw_only=True):
    """What a key holds or held. `code` is the first of `codes`."""

    key: str
    state: ClaimState
    code: str | None
    codes: list[CodeView]
    contact_id: int | None
    reserved_at: datetime
    hold_until: datetime | None
    issued_at: datetime | None
    returned_at: datetime | None
    reason: str | None


class ClaimPage(msgspec.Struct):
    """The claim under a key, or nothing."""

    items: list[ClaimView]
    next: str | None = None


async def create(call: Caller, data: JSONBody[ClaimBody]) -> Response[ClaimTaken]:
    """Claim codes: 201 when they are fresh, 200 when the key had them already, 409 when none fits."""
    wanted, ask = parse(call.project_id, data)
    if data.code is None:
        got = await call.site.claims.submit(wanted, ask)
    else:
        named = Wanted(
            key=ask.key, contact=ask.contact, pool=data.pool, value=data.code, is_made=data.create, window=wanted.window
        )
        got = [await issues.by_value(call.site.db, project_id=call.project_id, wanted=named, now=call.now)]
    is_shown = is_claimer_shown(call)
    values = [row.value if is_shown else masked(row.value) for row in got]
    codes = [
        CodeView(value, row.expires_at, row.discount, row.use_from) for value, row in zip(values, got, strict=True)
    ]
    is_fresh = any(row.is_fresh for row in got)
    return Response(ClaimTaken(ask.key, values[0], codes), status_code=201 if is_fresh else 200)


async def find(call: Caller, key: AskedKey) -> ClaimPage:
    """The claim under a key that this API made; engine claims and other doors' are not shown here."""
    async with call.site.db.transaction() as tx:
        rows = await actions.find(tx, project_id=call.project_id, key=key)
        await _note(tx, call, rows, is_revealed=may_reveal(call))
    return ClaimPage([view(rows, is_revealed=may_reveal(call))] if rows else [])


async def confirm(call: Caller, key: Key) -> ClaimView:
    """Issue the codes that the key holds."""
    async with call.site.db.transaction() as tx:
        rows = await actions.confirm(tx, project_id=call.project_id, key=key, now=call.now)
        await _note(tx, call, rows, is_revealed=is_claimer_shown(call))
    return view(rows, is_revealed=is_claimer_shown(call))


async def give_back(call: Caller, key: Key) -> ClaimView:
    """Return the codes that the key holds, as long as they are not issued; the key is spent."""
    async with call.site.db.transaction() as tx:
        rows = await actions.give_back(tx, project_id=call.project_id, key=key, now=call.now)
        await _note(tx, call, rows, is_revealed=is_claimer_shown(call))
    return view(rows, is_revealed=is_claimer_shown(call))


async def _note(tx: Tx, call: Call, rows: Sequence[ClaimRow], *, is_revealed: bool) -> None:
    """Write down that codes are shown again; those of a returned claim are shown to nobody."""
    shown = sum(row.value is not None for row in rows)
    if shown and is_revealed:
        await note(tx, call, "reveal", f"claim {rows[0].key}", count=shown)


def may_reveal(call: Call) -> bool:
    """Whether the caller may read codes in full."""
    return call.actor.may("reveal", "GET")


def is_claimer_shown(call: Call) -> bool:
    """Whether who claims sees what they got: a key always, since it hands it on; a person by their right to reveal."""
    return isinstance(call.actor, ApiKey) or may_reveal(call)


def parse(project_id: int, body: ClaimBody) -> tuple[ClaimCall, Ask]:
    """The claim in a body; raises Invalid with every problem."""
    problems: list[Problem] = []
    if not 1 <= len(body.key) <= KEY_LENGTH_MAX or not body.key.isprintable() or "/" in body.key:
        problems.append(Problem("/key", KEY_RULE))
    if body.code is not None:
        problems += unfit_by_value(body)
    elif (body.pool is None) == (body.type is None):
        problems.append(Problem("/pool", "Name either the pool (its id or key) or its type."))
    if not 1 <= body.count <= COUNT_MAX:
        problems.append(Problem("/count", f"count is 1 to {COUNT_MAX}."))
    try:
        wish = parse_wish(body.discount, body.min_days_left)
    except Invalid as error:
        problems += [Problem(p.pointer.replace("/days", "/minDaysLeft"), p.detail) for p in error.problems]
    if body.hold is not None and not 1 <= body.hold <= HOLD_MAX.total_seconds():
        problems.append(Problem("/hold", HOLD_RULE))
    contact = identity_of(body.contact, problems)
    window = Window(body.usable_from, body.usable_until)
    problems += check_window(window, "/usableUntil")
    if problems:
        raise Invalid(*problems)
    hold = None if body.hold is None else timedelta(seconds=body.hold)
    asked = None if window == ALWAYS else window
    return ClaimCall(project_id, body.pool, body.type, wish, hold, asked), Ask(body.key, contact, body.count)


def unfit_by_value(body: ClaimBody) -> list[Problem]:
    """What cannot be asked of a code that is named by its value."""
    given = {"/type": body.type, "/discount": body.discount, "/minDaysLeft": body.min_days_left, "/hold": body.hold}
    problems = [
        Problem(at, "A code that is named says this itself.") for at, value in given.items() if value is not None
    ]
    if body.count != 1:
        problems.append(Problem("/count", "A code that is named is one."))
    if body.create and body.pool is None:
        problems.append(Problem("/pool", "Name the pool in which the code is made."))
    return problems


def identity_of(contact: int | ContactRef | None, problems: list[Problem]) -> Identity | None:
    """How the contact is found; what is wrong with it joins `problems`."""
    if contact is None:
        return None
    if isinstance(contact, int):
        return Identity(contact_id=contact)
    if sum(bool(name) for name in msgspec.structs.astuple(contact)) != 1:
        problems.append(Problem("/contact", CONTACT_RULE))
        return None
    try:
        return Identity(
            external_id=contact.external_customer_id or None,
            email=locator_of("email", contact.email).value if contact.email else None,
            phone=locator_of("sms", contact.phone).value if contact.phone else None,
        )
    except ValueError as error:
        problems.append(Problem("/contact", f"{error}."))
        return None


def view(rows: Sequence[ClaimRow], *, is_revealed: bool) -> ClaimView:
    """A claim as the API shows it."""
    first = rows[0]
    state: ClaimState = "returned" if first.returned_at else "issued" if first.issued_at else "reserved"
    values = [row.value if is_revealed or row.value is None else masked(row.value) for row in rows]
    return ClaimView(
        key=first.key,
        state=state,
        code=values[0],
        codes=[
            CodeView(value, row.expires_at, row.discount, row.use_from) for value, row in zip(values, rows, strict=True)
        ],
        contact_id=first.contact_id,
        reserved_at=first.reserved_at,
        hold_until=first.hold_until,
        issued_at=first.issued_at,
        returned_at=first.returned_at,
        reason=first.reason,
    )
