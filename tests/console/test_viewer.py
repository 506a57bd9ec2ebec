"""The API's viewer in the browser."""

from playwright.sync_api import expect
from tests.console.conftest import Console, shoot


def test_the_viewer_shows_the_routes_without_another_host(console: Console) -> None:
    page = console.open("/docs", signed_in=False)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/docs")
    expect(page.get_by_role("heading", name="Tearoff")).to_be_visible()
    page.locator("#operations-tag-claims").click()
    page.locator("#operations-claims-claims_create_rest .opblock-summary-control").click()
    expect(page.get_by_text("Request body").first).to_be_visible()
    shoot(page, "viewer")
    assert [url for url in asked if not url.startswith((console.url, "data:", "blob:"))] == []
    assert said == []
