"""The viewer at /docs comes from the installation itself."""

import re

import pytest


async def test_the_viewer_asks_only_this_server(http):
    answer = await http.get("/docs")
    page = await answer.text()
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "//" not in page
    assert "<script>" not in page
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(named) == 4
    for path in named:
        assert (await http.get(path)).status == 200, path
    assert '"/openapi.json"' in await (await http.get("/docs/start.js")).text()


@pytest.mark.parametrize("name", ["swagger-ui.js", "%2e%2e%2f__init__.py", "index.html", "start.css"])
async def test_the_viewer_serves_its_own_files_and_no_others(http, name):
    assert (await http.get(f"/docs/{name}")).status == 404


async def test_the_viewer_goes_out_packed(http):
    answer = await http.get("/docs/swagger-ui-bundle.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "javascript" in answer.content_type
    assert "SwaggerUIBundle" in await answer.text()
