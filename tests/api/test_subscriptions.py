"""Subscriptions over REST: the secret of a webhook is shown once, and changed on demand."""

import pytest

from tearoff.engine import watcher

HOOK = {"kind": "webhook", "target": "https://shop.example.test/hook"}


async def ask(http, method, path, status=200, **body):
    answer = await http.request(method, path, json=body or None)
    assert answer.status == status, await answer.text()
    return await answer.json(content_type=None) if await answer.read() else None


async def test_the_secret_of_a_webhook_is_shown_when_it_is_made_and_never_again(http):
    made = await ask(http, "POST", "/v1/subscriptions", 201, **HOOK)
    assert made["secret"].startswith("whsec_")
    path = f"/v1/subscriptions/{made['id']}"
    assert "secret" not in await ask(http, "GET", path)
    assert "whsec_" not in str(await ask(http, "GET", "/v1/subscriptions"))
    changed = await ask(http, "POST", f"{path}/secret")
    assert changed["secret"].startswith("whsec_")
    assert changed["secret"] != made["secret"]
    assert changed["oldUntil"]
    await ask(http, "POST", f"{path}/test", 202)
    [notice] = (await ask(http, "GET", f"{path}/notices"))["items"]
    assert (notice["event"], notice["state"]) == ("test", "waiting")


async def test_mails_have_no_secret(http):
    made = await ask(http, "POST", "/v1/subscriptions", 201, kind="email", target="boss@x.test")
    assert made["secret"] is None
    refused = await ask(http, "POST", f"/v1/subscriptions/{made['id']}/secret", 409)
    assert "webhooks" in refused["detail"]


@pytest.mark.parametrize("target", ["not a url", "ftp://x.test/"])
async def test_a_webhook_needs_a_url(http, target):
    await ask(http, "POST", "/v1/subscriptions", 422, kind="webhook", target=target)


async def test_mails_go_through_a_channel_for_email_only(http):
    for medium in ("email", "sms"):
        await ask(http, "POST", "/v1/channels", 201, key=medium, kind="mailbox", medium=medium)
    refused = await ask(http, "POST", "/v1/subscriptions", 422, kind="email", target="boss@x.test", channel="sms")
    assert [(p["pointer"], "'sms' is for sms" in p["detail"]) for p in refused["errors"]] == [("/channel", True)]
    await ask(http, "POST", "/v1/subscriptions", 201, kind="email", target="boss@x.test", channel="email")


async def test_a_new_subscriber_hears_at_once_of_what_is_wrong_already(desk, engine, project):
    await desk.pool("winter")
    await watcher.turn(engine, project, engine.clock.now())
    told = {}
    for frequency, pools in (("at-once", None), ("at-once", ["winter"]), ("daily", None)):
        body = {"kind": "email", "target": f"boss{len(told)}@x.test", "frequency": frequency, "pools": pools}
        made = await desk.ask("POST", "/v1/subscriptions", 201, json=body)
        notices = (await desk.ask("GET", f"/v1/subscriptions/{made['id']}/notices"))["items"]
        told[frequency, str(pools)] = [notice["event"] for notice in notices]
    assert told == {
        ("at-once", "None"): ["problem.opened", "problem.opened"],
        ("at-once", "['winter']"): ["problem.opened"],
        ("daily", "None"): [],
    }
