"""What the console asks about people and events: search, timeline, why an event started what, suppressions."""

from collections.abc import AsyncIterator

import pytest
from tests.api.conftest import key_for, signed_in
from tests.api.test_test_launches import ask
from tests.engine.conftest import Stage, engine
from tests.promises.stages import PROJECT
from tests.stock import upload

from tearoff.actions import projects
from tearoff.clock import Clock
from tearoff.engine.parts import Engine

__all__ = ["engine"]
WITH_CONTACT = PROJECT.replace(
    "start: {kind: start, eventType: birthday, exits: {next: code}}",
    """start:
        kind: start
        eventType: birthday
        filter: {all: [{param: level, is: notEquals, value: none}], any: [{param: email, is: isSet}]}
        exits: {next: who}
      who: {kind: getContact, email: "${email}", create: true, exits: {next: code}}""",
).replace("type: birthday, exits", "type: birthday, days: 3, discount: 10, exits")
PEOPLE = [
    {"externalId": "C-100", "firstName": "Анна", "lastName": "Коваль"},
    {"externalId": "C-200", "firstName": "Andy", "lastName": "Warhol"},
    {"externalId": "d-100", "firstName": "Warren", "lastName": "Andrews"},
]
LOCATORS = [("email", "anna@example.test"), ("sms", "+380 50 123-45-67"), ("mobilepush", "TOKEN:abc")]


@pytest.fixture
async def stage(engine: Engine, project: int) -> AsyncIterator[Stage]:
    made = Stage(engine, project, Clock().now())
    await made.apply(WITH_CONTACT)
    yield made


@pytest.fixture
async def people(http) -> list[int]:
    ids = []
    for person, (kind, value) in zip(PEOPLE, LOCATORS, strict=True):
        body = person | {"locators": [{"kind": kind, "value": value}]}
        ids.append((await ask(http, "POST", "/v1/contacts", body))[1]["id"])
    return ids


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ANNA@", [0]),
        ("анн", [0]),
        ("коваль анна", [0]),
        ("+38 (050) 123", [1]),
        ("38050", [1]),
        ("TOKEN:", [2]),
        ("token:", []),
        ("C-", [0, 1]),
        ("and", [1, 2]),
        ("andy w", [1]),
        ("war", [1, 2]),
        ("war and", [1, 2]),
        ("%", []),
        ("_", []),
        ("nobody", []),
    ],
)
async def test_a_contact_is_found_by_the_beginning_of_whatever_it_is_known_by(http, people, typed, found) -> None:
    async with http.get("/v1/contacts", params={"q": typed}) as answer:
        page = await answer.json()
    assert [item["id"] for item in page["items"]] == [people[n] for n in found]


async def test_a_search_is_paged_and_finds_by_id(http, people) -> None:
    _, page = await ask(http, "GET", "/v1/contacts?q=and&limit=1")
    assert ([i["id"] for i in page["items"]], page["next"]) == ([people[1]], str(people[1]))
    _, page = await ask(http, "GET", f"/v1/contacts?q=and&limit=1&after={page['next']}")
    assert [i["id"] for i in page["items"]] == [people[2]]
    _, page = await ask(http, "GET", f"/v1/contacts?q={people[0]}")
    assert [i["id"] for i in page["items"]] == [people[0]]
    _, page = await ask(http, "GET", "/v1/contacts?q=%20")
    assert len(page["items"]) == 3


async def a_contact(http, stage, db, project) -> int:
    await upload(db, project, ["SUMMER-123"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    _, page = await ask(http, "GET", "/v1/contacts?q=a@")
    return int(page["items"][0]["id"])


async def test_the_timeline_shows_the_code_why_it_was_given_its_message_and_its_run(http, stage, db, project) -> None:
    contact_id = await a_contact(http, stage, db, project)
    status, shown = await ask(http, "GET", f"/v1/contacts/{contact_id}/timeline")
    assert (status, shown["next"]) == (200, None)
    assert sorted(item["kind"] for item in shown["items"]) == ["code", "message", "run"]
    by_kind = {item["kind"]: item for item in shown["items"]}
    code = by_kind["code"]["code"]
    assert (code["code"], code["pool"], code["state"]) == ("SUMM…23", "birthday", "issued")
    why = code["why"]
    assert (why["door"], why["workflow"], why["version"], why["block"]) == ("run", "birthday", 1, "code")
    assert (why["discount"], why["days"], why["eventType"]) == (10, 3, "birthday")
    message = by_kind["message"]["message"]
    assert (message["message"], message["state"], message["recipient"]) == ("hello", "sent", "a@example.test")
    assert message["canResend"] is True
    run = by_kind["run"]["run"]
    assert (run["state"], run["eventType"], run["eventId"]) == ("done", "birthday", why["eventId"])
    assert "SUMMER-123" not in str(shown)
    assert (await ask(http, "GET", f"/v1/contacts/{contact_id + 10_000}/timeline"))[0] == 404


async def test_the_timeline_goes_on_page_by_page_without_a_gap_or_a_repeat(http, stage, db, project) -> None:
    contact_id = await a_contact(http, stage, db, project)
    await upload(db, project, [f"MORE-{n}" for n in range(4)], stage.now)
    for _ in range(4):
        await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    _, whole = await ask(http, "GET", f"/v1/contacts/{contact_id}/timeline?limit=1000")
    assert len(whole["items"]) == 15
    seen, after = [], ""
    while after is not None:
        _, page = await ask(http, "GET", f"/v1/contacts/{contact_id}/timeline?limit=2{after and '&after=' + after}")
        seen += page["items"]
        after = page["next"]
    assert seen == whole["items"]
    _, codes = await ask(http, "GET", f"/v1/contacts/{contact_id}/timeline?kinds=code")
    assert [item["kind"] for item in codes["items"]] == ["code"] * 5
    assert (await ask(http, "GET", f"/v1/contacts/{contact_id}/timeline?after=x"))[0] == 422
    assert (await ask(http, "GET", f"/v1/contacts/{contact_id}/timeline?kinds=x"))[0] == 422


async def test_codes_are_revealed_only_to_who_may_and_that_is_noted(http, base_url, stage, db, project) -> None:
    contact_id = await a_contact(http, stage, db, project)
    _, shown = await ask(http, "GET", f"/v1/contacts/{contact_id}/timeline?reveal=true")
    assert "SUMMER-123" in str(shown)
    _, audit = await ask(http, "GET", "/v1/audit?action=reveal")
    assert audit["items"][0]["subject"] == f"contact {contact_id}"
    async with signed_in(base_url, await key_for(db, project, "events+contacts")) as session:
        assert (await ask(session, "GET", f"/v1/contacts/{contact_id}/timeline"))[0] == 200
        assert (await ask(session, "GET", f"/v1/contacts/{contact_id}/timeline?reveal=true"))[0] == 403


async def test_an_event_says_which_run_it_started_and_why_no_other(http, stage) -> None:
    await stage.apply(WITH_CONTACT.replace("key: birthday\n    active", "key: second\n    active"))
    draft = {"start": {"kind": "start", "eventType": "birthday", "exits": {"next": "end"}}, "end": {"kind": "end"}}
    await ask(http, "POST", "/v1/workflows", {"key": "draft", "blocks": draft})
    await ask(http, "POST", "/v1/workflows/second/stop")
    await stage.send("birthday", {"email": "a@example.test"}, {"email": "b@example.test", "level": "none"})
    _, events = await ask(http, "GET", "/v1/events")
    filtered, started = (event["id"] for event in events["items"])
    status, why = await ask(http, "GET", f"/v1/events/{started}/why")
    assert (status, why["started"], why["detail"]) == (200, 1, None)
    assert {w["workflow"]: w["reason"] for w in why["workflows"]} == {
        "birthday": "started",
        "second": "stopped",
        "draft": "never-published",
    }
    _, why = await ask(http, "GET", f"/v1/events/{filtered}/why")
    birthday = next(w for w in why["workflows"] if w["workflow"] == "birthday")
    assert (birthday["reason"], birthday["runId"]) == ("filtered", None)
    assert "level notEquals 'none'; the event has 'none'" in birthday["detail"]
    assert [(c["group"], c["param"], c["actual"], c["holds"]) for c in birthday["conditions"]] == [
        ("all", "level", "none", False),
        ("any", "email", "b@example.test", True),
    ]
    await stage.send("lonely", {"email": "a@example.test"})
    _, events = await ask(http, "GET", "/v1/events?eventType=lonely")
    _, why = await ask(http, "GET", f"/v1/events/{events['items'][0]['id']}/why")
    assert why["detail"] is None or why["workflows"] == []
    assert (why["started"], why["detail"]) == (0, "No workflow starts by events of this type.")


async def test_an_address_is_suppressed_found_and_freed(http, base_url, db, now) -> None:
    status, made = await ask(http, "POST", "/v1/suppressions", {"kind": "email", "value": "A@Example.test"})
    assert (status, made["value"], made["reason"]) == (201, "a@example.test", "added by hand")
    await ask(http, "POST", "/v1/suppressions", {"kind": "sms", "value": "+380501234567", "reason": "asked us"})
    _, page = await ask(http, "GET", "/v1/suppressions?limit=1")
    assert [i["value"] for i in page["items"]] == ["a@example.test"]
    async with http.get("/v1/suppressions", params={"after": page["next"]}) as answer:
        assert [i["value"] for i in (await answer.json())["items"]] == ["380501234567"]
    _, page = await ask(http, "GET", "/v1/suppressions?kind=sms&q=%2B3805")
    assert len(page["items"]) == 1
    assert (await ask(http, "GET", "/v1/suppressions?kind=sms&q=99"))[1]["items"] == []
    assert (await ask(http, "POST", "/v1/suppressions", {"kind": "email", "value": "nobody"}))[0] == 422
    gone = "/v1/suppressions?kind=email&value=a@example.test"
    async with db.transaction() as tx:
        stranger = await projects.create(tx, name=f"outsider {status} {made['createdAt']}", now=now)
    async with signed_in(base_url, await key_for(db, stranger)) as outsider:
        assert (await outsider.delete(gone)).status == 404
    assert (await http.delete(gone)).status == 204
    assert (await http.delete(gone)).status == 404
