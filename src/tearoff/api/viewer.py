"""The viewer of openapi.json at /docs: Swagger UI out of its package, so that it asks no other host for anything."""

from __future__ import annotations

import gzip
import mimetypes
from functools import cache
from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.openapi.plugins import OpenAPIRenderPlugin
from swagger_ui_bundle import swagger_ui_path

from tearoff.api import static

PATH = "/docs"
SCRIPT, STYLE, ICON, START = "swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "start.js"
FILES = (SCRIPT, STYLE, ICON)
PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Tearoff's API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="{PATH}/{ICON}"><link rel="stylesheet" href="{PATH}/{STYLE}">
<body style="margin:0"><div id="viewer"></div>
<script src="{PATH}/{SCRIPT}"></script><script src="{PATH}/{START}"></script>"""
STARTING = b"""SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: "none",
});
"""
"""Without `validatorUrl` the viewer sends the document to a checker of its makers."""


class Viewer(OpenAPIRenderPlugin):
    """The page at /docs."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page; it reads the document itself."""
        return PAGE.encode()


@get([f"/{name}" for name in (*FILES, START)], media_type=MediaType.TEXT, sync_to_thread=False)
def send_file(request: Request[Any, Any, Any]) -> Response[Any]:
    """A file of the viewer."""
    return static.answer(request, _read(request.scope["path"].rpartition("/")[2]))


@cache
def _read(name: str) -> static.File:
    content = STARTING if name == START else (swagger_ui_path / name).read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return static.File(content, gzip.compress(content), kind, is_forever=False)


ROUTER = Router(
    PATH,
    route_handlers=[send_file],
    opt={"need": "open"},
    include_in_schema=False,
    response_headers={"Content-Security-Policy": static.CSP},
)
