"""Prepared messages in the vendor's dialect: smartsend, and the status of what was requested."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, QueryParameter

from tearoff.actions import sends
from tearoff.actions.idempotency import once
from tearoff.api.site import Caller
from tearoff.api.yespo.answers import answer, collapsed
from tearoff.api.yespo.bodies import listed, read
from tearoff.domain.contacts import TEXT_MAX, language_of, locator_of
from tearoff.domain.ids import read_id
from tearoff.domain.messages import Medium
from tearoff.domain.sends import RECIPIENTS_MAX, Progress, Queued, SendRequest, Turned, status_of
from tearoff.errors import Invalid, Problem
from tearoff.store import messages
from tearoff.store import sends as store

BODY_MAX = 25_000_000
PARAMS_MAX = 100_000


class SmartSendBody(msgspec.Struct):
    """What a client sends; `email` says again what the message itself knows."""

    recipients: Any = None
    fromName: str | None = None


async def smartsend(call: Caller, message_id: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Queue a message for each recipient; who cannot be written to gets an ERROR, and the others are not held up."""
    body = await request.body()
    sent = read(body, SmartSendBody, "request")
    recipients = listed(sent.recipients)
    if not 0 < len(recipients) <= RECIPIENTS_MAX:
        raise Invalid(
            Problem("/recipients", f"recipients must be a list of 1 to {RECIPIENTS_MAX}, not {len(recipients)}.")
        )
    async with call.site.db.transaction() as tx:
        found = await messages.find(tx, project_id=call.project_id, references=[message_id])
        if message_id not in found:
            return answer(f"Message with id='{message_id[:TEXT_MAX]}' not found", status=404)

        async def act() -> list[dict[str, Any]]:
            message = found[message_id]
            parsed = [parse(recipient, message.medium) for recipient in recipients]
            taken = [entry for entry in parsed if isinstance(entry, SendRequest)]
            results = iter(
                await sends.send(
                    tx, project_id=call.project_id, message=message, requests=taken, sender=sent.fromName, now=call.now
                )
            )
            outcomes = [next(results) if isinstance(entry, SendRequest) else entry for entry in parsed]
            return [result_of(*pair) for pair in zip(recipients, outcomes, strict=True)]

        results = await once(
            tx,
            project_id=call.project_id,
            door="smartsend",
            key=call.idempotency_key,
            request=message_id.encode() + b"\0" + body,
            now=call.now,
            act=act,
        )
    return answer({"id": 0, "results": collapsed(results)})


async def status(call: Caller, ids: Annotated[str | None, QueryParameter()] = None) -> Response[bytes]:
    """How far each request is, by the requestId that smartsend gave."""
    asked = [text.strip() for text in (ids or "").split(",") if text.strip()]
    if not 0 < len(asked) <= RECIPIENTS_MAX:
        raise Invalid(Problem("/ids", f"ids must name 1 to {RECIPIENTS_MAX} requests, separated by commas."))
    known = {text: str(UUID(text)) for text in asked if _is_uuid(text)}
    async with call.site.db.transaction() as tx:
        found = await store.list_progress(tx, project_id=call.project_id, request_ids=list(known.values()))
    progress = {row.request_id: row for row in found}
    rows = [progress.get(known.get(text, ""), Progress(request_id=text)) for text in asked]
    return answer({"results": collapsed([_status(row) for row in rows])})


def parse(raw: Any, medium: Medium) -> SendRequest | Turned:
    """One recipient as it was sent."""
    if not isinstance(raw, dict):
        return Turned("A recipient must be a JSON object")
    # old clients name the address of a mail `email`; a flag of that name stands beside `locator` in others
    locator = raw.get("locator") or (raw.get("email") if isinstance(raw.get("email"), str) else None)
    if not any((locator, raw.get("contactId"), raw.get("externalCustomerId"))):
        return Turned("A recipient needs a contactId, externalCustomerId or locator")
    try:
        return SendRequest(
            contact_id=_contact_id(raw.get("contactId")),
            external_id=_text("externalCustomerId", raw.get("externalCustomerId")),
            locator=locator_of(medium, str(locator)).value if locator else None,
            language=language_of(str(raw["languageCode"])) if raw.get("languageCode") else None,
            params=_params(raw.get("jsonParam")),
            external_request_id=_text("externalRequestId", raw.get("externalRequestId")),
        )
    except ValueError as error:
        return Turned(str(error))


def result_of(recipient: Any, outcome: SendRequest | Queued | Turned) -> dict[str, Any]:
    """The vendor's word on one recipient."""
    named = recipient if isinstance(recipient, dict) else {}
    locator = named.get("locator") or named.get("email") or named.get("externalCustomerId") or named.get("contactId")
    result = {"id": 0, "locator": None if locator is None else str(locator)}
    if isinstance(outcome, Queued):
        return result | {"status": "OK", "requestId": outcome.request_id}
    detail = outcome.detail if isinstance(outcome, Turned) else ""
    return result | {"status": "ERROR", "message": detail}


def _params(raw: Any) -> dict[str, Any]:
    """jsonParam is JSON inside a string; some clients send the object itself."""
    if raw is None or raw == "":
        return {}
    if isinstance(raw, str):
        if len(raw) > PARAMS_MAX:
            raise ValueError(f"jsonParam must have at most {PARAMS_MAX} characters")
        if "\\u0000" in raw:
            raise ValueError("jsonParam holds the character U+0000, which cannot be stored")
        try:
            raw = msgspec.json.decode(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ValueError(f"jsonParam is not valid JSON: {error}") from error
    if not isinstance(raw, dict):
        raise ValueError("jsonParam must be a JSON object")
    return raw


def _contact_id(raw: Any) -> int | None:
    if raw in (None, "", 0, "0"):
        return None
    text = str(raw).strip()
    contact_id = read_id(text)
    if contact_id is None:
        raise ValueError(f"'{text[:50]}' is not a contact id")
    return contact_id


def _text(name: str, raw: Any) -> str | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str | int) or len(str(raw)) > TEXT_MAX:
        raise ValueError(f"{name} must be a string of at most {TEXT_MAX} characters")
    return str(raw)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _status(progress: Progress) -> dict[str, str]:
    word = status_of(progress)
    return {
        "requestId": progress.request_id,
        "status": word,
        "failed": "false" if word in ("IN_QUEUE", "DELIVERED") else "true",
        "delivered": "true" if word == "DELIVERED" else "false",
    }
