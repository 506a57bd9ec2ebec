"""Stock over REST, pool by pool, with how long it lasts."""

from datetime import timedelta

from tearoff.clock import Clock
from tearoff.domain.stock import Stock
from tearoff.store import stock

EMPTY = dict.fromkeys(("free", "available", "scheduled", "expired", "expiring", "issued", "withdrawn", "redeemed"), 0)


async def send(http, method, path, body=None, **query):
    answer = await http.request(method, path, json=body, params=query)
    return answer.status, await answer.json(content_type=None)


async def made(http, key, state="launched"):
    body = {"key": key, "type": key, "name": key.title(), "description": "d", "state": state}
    return (await send(http, "POST", "/v1/pools", body))[1]["id"]


async def look(db, project, pool, at, claimed):
    """The watcher looked at the pool, at an instant."""
    held = Stock(pool_id=pool, claimed=claimed, **EMPTY)
    async with db.transaction() as tx:
        await stock.put_samples(tx, project_id=project, stocks=[held], now=at)


async def test_each_pool_is_told_with_its_stock_its_days_and_its_trend(http, db, project):
    pool = await made(http, "summer")
    await send(http, "POST", "/api/v1/promocodes", {"promocodes": ["A1", "A2", "A3", "A4"], "type": "summer"})
    [line] = (await send(http, "GET", "/v1/stock"))[1]["items"]
    assert (line["key"], line["total"], line["available"]) == ("summer", 4, 4)
    assert (line["perDay"], line["daysLeft"], line["trend"]) == (None, None, [0] * 30)
    now = Clock().now()
    for days, claimed in ((3, 0), (2, 1)):
        await look(db, project, pool, now - timedelta(days=days), claimed)
    await send(http, "POST", "/v1/claims", {"key": "k", "pool": "summer"})
    await send(http, "POST", "/v1/claims", {"key": "l", "pool": "summer"})
    [line] = (await send(http, "GET", "/v1/stock"))[1]["items"]
    assert line["trend"] == [0] * 27 + [1, 0, 0]
    assert 2.9 < line["daysLeft"] < 3.1
    _, ahead = await send(http, "GET", "/v1/pools/summer/forecast")
    assert (ahead["perDayLow"], ahead["emptyLatestAt"]) == (ahead["perDay"], ahead["emptyAt"])


async def test_pools_are_found_by_their_state_and_by_words(http):
    for key, state in (("summer", "launched"), ("winter", "draft"), ("autumn", "launched")):
        await made(http, key, state)
    for path in ("/v1/pools", "/v1/stock"):

        async def keys(path=path, **query):
            return [item["key"] for item in (await send(http, "GET", path, **query))[1]["items"]]

        assert await keys(state="draft") == ["winter"]
        assert await keys(q="UM") == ["summer", "autumn"]
        assert await keys(q="%") == []
        assert await keys(q="um", limit=1) == ["summer"]
