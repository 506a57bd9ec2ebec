"""The vendor's list of workflows."""

BLOCKS = {"start": {"kind": "start", "eventType": "go", "exits": {"next": "end"}}, "end": {"kind": "end"}}


async def listed(http, **query):
    answer = await http.get("/api/v1/workflows", params=query)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json;charset=UTF-8")
    return await answer.json()


async def test_workflows_are_listed_by_name_with_their_state(http):
    made = []
    for key, name in (("birthday", "Birthday gifts"), ("welcome", "")):
        answer = await http.post("/v1/workflows", json={"key": key, "name": name, "blocks": BLOCKS})
        assert answer.status == 201, await answer.text()
        made.append((await answer.json())["id"])
    assert (await http.post("/v1/workflows/birthday/publish", json={})).status == 200
    birthday = {"id": made[0], "name": "Birthday gifts", "status": "active", "tags": []}
    welcome = {"id": made[1], "name": "welcome", "status": "inactive", "tags": []}
    assert await listed(http) == [birthday, welcome]
    assert await listed(http, name="GIFT") == [birthday]
    assert await listed(http, startindex=2, maxrows=1) == [welcome]
    assert await listed(http, startindex=3) == []
    assert (await http.get("/api/v1/workflows?maxrows=0")).status == 400
