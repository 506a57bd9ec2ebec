"""`/v3/operations/sync` and `/async`: finds what the operation's name means, and answers a repeat as a repeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any

from litestar import Request, Response

from tearoff.api.maestra import bodies, promocodes
from tearoff.api.maestra.answers import answer
from tearoff.api.maestra.promocodes import Invocation
from tearoff.api.site import Call, Caller
from tearoff.domain.events import REMEMBERED_FOR
from tearoff.domain.keys import Need
from tearoff.domain.operations import BUILT_IN, NEEDS, TRANSACTION_LENGTH_MAX, Kind, Operation
from tearoff.errors import Forbidden, Invalid, NotFound, Problem
from tearoff.store import idempotency
from tearoff.store import operations as store

DOOR = "maestra"
ALREADY = {"status": "TransactionAlreadyProcessed"}
PERFORM: Mapping[Kind, Callable[[Invocation], Awaitable[dict[str, Any]]]] = {
    "issue": promocodes.issue_next,
    "issueByValue": promocodes.issue_by_value,
    "issueOrCreate": promocodes.issue_or_create,
    "redeem": promocodes.redeem,
    "cancelRedemption": promocodes.cancel,
    "list": promocodes.list_codes,
    "check": promocodes.check,
}


async def sync(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Do it, and say what came of it."""
    return answer(request, await _perform(call, request))


async def asynchronous(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Do it, and say that it was taken over; it is done by then, so nothing is lost."""
    done = await _perform(call, request)
    return answer(request, ALREADY if done["status"] == ALREADY["status"] else {"status": "Success"})


def transaction_of(request: Request[Any, Any, Any]) -> str | None:
    """The caller's own number of the request; raises Invalid when it is too long."""
    found = request.query_params.get("transactionId", "").strip() or None
    if found is not None and (len(found) > TRANSACTION_LENGTH_MAX or not found.isprintable()):
        raise Invalid(Problem("", f"transactionId has at most {TRANSACTION_LENGTH_MAX} printable characters."))
    return found


def require(call: Call, need: Need) -> None:
    """Raises Forbidden when the caller's key does not cover this."""
    if not call.actor.may(need, "POST"):
        raise Forbidden(f"{call.actor.standing} may not call this operation.")


async def is_repeat(call: Call, door: str, transaction: str | None) -> bool:
    """Whether a request of this number was answered within the last days."""
    if transaction is None:
        return False
    async with call.site.db.transaction() as tx:
        found = await idempotency.find(tx, project_id=call.project_id, door=door, keys=[transaction])
    return any(row.answer is not None for row in found.values())


async def remember(call: Call, door: str, transaction: str) -> None:
    """Note that a request was answered, after its work: work that broke off may be asked for again."""
    digest = sha256(transaction.encode()).digest()
    async with call.site.db.transaction() as tx:
        await idempotency.keep_all(
            tx,
            project_id=call.project_id,
            door=door,
            requests={transaction: digest},
            now=call.now,
            forgotten_before=call.now - REMEMBERED_FOR,
        )
        await idempotency.set_answer(tx, project_id=call.project_id, door=door, key=transaction, answer=True)


async def _perform(call: Call, request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What came of it. A repeat of an issue tells the customer's code again: its first answer may have been lost."""
    operation = await _operation(call, request.query_params.get("operation", ""))
    require(call, NEEDS[operation.kind])
    tree = bodies.read(await request.body(), request.headers.get("content-type", ""))
    transaction = transaction_of(request)
    invocation = Invocation(call, request, tree, operation, transaction)
    if await is_repeat(call, DOOR, transaction):
        return ALREADY | await promocodes.issued_before(invocation)
    done = await PERFORM[operation.kind](invocation)
    if transaction is not None:
        await remember(call, DOOR, transaction)
    return done


async def _operation(call: Call, name: str) -> Operation:
    if not name.strip():
        raise Invalid(Problem("", "Name the operation: ?operation=…"))
    async with call.site.db.transaction() as tx:
        found = await store.find(tx, project_id=call.project_id, key=name.strip())
    known = found or BUILT_IN.get(name.strip().lower())
    if known is None:
        raise NotFound("operation", name)
    return known
