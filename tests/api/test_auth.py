"""Signing in at the HTTP doors."""

import aiohttp
import pytest
from tests.api.conftest import key_for, signed_in
from tests.api.test_roles import NUMBER
from tests.promises.test_p10_isolation import PARAM, ROUTES, name
from yarl import URL

from tearoff.domain.keys import SCOPES


@pytest.mark.parametrize("user", ["", "anybody", "esputnik"])
async def test_any_user_name_signs_in_with_the_key_as_password(base_url, key, user):
    async with signed_in(base_url, key, user) as http:
        assert (await http.get("/api/v1/account/info")).status == 200


async def test_a_bearer_key_signs_in(base_url, key, project):
    async with aiohttp.ClientSession(base_url, headers={"Authorization": f"Bearer {key}"}) as http:
        answer = await http.get("/api/v1/account/info")
        assert (await answer.json())["orgId"] == project


@pytest.mark.parametrize(
    "header", [None, "", "Basic", "Basic !!!", "Basic dXNlcjo=", "Bearer nobody-knows-this-key", "Digest x"]
)
async def test_without_a_live_key_the_vendors_door_says_401_in_json(base_url, header):
    async with aiohttp.ClientSession(base_url, headers={"Authorization": header} if header is not None else {}) as http:
        answer = await http.get("/api/v1/account/info")
        assert answer.status == 401
        assert (await answer.json(content_type=None))["status"] == 401
        assert "Basic" in answer.headers["WWW-Authenticate"]


async def test_our_own_api_answers_with_a_problem(base_url):
    async with aiohttp.ClientSession(base_url) as http:
        answer = await http.get("/v1/keys")
        assert (answer.status, answer.content_type) == (401, "application/problem+json")
        assert (await answer.json(content_type=None))["type"] == "unauthorized"


async def test_a_scope_opens_only_its_own_routes(base_url, db, project):
    key = await key_for(db, project, "events")
    async with signed_in(base_url, key) as http:
        assert (await http.get("/api/v1/account/info")).status == 200
        assert (await http.get("/v1/keys")).status == 403


OPENS = {
    "full": {"any", "events", "contacts", "messages", "codes", "reveal", "export", "redeem", "full", "administer"},
    "events": {"any", "events"},
    "events+contacts": {"any", "events", "contacts"},
    "messages": {"any", "messages"},
    "codes": {"any", "codes", "reveal"},
    "redeem": {"any", "redeem"},
    "read-only": {"any"},
}
"""What each scope is for; a read-only key also reads whatever shows no code in full."""


@pytest.mark.parametrize("scope", OPENS)
async def test_a_scope_opens_its_own_routes_and_no_other_of_the_tables(base_url, db, project, scope):
    wrong = []
    async with signed_in(base_url, await key_for(db, project, scope)) as http:
        for route in ROUTES:
            reads = scope == "read-only" and (route.method == "GET" or route.is_reading)
            is_open = route.scope in OPENS[scope] or (reads and route.scope not in ("reveal", "export"))
            path = PARAM.sub("there", NUMBER.sub("999999999", route.path))
            async with http.request(route.method, path, json=None if route.method == "GET" else {}) as answer:
                if (answer.status == 403) == is_open:
                    wrong.append((name(route), answer.status, await answer.text()))
    assert wrong == []


async def test_every_scope_is_tried() -> None:
    assert OPENS.keys() == set(SCOPES)


async def test_a_disabled_key_opens_nothing(http, base_url):
    made = await (await http.post("/v1/keys", json={"name": "shop", "scope": "full"})).json()
    [shop] = [k for k in (await (await http.get("/v1/keys")).json())["items"] if k["name"] == "shop"]
    assert (await http.post(f"/v1/keys/{shop['id']}/disable")).status == 204
    async with signed_in(base_url, made["value"]) as other:
        assert (await other.get("/api/v1/account/info")).status == 401


@pytest.mark.parametrize(
    "path",
    ["/api/v1/account/info/", "//api/v1/account/info", "/api/v1/account/info?", "/api//v1/account/info/"],
)
async def test_paths_are_read_with_tolerance(http, base_url, path):
    answer = await http.get(URL(base_url + path, encoded=True), json=[])
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"


async def test_every_answer_is_hardened_and_names_no_server(http):
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/nowhere", "/docs"):
        answer = await http.get(path)
        assert answer.status == (404 if path == "/nowhere" else 200), path
        assert "Server" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_wrong_method_is_405(http):
    assert (await http.delete("/api/v1/account/info")).status == 405
