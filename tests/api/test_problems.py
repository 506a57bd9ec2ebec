"""Stock over REST: forecast and history, the launch check of a workflow, problems, thresholds and subscriptions."""

from datetime import timedelta

import pytest
from tests import stock as lots

from tearoff.actions import problems
from tearoff.clock import Clock

WORKFLOW = {
    "key": "greet",
    "blocks": {
        "start": {"kind": "start", "eventType": "signup", "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": "gift", "exits": {"found": "second"}},
        "second": {"kind": "getPromoCode", "type": "gift", "discount": 10, "exits": {"found": "end"}},
        "end": {"kind": "end"},
    },
}


@pytest.fixture
async def pool(http, db, project):
    """A pool with ten codes."""
    assert (await http.post("/v1/pools", json={"key": "gift", "description": "Gifts", "alertBelow": 8})).status == 201
    await lots.upload(db, project, [f"F{n}" for n in range(10)], Clock().now(), type="gift")


async def look(db, project, now):
    async with db.transaction() as tx:
        await problems.watch(tx, project_id=project, now=now)


async def send(http, method, path, body=None):
    async with http.request(method, path, json=body) as answer:
        return answer.status, await answer.json(content_type=None) if answer.status not in (202, 204) else None


async def test_the_forecast_says_when_the_pool_is_empty_and_history_what_it_was(http, db, project, pool):
    now = Clock().now()
    assert (await send(http, "GET", "/v1/pools/gift/forecast"))[1]["perDay"] is None
    await look(db, project, now - timedelta(hours=12))
    await lots.issue(db, project, 5, now, type="gift")
    status, seen = await send(http, "GET", "/v1/pools/gift/forecast")
    assert (status, seen["ready"], seen["lost"]) == (200, 5, 0)
    assert seen["perDay"] == pytest.approx(10, rel=0.01)
    assert seen["daysLeft"] == pytest.approx(0.5, rel=0.01)
    await look(db, project, now)
    status, past = await send(http, "GET", "/v1/pools/gift/history?days=2")
    assert [(hour["ready"], hour["claimed"]) for hour in past["items"]] == [(10, 0), (5, 5)]


async def test_a_launch_is_checked_against_the_stock_block_by_block(http, pool):
    assert (await send(http, "POST", "/v1/workflows", WORKFLOW))[0] == 201
    status, check = await send(http, "POST", "/v1/workflows/greet/demand", {"expected": 5})
    assert (status, check["isEnough"]) == (200, True)
    status, check = await send(http, "POST", "/v1/workflows/greet/demand", {"expected": 7})
    assert check["isEnough"] is False
    assert [(each["block"], each["ready"], each["short"]) for each in check["demands"]] == [
        ("code", 10, 0),
        ("second", 3, 4),
    ]
    for n in range(6):
        event = {"eventType": "signup", "keyValue": f"{n}", "params": {}}
        assert (await send(http, "POST", "/v1/events", event))[0] == 201
    status, check = await send(http, "POST", "/v1/workflows/greet/demand", {})
    assert {each["expected"] for each in check["demands"]} == {6}
    assert (await send(http, "POST", "/v1/workflows/greet/demand", {"expected": -1}))[0] == 422


async def test_a_problem_is_listed_logged_and_closed_by_name(http, db, project, pool):
    now = Clock().now()
    await lots.issue(db, project, 3, now, type="gift")
    await look(db, project, now)
    status, page = await send(http, "GET", "/v1/problems?state=open")
    [problem] = page["items"]
    assert (problem["pool"], problem["level"], problem["ready"], problem["events"]) == ("gift", "warning", 7, 1)
    status, log = await send(http, "GET", f"/v1/problems/{problem['id']}/events")
    assert [event["detail"] for event in log["items"]] == ["The pool 'gift' has 7 codes left, fewer than 8."]
    assert await send(http, "POST", "/v1/problems/close", {"ids": [problem["id"], 0]}) == (
        200,
        {"ids": [problem["id"]]},
    )
    _, closed = await send(http, "POST", f"/v1/problems/{problem['id']}/close")
    assert (closed["state"], closed["closedBy"]) == ("closed", "full")
    assert (await send(http, "GET", "/v1/problems?state=open"))[1]["items"] == []


async def test_thresholds_are_set_and_wrong_ones_refused(http, pool):
    rungs = {"rungs": [{"below": 3, "level": "alarm"}, {"below": 5, "level": "warning"}]}
    assert await send(http, "PUT", "/v1/pools/gift/alerts", rungs) == (200, rungs)
    assert await send(http, "GET", "/v1/pools/gift/alerts") == (200, rungs)
    wrong = {"rungs": [{"below": 0, "level": "alarm"}, {"below": 0, "level": "alarm"}]}
    status, problem = await send(http, "PUT", "/v1/pools/gift/alerts", wrong)
    assert status == 422
    assert {each["pointer"] for each in problem["errors"]} == {"/rungs/0/below", "/rungs/1/below", "/rungs"}


async def test_somebody_is_told_tested_and_told_no_more(http, pool):
    body = {"kind": "email", "target": "Boss@X.test", "frequency": "daily", "pools": ["gift"]}
    status, made = await send(http, "POST", "/v1/subscriptions", body)
    assert (status, made["target"]) == (201, "boss@x.test")
    assert made["nextAt"] is not None
    assert (await send(http, "POST", "/v1/subscriptions", body))[0] == 409
    for wrong in ({"kind": "email", "target": "nobody"}, {"kind": "webhook", "target": "ftp://x"}):
        status, problem = await send(http, "POST", "/v1/subscriptions", wrong)
        assert (status, problem["errors"][0]["pointer"]) == (422, "/target")
    path = f"/v1/subscriptions/{made['id']}"
    assert (await send(http, "POST", f"{path}/test"))[0] == 202
    status, notices = await send(http, "GET", f"{path}/notices")
    assert [(each["event"], each["state"]) for each in notices["items"]] == [("test", "waiting")]
    assert await send(http, "DELETE", path) == (204, None)
    assert (await send(http, "GET", path))[0] == 404
