"""Many who make the same thing at the same moment: one makes it, and the others hear of it."""

import asyncio
from collections import Counter
from typing import Any

import pytest

CALLERS = 12
MADE: dict[str, dict[str, Any]] = {
    "/v1/pools": {"key": "one", "type": "one", "description": "x"},
    "/v1/fields": {"key": "ONE"},
    "/v1/messages": {"key": "one", "medium": "sms", "languages": {"en": {"text": "x"}}},
    "/v1/snippets": {"key": "one", "text": "x"},
    "/v1/workflows": {"key": "one", "blocks": {}},
    "/v1/sources": {"key": "one", "url": "https://x.test/"},
    "/v1/connectors": {"key": "one", "kind": "bearer", "secrets": {"token": "t"}},
    "/v1/formats": {"key": "one", "prefix": "S"},
    "/v1/channels": {"key": "one", "kind": "mailbox", "medium": "email"},
    "/v1/subscriptions": {"kind": "email", "target": "a@x.test"},
    "/v1/keys": {"name": "one", "scope": "full", "value": ""},
}
PUT: dict[str, dict[str, Any]] = {
    "/v1/event-types/one": {"name": "One"},
    "/v1/operations/one": {"kind": "list"},
    "/v1/pools/one/alerts": {"rungs": [{"below": 5, "level": "warning"}, {"below": 2, "level": "alarm"}]},
    "/v1/pools/one/redemption-rule": {},
    "/v1/pools/one/refill": {"format": "one", "below": 1, "quantity": 1},
}


@pytest.mark.parametrize("path", MADE)
async def test_one_makes_it_and_the_others_get_a_conflict(http, project, path):
    body = MADE[path] | ({"value": f"the same value in project {project}"} if "value" in MADE[path] else {})
    answers = await asyncio.gather(*(http.post(path, json=body) for _ in range(CALLERS)))
    counted = Counter(answer.status for answer in answers)
    # who looks just after a pool was made hears that its type is another's
    assert (counted[201], counted[409] + counted[422]) == (1, CALLERS - 1), await answers[-1].text()


async def test_what_is_put_many_times_at_once_is_put(http):
    for path in ("/v1/pools", "/v1/formats"):
        assert (await http.post(path, json=MADE[path])).status == 201
    for path, body in PUT.items():
        answers = await asyncio.gather(*(http.put(path, json=body) for _ in range(CALLERS)))
        assert Counter(answer.status for answer in answers) == {200: CALLERS}, (path, await answers[-1].text())
