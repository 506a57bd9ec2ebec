"""Webhooks are signed: the page's own verification takes what came, and nothing that was changed."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from tests.channels.web_server import WebServer

from tearoff.actions import problems as actions
from tearoff.domain import signatures
from tearoff.engine import watcher
from tearoff.store import subscriptions
from tearoff.store.secrets import context

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "webhooks.md"
[SNIPPET] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
FIRST, SECOND = b"1" * signatures.SECRET_BYTES, b"2" * signatures.SECRET_BYTES


@pytest.fixture
async def hook():
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    server = WebServer(answer)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def is_genuine(now):
    """The function of the page, at the test's instant."""
    page: dict[str, Any] = {}
    exec(compile(SNIPPET, str(PAGE), "exec"), page)

    class Then:
        at = now

        def time(self):
            return self.at.timestamp()

    page["time"] = then = Then()
    page["is_genuine"].then = then
    return page["is_genuine"]


async def subscribe(stage, hook, secret: bytes | None):
    async with stage.db.transaction() as tx:
        return await subscriptions.add(
            tx,
            project_id=stage.project,
            kind="webhook",
            target=hook.url,
            frequency="at-once",
            pools=None,
            channel_id=None,
            next_at=None,
            now=stage.now,
            secret=sealed(stage, hook, secret) if secret else None,
        )


def sealed(stage, hook, secret: bytes) -> bytes:
    return stage.engine.cipher.seal(secret, context(stage.project, "subscription", hook.url))


async def test_call(stage, hook, subscription_id):
    """What arrives when a test is asked for."""
    async with stage.db.transaction() as tx:
        at = {"project_id": stage.project, "subscription_id": subscription_id}
        await actions.test_subscription(tx, **at, now=stage.now)
    await watcher.turn(stage.engine, stage.project, stage.now)
    return hook.seen[-1]


test_call.__test__ = False


async def test_the_pages_own_verification_takes_a_call_and_refuses_what_was_changed(stage, hook, is_genuine):
    secret = signatures.shown(FIRST)
    seen = await test_call(stage, hook, await subscribe(stage, hook, FIRST))
    assert msgspec.json.decode(seen.body)["event"] == "test"
    assert seen.headers["webhook-id"] == msgspec.json.decode(seen.body)["id"] == seen.headers["idempotency-key"]
    assert is_genuine(secret, seen.headers, seen.body)
    assert not is_genuine(signatures.shown(SECOND), seen.headers, seen.body)
    assert not is_genuine(secret, seen.headers, seen.body + b" ")
    assert not is_genuine(secret, {**seen.headers, "webhook-id": "another"}, seen.body)
    later = str(int(seen.headers["webhook-timestamp"]) + 1)
    assert not is_genuine(secret, {**seen.headers, "webhook-timestamp": later}, seen.body)
    is_genuine.then.at += timedelta(minutes=6)
    assert not is_genuine(secret, seen.headers, seen.body)


async def test_after_a_rotation_both_secrets_verify_for_a_day(stage, hook, is_genuine):
    subscription_id = await subscribe(stage, hook, FIRST)
    async with stage.db.transaction() as tx:
        assert await subscriptions.rotate(
            tx,
            project_id=stage.project,
            subscription_id=subscription_id,
            secret=sealed(stage, hook, SECOND),
            until=stage.now + signatures.ROTATION,
        )
    seen = await test_call(stage, hook, subscription_id)
    assert all(is_genuine(signatures.shown(secret), seen.headers, seen.body) for secret in (FIRST, SECOND))
    stage.now += signatures.ROTATION
    is_genuine.then.at = stage.now
    seen = await test_call(stage, hook, subscription_id)
    taken = [is_genuine(signatures.shown(secret), seen.headers, seen.body) for secret in (FIRST, SECOND)]
    assert taken == [False, True]


async def test_a_webhook_without_a_secret_is_called_unsigned(stage, hook):
    seen = await test_call(stage, hook, await subscribe(stage, hook, None))
    assert "webhook-signature" not in seen.headers
