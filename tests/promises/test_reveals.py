"""Every route that shows a code in full writes it down: each line of the route tables is called and its answer read."""

from typing import Any

import pytest
from tests.promises.test_p10_isolation import BODIES, PARAM, ROUTES, name, owned

from tearoff.api.routing import Route
from tearoff.engine import importer, issuer, runner, sender

__all__ = ["owned"]

CODE = "FULLCODE"
QUERY = {"reveal": "true", "key": "confirmed"}
CREATIONS = {
    "POST /v1/claims",
    "POST /v1/redemptions",
    "POST /api/v1/promocodes",
    "POST /v3/operations/sync",
    "POST /v3/operations/async",
}
"""What a caller gets or names in the same call is no reveal: it is theirs by it."""

SHOWN = {
    "GET /api/v1/contact/{contact_id:str}",
    "GET /api/v1/contacts",
    "GET /api/v1/promocodes",
    "GET /v1/claims",
    "GET /v1/codes",
    "GET /v1/codes/{code:str}",
    "GET /v1/contacts",
    "GET /v1/contacts/{contact_id:int}",
    "GET /v1/exports/holders",
    "GET /v1/imports/{import_id:int}/preview",
    "GET /v1/imports/{import_id:int}/source",
    "GET /v1/mailbox",
    "GET /v1/redemptions",
    "GET /v1/redemptions/refusals",
    "GET /v1/redemptions/{redemption_id:int}",
    "GET /v1/tasks/{task_id:int}/rejects.csv",
    "POST /v1/claims/{key:str}/confirm",
    "POST /v1/codes/{code:str}/revoke",
    "POST /v1/codes/{code:str}/transfer",
    "POST /v1/codes/{code:str}/withdraw",
    "POST /v1/redemptions/{redemption_id:int}/rollback",
}
"""Routes that show a code here, so that the walk proves something; whatever else shows one is found by it too."""

PROJECT = {
    "channels": {"key": "letters", "kind": "mailbox", "medium": "email"},
    "messages": {
        "key": "hello",
        "medium": "email",
        "channel": "letters",
        "languages": {"en": {"subject": "Hi", "text": "$!data.get('promocode')"}},
    },
    "event-types": {"name": "signup"},
    "workflows": {
        "key": "greet",
        "name": "greet",
        "blocks": {
            "start": {"kind": "start", "eventType": "signup", "exits": {"next": "code"}},
            "code": {"kind": "getPromoCode", "type": "gift", "exits": {"found": "mail"}},
            "mail": {"kind": "message", "message": "hello", "email": "${email}", "exits": {"next": "end"}},
            "end": {"kind": "end"},
        },
    },
}
POSTED: dict[str, dict[str, Any]] = {
    "/confirm": {},
    "/revoke": {"reason": "x"},
    "/transfer": {"reason": "x"},
    "/withdraw": {"reason": "x"},
    "/rollback": {},
}
"""Acts on one code that are called for what they answer; they come after all reads."""


async def send(http, method, path, *statuses, **more):
    answer = await http.request(method, path, **more)
    assert answer.status in statuses, (path, answer.status, await answer.text())
    return await answer.json(content_type=None)


@pytest.fixture
async def sights(http, site, project, owned) -> dict[str, str]:
    """The ids of `owned`, with those that lead to codes in their place; codes are known in every way there is."""
    now = site.clock.now
    await send(http, "POST", "/v1/pools", 201, json={"key": "gift", "type": "gift", "description": "x"})
    body = {"promocodes": [f"{CODE}-{n}" for n in range(6)], "type": "gift"}
    await send(http, "POST", "/api/v1/promocodes", 200, json=body)
    ann = (await send(http, "POST", "/v1/contacts", 200, json={"externalId": "ann"}))["id"]
    claim = {"type": "gift", "contact": ann}
    await send(http, "POST", "/v1/claims", 201, json={**claim, "key": "issued"})
    await send(http, "POST", "/v1/claims", 201, json={**claim, "key": "confirmed", "hold": 600})
    used = await send(http, "POST", "/v1/redemptions", 201, json={"code": f"{CODE}-0", "orderId": "o"})
    await send(http, "POST", "/v1/redemptions", 409, json={"code": f"{CODE}-0", "orderId": "another"})
    text = {"text": f"{CODE}-0\n", "existing": "refuse"}
    await http.patch("/v1/pools/gift", json={"fillMethod": None})
    await send(http, "POST", "/v1/pools", 201, json={"key": "typed", "type": "typed", "description": "x"})
    refused = await send(http, "POST", "/v1/pools/typed/imports", 202, json=text)
    looked = await send(http, "POST", "/v1/pools/typed/imports", 202, json={**text, "dryRun": True})
    for noun, definition in PROJECT.items():
        path = "/v1/event-types/signup" if noun == "event-types" else f"/v1/{noun}"
        method, status = ("PUT", 200) if noun == "event-types" else ("POST", 201)
        await send(http, method, path, status, json=definition)
    await send(http, "POST", "/v1/workflows/greet/publish", 200, json={})
    event = {"eventType": "signup", "keyValue": "a@x.test", "params": {"email": "a@x.test"}}
    await send(http, "POST", "/v1/events", 201, json=event)
    await send(http, "POST", "/v1/fields", 201, json={"key": "CODE"})
    issue = {"filter": {"contactIds": [ann]}, "saveToField": "CODE"}
    await send(http, "POST", "/v1/pools/gift/issues", 202, json=issue)
    for actor in (importer, importer, importer, runner, sender, issuer):
        await actor.turn(site.engine, project, now())
    return owned | {
        "pool": "gift",
        "code": f"{CODE}-0",
        "key": "confirmed",
        "redemption_id": str(used["id"]),
        "import_id": str(looked["id"]),
        "task_id": str(refused["id"]),
        "contact_id": str(ann),
        "workflow": "greet",
        "message": "hello",
    }


async def written(http) -> int:
    """How many lines the log has."""
    newest = (await send(http, "GET", "/v1/audit", 200, params={"limit": "1"}))["items"]
    return newest[0]["id"] if newest else 0


async def shows(http, route: Route, sights: dict[str, str]) -> bool:
    """Whether the route shows a code now; fails where it does so without a word in the log."""
    path = PARAM.sub(lambda found: sights.get(found[1], "0"), route.path)
    before = await written(http)
    body = next((body for part, body in POSTED.items() if path.endswith(part)), None)
    if path.endswith("/transfer"):
        body = {"reason": "x", "to": {"externalCustomerId": "bob"}}
    if body is None:
        body = next((body for part, body in BODIES.items() if part in path), {})
    more = {"params": QUERY} if route.method == "GET" else {"json": body}
    async with http.request(route.method, path, **more) as answer:
        seen = CODE in await answer.text() and answer.status < 400
    assert not seen or await written(http) > before, f"{name(route)} shows a code, and nothing says who saw it"
    return seen


async def test_no_route_shows_a_code_without_a_line_in_the_audit_log(http, sights):
    await send(http, "POST", "/v1/contacts", 200, json={"externalId": "bob"})
    reads = [route for route in ROUTES if route.method == "GET"]
    acts = [route for route in ROUTES if any(route.path.endswith(part) for part in POSTED) and route.method == "POST"]
    seen = {name(route) for route in reads if await shows(http, route, sights)}
    order = ["/rollback", "/confirm", "/transfer", "/revoke"]
    for part in order:
        seen |= {name(route) for route in acts if route.path.endswith(part) and await shows(http, route, sights)}
    sights["code"] = f"{CODE}-5"
    seen |= {name(r) for r in acts if r.path.endswith("/withdraw") and await shows(http, r, sights)}
    assert seen >= SHOWN, "this test does not make them show a code any more"


async def test_the_vendors_lists_of_codes_are_written_down(http, sights, key):
    headers = {"Authorization": f"SecretKey {key}"}
    for operation, body in (
        ("PromoCodes.List", {"customer": {"ids": {"webSiteUserId": "ann"}}}),
        ("PromoCodes.CancelRedemption", {"promoCode": {"ids": {"value": f"{CODE}-0"}}}),
    ):
        before = await written(http)
        params = {"operation": operation}
        async with http.post("/v3/operations/sync", params=params, json=body, headers=headers) as answer:
            text = await answer.text()
        assert CODE in text, (operation, text)
        assert await written(http) > before, operation


async def test_what_a_post_answers_without_a_line_is_only_what_its_caller_made_or_named(http, sights):
    """The walk over all other POSTs, those that end something left out."""
    ends = ("/disable", "/erase", "/undo", "/cancel", "/return", "/archive", "/session")
    posts = [r for r in ROUTES if r.method == "POST" and not any(r.path.endswith(p) for p in (*ends, *POSTED))]
    seen = {name(route) for route in posts if await shows(http, route, sights)}
    assert seen <= CREATIONS
