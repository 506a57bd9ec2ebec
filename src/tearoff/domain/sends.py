"""Sends: prepared messages requested one by one, without a workflow, and what became of them."""

from __future__ import annotations

from typing import Any

import msgspec

RECIPIENTS_MAX = 1000


class SendRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one recipient, who is named by at least one of contact id, external id and locator."""

    contact_id: int | None = None
    external_id: str | None = None
    locator: str | None = None
    language: str | None = None
    params: dict[str, Any] = {}
    external_request_id: str | None = None


class Queued(msgspec.Struct, frozen=True):
    """The request was taken; `request_id` is what its status is asked by."""

    request_id: str


class Turned(msgspec.Struct, frozen=True):
    """The request was turned away, and why."""

    detail: str


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a request is: its run, and the last delivery of it."""

    request_id: str
    run_state: str | None = None
    error: dict[str, Any] | None = None
    delivery_state: str | None = None
    medium: str | None = None


def data_of(request: SendRequest, message_id: int, medium: str, sender: str | None) -> dict[str, Any]:
    """What the run of this request keeps of it."""
    data = {
        "messageId": message_id,
        "isEmail": medium == "email",
        "fromName": sender,
        "locator": request.locator,
        "contactId": request.contact_id,
        "externalCustomerId": request.external_id,
        "languageCode": request.language,
        "externalRequestId": request.external_request_id,
    }
    return {name: value for name, value in data.items() if value is not None} | {"jsonParam": request.params}


def status_of(progress: Progress) -> str:
    """The vendor's word for how far a request is."""
    match progress.delivery_state:
        case "sent":
            return "DELIVERED"
        case "waiting" | "leased":
            return "IN_QUEUE"
        case "failed":
            return "SMS_UNDELIVERED_STATE" if progress.medium == "sms" else "UNDELIVERED"
        case "cancelled":
            return "ERROR"
    if progress.run_state in ("due", "leased", "calling", "held"):
        return "IN_QUEUE"
    return "BLACKLISTED" if (progress.error or {}).get("type") == "suppressed" else "ERROR"
