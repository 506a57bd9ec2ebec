"""Firebase over HTTP: signing in, what a message says, dead tokens, revoked access."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from tests.channels.certificates import public_key, service_account
from tests.channels.rigs import FcmRig, outgoing

from tearoff.channels import registry
from tearoff.channels.fcm import parse
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.domain.deliveries import Accepted, PushContent, Refused, Unknown
from tearoff.errors import DeliveryFailed, Invalid


@pytest.fixture
async def rig() -> AsyncIterator[FcmRig]:
    made = FcmRig()
    await made.start()
    yield made
    await made.http.close()
    await made.stop()


def bodies(rig: FcmRig) -> list[dict[str, Any]]:
    return [json.loads(seen.body)["message"] for seen in rig.server.seen if "messages:send" in seen.path]


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def test_the_assertion_is_signed_by_the_service_account(rig: FcmRig) -> None:
    await rig.open().send([rig.item(1)])
    form = parse_qs(rig.server.seen[0].body.decode())
    head, claims, signature = form["assertion"][0].split(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    public_key().verify(raw, f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    assert decoded(head)["kid"] == "k1"
    assert decoded(claims)["iss"] == "push@demo.example.test"
    assert decoded(claims)["aud"] == "https://oauth2.example.test/token"
    assert decoded(claims)["scope"] == "https://www.googleapis.com/auth/firebase.messaging"
    assert decoded(claims)["exp"] - decoded(claims)["iat"] == 3600


async def test_one_token_serves_many_sets_until_it_is_about_to_end(rig: FcmRig) -> None:
    channel = rig.open()
    await asyncio.gather(*(channel.send([rig.item(n), rig.item(n + 50)]) for n in range(5)))
    assert len(rig.tokens) == 1
    rig.clock.set(rig.clock.now() + timedelta(minutes=59))
    await channel.send([rig.item(9)])
    assert len(rig.tokens) == 2


async def test_a_revoked_token_is_replaced_within_the_attempt(rig: FcmRig) -> None:
    channel = rig.open()
    await channel.send([rig.item(1)])
    rig.tokens.append("revoked")
    usual = rig.server.handler

    async def late_for_one(request: web.Request) -> web.StreamResponse:
        answer = await usual(request)
        if b"fine:2" in await request.read():
            await asyncio.sleep(0.1)
        return answer

    rig.server.handler = late_for_one
    outcomes = await channel.send([rig.item(n) for n in (2, *range(30, 40))])
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    await channel.send([rig.item(50)])
    assert len(rig.tokens) == 3


async def test_a_message_says_what_was_written_and_a_copy_replaces_the_first(rig: FcmRig) -> None:
    content = PushContent(title="Ваш код", text="SUMMER-7K", link="https://s.example/c", data={"a": "1"})
    channel = rig.open()
    await channel.send([outgoing("fcm", 1, "fine:1", content)])
    await channel.send([outgoing("fcm", 1, "fine:1", content)])
    first, second = bodies(rig)
    assert first == second
    assert first["notification"] == {"title": "Ваш код", "body": "SUMMER-7K"}
    assert first["data"] == {"a": "1", "link": "https://s.example/c"}
    assert first["webpush"]["fcm_options"] == {"link": "https://s.example/c"}
    tag = first["android"]["notification"]["tag"]
    assert tag == first["apns"]["headers"]["apns-collapse-id"] == first["webpush"]["notification"]["tag"]
    assert len(tag) <= 64


def error(code: str, **detail: Any) -> dict[str, Any]:
    return {"error": {"status": code, "message": "no", "details": [{"@type": "x", **detail}]}}


BAD_TOKEN = error("INVALID_ARGUMENT", fieldViolations=[{"field": "message.token", "description": "bad"}])
BAD_DATA = error("INVALID_ARGUMENT", fieldViolations=[{"field": "message.data[0]", "description": "bad"}])


@pytest.mark.parametrize(
    ("status", "body", "is_permanent", "is_dead"),
    [
        (404, error("NOT_FOUND", errorCode="UNREGISTERED"), True, True),
        (400, BAD_TOKEN, True, True),
        (400, BAD_DATA, True, False),
        (403, error("PERMISSION_DENIED", errorCode="SENDER_ID_MISMATCH"), True, False),
        (403, error("PERMISSION_DENIED"), False, False),
        (404, {}, True, False),
        (429, error("RESOURCE_EXHAUSTED", errorCode="QUOTA_EXCEEDED"), False, False),
        (503, error("UNAVAILABLE", errorCode="UNAVAILABLE"), False, False),
        (503, "<html>", False, False),
    ],
)
async def test_a_refusal_says_whether_the_token_is_dead(
    rig: FcmRig, status: int, body: Any, is_permanent: bool, is_dead: bool
) -> None:
    await prepare(rig, status, body)
    (outcome,) = await rig.open().send([rig.item(1)])
    assert isinstance(outcome, Refused)
    assert (outcome.permanent, outcome.token_is_dead) == (is_permanent, is_dead)
    assert is_permanent or outcome.retry_after == 7


async def prepare(rig: FcmRig, status: int, body: Any) -> None:
    usual = rig.server.handler

    async def refuse(request: web.Request) -> web.StreamResponse:
        if request.path == "/token":
            return await usual(request)
        return web.json_response(body, status=status, headers={"Retry-After": "7"})

    rig.server.handler = refuse


async def test_a_broken_server_leaves_the_outcome_unknown(rig: FcmRig) -> None:
    await prepare(rig, 500, error("INTERNAL", errorCode="INTERNAL"))
    (outcome,) = await rig.open().send([rig.item(1)])
    assert isinstance(outcome, Unknown)


@pytest.mark.parametrize("reply", [(400, '{"error": "invalid_grant"}'), (200, "no json"), (200, "{}"), (200, "[]")])
async def test_without_a_token_the_set_is_refused_for_now_after_one_question(
    rig: FcmRig, reply: tuple[int, str]
) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=reply[0], text=reply[1])

    rig.server.handler = refuse
    channel = rig.open()
    outcomes = await channel.send([rig.item(n) for n in range(20)])
    assert all(isinstance(one, Refused) and not one.permanent for one in outcomes)
    assert len(rig.server.seen) == 1
    with pytest.raises(DeliveryFailed, match="access token"):
        await channel.check()


async def test_the_check_asks_for_validation_only(rig: FcmRig) -> None:
    assert "push@demo.example.test" in await rig.open().check()
    assert json.loads(rig.server.seen[-1].body)["validate_only"] is True


def test_a_wrong_setting_or_key_is_named() -> None:
    with pytest.raises(Invalid, match="/endpoint"):
        parse({"endpoint": "file:///x"})
    nameless = json.dumps({**json.loads(service_account()), "project_id": ""})
    for secrets, pointer in (
        ({}, "/secrets/serviceAccount"),
        ({"serviceAccount": "{}"}, "/secrets/serviceAccount"),
        ({"serviceAccount": service_account().replace("PRIVATE KEY", "PUBLIC KEY")}, "/secrets/serviceAccount"),
        ({"serviceAccount": nameless}, "/projectId"),
    ):
        with pytest.raises(Invalid) as refused:
            registry.open("fcm", {}, secrets, http=Http(), clock=Clock())
        assert refused.value.problems[0].pointer == pointer
