"""Whoever asks for a task again under the same Idempotency-Key gets the same task; with another body a 409."""

import asyncio

import aiohttp
import pytest


@pytest.fixture
async def pools(http):
    for key in ("filled", "made", "given"):
        body = {"key": key, "type": key, "description": "x"}
        assert (await http.post("/v1/pools", json=body)).status == 201
    codes = {"promocodes": [f"G{n}" for n in range(9)], "type": "given"}
    assert (await http.post("/api/v1/promocodes", json=codes)).status == 200
    for n in range(3):
        assert (await http.post("/v1/contacts", json={"externalId": f"c{n}", "firstName": "Ann"})).status == 200
    shape = {"key": "f", "length": 12}
    assert (await http.post("/v1/formats", json=shape)).status == 201


async def post(http, path, key="k", **body):
    headers = {"Idempotency-Key": key, **body.pop("headers", {})}
    async with http.post(path, headers=headers, **body) as answer:
        return answer.status, (await answer.json(content_type=None)).get("id")


async def count(http):
    return len((await (await http.get("/v1/tasks")).json())["items"])


def form(data: bytes, discount: str = "5") -> aiohttp.FormData:
    """Each has a boundary of its own."""
    made = aiohttp.FormData()
    made.add_field("discount", discount)
    made.add_field("file", data, filename="codes.csv", content_type="text/csv")
    return made


CSV = {"headers": {"Content-Type": "text/csv"}}
SAME = {
    "an uploaded file": ("/v1/pools/filled/imports", lambda n: {"data": b"A\nB\n" if n == 0 else b"A\nC\n", **CSV}),
    "a form": ("/v1/pools/filled/imports", lambda n: {"data": form(b"A\n" if n == 0 else b"B\n")}),
    "fields of a form": ("/v1/pools/filled/imports", lambda n: {"data": form(b"A\n", "5" if n == 0 else "6")}),
    "a text": ("/v1/pools/filled/imports", lambda n: {"json": {"text": f"A{n}"}}),
    "an address": ("/v1/pools/filled/imports", lambda n: {"json": {"url": f"https://x.test/{n}"}}),
    "a file in pieces": ("/v1/pools/filled/imports", lambda n: {"params": {"resumable": "true", "name": f"n{n}"}}),
    "a generation": ("/v1/pools/made/generations", lambda n: {"json": {"format": "f", "quantity": 5 + n}}),
    "an issue by filter": ("/v1/pools/given/issues", lambda n: {"json": {"filter": {"firstName": "Ann"[: 3 - n]}}}),
    "an issue by list": (
        "/v1/pools/given/issues",
        lambda n: {"data": f"externalCustomerId\nc0\nc{1 + n}\n".encode(), **CSV},
    ),
}


@pytest.mark.parametrize("case", SAME)
async def test_a_repeat_gets_the_same_task_and_another_body_is_refused(http, pools, case):
    path, body = SAME[case]
    before = await count(http)
    status, first = await post(http, path, **body(0))
    assert status == 202, case
    assert await post(http, path, **body(0)) == (202, first)
    assert await post(http, path, **body(1)) == (409, None)
    assert await count(http) == before + 1
    status, other = await post(http, path, "another key", **body(0))
    assert status == 202
    assert other != first


async def test_a_refused_request_keeps_no_key(http, pools):
    path = "/v1/pools/given/issues"
    assert (await post(http, path, json={"filter": {"firstName": "Nobody"}}))[0] == 422
    assert (await post(http, path, json={"filter": {"firstName": "Ann"}}))[0] == 202
    path = "/v1/pools/filled/imports"
    assert (await post(http, path, data=b"", **CSV))[0] == 422
    assert (await post(http, path, data=b"A\n", **CSV))[0] == 202


async def test_uploads_at_once_under_one_key_make_one_import(http, pools):
    path = "/v1/pools/filled/imports"
    body = b"".join(b"CODE-%06d\n" % n for n in range(200_000))
    answers = await asyncio.gather(*(post(http, path, data=body, **CSV) for _ in range(4)))
    assert {status for status, _ in answers} == {202}
    assert len({task_id for _, task_id in answers}) == 1
    states = [task["state"] for task in (await (await http.get("/v1/tasks?kind=import")).json())["items"]]
    assert states.count("waiting") == 1
    assert set(states) <= {"waiting", "cancelled", "done"}
