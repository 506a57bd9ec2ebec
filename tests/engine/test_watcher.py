"""The watcher: one problem a pool, opened by the threshold, renewed by what is new, closed by a refill, told to all."""

import asyncio
from datetime import UTC, timedelta

import msgspec
import pytest
from aiohttp import web
from tests import stock
from tests.channels.smtp_server import SmtpServer
from tests.channels.web_server import WebServer

from tearoff.actions import problems as actions
from tearoff.domain.problems import next_digest
from tearoff.domain.projects import ZoneInfo
from tearoff.domain.stock import Rung
from tearoff.engine import watcher
from tearoff.store import problems, subscriptions
from tearoff.store import stock as stocks
from tearoff.store.db import execute

BREAK = "UPDATE notice SET content = '{}' WHERE project_id = %(project_id)s AND subscription_id = %(subscription_id)s"
SET = "UPDATE pool SET alert_below = %(below)s WHERE project_id = %(project_id)s"
PROJECT = """
project: {sender: Shop <shop@x.test>}
channels:
  - {key: box, kind: mailbox, medium: email}
pools:
  - {key: gift, type: gift, description: Gifts, alertBelow: 5}
messages:
  - key: hello
    medium: email
    languages: {en: {subject: Hi, text: "$!data.get('promocode')"}}
  - key: low
    medium: email
    languages:
      en: {subject: Low, text: "$!data.get('alertLevel') $!data.get('alertTrackingSourceName') $!data.get('threshold')"}
workflows:
  - key: greet
    active: true
    blocks:
      start: {kind: start, eventType: signup, exits: {next: code}}
      code: {kind: getPromoCode, type: gift, exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${email}", exits: {next: end}}
      end: {kind: end}
  - key: alarm
    active: true
    blocks:
      start: {kind: start, eventType: alertSettingsAlarmTriggerEvent, exits: {next: mail}}
      mail: {kind: message, message: low, email: boss@x.test, exits: {next: end}}
      end: {kind: end}
"""


@pytest.fixture
async def hook():
    server = WebServer(lambda request: answered())
    await server.start()
    yield server
    await server.stop()


async def answered() -> web.Response:
    return web.Response(text="ok")


async def subscribe(stage, kind, target, frequency="at-once", pools=None):
    async with stage.db.transaction() as tx:
        zone = UTC
        return await subscriptions.add(
            tx,
            project_id=stage.project,
            kind=kind,
            target=target,
            frequency=frequency,
            pools=pools,
            channel_id=None,
            next_at=next_digest(frequency, stage.now, zone),
            now=stage.now,
        )


async def look(stage):
    """One turn of the watcher; the only problem there is, if any."""
    await watcher.turn(stage.engine, stage.project, stage.now)
    async with stage.db.transaction() as tx:
        found = await problems.list_page(tx, project_id=stage.project, limit=10)
    assert len(found) <= 1
    return found[0] if found else None


async def test_the_alert_comes_below_the_threshold_and_an_unticked_pool_has_none(stage):
    """maestra.md 11 m."""
    await stage.apply(PROJECT)
    await stock.upload(stage.db, stage.project, [f"M{n}" for n in range(6)], stage.now, type="gift")
    await stock.issue(stage.db, stage.project, 1, stage.now, type="gift")
    assert await look(stage) is None
    await stock.issue(stage.db, stage.project, 1, stage.now, type="gift", prefix="more")
    problem = await look(stage)
    assert (problem.level, problem.ready, problem.events, problem.closed_at) == ("warning", 4, 1, None)
    async with stage.db.transaction() as tx:
        await execute(tx, SET, {"project_id": stage.project, "below": None})
    assert (await look(stage)).closed_by == "refill"
    await stock.issue(stage.db, stage.project, 4, stage.now, type="gift", prefix="rest")
    assert (await look(stage)).closed_at is not None


async def test_codes_for_tomorrow_count_for_the_alert(stage):
    """maestra.md 11 e: not issued today, but counted in the alert number."""
    await stage.apply(PROJECT)
    await stock.upload(stage.db, stage.project, [f"E{n}" for n in range(5)], stage.now, type="gift")
    async with stage.db.transaction() as tx:
        later = {"project_id": stage.project, "at": stage.now + timedelta(days=1)}
        await execute(tx, "UPDATE lot SET issue_from = %(at)s WHERE project_id = %(project_id)s", later)
    assert await stock.issue(stage.db, stage.project, 1, stage.now, type="gift") == []
    assert await look(stage) is None


async def test_a_pool_has_one_problem_that_deeper_thresholds_renew_and_a_refill_closes(stage, hook):
    await stage.apply(PROJECT)
    pool_id = await stock.pool_of(stage.db, stage.project, "gift")
    async with stage.db.transaction() as tx:
        await stocks.put_rungs(tx, project_id=stage.project, pool_id=pool_id, rungs=[Rung(3, "alarm")])
    await subscribe(stage, "webhook", f"{hook.url}/alerts")
    await stock.upload(stage.db, stage.project, [f"R{n}" for n in range(4)], stage.now, type="gift")
    first = await look(stage)
    assert (first.level, first.events) == ("warning", 1)
    assert await look(stage) == first
    await stock.issue(stage.db, stage.project, 2, stage.now, type="gift")
    second = await look(stage)
    assert (second.problem_id, second.level, second.events, second.ready) == (first.problem_id, "alarm", 2, 2)
    async with stage.db.transaction() as tx:
        assert await actions.close(
            tx, project_id=stage.project, problem_ids=[first.problem_id], by="Ann", now=stage.now
        ) == [first.problem_id]
    assert (await look(stage)).closed_by == "Ann"
    await stock.issue(stage.db, stage.project, 2, stage.now, type="gift", prefix="last")
    third = await look(stage)
    assert (third.closed_at, third.events, third.detail) == (None, 3, "The pool 'gift' is empty.")
    await stock.upload(stage.db, stage.project, [f"N{n}" for n in range(9)], stage.now, type="gift")
    assert (await look(stage)).closed_by == "refill"
    told = [msgspec.json.decode(seen.body) for seen in hook.seen]
    opened, again, once_more, closed = (each["event"] for each in told)
    assert (opened, again) == ("problem.opened", "problem.repeated")
    assert (once_more, closed) == ("problem.opened", "problem.closed")
    assert len({seen.headers["idempotency-key"] for seen in hook.seen}) == 4
    async with stage.db.transaction() as tx:
        log = await problems.list_events(
            tx, project_id=stage.project, problem_id=first.problem_id, before=None, limit=9
        )
    assert [(event.kind, event.level) for event in log] == [("low", "alarm"), ("low", "alarm"), ("low", "warning")]


async def test_an_empty_pool_sends_no_mail_opens_one_problem_and_a_refill_resumes_the_runs_in_order(stage):
    """maestra.md 11 h, and better: the runs wait, and go on in order, each once."""
    await stage.apply(PROJECT)
    await stage.send("signup", *({"email": f"{n}@x.test"} for n in range(5)))
    await stage.work()
    problem = await look(stage)
    assert (problem.level, problem.ready) == ("alarm", 0)
    assert "5 runs wait" in problem.detail
    events = problem.events
    assert (await look(stage)).events == events
    await stage.work()
    assert [mail.recipient for mail in await stage.mailbox()] == ["boss@x.test"]
    await stage.send("signup", {"email": "5@x.test"})
    await stage.work()
    again = await look(stage)
    assert (again.problem_id, again.events) == (problem.problem_id, events + 1)
    await stock.upload(stage.db, stage.project, [f"H{n}" for n in range(11)], stage.now, type="gift")
    await stage.work()
    mails = [mail for mail in await stage.mailbox() if mail.recipient != "boss@x.test"]
    assert [(m.recipient, m.content["text"]) for m in mails] == [(f"{n}@x.test", f"H{n}") for n in range(6)]
    assert (await look(stage)).closed_by == "refill"
    assert {run.state for run in await stage.runs()} == {"done"}


async def test_runs_that_begin_to_wait_one_after_another_are_told_once_an_hour_and_logged_each_time(stage, hook):
    await stage.apply(PROJECT)
    await subscribe(stage, "webhook", hook.url)
    for n in range(14):
        await stage.send("signup", {"email": f"{n}@x.test"})
        await stage.work()
        problem = await look(stage)
        stage.now += timedelta(minutes=5)
    assert (problem.closed_at, problem.events) == (None, 15)
    assert [msgspec.json.decode(seen.body)["event"] for seen in hook.seen] == ["problem.opened", "problem.repeated"]
    assert len([mail for mail in await stage.mailbox() if mail.recipient == "boss@x.test"]) == 2


async def test_the_vendors_alert_event_starts_a_workflow_with_its_parameters(stage):
    await stage.apply(PROJECT)
    await look(stage)
    await stage.work()
    [mail] = await stage.mailbox()
    assert (mail.recipient, mail.content["text"]) == ("boss@x.test", "ALARM gift 1")


async def test_many_watchers_at_once_write_a_problem_and_its_notice_once(stage, hook):
    await stage.apply(PROJECT)
    await subscribe(stage, "webhook", hook.url)
    await asyncio.gather(*(watcher.turn(stage.engine, stage.project, stage.now) for _ in range(6)))
    problem = await look(stage)
    assert problem.events == 1
    assert len(hook.seen) == 1


async def test_a_subscriber_is_mailed_at_once_and_a_digest_lists_what_is_open(stage):
    server = SmtpServer()
    await server.start()
    settings = f"{{host: 127.0.0.1, port: {server.port}, tls: none, sender: shop@x.test}}"
    await stage.apply(
        PROJECT.replace("kind: mailbox, medium: email", f"kind: email, medium: email, settings: {settings}")
    )
    await subscribe(stage, "email", "now@x.test")
    await subscribe(stage, "email", "daily@x.test", "daily")
    await subscribe(stage, "email", "weekly@x.test", "weekly")
    try:
        await look(stage)
        await look(stage)
        [mail] = server.mails
        assert (mail["To"], mail["From"]) == ("now@x.test", "Shop <shop@x.test>")
        assert "alarm in the pool gift" in mail["Subject"]
        stage.now += timedelta(days=1)
        await look(stage)
        await look(stage)
        assert sorted(mail["To"] for mail in server.mails[1:]) == ["daily@x.test", "weekly@x.test"]
        assert "The pool 'gift' is empty." in server.mails[1].get_content()
    finally:
        await server.stop()


async def test_a_webhook_that_fails_is_tried_again_and_one_that_refuses_is_given_up(stage):
    statuses = [503, 200, 410]

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=statuses.pop(0))

    server = WebServer(answer)
    await server.start()
    try:
        await stage.apply(PROJECT)
        subscription_id = await subscribe(stage, "webhook", server.url)
        await look(stage)
        await look(stage)
        assert len(server.seen) == 1
        stage.now += timedelta(minutes=2)
        await look(stage)
        assert server.seen[0].body == server.seen[1].body
        async with stage.db.transaction() as tx:
            await actions.test_subscription(
                tx, project_id=stage.project, subscription_id=subscription_id, now=stage.now
            )
        await look(stage)
        await look(stage)
        async with stage.db.transaction() as tx:
            notices = await subscriptions.list_notices(
                tx, project_id=stage.project, subscription_id=subscription_id, before=None, limit=9
            )
        assert [(notice.state, notice.tries) for notice in notices] == [("failed", 1), ("sent", 2)]
    finally:
        await server.stop()


def test_digests_come_at_nine_in_the_projects_zone_also_over_a_change_of_the_clocks(now):
    zone = ZoneInfo("Europe/Kyiv")
    saturday = now.replace(year=2026, month=3, day=28, hour=10)
    first = next_digest("daily", saturday, zone)
    assert first.astimezone(UTC).isoformat() == "2026-03-29T06:00:00+00:00"
    assert next_digest("daily", first, zone) - first == timedelta(days=1)
    assert next_digest("weekly", saturday, zone).strftime("%A %d %H:%M") == "Monday 30 09:00"
    assert next_digest("at-once", saturday, zone) is None


async def test_a_template_for_a_contact_without_a_code_is_not_sent_and_the_run_says_why(stage):
    """maestra.md 11 i."""
    code = "      code: {kind: getPromoCode, type: gift, exits: {found: mail}}\n"
    assert code in PROJECT
    await stage.apply(PROJECT.replace(code, "").replace("exits: {next: code}", "exits: {next: mail}"))
    await stage.send("signup", {"email": "nobody@x.test"})
    await stage.work()
    assert await stage.mailbox() == []
    [run] = await stage.runs()
    assert run.state == "failed"
    assert "promocode" in str(run.error)


async def test_runs_that_wait_are_told_of_also_where_no_threshold_is_watched(stage):
    """maestra.md 4: unticked, no threshold speaks; that a customer cannot be given a code is another problem."""
    await stage.apply(PROJECT.replace("alertBelow: 5", "alertBelow: null"))
    assert await look(stage) is None
    await stage.send("signup", {"email": "ann@x.test"})
    await stage.work()
    problem = await look(stage)
    assert (problem.level, problem.closed_at, "1 run waits" in problem.detail) == ("alarm", None, True)
    assert (await look(stage)).events == 1
    await stock.upload(stage.db, stage.project, ["T1", "T2"], stage.now, type="gift")
    await stage.work()
    assert (await look(stage)).closed_by == "refill"
    await stock.issue(stage.db, stage.project, 1, stage.now, type="gift")
    assert (await look(stage)).closed_by == "refill"


async def test_a_notice_that_breaks_keeps_no_other_from_being_told_once(stage, hook):
    await stage.apply(PROJECT)
    broken = await subscribe(stage, "email", "boss@x.test")
    await subscribe(stage, "webhook", hook.url)
    async with stage.db.transaction() as tx:
        await actions.watch(tx, project_id=stage.project, now=stage.now)
        await execute(tx, BREAK, {"project_id": stage.project, "subscription_id": broken})
    await look(stage)
    stage.now += timedelta(minutes=2)
    await look(stage)
    assert len(hook.seen) == 1
    async with stage.db.transaction() as tx:
        [notice] = await subscriptions.list_notices(
            tx, project_id=stage.project, subscription_id=broken, before=None, limit=9
        )
    assert (notice.state, notice.tries, "ValidationError" in notice.answer) == ("waiting", 2, True)
