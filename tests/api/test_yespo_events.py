"""The vendor's event doors, as clients in the wild use them."""

import asyncio

import pytest
from tests.api.conftest import key_for, signed_in
from yarl import URL

RECORDED = {"eventTypeKey": "test", "keyValue": "test@example.com", "params": [{"name": "foo", "value": "bar"}]}


async def post(http, body, path="/api/v2/event", **headers):
    answer = await http.post(path, json=body, headers=headers)
    return answer.status, await answer.text()


async def kept(http):
    return (await (await http.get("/v1/events")).json())["items"]


@pytest.mark.parametrize(
    "path", ["/api/v1/event", "/api/v2/event", "/api/v3/event", "/api/v1/event/", "//api/v2/event"]
)
async def test_an_accepted_event_is_answered_with_an_empty_200(http, base_url, path):
    answer = await http.post(URL(base_url + path, encoded=True), json=RECORDED)
    assert (answer.status, await answer.read()) == (200, b"")
    assert answer.headers["Content-Length"] == "0"
    assert "Content-Type" not in answer.headers
    [event] = await kept(http)
    assert (event["eventType"], event["keyValue"], event["params"]) == ("test", "test@example.com", {"foo": "bar"})


async def test_values_of_v2_and_the_object_of_v3_keep_their_types(http):
    params = [
        {"name": "email", "value": "A@x.test"},
        {"name": "items", "value": [{"n": 1}]},
        {"name": "no", "value": None},
    ]
    assert await post(http, {"eventTypeKey": "v2", "params": params}) == (200, "")
    body = {"eventTypeKey": "v3", "params": {"emailAddress": "b@x.test", "name": "N", "value": "V"}}
    assert await post(http, body, "/api/v3/event") == (200, "")
    third, second = await kept(http)
    assert second["params"] == {"email": "A@x.test", "items": [{"n": 1}], "no": None}
    assert second["keyValue"] == "A@x.test"
    assert third["params"] == {"emailAddress": "b@x.test", "name": "N", "value": "V"}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=UTF-8", 200),
        ("Application/JSON;Charset=utf-8", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ],
)
async def test_content_types_in_any_case(http, content_type, status):
    body = b'{"eventTypeKey":"t","keyValue":"k","params":[]}'
    answer = await http.post("/api/v1/event", data=body, headers={"Content-Type": content_type})
    assert answer.status == status, await answer.text()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "eventTypeKey"),
        ({"eventTypeKey": "", "keyValue": "k"}, "eventTypeKey is required"),
        ({"eventTypeKey": "x" * 101, "keyValue": "k"}, "eventTypeKey must have at most 100 characters"),
        ({"eventTypeKey": "a/b", "keyValue": "k"}, "eventTypeKey must not contain the character '/'"),
        ({"eventTypeKey": "t", "keyValue": "it’s"}, "keyValue must not contain"),
        ({"eventTypeKey": "t", "keyValue": "k" * 301}, "keyValue must have at most 300 characters"),
        ({"eventTypeKey": "t"}, "The event needs a keyValue"),
        ({"eventTypeKey": "t", "params": [{"name": "email", "value": "null"}]}, "The event needs a keyValue"),
        ({"eventTypeKey": "t", "keyValue": "k", "params": [{"name": "a"}]}, "The parameter 'a' has no value"),
        ({"eventTypeKey": "t", "keyValue": "k", "params": [{"value": "a"}]}, "params[0]"),
        ({"eventTypeKey": "t", "keyValue": "k", "params": [{"name": "a", "value": 1}] * 2}, "'a' is given twice"),
        ({"eventTypeKey": "t", "keyValue": "k", "params": {"n" * 101: 1}}, "must have 1 to 100 characters"),
        ({"eventTypeKey": "t", "keyValue": "k", "params": {"a": "\0"}}, "U+0000"),
        ({"eventTypeKey": "t", "keyValue": "k", "params": "text"}, "params"),
        ([], "object"),
    ],
)
async def test_a_wrong_event_gets_a_sentence_and_changes_nothing(http, body, sentence):
    status, text = await post(http, body)
    assert status == 400
    assert sentence in text
    assert await kept(http) == []


async def test_a_body_that_is_not_json_or_too_long_is_refused(http):
    broken = await http.post("/api/v1/event", data=b'{"eventTypeKey":', headers={"Content-Type": "application/json"})
    assert (broken.status, "not valid JSON" in await broken.text()) == (400, True)
    long = {"eventTypeKey": "t", "keyValue": "k", "params": {"a": "x" * 21_000}}
    assert (await post(http, long))[:2] == (400, "The body is larger than 20,480 bytes.")
    assert (await http.post("/api/v1/event")).status == 400


async def test_a_repeat_under_its_key_is_200_and_starts_nothing_and_another_body_is_409(http):
    headers = {"Idempotency-Key": "order-7"}
    for _ in range(3):
        assert await post(http, RECORDED, **headers) == (200, "")
    status, text = await post(http, RECORDED | {"keyValue": "other"}, **headers)
    assert (status, "order-7" in text) == (409, True)
    assert len(await kept(http)) == 1


async def test_many_at_once_are_all_kept(http):
    bodies = [RECORDED | {"keyValue": f"k{n}"} for n in range(100)]
    answers = await asyncio.gather(*(post(http, body) for body in bodies))
    assert set(answers) == {(200, "")}
    assert len({e["keyValue"] for e in await kept(http)}) == 100


async def test_a_key_for_messages_posts_no_events(base_url, db, project):
    async with signed_in(base_url, await key_for(db, project, "messages")) as http:
        assert (await post(http, RECORDED))[0] == 403
