"""The console's files: served from the package, and nothing beside them."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from tests.api.conftest import serving
from yarl import URL

from tearoff.api.app import create_app
from tearoff.api.static import Console


async def connect(http: aiohttp.ClientSession) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a path goes out as it is written."""
    assert http._base_url is not None
    return await asyncio.open_connection(http._base_url.host, http._base_url.port)


PAGE = b"<!doctype html><title>Console</title>"
SCRIPT = b"console.log(1)" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built console, with a secret beside it."""
    built = tmp_path / "console_dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_bytes(PAGE)
    (built / "icon.svg").write_bytes(b"<svg/>")
    (built / "assets/app-1a2b.js").write_bytes(SCRIPT)
    (built / "assets/app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.key").write_text("secret")
    (built / "linked").symlink_to(tmp_path / "secret.key")
    return built


@pytest.fixture
async def nobody(site, folder) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that is not signed in, of a server with this console."""
    app = create_app(site)
    app.state.console = Console(folder)
    async with serving(app) as url, aiohttp.ClientSession(url, auto_decompress=False) as http:
        yield http


@pytest.mark.parametrize("path", ["/", "/pools", "/workflows/3/edit", "/sign-in?next=/pools"])
async def test_every_page_of_the_console_is_its_index(nobody, path):
    answer = await nobody.get(path, headers={"Accept": "text/html,application/xhtml+xml"})
    assert (answer.status, answer.content_type, await answer.read()) == (200, "text/html", PAGE)
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_the_page_may_load_only_its_own_and_stand_in_no_frame(nobody):
    answer = await nobody.get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_assets_are_kept_for_ever_and_sent_packed_where_that_is_read(nobody):
    plain = await nobody.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert (plain.status, await plain.read()) == (200, SCRIPT)
    assert "immutable" in plain.headers["Cache-Control"]
    assert "no-store" not in plain.headers.getall("Cache-Control")
    packed = await nobody.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "br, gzip"})
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(await packed.read()) == SCRIPT
    assert "javascript" in packed.content_type


@pytest.mark.parametrize("path", ["/v1/nowhere", "/v1", "/v3/nowhere", "/api/v1/nowhere", "/u/a/b"])
async def test_an_unknown_path_of_the_api_is_not_a_page(nobody, path):
    answer = await nobody.get(path, headers={"Accept": "text/html"})
    assert answer.status in (401, 404)
    assert await answer.read() != PAGE


async def test_an_unknown_file_is_a_problem_and_not_a_page(nobody):
    assert (await nobody.get("/assets/gone.js")).status == 404
    assert (await nobody.post("/pools", headers={"Accept": "text/html"})).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.key",
        "/assets/../../secret.key",
        "/assets/..%2f..%2fsecret.key",
        "/%2e%2e/secret.key",
        "//secret.key",
        "/assets/%2e%2e%5c%2e%2e%5csecret.key",
        "/..;/secret.key",
        "/linked",
        "/assets/app-1a2b.js%00.html",
        "/assets",
        "/assets/",
    ],
)
async def test_no_path_leads_out_of_the_folder(nobody, path):
    reader, writer = await connect(nobody)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    text = await reader.read()
    writer.close()
    assert b" 404 " in text.splitlines()[0] or b" 400 " in text.splitlines()[0]
    assert b"secret" not in text.partition(b"\r\n\r\n")[2].replace(b"secret.key", b"")


@pytest.mark.parametrize("path", ["//evil.test", "//evil.test/..", "/\\evil.test", "/?next=https://evil.test"])
async def test_no_answer_leads_to_another_site(nobody, path):
    answer = await nobody.get(URL(str(nobody._base_url) + path, encoded=True), allow_redirects=False)
    assert answer.status in (200, 400, 404)
    assert "Location" not in answer.headers


async def test_an_unbuilt_console_says_how_to_build_it(site, tmp_path):
    app = create_app(site)
    app.state.console = Console(tmp_path / "nothing")
    async with serving(app) as url, aiohttp.ClientSession(url) as http:
        answer = await http.get("/")
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "make console" in await answer.text()
        (tmp_path / "nothing").mkdir()
        (tmp_path / "nothing/index.html").write_bytes(PAGE)
        assert await (await http.get("/")).read() == PAGE
