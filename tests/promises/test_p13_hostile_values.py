"""P13: whatever value stands in a body or a query that is right otherwise, the answer is no failure of ours, and every
refusal of our own API is a problem with a sentence. Bodies come from the contract, and ids are of things that exist."""

import json
import os
from random import Random
from typing import Any

import pytest
from tests.promises.hostile import HOSTILE, Contract, places, spoilt
from tests.promises.test_p10_isolation import PARAM, ROUTES, name, owned

from tearoff.api.app import create_app
from tearoff.api.rest.sign_in import ROUTES as SIGN_IN

__all__ = ["owned"]

EACH = int(os.environ.get("HOSTILE_EACH", "20"))
"""Requests a route; 0 is every value at every place."""

JSON = {"Content-Type": "application/json"}
VENDORS_QUERIES = ["type", "discount", "activeDueDays", "ids", "email", "maxrows", "startindex", "externalCustomerId"]
VENDORS: dict[str, Any] = {
    "/api/v1/event": {"eventTypeKey": "t", "keyValue": "k", "params": [{"name": "email", "value": "a@x.test"}]},
    "/api/v2/event": {"eventTypeKey": "t", "keyValue": "k", "params": {"email": "a@x.test", "deep": {"n": [1]}}},
    "/api/v3/event": {"eventTypeKey": "t", "keyValue": "k", "params": {"email": "a@x.test", "total": 1.5}},
    "/api/v1/contact": {
        "externalCustomerId": "e",
        "firstName": "A",
        "languageCode": "en",
        "channels": [{"type": "email", "value": "a@x.test", "device": {"os": "x"}}],
        "address": {"town": "Kyiv"},
        "fields": [{"id": 1, "value": "x"}],
    },
    "/api/v1/contacts": {
        "contacts": [{"externalCustomerId": "e", "channels": [{"type": "sms", "value": "380501234567"}]}],
        "dedupeOn": "sms",
        "contactFields": ["firstName"],
        "customFieldsIDs": [1],
        "eventKeyForNewContacts": "t",
    },
    "/api/v1/contact/subscribe": {"contact": {"channels": [{"type": "email", "value": "a@x.test"}]}, "formType": "x"},
    "/api/v1/contact/{contact_id:str}": {"firstName": "A", "channels": [{"type": "email", "value": "b@x.test"}]},
    "/api/v1/message/{message_id:str}/smartsend": {
        "recipients": [{"locator": "380501234567", "contactId": 1, "jsonParam": '{"a": 1}', "languageCode": "en"}],
        "fromName": "Shop",
    },
    "/v1/pools/{pool:str}/imports": {"text": "H-9", "name": "typed", "existing": "refuse", "discount": 10},
    "/v1/pools/{pool:str}/issues": {"filter": {"contactIds": [1], "sample": 5}, "saveToField": "OWNED", "days": 1},
    "/api/v1/promocodes": {"promocodes": ["H-1", "H-2"], "expirationDate": "2099-01-01", "discount": 10, "type": "t"},
    "/v3/operations/sync": {
        "customer": {"ids": {"mindboxId": 1, "webSiteUserId": "u"}, "email": "a@x.test", "mobilePhone": "380501234567"},
        "promoCode": {
            "ids": {"value": "H-1"},
            "pool": {"ids": {"externalId": "owned"}},
            "availableTillDateTimeUtc": "2099-01-01T00:00:00Z",
        },
        "order": {"ids": {"externalId": "7"}, "coupons": [{"ids": {"code": "H-1"}}]},
        "page": {"pageNumber": 1, "itemsPerPage": 10},
        "pointOfContact": "till",
        "executionDateTimeUtc": "2026-01-01T00:00:00Z",
    },
}
OPERATION = "/v3/operations/sync"
OPERATIONS = ("Issue", "IssueByValue", "IssueOrCreate", "Redeem", "CancelRedemption", "List", "Check")
ENDS = ("/archive", "/cancel", "/undo", "/stop", "/erase", "/revoke", "/withdraw", "/disable")
"""What ends the things that other routes need comes last."""

OPEN = [route for route in SIGN_IN if route.scope == "open"]
TAKING = [
    route
    for route in [*ROUTES, *OPEN]
    if route.method in ("POST", "PUT", "PATCH")
    and (route.accepts == "json" or route.path in VENDORS)
    and route.path != OPERATION
]
WRITING = sorted(TAKING, key=lambda route: next((n for n, end in enumerate(ENDS) if route.path.endswith(end)), -1))
READING = [route for route in ROUTES if route.method == "GET"]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(create_app(None).openapi_schema.to_schema())


async def fault(http: Any, method: str, path: str, **more: Any) -> str | None:
    """What is wrong with the answer to a request."""
    async with http.request(method, path, **more) as answer:
        text = await answer.text(errors="replace")
        if answer.status >= 500:
            return f"{answer.status} {text[:300]}"
        if path.startswith("/v1/") and answer.status >= 400:
            problem = json.loads(text) if answer.content_type == "application/problem+json" else {}
            if not (problem.get("type") and problem.get("detail") and problem.get("status") == answer.status):
                return f"no problem: {answer.status} {answer.content_type} {text[:300]}"
    return None


def filled(path: str, owned: dict[str, str]) -> str:
    return PARAM.sub(lambda found: owned[found[1]], path)


def picks(what: str, choices: list[Any]) -> list[Any]:
    """Some of them, the same ones in every run."""
    return choices if EACH == 0 else Random(what).sample(choices, min(EACH, len(choices)))


async def test_a_body_with_one_hostile_value_is_answered(http, owned, contract) -> None:
    found = []
    for route in WRITING:
        body = VENDORS.get(route.path, contract.body_of(route.method, PARAM.sub(r"{\1}", route.path)))
        for at, hostile in picks(name(route), [(at, hostile) for at in places(body) for hostile in HOSTILE]):
            more = {"data": json.dumps(spoilt(body, at, hostile)), "headers": JSON}
            if wrong := await fault(http, route.method, filled(route.path, owned), **more):
                found.append(f"{name(route)} {at} {str(hostile)[:40]!r}: {wrong}")
    assert not found, "\n".join(found)


async def test_an_operation_with_one_hostile_value_is_answered(http, owned) -> None:
    body = VENDORS[OPERATION]
    found = []
    for kind in OPERATIONS:
        for at, hostile in picks(kind, [(at, hostile) for at in places(body) for hostile in HOSTILE]):
            more = {"data": json.dumps(spoilt(body, at, hostile)), "headers": JSON}
            if wrong := await fault(http, "POST", f"{OPERATION}?operation=PromoCodes.{kind}", **more):
                found.append(f"{kind} {at} {str(hostile)[:40]!r}: {wrong}")
    assert not found, "\n".join(found)


async def test_a_query_with_one_hostile_value_is_answered(http, owned, contract) -> None:
    texts = [value if isinstance(value, str) else json.dumps(value) for value in HOSTILE]
    found = []
    for route in READING:
        names = contract.queries_of("GET", PARAM.sub(r"{\1}", route.path)) or VENDORS_QUERIES
        choices = [(query, text) for query in names for text in texts if len(text) < 5000]
        for query, text in picks(name(route), choices):
            if wrong := await fault(http, "GET", filled(route.path, owned), params={query: text}):
                found.append(f"{name(route)} {query}={text[:40]!r}: {wrong}")
    assert not found, "\n".join(found)
