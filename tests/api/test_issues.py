"""Issuing over REST: by value, by hand to many, taken away and passed on."""

import pytest
from tests.api.conftest import key_for, signed_in

CODES = ["A1", "B2", "C3", "D4", "E5"]


async def call(http, method, path, body=None):
    answer = await http.request(method, path, json=body)
    return answer.status, await answer.json(content_type=None)


@pytest.fixture
async def stock(http):
    """Five codes of the pool `gift`, and the contacts `ann` and `bob`; gives their ids."""
    assert (await http.post("/api/v1/promocodes", json={"promocodes": CODES, "type": "gift"})).status == 200
    people = [
        {"externalId": name, "locators": [{"kind": "email", "value": f"{name}@example.test"}]}
        for name in ("ann", "bob")
    ]
    return [(await call(http, "POST", "/v1/contacts", one))[1]["id"] for one in people]


async def test_a_code_is_claimed_by_its_value(http, stock) -> None:
    body = {"key": "k1", "code": "C3", "contact": {"externalCustomerId": "ann"}}
    status, taken = await call(http, "POST", "/v1/claims", body)
    assert (status, taken["code"]) == (201, "C3")
    assert (await call(http, "POST", "/v1/claims", body))[0] == 200
    status, problem = await call(http, "POST", "/v1/claims", {"key": "k2", "code": "C3"})
    assert (status, problem["type"]) == (409, "not-issuable")
    status, problem = await call(http, "POST", "/v1/claims", {"key": "k3", "code": "NEW"})
    assert (status, problem["type"]) == (404, "not-found")


async def test_a_code_is_made_by_being_claimed_where_that_is_asked_for(http, stock) -> None:
    body = {"key": "k1", "code": "NEW", "pool": "gift", "create": True}
    assert (await call(http, "POST", "/v1/claims", body))[1]["code"] == "NEW"
    status, problem = await call(http, "POST", "/v1/claims", {"key": "k2", "code": "X", "create": True, "count": 2})
    assert status == 422
    assert {one["pointer"] for one in problem["errors"]} == {"/count", "/pool"}


async def test_the_window_of_use_is_shown_with_the_code(http, stock) -> None:
    window = {"usableFrom": "2099-01-01T00:00:00Z", "usableUntil": "2099-02-01T00:00:00Z"}
    taken = (await call(http, "POST", "/v1/claims", {"key": "k1", "pool": "gift"} | window))[1]
    [code] = taken["codes"]
    assert (code["usableFrom"], code["expiresAt"]) == tuple(window.values())
    [seen] = (await call(http, "GET", "/v1/claims?key=k1"))[1]["items"]
    assert seen["codes"] == [code]
    wrong = {"usableFrom": "2099-03-01T00:00:00Z", "usableUntil": "2099-02-01T00:00:00Z"}
    assert (await call(http, "POST", "/v1/claims", {"key": "k2", "pool": "gift"} | wrong))[0] == 422


async def test_a_filter_starts_a_task(http, stock) -> None:
    body = {"filter": {"email": "ANN@"}, "sample": {"percent": 100}}
    status, task = await call(http, "POST", "/v1/pools/gift/issues", body)
    assert (status, task["kind"], task["state"], task["total"]) == (202, "issue", "running", 1)
    status, problem = await call(http, "POST", "/v1/pools/gift/issues", {"filter": {"email": "nobody"}})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/filter")
    for sample in ({"count": 0}, {"percent": 101}, {"count": 1, "percent": 1}, {}):
        body = {"filter": {}, "sample": sample}
        assert (await call(http, "POST", "/v1/pools/gift/issues", body))[0] == 422


async def test_a_list_starts_a_task_and_names_the_lines_that_find_nobody(http, stock) -> None:
    headers = {"Content-Type": "text/csv"}
    answer = await http.post("/v1/pools/gift/issues", data="externalCustomerId\nann\nnobody\n", headers=headers)
    task = await answer.json()
    assert (answer.status, task["done"], task["total"]) == (202, 1, 2)
    rejects = await (await http.get(task["rejects"])).text()
    assert rejects.splitlines()[1].startswith("3,nobody,")
    answer = await http.post("/v1/pools/gift/issues", data="<a/>", headers={"Content-Type": "application/xml"})
    assert answer.status == 415


async def test_a_code_is_revoked_with_a_reason(http, stock) -> None:
    await call(http, "POST", "/v1/claims", {"key": "k1", "code": "A1"})
    assert (await call(http, "POST", "/v1/codes/A1/revoke", {"reason": " "}))[0] == 422
    status, story = await call(http, "POST", "/v1/codes/A1/revoke", {"reason": "fraud"})
    assert (status, story["state"], story["claims"][0]["reason"]) == (200, "issued", "fraud")
    assert (await call(http, "POST", "/v1/codes/B2/revoke", {"reason": "fraud"}))[0] == 409
    assert (await call(http, "POST", "/v1/codes/NO/revoke", {"reason": "fraud"}))[0] == 404


async def test_a_code_is_passed_on_with_a_reason(http, stock) -> None:
    ann, bob = stock
    await call(http, "POST", "/v1/claims", {"key": "k1", "code": "A1", "contact": ann})
    body = {"to": {"email": "bob@example.test"}, "reason": "a present"}
    status, story = await call(http, "POST", "/v1/codes/A1/transfer", body)
    assert (status, story["claims"][0]["contactId"]) == (200, bob)
    [passed] = (await call(http, "GET", "/v1/codes/A1/transfers"))[1]["items"]
    assert (passed["fromContactId"], passed["toContactId"], passed["reason"]) == (ann, bob, "a present")
    assert (await call(http, "POST", "/v1/codes/A1/transfer", {"to": 10**9, "reason": "x"}))[0] == 404
    assert (await call(http, "POST", "/v1/codes/A1/transfer", {"to": {}, "reason": "x"}))[0] == 422


async def test_a_key_of_another_scope_may_do_none_of_this(http, stock, db, base_url, project) -> None:
    async with signed_in(base_url, await key_for(db, project, "redeem")) as shop:
        for path in ("pools/gift/issues", "codes/A1/revoke", "codes/A1/transfer"):
            assert (await call(shop, "POST", f"/v1/{path}", {"reason": "x"}))[0] == 403
