"""P13: bad input gets a clear refusal and changes nothing. Each line of the route tables is tried with nonsense."""

import gzip

import pytest
from tests.promises.test_p10_isolation import PARAM, ROUTES, name, rows
from yarl import URL

JSON = {"Content-Type": "application/json"}
READING = [route for route in ROUTES if route.method == "GET"]
WRITING = [route for route in ROUTES if route.method in ("POST", "PUT", "PATCH") and route.accepts == "json"]
BODIES = [
    b"",
    b"{",
    b"null",
    b"5",
    b'"text"',
    b"[]",
    b"[[[[5]]]]",
    b"[" * 10_000,
    b'{"a":' * 3_000,
    b"\xff\xfe\x00\x01",
    b'{"key": "\xff"}',
    b'{"\\ud800": 1}',
    b"\xef\xbb\xbf{}x",
    b'{"nonsense": {"deep": [1, 2, {"x": null}]}}',
]
IDS = ["0", "-1", "x", "9" * 18, "9" * 30, "9" * 5000, "%00", "%F0%9F%8E%81", "a b", "'; --", "%2e%2e%2f"]
QUERIES = ["limit=-1", "limit=x", "limit=99999999999", "after=x", "after=-5", "maxrows=x", "startindex=0", "ids=%00"]
QUERIES += [f"{name}={'9' * 5000}" for name in ("activeDueDays", "discount", "startindex", "ids", "after")]
NOBODY = "999999999999"
NAMES_A_NEW_ONE = ("PUT /v1/event-types/{key:str}",)


async def test_a_nonsense_body_is_refused_with_a_sentence_and_changes_nothing(http, db, project):
    await http.get("/api/v1/account/info")
    before = await rows(db, project)
    wrong = []
    for route in WRITING:
        for body in BODIES:
            # there is nothing under that id, so an action that reads no body is refused too
            async with http.request(route.method, PARAM.sub(NOBODY, route.path), data=body, headers=JSON) as answer:
                text = await answer.text()
                if not 400 <= answer.status < 500 or len(text) < 10:
                    wrong.append((name(route), body[:40], answer.status, text))
    assert wrong == []
    assert await rows(db, project) == before


async def test_another_kind_of_body_is_refused(http):
    headers = {"Content-Type": "text/xml"}
    for route in WRITING:
        async with http.request(route.method, PARAM.sub(NOBODY, route.path), data=b"<x/>", headers=headers) as answer:
            assert answer.status == 415, name(route)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/redemptions/check", {"code": "x", "contact": 0}, 200),
        ("POST", "/v1/redemptions", {"code": "x", "orderId": "7", "contact": 0}, 409),
        ("POST", "/v1/claims", {"key": "k", "pool": [None]}, 422),
        ("POST", "/v1/claims", {"key": "k", "type": "t", "contact": [1]}, 422),
        ("POST", "/v1/sources/crm/test", {"call": []}, 422),
        ("GET", "/v1/stats/issued?until=0001-01-01T00:00:00%2B14:00", None, 422),
    ],
)
async def test_a_value_of_an_odd_kind_is_answered_with_sense(http, method, path, body, status):
    assert (await http.post("/v1/sources", json={"key": "crm", "url": "https://x.test/"})).status == 201
    async with http.request(method, URL(path, encoded=True), json=body) as answer:
        assert answer.status == status, await answer.text()
        assert answer.content_type == "application/json" if status == 200 else "application/problem+json"


async def test_a_missing_body_is_named(http):
    answer = await http.post("/v1/pools")
    assert (answer.status, await answer.json(content_type=None))[1]["detail"] == "A body in JSON is needed here."


async def test_a_compressed_body_is_refused_before_it_is_read(http):
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for route in [route for route in ROUTES if route.method in ("POST", "PUT", "PATCH")]:
        path = PARAM.sub(NOBODY, route.path)
        async with http.request(route.method, path, data=gzip.compress(b"{}"), headers=headers) as answer:
            assert answer.status == 415, name(route)


async def test_a_body_past_the_limit_of_its_route_is_refused(http):
    for route in WRITING:
        assert route.body_max is not None, name(route)
        if route.body_max <= 1_000_000:
            body = b'{"x": "' + b"x" * route.body_max + b'"}'
            async with http.request(route.method, PARAM.sub(NOBODY, route.path), data=body, headers=JSON) as answer:
                is_event = route.path.startswith("/api/") and route.path.endswith("/event")
                wanted = (400,) if is_event else (404, 413)
                assert answer.status in wanted, (name(route), answer.status)


async def test_a_strange_id_is_refused(http):
    wrong = []
    for route in ROUTES:
        for text in IDS if PARAM.search(route.path) and name(route) not in NAMES_A_NEW_ONE else ():
            body = None if route.method == "GET" else {}
            async with http.request(route.method, PARAM.sub(text, route.path), json=body) as answer:
                if not 400 <= answer.status < 500:
                    wrong.append((name(route), text, answer.status))
    assert wrong == []


async def test_a_strange_query_is_never_a_failure_of_ours(http):
    wrong = []
    for route in READING:
        for query in QUERIES:
            async with http.get(f"{PARAM.sub(NOBODY, route.path)}?{query}") as answer:
                if answer.status >= 500:
                    wrong.append((name(route), query, await answer.text()))
    assert wrong == []
