"""P10: a project sees nothing of another project. Each line of the route tables is tried with another project's ids."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from psycopg import sql
from tests.api.conftest import key_for, signed_in
from tests.api.people import person_for

from tearoff.actions import problems, projects
from tearoff.api.maestra.routes import ROUTES as MAESTRA
from tearoff.api.rest.routes import ROUTES as REST
from tearoff.api.routing import Route
from tearoff.api.yespo.routes import ROUTES as YESPO
from tearoff.domain.outbox import NewDelivery
from tearoff.domain.runs import SEND_BLOCK, NewRun
from tearoff.store import deliveries, queries, runs

SECRET = "belongs-to-the-owner"
TABLES = (
    "SELECT table_name FROM information_schema.columns WHERE column_name = 'project_id' AND table_schema = 'public'"
)
ROUTES = [*YESPO, *MAESTRA, *REST]
PARAM = re.compile(r"\{(\w+):\w+\}")
WITH_PARAMS = [route for route in ROUTES if PARAM.search(route.path)]
MADE = {
    "contact_id": ("/v1/contacts", {"externalId": SECRET, "firstName": SECRET}),
    "event_id": ("/v1/events", {"eventType": SECRET, "keyValue": SECRET, "params": {"secret": SECRET}}),
    "ref": ("/v1/fields", {"key": "OWNED", "name": SECRET}),
    "pool": ("/v1/pools", {"key": "owned", "type": SECRET, "description": SECRET}),
    "import_id": ("/v1/pools/owned/imports", {"text": SECRET}),
    "message": ("/v1/messages", {"key": "owned", "medium": "sms", "languages": {"en": {"text": SECRET}}}),
    "snippet": ("/v1/snippets", {"key": "owned", "text": SECRET}),
    "workflow": ("/v1/workflows", {"key": "owned", "name": SECRET, "blocks": {}}),
    "source": ("/v1/sources", {"key": "owned", "url": f"https://x.test/{SECRET}"}),
    "connector": ("/v1/connectors", {"key": "owned", "kind": "bearer", "secrets": {"token": SECRET}}),
    "format": ("/v1/formats", {"key": "owned", "prefix": "S", "name": SECRET}),
    "subscription_id": ("/v1/subscriptions", {"kind": "email", "target": f"{SECRET}@x.test"}),
    "channel": ("/v1/channels", {"key": "owned", "kind": "mailbox", "medium": "email"}),
    "invitation_id": ("/v1/invitations", {"email": f"{SECRET}@x.test", "role": "viewer"}),
}
"""How the owner makes what a path parameter names; a new parameter needs a line here."""

BY_NAME = {"key"}
"""Parameters that are names, which every project may use: putting one makes the caller's own."""

BODIES: dict[str, dict[str, Any]] = {
    "/smartsend": {"recipients": [{"locator": "380501234567"}]},
    "/api/v1/contact/": {"firstName": "stolen"},
    "/withdraw": {"reason": "stolen"},
    "/revoke": {"reason": "stolen"},
    "/transfer": {"to": 1, "reason": "stolen"},
    "/issues": {"filter": {}},
    "/imports": {"text": "stolen"},
    "/alerts": {"rungs": []},
    "/v1/formats/": {"key": "owned"},
    "/generations": {"format": "owned", "quantity": 1},
    "/refill": {"format": "owned", "below": 1, "quantity": 1},
    "/test-runs": {"event": {}},
    "/test-send": {"to": "a@b.test"},
}


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


async def rows(db, project: int) -> dict[str, Any]:
    """Everything that the database holds of a project."""
    held = {}
    async with db.transaction() as tx:
        for (table,) in await (await tx.execute(TABLES)).fetchall():
            query = sql.SQL("SELECT t::text FROM {} t WHERE project_id = %s").format(sql.Identifier(table))
            held[table] = sorted(await (await tx.execute(query, [project])).fetchall())
    return held


@pytest.fixture
async def owned(http, db, project, now) -> dict[str, str]:
    """The owner's ids, by the name of the path parameter that takes them."""
    ids: dict[str, str] = {}
    for param, (path, body) in MADE.items():
        answer = await http.post(path, json=body)
        assert answer.status in (200, 201, 202), await answer.text()
        ids[param] = str((await answer.json())["id"])
    codes = {"promocodes": [SECRET], "expirationDate": "2099-01-01", "discount": 10, "type": SECRET}
    assert (await http.post("/api/v1/promocodes", json=codes)).status == 200
    assert (await http.post("/v1/claims", json={"key": SECRET, "type": SECRET, "hold": 600})).status == 201
    refill = {"format": "owned", "below": 1, "quantity": 1}
    assert (await http.put("/v1/pools/owned/refill", json=refill)).status == 200
    assert (await http.put(f"/v1/operations/{SECRET}", json={"kind": "list"})).status == 200
    used = await http.post("/v1/redemptions", json={"code": SECRET, "orderId": SECRET})
    assert (await http.post("/v1/suppressions", json={"kind": "email", "value": f"{SECRET}@x.test"})).status == 201
    keys = await (await http.get("/v1/keys")).json()
    task = await (await http.post("/api/v1/contacts", json={"contacts": [{"externalCustomerId": SECRET}]})).json()
    await person_for(db, project, "viewer")
    person = (await (await http.get("/v1/people")).json())["items"][0]["id"]
    async with db.transaction() as tx:
        start = NewRun(None, None, None, None, None, SEND_BLOCK, {"messageId": int(ids["message"]), "secret": SECRET})
        [run_id] = await runs.add_all(tx, project_id=project, runs=[start], now=now)
        sent = NewDelivery(
            run_id=run_id,
            block=SEND_BLOCK,
            attempt=0,
            contact_id=int(ids["contact_id"]),
            channel_id=int(ids["channel"]),
            medium="email",
            message_id=int(ids["message"]),
            version=1,
            recipient=f"{SECRET}@x.test",
            language=None,
            content={"secret": SECRET},
            reference=SECRET,
            expires_at=None,
        )
        [delivery_id] = await deliveries.add_all(tx, project_id=project, deliveries=[sent], now=now)
        await problems.watch(tx, project_id=project, now=now)
    [problem] = (await (await http.get("/v1/problems")).json())["items"][:1]
    return ids | {
        "run_id": str(run_id),
        "delivery_id": str(delivery_id),
        "person_id": str(person),
        "key": SECRET,
        "code": SECRET,
        "redemption_id": str((await used.json())["id"]),
        "problem_id": str(problem["id"]),
        "key_id": str(keys["items"][0]["id"]),
        "message_id": ids["message"],
        "session_id": task["asyncSessionId"],
        "version": "draft",
        "other": "draft",
        "task_id": task["asyncSessionId"],
    }


@pytest.fixture
async def outsider(base_url, db, now):
    """A client of another project."""
    async with db.transaction() as tx:
        stranger = await projects.create(tx, name=f"outsider {uuid4()}", now=now)
    async with signed_in(base_url, await key_for(db, stranger)) as session:
        yield session


async def call(http: aiohttp.ClientSession, route: Route, owned: dict[str, str]) -> tuple[int, str]:
    path = PARAM.sub(lambda found: owned[found[1]], route.path)
    body = next((body for part, body in BODIES.items() if part in path), {})
    async with http.request(route.method, path, json=None if route.method == "GET" else body) as answer:
        return answer.status, await answer.text()


async def test_another_projects_ids_are_not_found_and_nothing_of_it_changes(http, outsider, owned, db, project):
    before = await rows(db, project)
    wrong = []
    for route in WITH_PARAMS:
        params = set(PARAM.findall(route.path))
        assert params <= owned.keys(), f"{name(route)}: say in MADE how to make {params - owned.keys()}"
        status, text = await call(outsider, route, owned)
        if status != 404 and not (params <= BY_NAME and route.method == "PUT"):
            wrong.append((name(route), status, text))
    assert wrong == []
    assert await rows(db, project) == before


async def test_lists_show_nothing_of_another_project(http, outsider, owned):
    for route in ROUTES:
        if route.method == "GET" and route not in WITH_PARAMS:
            async with outsider.get(route.path) as answer:
                assert SECRET not in await answer.text(), name(route)


async def test_the_owner_finds_by_the_same_ids(http, owned):
    """Otherwise the tests above would prove nothing."""
    for route in WITH_PARAMS:
        if route.method == "GET":
            assert (await call(http, route, owned))[0] == 200, name(route)


async def test_without_a_key_every_route_is_closed(base_url):
    async with aiohttp.ClientSession(base_url) as nobody:
        for route in ROUTES:
            async with nobody.request(route.method, PARAM.sub("1", route.path), json={}) as answer:
                assert answer.status == 401, name(route)


ACROSS = {"server", "migrations", "dues", "projects", "people", "sessions", "password_resets"}
"""Queries of the server itself, of the engine's look for work, of the operator's own commands, and of sign-in: people
and their sessions are of the installation, and only their memberships name projects."""

SIGN_IN = {("keys", "find_key"), ("invitations", "find_by_token")}
"""What names the project: a key, and the link of an invitation."""
TOUCHES = re.compile(
    r"\b(FROM|INTO|UPDATE|JOIN)\s+(?!stage\b|chosen\b|known\b|alike\b|unnest|jsonb_to|generate_series|\(|STDIN)\w+"
)
"""A table of the schema; `stage`, `chosen`, `known` and `alike` are temporary tables of one upload."""


@pytest.mark.parametrize("path", sorted(queries.FOLDER.glob("*.sql")), ids=lambda p: p.stem)
def test_every_query_names_its_project(path: Path):
    for paragraph in queries.parse(path.read_text(), path.stem):
        if (path.stem, paragraph.name) not in SIGN_IN and path.stem not in ACROSS and TOUCHES.search(paragraph.text):
            assert "%(project_id)s" in paragraph.text, f"{path.name}: {paragraph.name}"
