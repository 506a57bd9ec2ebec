"""The HTTP application: every route table, behind one map of errors."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Message, Scope

from tearoff import __version__
from tearoff.api import health, problems, slashes, static, unsubscribe, viewer
from tearoff.api.auth import COOKIE, require_caller
from tearoff.api.maestra.routes import ROUTES as MAESTRA
from tearoff.api.rest.routes import ROUTES as REST
from tearoff.api.rest.sign_in import ROUTES as SIGN_IN
from tearoff.api.routing import handlers, require_readable
from tearoff.api.site import Call, Site, call_of
from tearoff.api.yespo.routes import ROUTES as YESPO

SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
]
OPENAPI = OpenAPIConfig(
    title="Tearoff",
    version=__version__,
    openapi_router=viewer.ROUTER,
    components=Components(
        security_schemes={
            "key": SecurityScheme(type="http", scheme="bearer", description="An API key"),
            "password": SecurityScheme(type="http", scheme="basic", description="Any user name, the key as password"),
            "session": SecurityScheme(
                type="apiKey", security_scheme_in="cookie", name=COOKIE, description="A signed-in person"
            ),
        }
    ),
    security=[{"key": []}, {"password": []}, {"session": []}],
    render_plugins=[viewer.Viewer()],
)


def create_app(site: Site | None) -> Litestar:
    """The application for this site; an ASGI server runs it. Without a site it can only say what it would answer."""
    return Litestar(
        route_handlers=[
            *handlers(health.ROUTES, "health", is_public=False),
            *handlers(unsubscribe.ROUTES, "unsubscribe", is_public=False),
            *handlers(YESPO, "yespo", is_public=False),
            *handlers(MAESTRA, "maestra", is_public=False),
            *handlers(REST, "rest", is_public=True),
            *handlers(SIGN_IN, "rest", is_public=True),
        ],
        guards=[slashes.restore, require_caller, require_readable],
        dependencies={"call": Provide(call_of, sync_to_thread=False)},
        exception_handlers=problems.HANDLERS | {NotFoundException: static.from_missing},
        before_send=[add_headers],
        state=State({"site": site, "console": static.Console()}),
        signature_types=[Call],
        openapi_config=OPENAPI,
        logging_config=None,
    )


async def add_headers(message: Message, scope: Scope) -> None:
    """Security headers on every answer; an empty 200 keeps no content type, as the vendor's own has none."""
    if message["type"] != "http.response.start":
        return
    headers: list[Any] = list(message.get("headers", ()))
    if message["status"] == 200 and (b"content-length", b"0") in headers:
        headers = [header for header in headers if header[0] != b"content-type"]
    named = {header[0].lower() for header in headers}
    message["headers"] = headers + [header for header in SECURITY_HEADERS if header[0] not in named]
