"""The vendor's promo code doors over real HTTP: JSON, files of every form, bodies that break off."""

import asyncio
import gzip
import json
import socket
import time

import aiohttp
import pytest
from tests.api.conftest import key_for, signed_in

from tearoff.store import projects

PATH = "/api/v1/promocodes"
SENT = {
    "promocodes": ["A1", "B2"],
    "expirationDate": "2099-12-15T20:15",
    "discount": 10,
    "type": "type1",
    "inUse": False,
}
CSV = {"Content-Type": "text/csv"}


async def post(http, body, headers=CSV, **query):
    data = body.encode() if isinstance(body, str) else body
    answer = await http.post(PATH, data=data, headers=headers, params=query)
    return answer.status, await answer.text(), answer.headers


async def kept(http, **query):
    answer = await http.get(PATH, params=query)
    assert answer.status == 200, await answer.text()
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    return await answer.json(content_type=None)


async def codes_of(http, **query):
    return [item["code"] for item in await kept(http, **query)]


async def count(http, **query):
    return await (await http.get(f"{PATH}/count", params=query)).text()


async def rejects(http, headers):
    address = headers["Link"].partition(">")[0].removeprefix("<")
    answer = await http.get(address)
    assert answer.status == 200
    return (await answer.text()).splitlines()


async def test_a_json_upload_is_echoed_listed_and_counted(http):
    answer = await http.post(PATH, json=SENT)
    assert (answer.status, await answer.json(content_type=None)) == (200, SENT)
    assert "Link" not in answer.headers
    item = {"expirationDate": "2099-12-15T20:15", "discount": 10, "type": "type1", "inUse": False}
    assert await kept(http) == [{"code": "A1"} | item, {"code": "B2"} | item]
    assert await count(http) == "2"


async def test_numbers_and_flags_may_come_as_text_and_codes_as_numbers(http):
    body = {"promocodes": ["A", 12345], "expirationDate": "2099-12-15", "discount": "05", "inUse": "false"}
    answer = await http.post(PATH, json=body)
    echo = body | {"discount": 5, "type": None, "inUse": False}
    assert (answer.status, await answer.json(content_type=None)) == (200, echo)
    attributes = {"expirationDate": "2099-12-15T23:59", "discount": 5, "type": "General", "inUse": False}
    assert await kept(http) == [{"code": "12345"} | attributes, {"code": "A"} | attributes]


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ({}, ["promocodes is required"]),
        ({"promocodes": []}, ["promocodes is required"]),
        (
            {"promocodes": None, "discount": "x", "expirationDate": "15.12.2026"},
            ["promocodes", "discount", "expirationDate"],
        ),
        ({"promocodes": ["A"], "discount": 100}, ["discount", "0 to 99"]),
        ({"promocodes": ["A"], "discount": -1}, ["discount"]),
        ({"promocodes": ["A"], "discount": [1]}, ["discount: a single value"]),
        ({"promocodes": ["A"], "expirationDate": "2026-02-30"}, ["expirationDate", "2026-02-30"]),
        ({"promocodes": ["A"], "inUse": "maybe"}, ["inUse", "maybe"]),
        ({"promocodes": ["A"], "type": "x" * 201}, ["type"]),
        ({"promocodes": ["", "  ", None, {}]}, ["None of the 4 rows", "Line 1", "empty", "Line 3", "not text"]),
        ([], ["not an object"]),
    ],
)
async def test_a_wrong_json_upload_gets_every_reason_and_changes_nothing(http, body, parts):
    answer = await http.post(PATH, json=body)
    text = await answer.text()
    assert answer.status == 400, text
    assert not [part for part in parts if part not in text], text
    assert await kept(http) == []


@pytest.mark.parametrize("body", [b"", b"{", b'{"promocodes":["A"', b"\xff\xfe", b'{"promocodes":["\\ud800"]}'])
async def test_a_body_that_is_not_json_is_refused(http, body):
    status, text, _ = await post(http, body, {"Content-Type": "application/json"})
    assert (status, "not valid JSON" in text) == (400, True)


async def test_good_codes_are_taken_and_bad_ones_reported(http):
    answer = await http.post(PATH, json=SENT | {"promocodes": ["A", "x" * 501, "=1+1\x07", "A", "B", True]})
    assert answer.status == 200
    assert answer.headers["Tearoff-Rows"] == "read=6, rejected=4"
    assert await codes_of(http) == ["A", "B"]
    assert await rejects(http, answer.headers) == [
        "line,value,reason",
        f'2,{"x" * 200}…,"the code has 501 characters, at most 500 are allowed."',
        "3,'=1+1\ufffd,the code holds a character that cannot be printed.",
        "4,A,The code stands in line 1 of this upload already.",
        "6,,The code is not text.",
    ]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("A\nB\n", ["A", "B"]),
        ("A\r\nB", ["A", "B"]),
        ("\ufeffcode\nA\nB\n", ["A", "B"]),
        ("code,expirationDate,discount,type,inUse\nA,2099-01-01,10,t,false\n", ["A"]),
        ("code;expirationDate;discount;type;inUse\nA;2099-01-01T10:00;10;t;false\n", ["A"]),
        ("Discount\tCODE\n10\tA\n", ["A"]),
        ("A,2099-01-01T10:00:00,10,t\nB,2099.01.01,10,t\n", ["A", "B"]),
        ('code,type\n"A,1","t;2"\n"B""2",t\n', ["A,1", 'B"2']),
        ('code,type\n"A","two\nlines"\nB,t\n', ["B"]),
        ("\n\nA\n\n\nB\n\n", ["A", "B"]),
        ("КОД-1\nкод-2\n", ["КОД-1", "код-2"]),
        ("code,note\nA,anything\n", ["A"]),
        ("Promo code\nA\nB\n", ["A", "B"]),
        ("Coupons;Discount\nA;5\n", ["A"]),
    ],
)
async def test_files_of_every_form(http, file, expected):
    status, text, _ = await post(http, file)
    assert status == 200, text
    assert sorted(await codes_of(http)) == sorted(expected)


async def test_codes_at_the_ends_of_time_are_listed_and_claimed(http, db, project):
    async with db.transaction() as tx:
        await projects.change(tx, project_id=project, time_zone="America/New_York", sender="")
    assert (await post(http, "E1,9999-12-31,1,t\nE2,0001-01-01,1,t\n"))[0] == 200
    assert [code["expirationDate"] for code in await kept(http)] == ["9999-12-31T04:59", "0001-01-01T23:59"]
    assert await (await http.get(f"{PATH}/count")).json() == 1
    answer = await http.post("/v1/claims", json={"key": "k", "type": "t"})
    assert (answer.status, "E1" in await answer.text()) == (201, True)


async def test_the_four_date_forms_mean_the_projects_zone(http, db, project):
    async with db.transaction() as tx:
        found = await projects.get(tx, project_id=project)
        await projects.change(tx, project_id=project, time_zone="Europe/Kyiv", sender=found.sender)
    dates = ["2099-01-01", "2099-01-01T10:20:30", "2099-01-01T10:20", "2099.01.01"]
    await post(http, "".join(f"C{n},{date}\n" for n, date in enumerate(dates)))
    shown = {item["code"]: item["expirationDate"] for item in await kept(http)}
    assert list(shown.values()) == ["2099-01-01T23:59", "2099-01-01T10:20", "2099-01-01T10:20", "2099-01-01T23:59"]
    story = await (await http.get("/v1/codes/C2")).json()
    assert story["expiresAt"] == "2099-01-01T08:20:00Z"


@pytest.mark.parametrize("kind", ["text/csv", "text/plain; charset=utf-8", "application/octet-stream", "TEXT/CSV"])
async def test_attributes_in_the_query_hold_where_a_row_does_not_say(http, kind):
    query = {"expirationDate": "2099-01-01T10:00", "discount": "15", "type": "vip", "inUse": "false"}
    status, text, _ = await post(http, "code,discount\nA,\nB,20\n", {"Content-Type": kind}, **query)
    assert status == 200, text
    assert json.loads(text) == {"promocodes": []} | query | {"discount": 15, "inUse": False}
    assert [(i["code"], i["discount"], i["type"], i["expirationDate"]) for i in await kept(http)] == [
        ("A", 15, "vip", "2099-01-01T10:00"),
        ("B", 20, "vip", "2099-01-01T10:00"),
    ]


async def test_wrong_attributes_in_the_query_name_every_field(http):
    status, text, _ = await post(http, "A\n", discount="x", expirationDate="soon", inUse="maybe")
    assert status == 400
    assert all(name in text for name in ("discount", "expirationDate", "inUse"))
    assert await kept(http) == []


async def test_known_codes_are_updated_and_in_use_withdraws(http):
    await post(http, "A,2099-01-01,10,t\nB,2099-01-01,10,t\n")
    await post(http, "code,discount,type,inUse\nA,20,vip,\nB,,,true\n")
    shown = {item["code"]: (item["discount"], item["type"], item["inUse"]) for item in await kept(http)}
    assert shown == {"A": (20, "vip", False), "B": (10, "t", True)}
    assert [await count(http), await count(http, type="t"), await count(http, type="vip")] == ["1", "0", "1"]
    await post(http, "code,inUse\nB,false\n")
    assert await count(http, type="t") == "1"


async def test_the_list_and_the_count_take_the_same_filters(http):
    await post(http, "A,2099-01-01,10,t\nB,2099-01-01,20,t\nC,2000-01-01,10,t\nD,2099-01-01,10,u\nE,,10,t,true\n")
    assert await codes_of(http, type="t", discount="10", activeDueDays="7", inUse="false") == ["A"]
    assert await count(http, type="t", discount="010", activeDueDays="7") == "1"
    assert await codes_of(http, inUse="true") == ["E"]
    assert await codes_of(http, type="nobody has it") == []
    assert await count(http, type="nobody has it") == "0"
    answer = await http.get(PATH, params={"activeDueDays": "soon", "discount": "x", "inUse": "?"})
    text = await answer.text()
    assert (answer.status, [name in text for name in ("activeDueDays", "discount", "inUse")]) == (400, [True] * 3)
    answer = await http.get(f"{PATH}/count", params={"activeDueDays": "soon", "discount": "x"})
    assert (answer.status, "activeDueDays" in await answer.text(), "discount" in await answer.text()) == (
        400,
        True,
        True,
    )


async def test_a_file_of_nothing_but_bad_rows_is_400_and_its_report_is_kept(http):
    status, text, headers = await post(http, "code,discount\nA,100\n,5\n")
    assert status == 400
    assert "None of the 2 rows was taken. Line 2: the discount" in text
    assert len(await rejects(http, headers)) == 3
    assert await kept(http) == []


@pytest.mark.parametrize("file", ["", "\n\n", "code\n", "\ufeff"])
async def test_a_file_without_codes_is_400(http, file):
    status, text, _ = await post(http, file)
    assert (status, text) == (400, "The file holds no codes.")


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("text/csv; charset=windows-1251", "A,,5,свято".encode("cp1251")),
        ('text/csv; charset="UTF-16"', "A,,5,свято".encode("utf-16")),
        ("text/csv; charset=us-ascii", "A,,5,свято".encode()),
        ("application/csv", "A,,5,свято".encode()),
        ("application/vnd.ms-excel", "A;;5;свято".encode()),
        ("text/tab-separated-values", "A\t\t5\tсвято".encode()),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: text/csv; charset=cp1251'
            b"\r\n\r\n" + "A,,5,свято".encode("cp1251") + b"\r\n--b--\r\n",
        ),
    ],
)
async def test_a_file_is_read_in_the_encoding_that_its_type_names(http, kind, file):
    status, text, _ = await post(http, file, {"Content-Type": kind})
    assert (status, [(i["code"], i["type"]) for i in await kept(http)]) == (200, [("A", "свято")]), text


async def test_a_byte_order_mark_before_json_does_not_count(http):
    headers = {"Content-Type": "application/json"}
    assert (await post(http, b"\xef\xbb\xbf" + json.dumps(SENT).encode(), headers))[0] == 200
    assert await codes_of(http) == ["A1", "B2"]


@pytest.mark.parametrize("kind", ["application/json", "text/csv"])
async def test_a_compressed_body_is_refused_as_such(http, kind):
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
    status, text, _ = await post(http, gzip.compress(b"A\nB\n"), headers)
    assert (status, text) == (415, "The content encoding 'gzip' is not read here; send the body as it is.")


async def test_other_content_types_are_415(http):
    for kind in ("application/xml", "application/x-www-form-urlencoded", "image/png"):
        status, text, _ = await post(http, "A\n", {"Content-Type": kind})
        assert (status, "text/csv" in text) == (415, True)


async def test_the_first_file_of_a_form_is_read_with_the_fields_before_it(http):
    form = aiohttp.FormData()
    form.add_field("type", "vip")
    form.add_field("file", "code,discount\nA,5\nB,6\n", filename="codes.csv", content_type="text/csv")
    form.add_field("other", "C\n", filename="other.csv")
    answer = await http.post(PATH, data=form, params={"discount": "1"})
    assert answer.status == 200, await answer.text()
    assert [(i["code"], i["discount"], i["type"]) for i in await kept(http)] == [("A", 5, "vip"), ("B", 6, "vip")]


@pytest.mark.parametrize(
    "body",
    [
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nA\nB\n',
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nA\nB\n\r\n--b',
        b'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\nvip\r\n--b--\r\n',
        b"A\nB\n",
        b"",
    ],
)
async def test_a_form_without_its_end_or_without_a_file_stores_nothing(http, body):
    status, text, _ = await post(http, body, {"Content-Type": "multipart/form-data; boundary=b"})
    assert (status, "multipart" in text) == (400, True)
    assert await kept(http) == []


async def test_a_field_behind_the_file_of_a_form_is_refused_not_overlooked(http):
    form = aiohttp.FormData()
    form.add_field("file", "A\nB\n", filename="codes.csv", content_type="text/csv")
    form.add_field("type", "vip")
    answer = await http.post(PATH, data=form)
    sentence = "type stands behind the file in the form; send it before the file, or in the query."
    assert (answer.status, await answer.text()) == (400, sentence)
    assert await kept(http) == []


def partly(base_url, key, head, body, *, is_answered=False):
    """Send a part of a request and hang up, after the beginning of the answer when there is one."""
    host, port = base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        auth = aiohttp.encode_basic_auth("", key)
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: {auth}\r\n{head}\r\n\r\n".encode() + body
        )
        if is_answered:
            return connection.recv(1000)
        time.sleep(0.3)
        return b""


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Type: text/csv\r\nContent-Length: 1000", b"A\nB\nC\n"),
        ("Content-Type: text/csv\r\nTransfer-Encoding: chunked", b"6\r\nA\nB\nC\n\r\n"),
        ("Content-Type: application/json\r\nContent-Length: 1000", b'{"promocodes":["A"]}'),
        (
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000",
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nA\nB\n\r\n--b--\r\n',
        ),
    ],
)
async def test_a_connection_that_drops_in_the_middle_stores_nothing(http, base_url, key, site, head, body):
    await asyncio.to_thread(partly, base_url, key, head, body)
    await asyncio.sleep(0.2)
    async with asyncio.timeout(60), site.uploads, site.uploads, site.uploads, site.uploads:
        pass
    assert await kept(http) == []
    assert (await (await http.get("/v1/tasks")).json())["items"] == []


async def test_a_body_past_its_limit_is_413(http, base_url, key, monkeypatch):
    monkeypatch.setattr("tearoff.api.yespo.promocodes.JSON_BYTES_MAX", 100)
    answer = await http.post(PATH, json=SENT | {"promocodes": ["A" * 100]})
    assert (answer.status, "text/csv" in await answer.text()) == (413, True)
    head = "Content-Type: text/csv\r\nContent-Length: 256000001"
    answer = await asyncio.to_thread(partly, base_url, key, head, b"A\n", is_answered=True)
    assert answer.startswith(b"HTTP/1.1 413")
    assert await kept(http) == []


async def test_a_sender_that_falls_silent_is_refused(http, base_url, key, monkeypatch):
    monkeypatch.setattr("tearoff.api.yespo.promocodes.STALL_SECONDS_MAX", 0.1)

    async def slow():
        yield b"A\n"
        await asyncio.sleep(0.5)
        yield b"B\n"

    status, text, _ = await post(http, slow())
    assert (status, "Nothing more" in text) == (400, True)
    assert await kept(http) == []


async def test_a_hundred_thousand_rows_in_one_body_are_quick(http):
    rows = "".join(f"SALE-{n:06},2099-01-01,10,big\n" for n in range(100_000)) + "SALE-000001,,,\nBAD,2099-13-01,,\n"
    start = time.monotonic()
    status, text, headers = await post(http, rows)
    assert (status, headers["Tearoff-Rows"]) == (200, "read=100002, rejected=2"), text
    assert time.monotonic() - start < 15
    assert await count(http, type="big", activeDueDays="30") == "100000"
    listed = await codes_of(http)
    assert (len(listed), len(set(listed))) == (100_000, 100_000)


async def test_only_keys_that_may_see_codes_see_them(base_url, db, project):
    async with signed_in(base_url, await key_for(db, project, "read-only")) as http:
        assert (await http.get(PATH)).status == 403
        assert await count(http) == "0"
        assert (await http.post(PATH, json=SENT)).status == 403
    async with signed_in(base_url, await key_for(db, project, "codes")) as http:
        assert (await http.post(PATH + "/", json=SENT)).status == 200
        assert len(await kept(http)) == 2


async def test_columns_that_nobody_reads_are_a_warning_in_the_linked_report(http):
    """Also those that our own imports read: at this door they mean nothing."""
    status, text, headers = await post(http, "code,note,Issue-start,discount\nA1,x,2026-01-01,10\n")
    assert (status, json.loads(text)["promocodes"]) == (200, [])
    address = headers["Link"].partition(">")[0].removeprefix("<")
    report = await (await http.get(address)).json()
    assert report["file"] == {"ignoredColumns": ["note", "Issue-start"]}
    assert report["warnings"] == ["Columns that this door does not read were left out: note, Issue-start."]
    assert (report["added"], report["rejected"]) == (1, 0)
    _, _, headers = await post(http, "code,note\nB2,x\n,y\n")
    assert "rejects.csv" in headers["Link"] and "/report" in headers["Link"]
    _, _, headers = await post(http, "code,discount\nC3,10\n")
    assert "Link" not in headers
