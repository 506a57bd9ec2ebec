"""One code over REST: its windows, its owners and why they have it, its messages, its uses, and what was taken back."""

import pytest
from tests.promises.test_reveals import PROJECT, send

from tearoff.engine import runner, sender

LASTS = {"endsAfter": {"amount": 10, "unit": "days"}}


@pytest.fixture
async def mailed(http, site, project):
    """A code that a workflow mailed, and its whole page."""
    body = {"key": "gift", "type": "gift", "description": "x", "validFor": LASTS}
    await send(http, "POST", "/v1/pools", 201, json=body)
    codes = {"promocodes": ["M-1", "M-2"], "type": "gift", "expirationDate": "2099-01-01"}
    await send(http, "POST", "/api/v1/promocodes", 200, json=codes)
    await send(http, "POST", "/v1/contacts", 200, json={"externalId": "ann"})
    for noun, definition in PROJECT.items():
        path = "/v1/event-types/signup" if noun == "event-types" else f"/v1/{noun}"
        method, status = ("PUT", 200) if noun == "event-types" else ("POST", 201)
        await send(http, method, path, status, json=definition)
    await send(http, "POST", "/v1/workflows/greet/publish", 200, json={})
    event = {"eventType": "signup", "keyValue": "a@x.test", "params": {"email": "a@x.test"}}
    await send(http, "POST", "/v1/events", 201, json=event)
    for actor in (runner, sender):
        await actor.turn(site.engine, project, site.clock.now())
    return await send(http, "GET", "/v1/codes/M-1", 200)


async def test_a_code_tells_why_its_owner_has_it(mailed):
    assert (mailed["code"], mailed["state"]) == ("M-1", "issued")
    [owner] = mailed["claims"]
    run = owner["run"]
    assert (owner["door"], owner["runId"], owner["returnedAt"]) == ("run", run["id"], None)
    assert (run["workflow"], run["version"], run["state"]) == ("greet", 1, "done")
    assert (run["eventType"], run["keyValue"]) == ("signup", "a@x.test")
    assert run["eventId"]
    [delivery] = mailed["deliveries"]
    assert (delivery["message"], delivery["medium"], delivery["state"]) == ("hello", "email", "sent")
    assert (delivery["runId"], delivery["block"]) == (run["id"], "mail")


async def test_a_code_shows_the_window_in_which_it_can_be_used_now(http, mailed):
    [owner] = mailed["claims"]
    assert owner["useUntil"] is not None
    assert (mailed["usableUntil"], mailed["expiresAt"][:10]) == (owner["useUntil"], "2099-01-01")
    free = await send(http, "GET", "/v1/codes/M-2", 200)
    assert (free["usableFrom"], free["usableUntil"], free["claims"]) == (None, free["expiresAt"], [])


async def test_what_happened_to_a_code_later_is_on_its_page(http, mailed):
    first = await send(http, "POST", "/v1/redemptions", 201, json={"code": "M-1", "orderId": "o1", "amount": "9.50"})
    await send(http, "POST", f"/v1/redemptions/{first['id']}/rollback", 200, json={"reason": "payment failed"})
    second = await send(http, "POST", "/v1/redemptions", 201, json={"code": "M-1", "orderId": "o2"})
    moved = {"to": {"externalCustomerId": "ann"}, "reason": "a gift"}
    page = await send(http, "POST", "/v1/codes/M-1/transfer", 200, json=moved)
    uses = [(use["id"], use["orderId"], use["amount"], use["rolledBackReason"]) for use in page["redemptions"]]
    assert uses == [(second["id"], "o2", None, None), (first["id"], "o1", "9.50", "payment failed")]
    [passed] = page["transfers"]
    assert (passed["fromContactId"], passed["reason"]) == (mailed["claims"][0]["contactId"], "a gift")
    assert passed["fromContactId"] is not None
    assert passed["toContactId"] == page["claims"][0]["contactId"]
    assert (page["revokedAt"], page["revokedReason"]) == (None, None)
    page = await send(http, "POST", "/v1/codes/M-1/revoke", 200, json={"reason": "stolen"})
    assert page["revokedAt"] == page["claims"][0]["revokedAt"] is not None
    assert page["revokedReason"] == "stolen"
    acts = [act["act"] for act in (await send(http, "GET", "/v1/codes/M-1/story", 200))["items"]]
    assert [act for act in acts if act != "exposed"] == [
        "added",
        "reserved",
        "message sent",
        "issued",
        "redeemed",
        "rolled back",
        "redeemed",
        "transferred",
        "revoked",
    ]


async def test_a_code_that_came_back_keeps_its_owners_before(http, mailed):
    await send(http, "POST", "/v1/claims", 201, json={"key": "k", "type": "gift", "hold": 60})
    await send(http, "POST", "/v1/claims/k/return", 200, json={})
    page = await send(http, "GET", "/v1/codes/M-2", 200)
    assert page["state"] == "free"
    [owner] = page["claims"]
    assert (owner["door"], owner["key"], owner["reason"], owner["run"]) == ("api", "k", "returned-by-caller", None)
    assert page["usableUntil"] == page["expiresAt"]


async def test_a_code_goes_only_to_somebody_who_is_there(http, mailed):
    wanted = {"to": {"externalCustomerId": "nobody"}, "reason": "x"}
    refused = await send(http, "POST", "/v1/codes/M-1/transfer", 404, json=wanted)
    assert refused["detail"] == "No contact 'nobody' in this project."
