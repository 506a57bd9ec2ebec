"""The one map from errors to HTTP: problem+json for our own API, a plain sentence for the vendors' doors."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec
import psycopg
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.utils.scope.state import ScopeState

from tearoff import errors
from tearoff.api.maestra import answers
from tearoff.domain.shapes import collect, is_struct
from tearoff.logs import get_logger

log = get_logger("api")

VENDOR_PATHS = ("/api/",)
JSON_UTF8 = "application/json;charset=UTF-8"
RETRY_SECONDS = 1
PATH_SHOWN_MAX = 200
MET = "Somebody wrote the same at the same moment; look at it, and try again."
BUSY = "The database could not do this just now; try again shortly."
VENDOR_CHALLENGE = 'Basic realm="API key", charset="UTF-8"'
CHALLENGE = 'Bearer realm="API key"'
"""Not Basic: at that word browsers ask with a window of their own, where the console has its page."""
STATUS: dict[type[errors.TearoffError], int] = {
    errors.Invalid: 422,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PoolEmpty: 409,
    errors.Throttled: 429,
    errors.Overloaded: 503,
    errors.Unavailable: 503,
    errors.TooLarge: 413,
    errors.Unreadable: 415,
    errors.TemplateError: 422,
    errors.DeliveryFailed: 502,
    errors.SourceFailed: 502,
}
"""A subclass has the status of its nearest ancestor here; anything else is 500."""

VENDOR_STATUS = {422: 400}
HTTP_TYPES = {400: "malformed", 404: "not-found", 405: "method-not-allowed", 413: "too-large", 429: "too-many"}


class ProblemBody(msgspec.Struct, omit_defaults=True):
    """RFC 9457: `type` is the stable code of docs/reference/errors.md."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[errors.Problem, ...] = ()
    reason: str = ""


def status_of(kind: type[errors.TearoffError]) -> int:
    """The status of an error's kind."""
    return next((STATUS[one] for one in kind.__mro__ if one in STATUS), 500)


def is_vendor(request: Request[Any, Any, Any]) -> bool:
    """Whether the request came in at a vendor's door."""
    return request.scope["path"].startswith(VENDOR_PATHS)


def from_tearoff(request: Request[Any, Any, Any], error: errors.TearoffError) -> Response[Any]:
    """The answer to one of our own errors."""
    status = status_of(type(error))
    headers: dict[str, str] = {}
    if status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", RETRY_SECONDS))
    if status == 401:
        headers["WWW-Authenticate"] = VENDOR_CHALLENGE if is_vendor(request) else CHALLENGE
    problems = error.problems if isinstance(error, errors.Invalid) else ()
    return _answer(request, status, error.type, error.detail, problems, headers, getattr(error, "reason", ""))


def from_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The answer to what Litestar refused: an unknown path, a wrong method, a body that does not fit."""
    if isinstance(error, ValidationException | InternalServerException):
        # the framework takes a field of the body for one of its own dependencies where they share a name
        found = _body_problems(request) or _problems(error.extra)
        if found:
            return from_tearoff(request, errors.Invalid(*(map(_named, found) if is_vendor(request) else found)))
    status = error.status_code
    if status == 413:
        return _too_large(request)
    kind = HTTP_TYPES.get(status, "refused" if status < 500 else "internal")
    headers = dict(error.headers or {})
    detail = f"{error.detail.rstrip('.')}."
    if status in (404, 405) and is_vendor(request):
        allowed = headers.get("Allow", headers.get("allow"))
        detail = f"There is no {request.method} {request.scope['path'][:PATH_SHOWN_MAX]} here"
        detail += f"; it takes {allowed}." if allowed else "."
    return _answer(request, status, kind, detail, (), headers)


def _too_large(request: Request[Any, Any, Any]) -> Response[Any]:
    """A body past its route's limit; the vendor answers 400 to every fault of an event."""
    limit = request.scope["route_handler"].opt.get("body_max")
    is_event = is_vendor(request) and request.scope["path"].rstrip("/").endswith("/event")
    detail = f"The body is larger than {limit:,} bytes." if limit else "The body is too large."
    return _answer(request, 400 if is_event else 413, "too-large", detail, (), {})


def from_data(request: Request[Any, Any, Any], error: psycopg.DataError) -> Response[Any]:
    """The answer to a value that no column takes, such as a string with U+0000 or an id past 64 bits."""
    return from_tearoff(request, errors.Invalid(errors.Problem("", "A value cannot be stored: it is out of range.")))


def from_database(request: Request[Any, Any, Any], error: psycopg.OperationalError) -> Response[Any]:
    """The answer where the database could not do it just now: it is full, or two requests stood in each other's way."""
    log.warning("database_refused", route=request.scope.get("path_template", ""), error=str(error))
    is_full = isinstance(error, psycopg.errors.DiskFull)
    return from_tearoff(request, errors.StorageFull() if is_full else errors.Unavailable(BUSY))


def from_twins(request: Request[Any, Any, Any], error: psycopg.errors.UniqueViolation) -> Response[Any]:
    """The answer where somebody wrote the same at the same moment, and nobody looked for that."""
    log.warning("write_met_another", route=request.scope.get("path_template", ""), rule=error.diag.constraint_name)
    return from_tearoff(request, errors.Conflict(MET))


def from_letters(request: Request[Any, Any, Any], error: UnicodeDecodeError) -> Response[Any]:
    """The answer to a body that is not UTF-8."""
    body = ScopeState.from_scope(request.scope).body
    try:
        if isinstance(body, bytes):
            body.decode()
    except UnicodeDecodeError as found:
        return _answer(request, 400, "malformed", f"The body is not UTF-8 from its byte {found.start} on.", (), {})
    return from_unexpected(request, error)


def from_depth(request: Request[Any, Any, Any], error: RecursionError) -> Response[Any]:
    """The answer to a body that is nested too deeply to be read."""
    return from_tearoff(request, errors.Invalid(errors.Problem("", "The body is nested too deeply.")))


def from_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer to a defect: the log has the facts, the caller gets none of them."""
    log.error("request_failed", route=request.scope.get("path_template", ""), method=request.method, exc_info=error)
    return _answer(request, 500, "internal", "Something went wrong here; the log of the server says what.", (), {})


def _answer(
    request: Request[Any, Any, Any],
    status: int,
    type: str,
    detail: str,
    problems: tuple[errors.Problem, ...],
    headers: dict[str, str],
    reason: str = "",
) -> Response[Any]:
    if request.scope["path"].startswith(answers.PATH):
        return answers.failure(request, status, detail, problems, headers)
    if is_vendor(request):
        status = VENDOR_STATUS.get(status, status)
        sentence = " ".join(p.detail for p in problems) or detail
        body: Any = {"status": status, "message": sentence} if status in (401, 409) else sentence
        content = msgspec.json.encode(body) if isinstance(body, dict) else sentence.encode()
        return Response(content, status_code=status, headers=headers, media_type=JSON_UTF8)
    title = type.replace("-", " ").capitalize()
    content = msgspec.json.encode(ProblemBody(type, title, status, detail, problems, reason))
    return Response(content, status_code=status, headers=headers, media_type="application/problem+json")


def _problems(extra: Any) -> list[errors.Problem]:
    entries = extra if isinstance(extra, list) else [extra]
    return [
        errors.Problem("", "A body in JSON is needed here.")
        if e.get("key") == "data"
        else errors.Problem("/" + str(e["key"]).replace(".", "/") if e.get("key") else "", str(e.get("message", "")))
        for e in entries
        if isinstance(e, dict)
    ]


def _named(problem: errors.Problem) -> errors.Problem:
    """The problem with its name in the sentence, for doors that show the sentence alone."""
    sentence = problem.detail.replace("`", "").rstrip(".")
    return errors.Problem(problem.pointer, f"{problem.pointer.removeprefix('/')}: {sentence}.".removeprefix(": "))


def _body_problems(request: Request[Any, Any, Any]) -> list[errors.Problem]:
    """Everything wrong with a JSON body for the handler that was to take it, where the framework names one thing."""
    wanted = request.scope["route_handler"].parsed_data_field
    body = ScopeState.from_scope(request.scope).body
    found: list[errors.Problem] = []
    if wanted is not None and isinstance(body, bytes) and is_struct(wanted.annotation):
        with suppress(msgspec.DecodeError):
            collect(msgspec.json.decode(body), wanted.annotation, "", found)
    return found


HANDLERS: dict[Any, Any] = {
    errors.TearoffError: from_tearoff,
    HTTPException: from_http,
    psycopg.DataError: from_data,
    psycopg.OperationalError: from_database,
    psycopg.errors.UniqueViolation: from_twins,
    UnicodeDecodeError: from_letters,
    RecursionError: from_depth,
    Exception: from_unexpected,
}
