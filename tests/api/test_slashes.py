"""An id of the path may hold a slash: every code has a page, whatever is in it."""

import pytest
from tests.promises.test_reveals import send
from yarl import URL

CODES = {
    "SALE/10": "SALE%2F10",
    "a/story": "a%2fstory",
    "/": "%2F",
    "//x//": "%2F%2Fx%2F%2F",
    "50%2F": "50%252F",
    "ä/€ 1?": "%C3%A4%2F%E2%82%AC%201%3F",
}


@pytest.fixture
async def stocked(http):
    await send(http, "POST", "/v1/pools", 201, json={"key": "gift", "type": "gift", "description": "x"})
    await send(http, "POST", "/api/v1/promocodes", 200, json={"promocodes": [*CODES, "SALE"], "type": "gift"})


def path(code: str, rest: str = "") -> URL:
    return URL(f"/v1/codes/{CODES[code]}{rest}", encoded=True)


@pytest.mark.parametrize("code", CODES)
async def test_a_code_with_a_slash_has_a_page_a_story_and_acts(http, stocked, code):
    assert (await send(http, "GET", path(code), 200))["code"] == code
    story = await send(http, "GET", path(code, "/story"), 200)
    assert [act["act"] for act in story["items"]] == ["added"]
    assert (await send(http, "GET", path(code, "/transfers"), 200))["items"] == []
    gone = await send(http, "POST", path(code, "/withdraw"), 200, json={"reason": "x"})
    assert (gone["code"], gone["state"], gone["withdrawnReason"]) == (code, "withdrawn", "x")


async def test_a_slash_that_is_not_encoded_parts_the_path_as_before(http, stocked):
    assert (await send(http, "GET", "/v1/codes/SALE/story", 200))["items"]
    for url in ("/v1/codes/SALE/10", "/v1/codes/SALE%2F11", "/v1%2Fcodes/SALE", "/v1/nothing%2Fhere"):
        assert (await send(http, "GET", URL(url, encoded=True), 404))["status"] == 404


async def test_nul_is_no_slash(http, stocked):
    for url in ("/v1/codes/SALE%0010", "/v1/codes/SALE%0010%2F"):
        async with http.get(URL(url, encoded=True)) as answer:
            assert 400 <= answer.status < 500
