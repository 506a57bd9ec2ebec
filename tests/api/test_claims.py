"""Claims over REST: fresh, repeated, held, confirmed, returned and refused."""

import asyncio
from datetime import timedelta

import pytest
from tests.api.conftest import key_for, signed_in

from tearoff.actions import asked_claims
from tearoff.store.db import execute

ARCHIVE = "UPDATE pool SET state = 'archived' WHERE project_id = %(project_id)s"
CODES = ["A1", "B2", "C3", "D4", "E5"]


@pytest.fixture
async def stock(http):
    """Five codes of the type `gift`, with 10 % and an end."""
    body = {"promocodes": CODES, "type": "gift", "discount": 10, "expirationDate": "2099-01-01"}
    assert (await http.post("/api/v1/promocodes", json=body)).status == 200


async def claim(http, key, **body):
    answer = await http.post("/v1/claims", json={"key": key, "type": "gift"} | body)
    return answer.status, await answer.json(content_type=None)


async def act(http, key, act):
    answer = await http.post(f"/v1/claims/{key}/{act}")
    return answer.status, await answer.json(content_type=None)


async def found(http, key):
    return (await (await http.get("/v1/claims", params={"key": key})).json())["items"]


async def stock_of(http, pool="gift"):
    return await (await http.get(f"/v1/pools/{pool}/stock")).json()


async def test_a_claim_gives_a_code_at_once_and_its_repeat_gives_it_again(http, stock):
    code = {"code": "A1", "expiresAt": "2099-01-01T23:59:59Z", "discount": 10, "usableFrom": None}
    assert await claim(http, "order 7") == (201, {"key": "order 7", "code": "A1", "codes": [code]})
    assert await claim(http, "order 7") == (200, {"key": "order 7", "code": "A1", "codes": [code]})
    [seen] = await found(http, "order 7")
    assert (seen["state"], seen["code"], seen["codes"]) == ("issued", "A1", [code])
    assert await found(http, "another") == []
    counts = {"total": 5, "free": 4, "available": 4, "reserved": 0, "issued": 1, "withdrawn": 0, "expiring": 0}
    seen = await stock_of(http)
    assert {name: seen[name] for name in counts} == counts


async def test_many_callers_at_once_get_different_codes_and_the_last_ones_none(http, stock):
    answers = await asyncio.gather(*(claim(http, f"k{n}") for n in range(8)))
    assert sorted(body["code"] for status, body in answers if status == 201) == CODES
    empty = [body for status, body in answers if status == 409]
    assert {body["type"] for body in empty} == {"pool-empty"}
    assert len(empty) == 3


async def test_the_same_key_with_another_request_is_a_conflict(http, stock):
    await claim(http, "k")
    for other in ({"count": 2}, {"discount": 10}, {"hold": 60}, {"minDaysLeft": 1}):
        status, body = await claim(http, "k", **other)
        assert (status, body["type"]) == (409, "key-reused"), other
    assert (await stock_of(http))["issued"] == 1


async def test_several_codes_come_whole_or_not_at_all(http, stock):
    status, body = await claim(http, "three", count=3)
    assert (status, [c["code"] for c in body["codes"]]) == (201, ["A1", "B2", "C3"])
    assert (await claim(http, "three", count=3))[0] == 200
    status, body = await claim(http, "too many", count=3)
    assert (status, body["type"]) == (409, "pool-empty")
    answers = await asyncio.gather(claim(http, "much", count=3), claim(http, "x"), claim(http, "y"))
    assert [status for status, _ in answers] == [409, 201, 201]


async def test_a_held_claim_is_confirmed_once_and_for_all(http, stock):
    assert (await claim(http, "k", hold=60))[0] == 201
    [seen] = await found(http, "k")
    assert (seen["state"], seen["issuedAt"]) == ("reserved", None)
    assert seen["holdUntil"] > seen["reservedAt"]
    status, confirmed = await act(http, "k", "confirm")
    assert (status, confirmed["state"], confirmed["code"], confirmed["holdUntil"]) == (200, "issued", "A1", None)
    assert await act(http, "k", "confirm") == (200, confirmed)
    status, refused = await act(http, "k", "return")
    assert (status, refused["type"]) == (409, "conflict")
    assert (await stock_of(http))["issued"] == 1


async def test_a_returned_claim_spends_its_key_and_shows_no_code_again(http, stock):
    await claim(http, "k", hold=60, count=5)
    status, returned = await act(http, "k", "return")
    assert (status, returned["state"], returned["code"], returned["reason"]) == (
        200,
        "returned",
        None,
        "returned-by-caller",
    )
    assert await act(http, "k", "return") == (200, returned)
    for status, body in (await claim(http, "k", hold=60, count=5), await act(http, "k", "confirm")):
        assert (status, body["type"]) == (409, "claim-returned")
    assert (await claim(http, "next"))[1]["code"] == "A1"
    assert "A1" not in str(await found(http, "k"))


async def test_a_hold_that_ends_returns_its_code(http, stock, db, project, site):
    await claim(http, "k", hold=60)
    await claim(http, "longer", hold=600)
    async with db.transaction() as tx:
        now = site.clock.now() + timedelta(seconds=61)
        assert await asked_claims.end_holds(tx, project_id=project, now=now, limit=10) == ["k"]
    [seen] = await found(http, "k")
    assert (seen["state"], seen["reason"]) == ("returned", "hold-ended")
    assert (await act(http, "k", "confirm"))[0] == 409
    assert (await stock_of(http))["reserved"] == 1


async def test_unknown_keys_and_pools_and_contacts_are_404(http, stock):
    assert (await act(http, "nobody", "confirm"))[0] == 404
    assert (await act(http, "nobody", "return"))[0] == 404
    assert (await claim(http, "k", type="nothing"))[0] == 404
    assert (await claim(http, "k", type=None, pool="nothing"))[0] == 404
    for contact in (4711, {"email": "nobody@example.test"}):
        status, body = await claim(http, "k", contact=contact)
        assert (status, "contact" in body["detail"]) == (404, True)
    assert (await stock_of(http))["free"] == 5


async def test_a_claim_for_a_contact_finds_it_by_any_name(http, stock):
    body = {"channels": [{"type": "email", "value": "ann@example.test"}], "externalCustomerId": "c-1"}
    ann = (await (await http.post("/api/v1/contact", json=body)).json(content_type=None))["id"]
    for n, contact in enumerate((ann, {"email": "Ann@example.test"}, {"externalCustomerId": "c-1"})):
        assert (await claim(http, f"k{n}", contact=contact))[0] == 201
        assert (await found(http, f"k{n}"))[0]["contactId"] == ann
    assert (await claim(http, "k0", contact={"email": "ann@example.test"}))[0] == 200
    assert (await claim(http, "k0"))[1]["type"] == "key-reused"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"key": "", "count": 0, "hold": 0}, ["/key", "/count", "/hold"]),
        ({"key": "a/b"}, ["/key"]),
        ({"key": "k" * 201}, ["/key"]),
        ({"pool": "gift"}, ["/pool"]),
        ({"type": None}, ["/pool"]),
        ({"discount": "x", "minDaysLeft": -1}, ["/discount", "/minDaysLeft"]),
        ({"count": 1001}, ["/count"]),
        ({"hold": 31 * 86400}, ["/hold"]),
        ({"contact": {}}, ["/contact"]),
        ({"contact": {"email": "no address"}}, ["/contact"]),
        ({"contact": {"email": "a@x.test", "phone": "+4915112345678"}}, ["/contact"]),
    ],
)
async def test_a_wrong_claim_gets_every_reason_and_takes_nothing(http, stock, body, pointers):
    status, problem = await claim(http, body.pop("key", "k"), **body)
    assert (status, [p["pointer"] for p in problem["errors"]]) == (422, pointers), problem
    assert (await stock_of(http))["free"] == 5


async def test_only_a_launched_pool_gives_codes_but_it_keeps_what_it_gave(http, stock, db, project):
    await claim(http, "k")
    async with db.transaction() as tx:
        await execute(tx, ARCHIVE, {"project_id": project})
    assert (await claim(http, "k"))[0] == 200
    for count in (1, 2):
        status, body = await claim(http, "new", count=count)
        assert (status, body["type"], "archived" in body["detail"]) == (409, "not-issuable", True)


async def test_a_key_that_may_not_take_codes_sees_them_masked(http, stock, base_url, db, project):
    await claim(http, "k")
    async with signed_in(base_url, await key_for(db, project, "read-only")) as reader:
        [seen] = await found(reader, "k")
        assert (seen["code"], seen["codes"][0]["code"]) == ("…", "…")
        assert (await claim(reader, "other"))[0] == 403
