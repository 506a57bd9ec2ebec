"""What openapi.json says of a route beyond its handler's signature: its failures, who may call it, and files.

Each kind of route has its failures: a key or a person is asked for, an id in the path may lead nowhere, a body may be
refused. A line of a route table names only the errors that its action adds to them.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litestar.di import Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, RequestBody, Schema

from tearoff import errors
from tearoff.api.problems import STATUS, ProblemBody, status_of

if TYPE_CHECKING:
    from tearoff.api.routing import Route

PROBLEM_JSON = "application/problem+json"
MALFORMED = 400
NO_PARAMETERS = ("call", "request", "data")


def statuses(route: Route) -> list[int]:
    """The statuses of a route's failures, but for 500, which is a defect."""
    return sorted({*_of_kind(route), *map(status_of, route.raises)})


def _of_kind(route: Route) -> Iterator[int]:
    taken = inspect.signature(route.handler).parameters
    is_sending = route.method not in ("GET", "DELETE")
    yield status_of(errors.Unavailable)
    if route.scope != "open":
        yield from map(status_of, (errors.Unauthorized, errors.Forbidden))
    if "{" in route.path:
        yield status_of(errors.NotFound)
    if "data" in taken:
        yield MALFORMED
    if "data" in taken or route.accepts == "any":
        yield from map(status_of, (errors.TooLarge, errors.Invalid))
    if is_sending:
        yield status_of(errors.Unreadable)
    if any(name not in NO_PARAMETERS for name in taken):
        yield status_of(errors.Invalid)
    if is_sending and not route.is_reading:
        yield status_of(errors.Conflict)


def documentation(route: Route) -> dict[str, Any]:
    """What the framework is to say of a route, as arguments of its handler."""
    # a body that the handler does not ask for is shown, and not read by the framework
    shown = {"shown": Provide(_asking_for(route.body), sync_to_thread=False)} if route.body else {}
    return {
        "responses": _responses(route),
        "operation_class": _operation(route),
        "dependencies": shown,
        "security": _security(route),
    }


def _security(route: Route) -> list[dict[str, list[str]]] | None:
    """How a caller shows who it is; None where it is as the document says for all routes."""
    if route.scope == "open":
        return [{}]
    return [{"session": []}] if route.scope in ("session", "installation") else None


def _responses(route: Route) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(
            data_container=ProblemBody, media_type=PROBLEM_JSON, generate_examples=False, description=_meaning(status)
        )
        for status in statuses(route)
    }


def _meaning(status: int) -> str:
    kinds = [kind for kind, its in STATUS.items() if its == status]
    return " ".join(str(kind.__doc__).partition("\n")[0] for kind in kinds) or "The body is not JSON, or not UTF-8."


def _asking_for(body: type) -> Any:
    def ask(data: Any) -> None:
        """Never called."""

    ask.__annotations__["data"] = body
    return ask


def _operation(route: Route) -> type[Operation]:
    files, sends = _bytes_of(route.files), _bytes_of(route.sends)

    @dataclass
    class Documented(Operation):
        """An operation without the 400 that the framework foresees, and with the files that it reads and sends."""

        def __post_init__(self) -> None:
            if self.responses is not None and MALFORMED not in statuses(route):
                self.responses.pop(str(MALFORMED), None)
            if sends and self.responses is not None:
                self.responses[str(route.status)] = OpenAPIResponse(description="The file.", content=sends)
            if files:
                json = self.request_body.content if isinstance(self.request_body, RequestBody) else {}
                self.request_body = RequestBody(content={**json, **files})

    return Documented


def _bytes_of(kinds: tuple[str, ...]) -> dict[str, OpenAPIMediaType]:
    return {kind: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, content_media_type=kind)) for kind in kinds}
