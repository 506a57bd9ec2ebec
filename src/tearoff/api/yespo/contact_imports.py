"""Many contacts at once in the vendor's dialect.

The vendor imports behind the answer; here the contacts are written when the answer comes, and the session that clients
ask about afterwards is finished from the start. What a contact does not bring stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import FromPath

from tearoff.actions import contacts, events, fields
from tearoff.api import saved_codes
from tearoff.api.site import Call, Caller
from tearoff.api.yespo.answers import answer, collapsed
from tearoff.api.yespo.bodies import listed, read
from tearoff.api.yespo.contact_bodies import Sent, parse
from tearoff.domain.contacts import KINDS, TEXT_MAX, TOKENS, ContactChange, keys_of
from tearoff.domain.events import Event, check_type
from tearoff.domain.ids import read_id
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import tasks
from tearoff.store.db import Tx

BODY_MAX = 20_000_000
CONTACTS_MAX = 3000
KIND = "contacts"
DEDUPE = ("email", "sms", "push", "mobilepush", "webpush", "email_or_sms", "id", "externalCustomerId")
FOUND_BY: dict[str | None, frozenset[str]] = {
    None: frozenset(KINDS),
    "email": frozenset({"email"}),
    "sms": frozenset({"sms"}),
    "email_or_sms": frozenset({"email", "sms"}),
    **{word: frozenset(TOKENS) for word in ("push", "mobilepush", "webpush")},
}
"""The channels whose values find the contact, by `dedupeOn`."""

ATTRIBUTES = {
    "firstName": "first_name",
    "lastName": "last_name",
    "contactKey": "contact_key",
    "languageCode": "language",
    "timeZone": "time_zone",
    "externalCustomerId": "external_id",
}
PLACES = ("address", "town", "region", "postcode")


class ImportBody(msgspec.Struct):
    """What a client sends. `contactFields` and `customFieldsIDs`, where given, name all that may change."""

    contacts: Any = None
    dedupeOn: str | None = None
    contactFields: list[str] | None = None
    customFieldsIDs: list[int] | None = None
    eventKeyForNewContacts: str | None = None


async def add(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Make or change many contacts; a wrong one is named among the failed, and the others are written."""
    body = read(await request.body(), ImportBody, "request")
    raw = listed(body.contacts)
    check(body, len(raw))
    async with call.site.db.transaction() as tx:
        changes = await _of_somebody(tx, call, await _changes(tx, call, body, raw))
        good = [(n, change) for n, change in enumerate(changes) if not isinstance(change, Invalid)]
        identities = [change.identity for _, change in good]
        known = await contacts.find(tx, project_id=call.project_id, identities=identities)
        ids = await contacts.upsert(tx, project_id=call.project_id, contacts=[c for _, c in good], now=call.now)
        mapping = [
            {"dedupeValue": _dedupe_value(body, raw[n], change), "contactId": contact_id}
            for (n, change), contact_id in zip(good, ids, strict=True)
        ]
        session_id = await tasks.add(
            tx, project_id=call.project_id, kind=KIND, now=call.now, total=len(raw), by=call.actor.name
        )
        await tasks.finish(
            tx,
            project_id=call.project_id,
            task_id=session_id,
            state="done",
            done=len(ids),
            report={"mapping": mapping},
            now=call.now,
        )
        fresh = dict.fromkeys(i for i, before in zip(ids, known, strict=True) if before is None)
        await _greet(tx, call, body.eventKeyForNewContacts, list(fresh))
    failed = [
        {"index": n, "error": " ".join(problem.detail for problem in error.problems)}
        for n, error in enumerate(changes)
        if isinstance(error, Invalid)
    ]
    return answer({"id": 0, "asyncSessionId": str(session_id), "failedContacts": collapsed(failed)})


async def status(call: Caller, session_id: FromPath[str]) -> Response[bytes]:
    """What an import did: which value led to which contact."""
    task_id = read_id(session_id)
    if task_id is None:
        raise NotFound("import", session_id[:TEXT_MAX])
    async with call.site.db.transaction() as tx:
        task = await tasks.get(tx, project_id=call.project_id, task_id=task_id)
    if task.kind != KIND:
        raise NotFound("import", session_id)
    finished = task.finished_at or task.created_at
    return answer(
        {"status": "FINISHED", "timestamp": int(finished.timestamp() * 1000), "mapping": task.report.get("mapping", [])}
    )


def check(body: ImportBody, count: int) -> None:
    """Raises Invalid unless the request as a whole can be followed."""
    problems = []
    if not 0 < count <= CONTACTS_MAX:
        hint = "" if count else " A single contact goes to POST /api/v1/contact."
        problems.append(Problem("/contacts", f"contacts must be a list of 1 to {CONTACTS_MAX}, not {count}.{hint}"))
    if body.dedupeOn not in (None, *DEDUPE):
        sentence = f"dedupeOn must be one of {', '.join(DEDUPE)}, not {str(body.dedupeOn)[:50]!r}."
        problems.append(Problem("/dedupeOn", sentence))
    problems += check_type(body.eventKeyForNewContacts or "", "eventKeyForNewContacts")
    if problems:
        raise Invalid(*problems)


async def _changes(tx: Tx, call: Call, body: ImportBody, raw: Sequence[Any]) -> list[ContactChange | Invalid]:
    sent = [_parsed(body, one) for one in raw]
    read_fields = await fields.read(
        tx, project_id=call.project_id, raw=[{} if isinstance(one, Invalid) else one.fields for one in sent]
    )
    kept = await saved_codes.unmasked(tx, call, [{} if isinstance(each, Invalid) else each for each in read_fields])
    return [
        one if isinstance(one, Invalid) else read if isinstance(read, Invalid) else _with(one.change, values)
        for one, read, values in zip(sent, read_fields, kept, strict=True)
    ]


async def _of_somebody(tx: Tx, call: Call, changes: Sequence[ContactChange | Invalid]) -> list[ContactChange | Invalid]:
    """The changes, but for those that name their contact by nothing else than an id which is nobody's."""
    by_id = [one for one in changes if isinstance(one, ContactChange) and not keys_of(one.identity)]
    found = await contacts.find(tx, project_id=call.project_id, identities=[one.identity for one in by_id])
    absent = {one.contact_id for one, contact_id in zip(by_id, found, strict=True) if contact_id is None}
    return [
        Invalid(Problem("/id", f"There is no contact {one.contact_id}."))
        if isinstance(one, ContactChange) and one.contact_id in absent and not keys_of(one.identity)
        else one
        for one in changes
    ]


def _parsed(body: ImportBody, raw: Any) -> Sent | Invalid:
    try:
        number = str(raw.get("id") or "") if isinstance(raw, dict) and body.dedupeOn == "id" else ""
        contact_id = read_id(number)
        sent = parse(raw, needs_key=contact_id is None)
    except Invalid as error:
        return error
    change = msgspec.structs.replace(sent.change, contact_id=contact_id)
    if body.contactFields is not None:
        change = _only(change, set(body.contactFields), FOUND_BY.get(body.dedupeOn, frozenset()))
    wanted = sent.fields
    if body.customFieldsIDs is not None:
        wanted = {ref: value for ref, value in wanted.items() if ref in map(str, body.customFieldsIDs)}
    return Sent(change, wanted)


def _only(change: ContactChange, names: set[str], finding: frozenset[str]) -> ContactChange:
    """The change without what the client did not name; what finds the contact stays, `finding` being the channels."""
    locators = tuple(locator for locator in change.locators if locator.kind in names | finding)
    if not locators and not change.external_id and change.contact_id is None:
        locators = change.locators
    kept = names | {"externalCustomerId"}
    dropped: dict[str, Any] = {attribute: None for name, attribute in ATTRIBUTES.items() if name not in kept}
    places = (
        change.address if "address" in names else {n: v for n, v in change.address.items() if n in names & {*PLACES}}
    )
    return msgspec.structs.replace(change, **dropped, address=places, locators=locators)


def _with(change: ContactChange, values: dict[int, Any]) -> ContactChange:
    return msgspec.structs.replace(change, fields=values)


def _dedupe_value(body: ImportBody, raw: Any, change: ContactChange) -> str | None:
    identity = change.identity
    if body.dedupeOn == "id":
        return str(raw.get("id"))
    if body.dedupeOn == "externalCustomerId":
        return identity.external_id
    if body.dedupeOn == "sms":
        return identity.phone
    if body.dedupeOn in ("push", "mobilepush", "webpush"):
        return identity.token
    return identity.email or identity.phone or identity.external_id or identity.token


async def _greet(tx: Tx, call: Call, key: str | None, ids: Sequence[int]) -> None:
    if key and ids:
        raised = [Event(type_key=key, key_value=str(i), params={"ContactId": str(i)}) for i in ids]
        await events.record(tx, project_id=call.project_id, events=raised, now=call.now)
