"""How much a first visit loads."""

from playwright.sync_api import expect
from tests.console.conftest import Console

BYTES_MAX = 250_000
TRANSFERRED = """performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
    .filter(one => !one.name.includes('/v1/')).reduce((sum, one) => sum + one.encodedBodySize, 0)"""


def test_the_first_page_is_small(console: Console) -> None:
    page = console.open("/", signed_in=False)
    expect(page.get_by_role("heading", name="Sign in to Tearoff")).to_be_visible()
    assert page.evaluate(TRANSFERRED) < BYTES_MAX
    page = console.open("/")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(TRANSFERRED) < BYTES_MAX
