"""Events past the framework are answered as the framework answers them: status, headers, body, and what is kept."""

import asyncio
import base64
import json
from contextlib import asynccontextmanager

import psycopg
import pytest
from tests.api.conftest import key_for, serving

from tearoff.api import slashes
from tearoff.api.app import create_app
from tearoff.api.event_door import EventDoor
from tearoff.api.server import configure
from tearoff.api.yespo.events import BODY_MAX
from tearoff.errors import Overloaded, Unavailable

EVENT = {"eventTypeKey": "tea", "keyValue": "a@example.test", "params": [{"name": "n", "value": 1}]}
GOOD = json.dumps(EVENT).encode()
PLAIN = {"Authorization": "Bearer {key}", "Content-Type": "application/json", "Content-Length": "{length}"}
DOORS = ("/api/v1/event", "/api/v2/event", "/api/v3/event")


def request(body=GOOD, path="/api/v2/event", method="POST", *more, **headers):
    """The bytes of a request, key and length still to come; a header that is None is not sent."""
    named = PLAIN | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in named.items() if value is not None] + list(more)
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: shop.example", *lines, "", ""]), body


def chunked(*parts):
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    return request(body, Content_Length=None, Transfer_Encoding="chunked")


def body(**fields):
    return json.dumps(EVENT | fields).encode()


ACCEPTED = {
    **{path: request(path=path) for path in DOORS},
    "object": request(body(params={"name": "N", "value": {"x": [1, None]}}), "/api/v3/event"),
    "single param": request(body(params={"name": "N", "value": 3})),
    "no params": request(body(params=None)),
    "no type": request(Content_Type=None),
    "type with charset": request(Content_Type="Application/JSON;charset=utf-8"),
    "another json": request(Content_Type="application/vnd.shop+json"),
    "basic": request(Authorization="Basic {basic}"),
    "bearer in capitals": request(Authorization="BEARER   {key} "),
    "secret key": request(Authorization='Mindbox secretKey="{key}"'),
    "beside a cookie": request(Cookie="tearoff_session=nobody"),
    "other headers": request(User_Agent="x", Accept="*/*", X_Forwarded_For="10.0.0.1", Expect="100-continue"),
    "key": request(Idempotency_Key="order-1"),
    "key again": request(Idempotency_Key="order-1"),
    "key in another encoding": request(Idempotency_Key="ключ"),
    "empty key": request(Idempotency_Key=""),
    "unicode": request(body(params={"ї": "🎁\u2028"})),
    "in pieces": chunked(GOOD[:5], GOOD[5:9], GOOD[9:]),
    "largest": request(body(params={"n": "x" * (BODY_MAX - len(body(params={"n": ""})))})),
    "query": request(path="/api/v2/event?x=1"),
    "escaped slash": request(path="/api/v2%2Fevent"),
    "escaped path": request(path="/api/v2/%65vent"),
}
OTHERS = {
    "slash": request(path="/api/v2/event/"),
    "two slashes": request(path="//api/v2/event"),
    "key of another event": request(body(keyValue="b@example.test"), Idempotency_Key="order-1"),
    "long key": request(Idempotency_Key="k" * 300),
    "get": request(b"", method="GET"),
    "put": request(method="PUT"),
    "options": request(b"", method="OPTIONS"),
    "head": request(b"", method="HEAD"),
    "encoded slash": request(path="/api/v2%2Fevent/"),
    "v4": request(path="/api/v4/event"),
    "no authorization": request(Authorization=None),
    "unknown key": request(Authorization="Bearer nobody-has-this-key-0123456789"),
    "empty bearer": request(Authorization="Bearer "),
    "odd basic": request(Authorization="Basic ???"),
    "empty basic": request(Authorization="Basic " + base64.b64encode(b"user:").decode()),
    "digest": request(Authorization="Digest x"),
    "only a cookie": request(Authorization=None, Cookie="tearoff_session=nobody"),
    "two authorizations": request(GOOD, "/api/v2/event", "POST", "Authorization: Bearer other"),
    "two types": request(GOOD, "/api/v2/event", "POST", "Content-Type: text/plain"),
    "two keys": request(GOOD, "/api/v2/event", "POST", "Idempotency-Key: a", "Idempotency-Key: b"),
    "text": request(Content_Type="text/plain"),
    "text of nothing": request(b"", Content_Type="text/plain"),
    "form": request(Content_Type="application/x-www-form-urlencoded"),
    "packed": request(Content_Encoding="gzip"),
    "said to be as it is": request(Content_Encoding="identity"),
    "odd host": request(GOOD, "/api/v2/event", "POST", Host="a b"),
    "nothing": request(b""),
    "not json": request(b'{"eventTypeKey":'),
    "not utf-8": request(b'{"eventTypeKey": "\xff", "keyValue": "k"}'),
    "a list": request(b"[]"),
    "deep": request(b'{"params":' + b"[" * 9000 + b"]" * 9000 + b"}"),
    "no event type": request(body(eventTypeKey="")),
    "bad event type": request(body(eventTypeKey="a/b")),
    "no key value": request(body(keyValue=None)),
    "long key value": request(body(keyValue="k" * 301)),
    "no value": request(body(params=[{"name": "a"}])),
    "twice": request(body(params=[{"name": "a", "value": 1}] * 2)),
    "nul": request(body(params={"a": "\0"})),
    "surrogate": request(b'{"eventTypeKey":"t","keyValue":"k","params":{"a":"\\ud800"}}'),
    "large number": request(b'{"eventTypeKey":"t","keyValue":"k","params":{"a":1e999}}'),
    "too large": request(body(params={"n": "x" * BODY_MAX})),
    "too large in pieces": chunked(GOOD[:-1], b" " * BODY_MAX, b"}"),
    "said to be too large": request(b"", Content_Length="99999999"),
}


class Counting:
    """The application, which counts whom it answers."""

    def __init__(self, app):
        self.app, self.state, self.calls = app, app.state, 0

    async def __call__(self, scope, receive, send):
        self.calls += scope["type"] == "http"
        await self.app(scope, receive, send)


async def asked(url, given, key):
    """What the server answers: the status line, the headers without the date, and the body."""
    head, sent = given
    basic = base64.b64encode(f"anybody:{key}".encode()).decode()
    filled = head.replace("{key}", key).replace("{basic}", basic).replace("{length}", str(len(sent)))
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(filled.replace("\r\n", "\r\nConnection: close\r\n", 1).encode() + sent)
    got = await reader.read()
    writer.close()
    top, _, rest = got.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
    status, *headers = top.split(b"\r\n")
    return status, sorted(line for line in headers if not line.startswith(b"date:")), rest


@asynccontextmanager
async def both(site):
    """A server with the door, one without, and the count of requests that came through the door."""
    behind = Counting(create_app(site))
    async with serving(behind) as fast, serving(create_app(site), without_door) as slow:
        yield fast, slow, behind


def without_door(app):
    config = configure(app)
    assert isinstance(config.app, EventDoor)
    config.app = slashes.keep(app)
    return config


async def test_every_request_is_answered_as_the_application_answers_it(db, site, project, monkeypatch) -> None:
    monkeypatch.setattr("tearoff.api.auth.REMEMBERED_SECONDS", 600.0)
    other = await other_project(db)
    keys = [await key_for(db, project), await key_for(db, other)]
    for key in keys:
        assert await site.keys.find(key) is not None
    async with both(site) as (fast, slow, behind):
        for name, given in (ACCEPTED | OTHERS).items():
            behind.calls = 0
            answers = [await asked(fast, given, keys[0]), await asked(slow, given, keys[1])]
            assert answers[0] == answers[1], name
            assert behind.calls == (name in OTHERS), (name, answers)
            assert answers[0][0].endswith(b" 200 OK") or name in OTHERS, (name, answers)
    kept = [await events_of(db, one) for one in (project, other)]
    assert kept[0] == kept[1]
    assert len(kept[0]) >= len(ACCEPTED) - 1


async def events_of(db, project):
    async with db.transaction() as tx:
        query = (
            "SELECT t.key, e.key_value, e.params FROM event e JOIN event_type t USING (project_id, event_type_id)"
            " WHERE e.project_id = %s ORDER BY e.event_id"
        )
        return await (await tx.execute(query, [project])).fetchall()


async def other_project(db):
    async with db.transaction() as tx:
        made = await tx.execute(
            "INSERT INTO project (name, created_at) VALUES ('the other', now()) RETURNING project_id"
        )
        return (await made.fetchone())[0]


@pytest.mark.parametrize("scope", ["events", "events+contacts", "messages", "codes", "redeem", "read-only"])
async def test_a_key_may_here_what_it_may_there(db, site, project, scope) -> None:
    key = await key_for(db, project, scope)
    async with both(site) as (fast, slow, _):
        answers = [await asked(url, request(), key) for url in (fast, slow, fast)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0].split()[1] == (b"200" if scope.startswith("events") else b"403")


@pytest.mark.parametrize(
    "error", [Unavailable(), Overloaded(), psycopg.DataError("no"), ValueError("a defect"), RecursionError()], ids=repr
)
async def test_what_the_queue_refuses_is_asked_once_and_worded_by_the_application(
    db, site, project, monkeypatch, error
) -> None:
    key, asks = await key_for(db, project), []

    async def refuse(project_id, batch):
        asks.append(len(batch))
        raise error

    monkeypatch.setattr(site.events, "_act", refuse)
    assert await site.keys.find(key) is not None
    async with both(site) as (fast, slow, behind):
        one, other = await asked(fast, request(), key), await asked(slow, request(), key)
    assert one == other
    assert one[0].split()[1] in (b"503", b"400", b"500")
    assert (asks, behind.calls) == ([1, 1], 1)


async def test_a_queue_that_is_full_says_so(db, site, project, monkeypatch) -> None:
    key = await key_for(db, project)
    monkeypatch.setattr(site.events, "_waiting_max", 0)
    assert await site.keys.find(key) is not None
    async with both(site) as (fast, slow, _):
        one, other = await asked(fast, request(), key), await asked(slow, request(), key)
    assert one == other
    assert one[0].split()[1] == b"503"
    assert site.events.waiting == 0
