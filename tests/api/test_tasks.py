"""Tasks and codes over REST: reports, refused rows, stories and withdrawals."""

import csv
import io

from tests.api.conftest import key_for, signed_in

from tearoff.store import tasks

ROWS = "code,discount\nSUMMER-2026-7K,10\n=HYPERLINK(1),200\n+1,200\n-1,200\n@x,200\nB,\n"


async def send(http, method, path, body=None, **query):
    answer = await http.request(method, path, json=body, params=query)
    return answer.status, await answer.json(content_type=None)


async def upload(http, text=ROWS):
    answer = await http.post("/api/v1/promocodes", data=text.encode(), headers={"Content-Type": "text/csv"})
    assert answer.status == 200


async def test_an_upload_leaves_a_task_with_its_report(http):
    await upload(http)
    _, page = await send(http, "GET", "/v1/tasks")
    [task] = page["items"]
    assert (task["kind"], task["state"], task["done"], task["total"], page["next"]) == ("import", "done", 6, 6, None)
    assert await send(http, "GET", f"/v1/tasks/{task['id']}") == (200, task)
    status, report = await send(http, "GET", f"/v1/tasks/{task['id']}/report")
    assert (status, report["added"], report["rejected"], report["rows"]) == (200, 2, 4, 6)
    assert (await send(http, "GET", "/v1/tasks/4711"))[0] == 404
    assert (await http.get("/v1/tasks/4711/rejects.csv")).status == 404


async def test_refused_rows_come_as_a_csv_that_no_spreadsheet_runs(http):
    await upload(http)
    [task] = (await send(http, "GET", "/v1/tasks"))[1]["items"]
    answer = await http.get(task["rejects"])
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = csv.reader(io.StringIO(await answer.text()))
    assert header == ["line", "value", "reason"]
    assert [row[:2] for row in rows] == [["3", "'=HYPERLINK(1)"], ["4", "'+1"], ["5", "'-1"], ["6", "'@x"]]
    assert all("0 to 99" in row[2] for row in rows)


async def test_many_refused_rows_come_in_pages(http, monkeypatch):
    monkeypatch.setattr("tearoff.api.rest.tasks.REJECTS_PAGE_MAX", 7)
    await upload(http, "A\n" + "B\n" * 40)
    [task] = (await send(http, "GET", "/v1/tasks"))[1]["items"]
    lines = (await (await http.get(task["rejects"])).text()).splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [str(n) for n in range(3, 42)]


async def test_lists_are_masked_unless_they_are_revealed(http, base_url, db, project):
    await upload(http)
    _, page = await send(http, "GET", "/v1/codes")
    assert [(item["code"], item["state"], item["discount"]) for item in page["items"]] == [
        ("…", "free", None),
        ("SUMM…7K", "free", 10),
    ]
    _, page = await send(http, "GET", "/v1/codes", reveal="true", limit=1)
    assert page["items"][0]["code"] == "B"
    _, page = await send(http, "GET", "/v1/codes", reveal="true", after=page["next"])
    assert [item["code"] for item in page["items"]] == ["SUMMER-2026-7K"]
    async with signed_in(base_url, await key_for(db, project, "read-only")) as reader:
        assert (await send(reader, "GET", "/v1/codes"))[0] == 200
        assert (await send(reader, "GET", "/v1/codes", reveal="true"))[0] == 403
        assert (await reader.get("/v1/tasks/1/rejects.csv")).status == 403


async def test_the_story_of_a_code_tells_everybody_who_held_it(http):
    await upload(http)
    await send(http, "POST", "/v1/claims", {"key": "k1", "type": "General", "hold": 60, "discount": 10})
    _, story = await send(http, "GET", "/v1/codes/SUMMER-2026-7K")
    assert (story["state"], story["claims"][0]["key"], story["pool"]) == ("reserved", "k1", "general")
    await send(http, "POST", "/v1/claims/k1/return")
    await send(http, "POST", "/v1/claims", {"key": "k2", "type": "General", "discount": 10})
    _, story = await send(http, "GET", "/v1/codes/SUMMER-2026-7K")
    assert story["state"] == "issued"
    assert [(claim["key"], claim["returnedAt"] is None) for claim in story["claims"]] == [("k1", False), ("k2", True)]
    assert (await send(http, "GET", "/v1/codes/NOBODY"))[0] == 404


async def test_codes_are_found_by_pool_and_state(http):
    await upload(http)
    await send(http, "POST", "/v1/claims", {"key": "k1", "type": "General", "discount": 10})
    for state, expected in (("issued", 1), ("free", 1), ("withdrawn", 0)):
        _, page = await send(http, "GET", "/v1/codes", pool="general", state=state)
        assert len(page["items"]) == expected
    assert (await send(http, "GET", "/v1/codes", pool="nothing"))[0] == 404
    assert (await send(http, "GET", "/v1/codes", state="lost"))[0] == 422


async def test_a_free_code_is_withdrawn_with_a_reason_and_a_held_one_is_not(http):
    await upload(http)
    await send(http, "POST", "/v1/claims", {"key": "k1", "type": "General", "discount": 10})
    status, story = await send(http, "POST", "/v1/codes/B/withdraw", {"reason": "printed twice"})
    assert (status, story["state"], story["withdrawnReason"]) == (200, "withdrawn", "printed twice")
    assert (await send(http, "POST", "/v1/codes/B/withdraw", {"reason": "again"}))[1][
        "withdrawnReason"
    ] == "printed twice"
    assert (await send(http, "POST", "/v1/codes/SUMMER-2026-7K/withdraw", {"reason": "x"}))[0] == 409
    assert (await send(http, "POST", "/v1/codes/B/withdraw", {"reason": " "}))[0] == 422
    assert (await send(http, "POST", "/v1/codes/NOBODY/withdraw", {"reason": "x"}))[0] == 404
    assert (await send(http, "POST", "/v1/claims", {"key": "k2", "type": "General"}))[0] == 409


async def test_tasks_are_found_by_kind_state_and_pool_and_say_who_began_them(http):
    await upload(http)
    await send(http, "POST", "/v1/formats", {"key": "summer"})
    await send(http, "POST", "/v1/pools", {"key": "auto", "type": "auto", "description": "d"})
    _, task = await send(http, "POST", "/v1/pools/auto/generations", {"format": "summer", "quantity": 9})
    assert (task["pool"], task["createdBy"], task["name"]) == ("auto", "full", "summer")

    async def ids(**query):
        return [item["id"] for item in (await send(http, "GET", "/v1/tasks", **query))[1]["items"]]

    assert await ids(kind="generation") == await ids(state="running") == await ids(pool="auto") == [task["id"]]
    assert len(await ids(kind="import")) == 1
    assert (await send(http, "GET", "/v1/tasks", pool="none"))[0] == 404


async def test_a_generation_is_stopped_and_keeps_what_it_made(http):
    await send(http, "POST", "/v1/formats", {"key": "summer"})
    await send(http, "POST", "/v1/pools", {"key": "auto", "type": "auto", "description": "d"})
    _, task = await send(http, "POST", "/v1/pools/auto/generations", {"format": "summer", "quantity": 9})
    status, stopped = await send(http, "POST", f"/v1/tasks/{task['id']}/cancel")
    assert (status, stopped["state"], stopped["done"], stopped["total"]) == (200, "cancelled", 0, 0)
    assert (await send(http, "POST", f"/v1/tasks/{task['id']}/cancel"))[0] == 409
    assert (await send(http, "POST", "/v1/tasks/4711/cancel"))[0] == 404


async def test_a_report_loses_nothing_on_its_way_out(desk, db):
    dry = await desk.run("code,strange\nA1,x\nA1,y\n", dryRun="true")
    done = await desk.run("code,expires\nA1,2030-01-31\n")
    await desk.ask("POST", f"/v1/tasks/{done['id']}/undo")
    failed = await desk.run(b"PK\x03\x04torn", kind="application/octet-stream")
    made = await desk.ask("POST", "/v1/contacts", json={"locators": [{"kind": "email", "value": "ada@example.com"}]})
    listed = await desk.ask("POST", "/v1/pools/summer/issues", 202, json={"filter": {"contactIds": [made["id"]]}})
    await desk.ask("POST", f"/v1/tasks/{listed['id']}/cancel")
    await upload(desk.http)
    body = {"dedupeOn": "email", "contacts": [{"channels": [{"type": "email", "value": "b@example.com"}]}]}
    assert (await desk.http.post("/api/v1/contacts", json=body)).status == 200
    tasks_shown = (await desk.ask("GET", "/v1/tasks"))["items"]
    assert {dry["id"], done["id"], failed["id"], listed["id"]} < {task["id"] for task in tasks_shown}
    assert len({frozenset(task["report"]) for task in tasks_shown}) == 6
    async with db.transaction() as tx:
        for shown in tasks_shown:
            stored = (await tasks.get(tx, project_id=desk.project, task_id=shown["id"])).report
            assert shown["report"] == stored
            assert await desk.ask("GET", f"/v1/tasks/{shown['id']}/report") == stored
