"""openapi.json says of each route with which statuses it answers, and what it reads."""

import inspect
import json

import aiohttp
import msgspec
import pytest
from tests.api.actions_errors import raised_by

from tearoff.api.documented import statuses
from tearoff.api.problems import ProblemBody, status_of
from tearoff.api.rest import operations, redemptions, session
from tearoff.api.rest.import_bodies import ImportBody
from tearoff.api.rest.imports import TAKEN
from tearoff.api.rest.routes import ROUTES as REST
from tearoff.api.rest.sign_in import ROUTES as SIGN_IN
from tearoff.cli.openapi import document
from tearoff.domain.imports import NAMES
from tearoff.errors import NotFound, Throttled
from tearoff.store import projects

ROUTES = [*REST, *SIGN_IN]
REFUSED_TO_SOME = {401, 403}
OF_EVERY_ROUTE = {401, 403, 422, 503}
"""What keys, parameters and the database refuse before or beneath the action."""
DOORS = {400: "malformed", 413: "too-large", 415: "unreadable"}
NEVER = {operations.list_operations: NotFound, session.get: NotFound, redemptions.report: Throttled}
"""An operation's pool cannot be removed; who has no project is shown none; what others report is never locked out."""


@pytest.fixture(scope="module")
def contract():
    return json.loads(document())


def operation_of(contract, route):
    path = "/".join(part.partition(":")[0] + "}" if part[:1] == "{" else part for part in route.path.split("/"))
    return contract["paths"][path][route.method.lower()]


def named(route):
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_the_document_lists_the_failures_of_a_route_as_problems(contract, route):
    answers = {int(status): answer for status, answer in operation_of(contract, route)["responses"].items()}
    failures = sorted(set(answers) - {route.status})
    assert failures == statuses(route)
    assert (set(failures) >= REFUSED_TO_SOME) or route.scope == "open"
    assert (404 in failures) or "{" not in route.path
    assert {400, 413, 415, 422} <= set(failures) or "data" not in inspect.signature(route.handler).parameters
    for status in failures:
        [(kind, content)] = answers[status]["content"].items()
        assert (kind, content["schema"]) == ("application/problem+json", {"$ref": "#/components/schemas/ProblemBody"})
        assert answers[status]["description"].endswith(".")


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_route_names_what_its_action_raises_and_nothing_else(route):
    raised = {status_of(error): place for error, place in raised_by(route.handler, but_for=[projects.get]).items()}
    if route.handler in NEVER:
        raised.pop(status_of(NEVER[route.handler]), None)
    listed = set(statuses(route))
    for error in route.raises:
        assert status_of(error) in raised, f"{error.__name__} is raised nowhere behind this route"
    if route.method in ("GET", "DELETE") or route.is_reading:
        missing = {status: place for status, place in raised.items() if status not in listed | {500}}
    else:
        missing = {status: raised[status] for status in (409, 429, 502) if status in raised and status not in listed}
    assert not missing
    if route.scope == "open":
        assert listed & REFUSED_TO_SOME <= set(raised)


async def test_the_doors_answer_as_the_document_says(base_url, key):
    async with aiohttp.ClientSession(base_url) as http:
        for route in ROUTES:
            path = "/".join("1" if part[:1] == "{" else part for part in route.path.split("/"))
            listed = set(statuses(route))
            if route.scope != "open":
                answer = await http.request(route.method, path, json={} if route.method != "GET" else None)
                assert answer.status == 401, named(route)
            if "data" in inspect.signature(route.handler).parameters and route.scope not in ("session", "installation"):
                headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
                answer = await http.request(route.method, path, data=b"{", headers=headers)
                if answer.status == 400:
                    assert 400 in listed, named(route)
                else:
                    assert (answer.status, route.scope) == (403, "administer"), named(route)
                assert msgspec.json.decode(await answer.read(), type=ProblemBody).status == answer.status


def test_the_bodies_of_imports_and_issues_are_in_the_document(contract):
    by_id = {one["operationId"]: one for path in contract["paths"].values() for one in path.values()}
    content = by_id["imports_create_rest"]["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/ImportBody"}
    assert {"text/csv", "multipart/form-data"} < set(content)
    content = by_id["issuances_create_rest"]["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/IssuanceBody"}
    assert "text/csv" in content
    assert set(by_id["imports_append_rest"]["requestBody"]["content"]) == {"application/octet-stream"}
    assert set(ImportBody.__struct_encode_fields__) == TAKEN - {"resumable"} | NAMES


def test_a_report_is_typed(contract):
    report = contract["components"]["schemas"]["TaskView"]["properties"]["report"]
    assert report == {"$ref": "#/components/schemas/TaskReport"}


def test_every_answer_is_typed_and_files_are_named_by_their_kind(contract):
    by_id = {one["operationId"]: one for path in contract["paths"].values() for one in path.values()}
    untyped = [
        name
        for name, one in by_id.items()
        for answer in one["responses"].values()
        for content in answer.get("content", {}).values()
        if not content["schema"]
    ]
    assert untyped == []
    assert set(by_id["tasks_rejects_rest"]["responses"]["200"]["content"]) == {"text/csv"}
    assert len(by_id["exports_holders_rest"]["responses"]["200"]["content"]) == 2


def test_who_may_call_without_a_key_is_in_the_document(contract):
    for route in ROUTES:
        wanted = operation_of(contract, route).get("security", contract["security"])
        assert ({} in wanted) == (route.scope == "open"), named(route)
        assert ({"key": []} in wanted) == (route.scope not in ("open", "session", "installation")), named(route)
