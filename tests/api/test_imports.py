"""Imports over REST: every way in, the report, the preview, and what cancel, undo, replace and resuming leave."""

import aiohttp
import pytest
from tests.api.conftest import key_for, signed_in
from tests.conftest import ADD_PROJECT, NOW

from tearoff.store.db import fetch_value

HEADER = "Code,Issue-start,Issue-end,Available-from,Available-till\n"


async def test_an_import_is_a_numbered_task_with_progress_rate_and_report(desk):
    task = await desk.run("code\nA\nB\n,\nA\n" + "x" * 501 + "\n", name="july.csv")
    assert (task["kind"], task["state"], task["done"], task["total"]) == ("import", "done", 4, 4)
    assert task["rate"] > 0 and task["startedAt"] and task["finishedAt"] and task["secondsLeft"] is None
    assert {name: task["report"][name] for name in ("rows", "added", "rejected", "repeated")} == {
        "rows": 4,
        "added": 2,
        "rejected": 2,
        "repeated": 1,
    }
    rejects = await desk.rejects(task["id"])
    assert rejects[0] == ["5", "A", "The code stands in line 2 of this upload already."]
    assert rejects[1][0] == "6" and rejects[1][1].endswith("x…") and "501 characters" in rejects[1][2]
    listed = await desk.ask("GET", "/v1/pools/summer/imports")
    assert [item["id"] for item in listed["items"]] == [task["id"]]


async def test_the_columns_and_dates_of_the_template_become_windows(desk):
    text = HEADER + "jfj!894lk,20.06.2022 20:13,30.06.2022 20:13,30.06.2022 20:13,31.08.2022\n"
    assert (await desk.report(text))["added"] == 1
    story = await desk.story("jfj!894lk")
    assert (story["issueFrom"], story["issueUntil"]) == ("2022-06-20T20:13:00Z", "2022-06-30T20:13:00Z")
    assert (story["useFrom"], story["expiresAt"]) == ("2022-06-30T20:13:00Z", "2022-08-31T23:59:59Z")


async def test_duplicates_in_the_file_the_pool_and_other_pools_are_told_apart(desk):
    await desk.pool("winter")
    await desk.report("W1\nW2\n", "winter")
    await desk.report("A\nB\n")
    task = await desk.run("A\nC\nC\nW1\nW2\n", existing="refuse")
    report = task["report"]
    counts = [report[name] for name in ("rows", "added", "repeated", "knownHere", "knownElsewhere", "rejected")]
    assert counts == [5, 1, 1, 1, 2, 4]
    assert await desk.rejects(task["id"]) == [
        ["1", "A", "The code is in the pool already."],
        ["3", "C", "The code stands in line 2 of this upload already."],
        ["4", "W1", "The code is in the pool 'winter' already."],
        ["5", "W2", "The code is in the pool 'winter' already."],
    ]
    assert (await desk.books("winter")).free == 2


async def test_codes_move_between_pools_when_the_import_may_take_them(desk):
    await desk.pool("winter")
    await desk.report("W1\nW2\n", "winter")
    assert await desk.claim("k", "winter") == "W1"
    report = await desk.report("W1\nW2\n", elsewhere="move")
    assert (report["moved"], report["added"], report["unchanged"]) == (1, 0, 1)
    assert ((await desk.story("W2"))["pool"], (await desk.story("W1"))["pool"]) == ("summer", "winter")
    assert (await desk.books()).free == 1


async def test_a_second_upload_with_later_dates_extends_and_adds_nothing(desk):
    await desk.report("code,Issue-end,Available-till\nA,31.12.2030,31.12.2030\nB,31.12.2030,31.12.2030\n")
    assert await desk.claim("k") == "A"
    report = await desk.report("code,Issue-end,Available-till\nA,31.12.2031,31.12.2031\nB,31.12.2031,31.12.2031\n")
    assert (report["added"], report["moved"], report["redated"]) == (0, 1, 1)
    for code in ("A", "B"):
        assert (await desk.story(code))["expiresAt"] == "2031-12-31T23:59:59Z"
    assert (await desk.story("B"))["issueUntil"] == "2031-12-31T23:59:59Z"
    assert (await desk.books()).uploaded == 2


async def test_a_dry_run_shows_each_rows_fate_and_changes_nothing(desk):
    await desk.pool("winter")
    await desk.report("W1\n", "winter")
    await desk.report("code,Available-till\nA,31.12.2030\nB,31.12.2030\n")
    before = await desk.books()
    task = await desk.run(
        "code,Available-till\nA,31.12.2031\nB,31.12.2030\nNEW-1,\nNEW-1,\nW1,\nC,soon\n", dryRun="true"
    )
    page = await desk.ask("GET", f"/v1/imports/{task['id']}/preview", params={"reveal": "true"})
    assert [(row["line"], row["code"], row["outcome"]) for row in page["items"]] == [
        (2, "A", "changed"),
        (3, "B", "unchanged"),
        (4, "NEW-1", "added"),
        (5, "NEW-1", "repeated"),
        (6, "W1", "elsewhere"),
        (7, "C", "refused"),
    ]
    assert "'winter'" in page["items"][4]["detail"] and "soon" in page["items"][5]["detail"]
    report = task["report"]
    assert [report[name] for name in ("isDryRun", "added", "moved", "unchanged", "rejected")] == [True, 1, 1, 1, 3]
    masked = await desk.ask("GET", f"/v1/imports/{task['id']}/preview", params={"limit": 1})
    assert masked["items"][0]["code"] == "…" and masked["next"] == "2"
    assert await desk.books() == before
    await desk.ask("POST", f"/v1/tasks/{task['id']}/undo", 409)


@pytest.mark.parametrize(
    ("bytes_", "encoding", "delimiter"),
    [
        (b"\xef\xbb\xbfcode;discount\nA;5\n\xd0\x96;6\n", "utf-8", ";"),
        ("code\tdiscount\nA\t5\n\u0416\t6\n".encode("utf-16"), "utf-16", "\t"),
        ("code,discount\nA,5\n\u0416,6\n".encode("utf-16-le"), "utf-16-le", ","),
        ("code,discount\nA,5\n\u0416,6\n".encode("utf-16-be"), "utf-16-be", ","),
        (
            "code,discount,note\nA,5,\n\u0416,6,\u0421\u043a\u0438\u0434\u043a\u0430\n".encode("cp1251"),
            "windows-1251",
            ",",
        ),
        ("code,discount,note\nA,5,caf\u00e9\n\u00c6,6,\n".encode("cp1252"), "windows-1252", ","),
    ],
)
async def test_encodings_and_delimiters_are_recognised_and_named_in_the_report(desk, bytes_, encoding, delimiter):
    report = await desk.report(bytes_)
    found = report["file"]
    assert (report["added"], found["encoding"], found["delimiter"]) == (2, encoding, delimiter)
    assert found["ignoredColumns"] == (["note"] if b"note" in bytes_ else [])


async def test_a_named_encoding_and_delimiter_are_taken_at_their_word(desk):
    assert (await desk.report("code|discount\n\u00c9|5\n".encode("cp1252"), encoding="1252", delimiter="|"))[
        "added"
    ] == 1
    assert (await desk.story("\u00c9"))["discount"] == 5
    problems = await desk.send("A\n", status=422, encoding="klingon", delimiter="x", dryRun="perhaps", colour="red")
    assert {error["pointer"] for error in problems["errors"]} == {"/encoding", "/delimiter", "/dryRun", "/colour"}


async def test_a_file_that_cannot_be_read_fails_its_task_with_the_line(desk):
    task = await desk.run(b"\xd0\x96\nA\n\xff\n")
    assert (task["state"], task["report"]["error"]["type"]) == ("failed", "invalid")
    assert task["report"]["error"]["detail"].startswith("Line 3: the file is not UTF-8")
    assert (await desk.run("discount;type\n5;x\n"))["report"]["error"]["detail"].startswith("Line 1: the header")
    assert (await desk.run("\n\n"))["report"]["error"]["detail"] == "The file holds no codes."
    await desk.send("", status=422)
    assert (await desk.books()).uploaded == 0


async def test_a_row_for_another_pool_is_refused_and_one_for_this_pool_is_not(desk):
    task = await desk.run("Code;CodeType;UsedDateTimeUtc\nA;SUMMER;\nB;winter;\nC;;2021-06-22 16:18:29.510\n")
    assert (task["report"]["added"], task["report"]["rejected"]) == (2, 1)
    assert "'winter'" in (await desk.rejects(task["id"]))[0][2]
    assert (await desk.story("C"))["state"] == "withdrawn"


async def test_a_text_box_a_form_and_an_address_bring_codes_too(desk):
    typed = await desk.ask("POST", "/v1/pools/summer/imports", 202, json={"text": "T1\nT2\n", "discount": 5})
    await desk.work()
    assert (await desk.ask("GET", f"/v1/tasks/{typed['id']}"))["report"]["added"] == 2
    assert (await desk.story("T1"))["discount"] == 5
    assert (await desk.ask("GET", "/v1/pools/summer"))["fillMethod"] == "typed"
    await desk.send("A\n", status=409)

    await desk.pool("forms")
    form = aiohttp.FormData()
    form.add_field("discount", "7")
    form.add_field("file", b"F1\nF2\n", filename="codes.csv")
    task = await desk.ask("POST", "/v1/pools/forms/imports", 202, data=form)
    await desk.work()
    assert (await desk.ask("GET", f"/v1/tasks/{task['id']}"))["report"]["added"] == 2
    assert (await desk.story("F2"))["discount"] == 7


async def test_a_broken_body_leaves_a_cancelled_task_and_nothing_else(desk):
    broken = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nA\nB\n'
    await desk.send(broken, kind="multipart/form-data; boundary=b", status=422)
    [task] = (await desk.ask("GET", "/v1/pools/summer/imports"))["items"]
    assert task["state"] == "cancelled"
    await desk.work()
    assert (await desk.books()).uploaded == 0


async def test_a_waiting_import_is_cancelled_and_leaves_nothing(desk):
    task = await desk.send("A\nB\n")
    assert (await desk.ask("POST", f"/v1/tasks/{task['id']}/cancel"))["state"] == "cancelled"
    await desk.ask("POST", f"/v1/tasks/{task['id']}/cancel", 409)
    await desk.work()
    assert (await desk.books()).uploaded == 0
    assert await (await desk.http.get(f"/v1/imports/{task['id']}/source")).read() == b""


async def test_a_file_that_replaces_withdraws_the_free_codes_it_does_not_name_and_undo_brings_them_back(desk):
    await desk.report("A\nB\nC\nD\n")
    assert await desk.claim("k") == "A"
    report = await desk.report("B\nE\n", replace="true")
    assert (report["added"], report["replaced"], report["unchanged"]) == (1, 2, 1)
    assert (await desk.story("C"))["withdrawnReason"] == f"Replaced by the upload {report['taskId']}."
    ledger = await desk.books()
    assert (ledger.free, ledger.issued, ledger.withdrawn) == (2, 1, 2)
    undone = await desk.ask("POST", f"/v1/tasks/{report['taskId']}/undo")
    assert undone == {"removed": 1, "withdrawn": 0, "kept": 0, "used": 0, "broughtBack": 2}
    assert (await desk.books()).free == 3
    failed = await desk.run("x" * 501 + "\n", replace="true")
    assert failed["state"] == "failed" and "replaces nothing" in failed["report"]["error"]["detail"]
    assert (await desk.books()).free == 3


async def test_a_file_that_replaces_leaves_codes_alone_that_it_names_in_a_wrong_row(desk):
    await desk.report("code\nA\nB\nC\n")
    wrong = "code,expirationDate\nA,\n B ,soon\n"
    assert (await desk.report(wrong, replace="true", dryRun="true"))["replaced"] == 1
    report = await desk.report(wrong, replace="true")
    assert (report["replaced"], report["rejected"]) == (1, 1)
    assert [(await desk.story(code))["state"] for code in "ABC"] == ["free", "free", "withdrawn"]


async def test_a_large_file_is_sent_in_pieces_and_goes_on_where_it_broke_off(desk):
    task = await desk.send("", resumable="true", kind=None)
    assert task["state"] == "receiving"
    at = f"/v1/imports/{task['id']}"
    received = await desk.ask("PATCH", at, data=b"code\nA", headers={"Upload-Offset": "0"})
    assert received == {"id": task["id"], "state": "receiving", "offset": 6}
    await desk.ask("PATCH", at, 409, data=b"late", headers={"Upload-Offset": "3"})
    await desk.ask("PATCH", at, 422, data=b"late")
    assert (await desk.ask("GET", at))["offset"] == 6
    headers = {"Upload-Offset": "6", "Upload-Complete": "?1"}
    assert (await desk.ask("PATCH", at, data=b"BC\nD\n", headers=headers))["state"] == "waiting"
    await desk.ask("PATCH", at, 409, data=b"E\n", headers={"Upload-Offset": "11"})
    await desk.work()
    assert (await desk.ask("GET", f"/v1/tasks/{task['id']}"))["report"]["added"] == 2
    assert (await desk.story("ABC"))["state"] == "free"
    assert await (await desk.http.get(f"{at}/source")).read() == b"code\nABC\nD\n"


async def test_another_projects_import_is_not_there(desk, base_url, db, engine):
    task = await desk.run("A\n")
    async with db.transaction() as tx:
        other = await fetch_value(tx, ADD_PROJECT, {"name": f"other {task['id']}", "now": NOW}, int)
    async with signed_in(base_url, await key_for(db, other)) as stranger:
        for method, path in (
            ("GET", f"/v1/imports/{task['id']}"),
            ("GET", f"/v1/imports/{task['id']}/source"),
            ("GET", f"/v1/imports/{task['id']}/preview"),
            ("POST", f"/v1/tasks/{task['id']}/undo"),
            ("POST", f"/v1/tasks/{task['id']}/cancel"),
        ):
            assert (await stranger.request(method, path)).status == 404, path


async def test_what_was_checked_is_imported_without_being_sent_again(desk):
    checked = await desk.run("Code;Available-till\nA;31.12.2099\nB;x\n", dryRun="true", name="july.csv")
    assert checked["isDryRun"] and checked["createdBy"] == "full"
    assert checked["report"]["file"]["columns"] == [
        {"title": "Code", "field": "value", "form": None},
        {"title": "Available-till", "field": "expires_at", "form": "DD.MM.YYYY"},
    ]
    task = await desk.ask("POST", "/v1/pools/summer/imports", 202, json={"from": checked["id"]})
    await desk.work()
    task = await desk.ask("GET", f"/v1/tasks/{task['id']}")
    assert (task["state"], task["name"], task["pool"], task["isDryRun"]) == ("done", "july.csv", "summer", False)
    assert (task["report"]["added"], task["report"]["rejected"]) == (1, 1)
    await desk.pool("winter")
    await desk.ask("POST", "/v1/pools/winter/imports", 404, json={"from": checked["id"]})
    begun = await desk.ask("POST", "/v1/pools/summer/imports?resumable=true", 202)
    await desk.ask("POST", "/v1/pools/summer/imports", 409, json={"from": begun["id"]})
