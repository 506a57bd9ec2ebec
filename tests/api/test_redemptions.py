"""Redemptions over REST: checked, used once an order, taken back, refused with a reason, and guessed at."""

from datetime import timedelta

import pytest
from tests.api.conftest import key_for, signed_in

from tearoff.domain.redemptions import GUESSES_MAX
from tearoff.store.db import execute

SET_POOL = """
UPDATE pool SET code_type = %(code_type)s, is_issue_checked = %(checked)s, processing = %(processing)s
 WHERE project_id = %(project_id)s
"""
SET_LOT = "UPDATE lot SET use_from = %(start)s, expires_at = %(end)s WHERE project_id = %(project_id)s"
FREE = "UPDATE guess SET locked_until = NULL, misses = 0 WHERE project_id = %(project_id)s"


@pytest.fixture
async def stock(http):
    """Three codes of the type `gift`, of which A1 is issued to nobody in particular."""
    body = {"promocodes": ["A1", "B2", "C3"], "type": "gift", "discount": 10}
    assert (await http.post("/api/v1/promocodes", json=body)).status == 200
    assert (await http.post("/v1/claims", json={"key": "k", "type": "gift"})).status == 201


@pytest.fixture
async def ann(http):
    """The id of a contact."""
    answer = await http.post("/v1/contacts", json={"externalId": "ann"})
    return (await answer.json())["id"]


async def post(http, path, **body):
    answer = await http.post(path, json=body)
    return answer.status, await answer.json(content_type=None)


async def redeem(http, code, order="order 1", **body):
    return await post(http, "/v1/redemptions", code=code, orderId=order, **body)


async def status_of(http, code, **body):
    status, checked = await post(http, "/v1/redemptions/check", code=code, **body)
    assert status == 200
    return checked["status"]


async def set_pool(db, project, code_type="single", checked=True, processing="inside"):
    async with db.transaction() as tx:
        values = {"project_id": project, "code_type": code_type, "checked": checked, "processing": processing}
        await execute(tx, SET_POOL, values)


async def set_lot(db, project, start, end):
    async with db.transaction() as tx:
        await execute(tx, SET_LOT, {"project_id": project, "start": start, "end": end})


async def test_a_code_is_used_by_one_order_and_its_repeat_gets_the_same_redemption(http, stock):
    assert await status_of(http, "A1") == "can-be-used"
    status, first = await redeem(http, " A1 ", amount="19.90", point="till 3")
    assert (status, first["code"], first["pool"], first["discount"], first["amount"]) == (
        201,
        "A1",
        "gift",
        10,
        "19.90",
    )
    assert await redeem(http, "A1", amount="19.90", point="till 3") == (200, first)
    status, problem = await redeem(http, "A1", amount="20")
    assert (status, problem["type"]) == (409, "key-reused")
    status, problem = await redeem(http, "A1", "order 2")
    assert (status, problem["type"], problem["reason"]) == (409, "not-redeemable", "used")
    assert await status_of(http, "A1") == "used"


async def test_codes_not_issued_early_late_and_used_twice_are_refused_each_with_its_status(
    http, stock, db, project, site
):
    """Maestra's NotIssued, YetNotActive, AlreadyNotActive and Used."""
    now, day = site.clock.now(), timedelta(days=1)
    assert (await redeem(http, "B2"))[1]["reason"] == "not-issued"
    await set_lot(db, project, now + day, now + 2 * day)
    assert (await redeem(http, "A1"))[1]["reason"] == "not-yet-active"
    await set_lot(db, project, now - 2 * day, now - day)
    assert (await redeem(http, "A1"))[1]["reason"] == "no-longer-active"
    await set_lot(db, project, now - day, now + day)
    assert (await redeem(http, "A1"))[0] == 201
    assert (await redeem(http, "A1", "order 2"))[1]["reason"] == "used"
    assert (await redeem(http, "NONE"))[1]["reason"] == "not-found"


async def test_a_rollback_makes_the_code_usable_again_also_for_the_same_order(http, stock):
    _, first = await redeem(http, "A1")
    path = f"/v1/redemptions/{first['id']}"
    status, ended = await post(http, f"{path}/rollback", reason="payment failed")
    assert (status, ended["rolledBackReason"]) == (200, "payment failed")
    assert (await post(http, f"{path}/rollback", reason="again"))[1] == ended
    assert await status_of(http, "A1") == "can-be-used"
    status, second = await redeem(http, "A1")
    assert (status, second["id"] != first["id"]) == (201, True)
    page = await (await http.get("/v1/redemptions", params={"code": "A1"})).json()
    assert [item["id"] for item in page["items"]] == [second["id"], first["id"]]
    assert (await (await http.get(path)).json()) == ended


async def test_the_uses_of_an_order_are_listed_also_when_they_were_rolled_back(http, stock):
    _, first = await redeem(http, "A1", "order 1")
    assert (await post(http, "/v1/claims", key="k2", type="gift"))[1]["code"] == "B2"
    _, other = await redeem(http, "B2", "order 2")
    assert (await post(http, f"/v1/redemptions/{first['id']}/rollback"))[0] == 200
    _, again = await redeem(http, "A1", "order 1")
    for order, ids in (("order 1", [again["id"], first["id"]]), ("order 2", [other["id"]]), ("order 3", [])):
        found = await (await http.get("/v1/redemptions", params={"order": order})).json()
        assert [one["id"] for one in found["items"]] == ids


async def test_a_code_of_one_contact_is_refused_to_another_and_allowed_to_nobody_in_particular(http, stock, ann):
    _, claimed = await post(http, "/v1/claims", key="hers", type="gift", contact=ann)
    bob = (await (await http.post("/v1/contacts", json={"externalId": "bob"})).json())["id"]
    status, problem = await redeem(http, claimed["code"], contact=bob)
    assert (status, problem["reason"]) == (409, "other-contact")
    assert (await redeem(http, claimed["code"], contact={"externalCustomerId": "nobody"}))[0] == 404
    await http.put("/v1/pools/gift/redemption-rule", json={"isContactNeeded": True})
    assert (await redeem(http, claimed["code"]))[1]["reason"] == "contact-needed"
    status, used = await redeem(http, claimed["code"], contact={"externalCustomerId": "ann"})
    assert (status, used["contactId"]) == (201, ann)


async def test_a_code_that_is_only_reserved_is_issued_by_its_use_and_cannot_return(http, stock):
    _, held = await post(http, "/v1/claims", key="held", type="gift", hold=60)
    assert (await redeem(http, held["code"]))[0] == 201
    assert (await post(http, "/v1/claims/held/return"))[0] == 409
    assert (await (await http.get("/v1/pools/gift/stock")).json())["reserved"] == 0


async def test_public_codes_are_used_up_to_their_limits(http, stock, ann, db, project):
    await set_pool(db, project, "multi", checked=False)
    answer = await http.put("/v1/pools/gift/redemption-rule", json={"usesMax": 3, "contactUsesMax": 1})
    assert await answer.json() == {"usesMax": 3, "contactUsesMax": 1, "isContactNeeded": False}
    assert (await redeem(http, "B2", "1", contact=ann))[0] == 201
    assert (await redeem(http, "B2", "1", contact=ann))[0] == 200
    assert (await redeem(http, "B2", "2", contact=ann))[1]["reason"] == "contact-limit"
    assert [(await redeem(http, "B2", order))[0] for order in "345"] == [201, 201, 409]
    assert await status_of(http, "B2") == "used"
    assert (await (await http.get("/v1/pools/gift/stock")).json())["free"] == 2
    wrong = await http.put("/v1/pools/gift/redemption-rule", json={"usesMax": 0})
    assert wrong.status == 422


async def test_another_system_reports_what_it_redeemed_in_bulk(http, stock, db, project):
    await set_pool(db, project, processing="outside")
    assert await status_of(http, "A1") == "unavailable"
    items = [
        {"code": "A1", "usedAt": "2026-01-02T03:04:05Z", "orderId": "o-1", "point": "till"},
        {"code": "C3"},
        {"code": "C3"},
        {"code": "NONE"},
    ]
    status, report = await post(http, "/v1/redemptions/statuses", items=items)
    assert (status, report["used"], report["unchanged"], report["freed"]) == (200, 2, 1, 0)
    assert [row["index"] for row in report["rejected"]] == [3]
    assert (await post(http, "/v1/redemptions/statuses", items=items[:3]))[1]["unchanged"] == 3
    stock_now = await (await http.get("/v1/pools/gift/stock")).json()
    assert (stock_now["free"], stock_now["issued"]) == (1, 2), "what is spent elsewhere is handed out to nobody"
    freed = await post(http, "/v1/redemptions/statuses", items=[{"code": "A1", "isUsed": False}])
    assert freed[1] == {"used": 0, "freed": 1, "unchanged": 0, "rejected": []}
    [last, first] = (await (await http.get("/v1/redemptions")).json())["items"]
    assert (first["redeemedAt"], first["origin"], first["point"]) == ("2026-01-02T03:04:05Z", "outside", "till")
    assert (last["code"], last["rolledBackAt"]) == ("C3", None)


async def test_a_code_that_an_upload_called_in_use_may_be_told_when_and_where_it_was(http, stock):
    body = {"promocodes": ["D4"], "type": "gift", "discount": 10, "inUse": True}
    assert (await http.post("/api/v1/promocodes", json=body)).status == 200
    await post(http, "/v1/codes/C3/withdraw", reason="leaked")
    items = [{"code": "D4", "usedAt": "2026-01-02T03:04:05Z"}, {"code": "C3"}]
    status, report = await post(http, "/v1/redemptions/statuses", items=items)
    assert (status, report["used"], [row["index"] for row in report["rejected"]]) == (200, 1, [1])
    assert await status_of(http, "D4") == "used"
    counts = await (await http.get("/v1/pools/gift/stock")).json()
    assert (counts["total"], counts["issued"], counts["withdrawn"], counts["redeemed"]) == (4, 2, 1, 1)


async def test_refused_attempts_stand_in_a_report_with_their_reasons(http, stock):
    for code in ("B2", "B2", "C3", "NONE"):
        await redeem(http, code)
    report = await (await http.get("/v1/redemptions/report")).json()
    seen = {(row["pool"], row["reason"], row["status"]): (row["refused"], row["codes"]) for row in report["reasons"]}
    assert seen == {("gift", None, "not-issued"): (3, 2), (None, None, "not-found"): (1, 0)}
    page = await (await http.get("/v1/redemptions/refusals", params={"limit": 2})).json()
    assert [item["code"] for item in page["items"]] == ["NONE", "C3"]
    page = await (await http.get("/v1/redemptions/refusals", params={"pool": "gift", "after": page["next"]})).json()
    assert [item["code"] for item in page["items"]] == ["B2", "B2"]


async def test_who_guesses_is_locked_out_and_cannot_tell_a_right_guess(http, stock, ann, db, project):
    for n in range(GUESSES_MAX["contact"]):
        assert (await redeem(http, f"GUESS{n}", contact=ann))[0] == 409
    answer = await http.post("/v1/redemptions", json={"code": "A1", "orderId": "o", "contact": ann})
    assert (answer.status, (await answer.json())["type"]) == (429, "throttled")
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert (await post(http, "/v1/redemptions/check", code="A1", contact=ann))[0] == 429
    [lock] = (await (await http.get("/v1/redemptions/report")).json())["locked"]
    assert lock["subject"] == f"contact:{ann}"
    assert (await redeem(http, "A1"))[0] == 201, "the shop itself goes on"
    async with db.transaction() as tx:
        await execute(tx, FREE, {"project_id": project})
    assert await status_of(http, "A1", contact=ann) == "used"


async def test_guesses_are_counted_by_the_customers_address_too(http, stock):
    headers = {"X-Customer-IP": "203.0.113.9"}
    for n in range(GUESSES_MAX["address"]):
        await http.post("/v1/redemptions/check", json={"code": f"GUESS{n}"}, headers=headers)
    body = {"code": "A1", "orderId": "o"}
    assert (await http.post("/v1/redemptions", json=body, headers=headers)).status == 429
    assert (await http.post("/v1/redemptions", json=body, headers={"X-Customer-IP": "203.0.113.8"})).status == 201


async def test_a_key_that_may_only_redeem_hears_one_refusal_for_codes_that_are_not_its_own(
    http, stock, base_url, db, project, ann
):
    await post(http, "/v1/claims", key="hers", type="gift", contact=ann)
    bob = (await (await http.post("/v1/contacts", json={"externalId": "bob"})).json())["id"]
    async with signed_in(base_url, await key_for(db, project, "redeem")) as till:
        refusals = [await redeem(till, code, contact=bob) for code in ("NONE", "C3", "B2")]
        assert [status for status, _ in refusals] == [409] * 3
        assert len({str(problem) for _, problem in refusals}) == 1
        checks = [await post(till, "/v1/redemptions/check", code=code, contact=bob) for code in ("NONE", "C3", "B2")]
        assert len({str(body) for _, body in checks}) == 1
        assert (await redeem(till, "A1"))[0] == 201
        assert (await redeem(till, "A1", "other"))[1]["reason"] == "used"
        past = await redeem(till, "A1", redeemedAt="2020-01-01T00:00:00Z")
        assert (past[0], past[1]["errors"][0]["pointer"]) == (422, "/redeemedAt")
        assert (await post(till, "/v1/redemptions/statuses", items=[]))[0] == 403


async def test_a_till_that_was_offline_is_judged_by_the_time_of_the_sale(http, stock, db, project, site):
    now, day = site.clock.now(), timedelta(days=1)
    await set_lot(db, project, now - 3 * day, now - day)
    assert (await redeem(http, "A1"))[1]["reason"] == "no-longer-active"
    at = (now - 2 * day).isoformat()
    status, used = await redeem(http, "A1", redeemedAt=at)
    assert (status, used["redeemedAt"][:19]) == (201, at[:19])


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"code": ""}, ["/code"]),
        ({"orderId": ""}, ["/orderId"]),
        ({"orderId": "o" * 201, "point": "\n"}, ["/orderId", "/point"]),
        ({"amount": "-1"}, ["/amount"]),
        ({"amount": "NaN"}, ["/amount"]),
        ({"amount": "0.00001"}, ["/amount"]),
        ({"contact": {}}, ["/contact"]),
        ({"redeemedAt": "2999-01-01T00:00:00Z"}, ["/redeemedAt"]),
    ],
)
async def test_a_wrong_redemption_gets_every_reason_and_uses_nothing(http, stock, body, pointers):
    status, problem = await post(http, "/v1/redemptions", **({"code": "A1", "orderId": "o"} | body))
    assert (status, [p["pointer"] for p in problem["errors"]]) == (422, pointers), problem
    assert await status_of(http, "A1") == "can-be-used"
