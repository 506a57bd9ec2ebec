"""The console's built files. Only names that were found in the folder are answered, so no path can leave it."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from tearoff.api import problems

FOLDER = Path(__file__).parents[1] / "console_dist"
INDEX = "index.html"
API_PATHS = ("/v1/", "/v3/", "/api/", "/u/", "/docs/")
FOREVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Tearoff</title>
<body style="font-family:sans-serif;max-width:36em;margin:4em auto"><h1>Tearoff is running</h1>
<p>The console is not built here. It needs Node 20 or newer: run <code>make console</code> and load this page again.</p>
<p>The API answers already; <a href="/docs">its reference</a> is served too.</p>"""


class File(msgspec.Struct, frozen=True):
    """A built file; `packed` is its gzip where that was made."""

    content: bytes
    packed: bytes | None
    media_type: str
    is_forever: bool


class Console:
    """The files of the console, read once they are there."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._files: dict[str, File] = {}

    def find(self, path: str) -> File | None:
        """The file that the path of a URL names."""
        if INDEX not in self._files:
            self._files = dict(_read(self._folder))
        return self._files.get(path.removeprefix("/"))


def _read(folder: Path) -> list[tuple[str, File]]:
    found = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_symlink() or not path.is_file() or path.suffix == ".gz":
            continue
        name = path.relative_to(folder).as_posix()
        packed = path.with_name(path.name + ".gz")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        content = packed.read_bytes() if packed.is_file() else None
        found.append((name, File(path.read_bytes(), content, kind, name.startswith("assets/"))))
    return found


def from_missing(request: Request[Any, Any, Any], error: NotFoundException) -> Response[Any]:
    """The answer where no route is: a file of the console, its page for people who read HTML, or the usual problem."""
    path = request.scope["path"]
    if request.method not in ("GET", "HEAD") or f"{path}/".startswith(API_PATHS):
        return problems.from_http(request, error)
    console: Console = request.app.state.console
    file = console.find(path)
    if file is not None and path != f"/{INDEX}":
        return answer(request, file)
    if "text/html" not in request.headers.get("accept", "") and path != "/":
        return problems.from_http(request, error)
    index = console.find(INDEX)
    if index is None:
        return Response(NOT_BUILT, status_code=200, media_type="text/html", headers=_headers(ASK_EACH_TIME))
    return answer(request, index)


def answer(request: Request[Any, Any, Any], file: File) -> Response[Any]:
    """The answer with a file, packed for those who read that."""
    headers = _headers(FOREVER if file.is_forever else ASK_EACH_TIME)
    content = file.content
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            content = file.packed
            headers["Content-Encoding"] = "gzip"
    return Response(content, status_code=200, media_type=file.media_type, headers=headers)


def _headers(caching: str) -> dict[str, str]:
    return {"Cache-Control": caching, "Content-Security-Policy": CSP}
