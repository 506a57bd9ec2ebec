"""What the log says about a defect of ours: enough to find it, and nothing that somebody could spend."""

from litestar import Request
from litestar.testing import RequestFactory
from structlog.testing import capture_logs

from tearoff.api.problems import from_tearoff, from_unexpected
from tearoff.errors import Invalid, Problem


def a_request() -> Request:
    request = RequestFactory().get("/v1/codes/SUMMER-7K")
    request.scope["path_template"] = "/v1/codes/{code}"
    return request


def test_a_defect_is_logged_with_its_route_and_without_the_code_in_the_path() -> None:
    with capture_logs() as logged:
        answer = from_unexpected(a_request(), RuntimeError("broken"))
    assert answer.status_code == 500
    assert [(entry["event"], entry["method"], entry["route"]) for entry in logged] == [
        ("request_failed", "GET", "/v1/codes/{code}")
    ]
    assert "SUMMER" not in str(logged)


def test_the_caller_of_a_defect_learns_nothing_of_it() -> None:
    with capture_logs():
        answer = from_unexpected(a_request(), RuntimeError("broken"))
    assert b"broken" not in answer.content


def test_a_vendors_client_gets_all_problems_as_sentences() -> None:
    request = RequestFactory().post("/api/v1/event")
    answer = from_tearoff(request, Invalid(Problem("/a", "One is wrong."), Problem("/b", "Two is missing.")))
    assert (answer.status_code, answer.content) == (400, b"One is wrong. Two is missing.")


async def test_what_is_not_there_is_said_with_its_method_and_path(http):
    for method, path, status, sentence in (
        ("POST", "/api/v1/orders", 404, "There is no POST /api/v1/orders here."),
        ("DELETE", "/api/v1/workflows", 405, "There is no DELETE /api/v1/workflows here; it takes "),
    ):
        async with http.request(method, path, json={}) as answer:
            assert (answer.status, (await answer.text()).startswith(sentence)) == (status, True)
