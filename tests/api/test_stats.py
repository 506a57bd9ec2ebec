"""Series for charts over REST: issued and redeemed, messages and runs by state, funnels, stock and what is ahead."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.api.test_test_launches import ask
from tests.engine.conftest import Stage, engine
from tests.promises.stages import PROJECT
from tests.stock import issue, upload

from tearoff.clock import Clock
from tearoff.engine.parts import Engine
from tearoff.store import stock

__all__ = ["engine"]


@pytest.fixture
async def stage(engine: Engine, project: int) -> AsyncIterator[Stage]:
    made = Stage(engine, project, Clock().now())
    await made.apply(PROJECT)
    yield made


async def look(stage: Stage, hours_ago: float) -> None:
    """Remember the stock as if it had been looked at then."""
    at = Clock().now() - timedelta(hours=hours_ago)
    async with stage.db.transaction() as tx:
        held = await stock.list_all(tx, project_id=stage.project, now=at)
        await stock.put_samples(tx, project_id=stage.project, stocks=list(held.values()), now=at)


async def test_what_was_issued_and_redeemed_is_told_by_the_hour_and_by_the_day(http, stage, db, project) -> None:
    await upload(db, project, [f"C{n}" for n in range(10)], stage.now)
    await look(stage, 5.0)
    await issue(db, project, 3, stage.now)
    await look(stage, 3.0)
    await issue(db, project, 2, stage.now, prefix="more")
    assert (await ask(http, "POST", "/v1/redemptions", {"code": "C0", "orderId": "1"}))[0] == 201
    status, chart = await ask(http, "GET", "/v1/stats/issued?bucket=hour")
    assert (status, chart["timeZone"], len(chart["starts"])) == (200, "UTC", 25)
    [series] = chart["series"]
    assert (series["pool"], series["total"], series["values"][-1]) == ("birthday", 5, 2)
    assert [value for value in series["values"] if value] == [3, 2]
    _, chart = await ask(http, "GET", "/v1/stats/redeemed?bucket=day&pool=birthday")
    assert [(s["pool"], s["total"]) for s in chart["series"]] == [("birthday", 1)]
    assert (await ask(http, "GET", "/v1/stats/issued?pool=nonsense"))[0] == 404
    assert (await ask(http, "GET", "/v1/stats/issued?bucket=week"))[0] == 422
    assert (await ask(http, "GET", "/v1/stats/issued?from=2026-01-01T00:00:00"))[0] == 422
    assert (await ask(http, "GET", "/v1/stats/issued?bucket=hour&from=2020-01-01T00:00:00Z"))[0] == 422


async def test_messages_and_runs_are_told_by_their_states(http, stage, db, project) -> None:
    await upload(db, project, ["A", "B"], stage.now)
    await stage.send("birthday", *({"email": f"p{n}@example.test"} for n in range(3)))
    await stage.work()
    _, chart = await ask(http, "GET", "/v1/stats/deliveries?bucket=hour")
    assert [(s["state"], s["total"], s["values"][-1]) for s in chart["series"]] == [("sent", 2, 2)]
    for path in ("runs", "runs?workflow=birthday"):
        _, chart = await ask(http, "GET", f"/v1/stats/{path}")
        assert [(s["state"], s["total"]) for s in chart["series"]] == [("done", 2), ("held", 1)]
    assert (await ask(http, "GET", "/v1/stats/runs?workflow=nonsense"))[0] == 404


async def test_a_funnel_follows_the_path_of_the_workflow(http, stage, db, project) -> None:
    await upload(db, project, ["A", "B"], stage.now)
    await stage.send("birthday", *({"email": f"p{n}@example.test"} for n in range(3)))
    await stage.work()
    _, funnel = await ask(http, "GET", "/v1/stats/funnel?workflow=birthday")
    assert (funnel["runs"], funnel["isComplete"]) == (3, True)
    assert [(b["block"], b["entered"]) for b in funnel["blocks"]] == [
        ("start", 3),
        ("code", 3),
        ("mail", 2),
        ("end", 2),
    ]
    later = (stage.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    _, funnel = await ask(http, "GET", f"/v1/stats/funnel?workflow=birthday&from={later}")
    assert (funnel["runs"], [b["entered"] for b in funnel["blocks"]]) == (0, [0, 0, 0, 0])
    assert (await ask(http, "GET", "/v1/stats/funnel"))[0] == 422


async def test_stock_is_told_as_it_was_and_between_two_paces_as_it_will_be(http, stage, db, project) -> None:
    await upload(db, project, [f"C{n}" for n in range(100)], stage.now)
    await look(stage, 72)
    await issue(db, project, 30, stage.now)
    await look(stage, 20)
    await issue(db, project, 10, stage.now, prefix="more")
    status, seen = await ask(http, "GET", "/v1/stats/stock?pool=birthday&ahead=10")
    assert (status, seen["readyNow"], seen["ready"][-1]) == (200, 60, 60)
    assert seen["ready"][0] is None
    assert next(value for value in seen["ready"] if value is not None) == 100
    assert 0 < seen["perDayLow"] <= seen["perDayHigh"]
    assert len(seen["ahead"]) == 10
    assert all(point["low"] <= point["high"] <= 60 for point in seen["ahead"])
    assert seen["ahead"][0]["low"] > seen["ahead"][-1]["low"] >= 0
    assert seen["emptyAt"] <= seen["emptyLatestAt"]
    assert (await ask(http, "GET", "/v1/stats/stock"))[0] == 422
