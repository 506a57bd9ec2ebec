"""The watcher: compares stock with thresholds, opens and closes problems, and tells who wants to know."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from tearoff.actions import problems as actions
from tearoff.channels.net import HttpFailed
from tearoff.domain import signatures
from tearoff.domain.deliveries import Accepted as Taken
from tearoff.domain.deliveries import EmailContent, Outcome, Outgoing, Refused, from_http
from tearoff.domain.problems import Content
from tearoff.domain.retries import RetryAt, after_failure
from tearoff.domain.shapes import keepable
from tearoff.engine.parts import Engine
from tearoff.errors import TearoffError
from tearoff.logs import get_logger
from tearoff.store import channels, dues, projects, stock, subscriptions
from tearoff.store.secrets import context
from tearoff.store.subscriptions import Notice, Settled

LOG = get_logger("watcher")
WATCHED_EVERY = timedelta(seconds=5)
PROJECTS_MAX = 1000
NOTICES_MAX = 50
NOTICE_LEASE = timedelta(seconds=90)
ANSWER_MAX = 500
ANSWER_BYTES_MAX = 65_536


async def round(engine: Engine, now: datetime) -> int:
    """Look at every project whose turn it is; gives how many notices were sent."""
    async with engine.db.transaction() as tx:
        await dues.begin(tx, actor="watcher", now=now)
        waiting = await dues.list_projects(tx, actor="watcher", now=now, limit=PROJECTS_MAX)
    sent = 0
    for project_id in waiting:
        async with engine.db.transaction() as tx:
            until = now + WATCHED_EVERY
            is_ours = await dues.take_turn(tx, project_id=project_id, actor="watcher", until=until, now=now)
        if is_ours:
            sent += await turn(engine, project_id, engine.clock.now())
    return sent


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Look at one project's stock, and send the notices that are due; gives how many were sent."""
    async with engine.db.transaction() as tx:
        await stock.sum_up(tx, project_id=project_id)
    async with engine.db.transaction() as tx:
        written = await actions.watch(tx, project_id=project_id, now=now)
    for decision in written:
        LOG.info(
            "problem_changed",
            project_id=project_id,
            pool=decision.pool.key,
            ready=decision.ready,
            occasion=decision.occasion,
        )
    lease = uuid4()
    async with engine.db.transaction() as tx:
        leased = await subscriptions.lease_notices(
            tx, project_id=project_id, lease=lease, until=now + NOTICE_LEASE, now=now, limit=NOTICES_MAX
        )
    outcomes = await asyncio.gather(*(_send(engine, project_id, notice, now) for notice in leased))
    async with engine.db.transaction() as tx:
        for notice, outcome in zip(leased, outcomes, strict=True):
            settled = _settled(notice, outcome, now)
            await subscriptions.settle_notice(
                tx, project_id=project_id, lease=lease, notice_id=notice.notice_id, settled=settled
            )
    return len(leased)


def _settled(notice: Notice, outcome: Outcome, now: datetime) -> Settled:
    if isinstance(outcome, Taken):
        return Settled("sent", now, keepable(outcome.answer or outcome.reference)[:ANSWER_MAX])
    decision = after_failure(outcome, notice.tries, now, key=str(notice.notice_id))
    if isinstance(decision, RetryAt):
        return Settled("waiting", decision.at, keepable(decision.detail)[:ANSWER_MAX])
    return Settled("failed", now, keepable(decision.detail)[:ANSWER_MAX])


async def _send(engine: Engine, project_id: int, notice: Notice, now: datetime) -> Outcome:
    try:
        content = msgspec.convert(notice.content, Content)
        if notice.kind == "webhook":
            return await _call(engine, project_id, notice, content, now)
        return await _mail(engine, project_id, notice, content)
    except HttpFailed as error:
        return Refused(detail=str(error), permanent=error.permanent)
    except TearoffError as error:
        if error.type == "unavailable":
            raise
        return Refused(detail=str(error), permanent=False)
    except Exception as error:
        # one notice that breaks must not keep the others from being written down as sent
        LOG.error("notice_broke", project_id=project_id, notice_id=notice.notice_id, exc_info=error)
        return Refused(detail=f"{type(error).__name__}: {error}", permanent=False)


async def _call(engine: Engine, project_id: int, notice: Notice, content: Content, now: datetime) -> Outcome:
    """POST the notice as JSON, signed; `webhook-id` and `Idempotency-Key` are the same in every repeat."""
    body = msgspec.json.encode(content)
    sealed = [secret for secret in (notice.secret, notice.old_secret) if secret is not None]
    secrets = [engine.cipher.open(secret, context(project_id, "subscription", notice.target)) for secret in sealed]
    signed = signatures.headers(secrets, content.id, now, body)
    answer = await engine.http.fetch(
        "POST",
        notice.target,
        headers={"Content-Type": "application/json", "Idempotency-Key": content.id} | signed,
        body=body,
        size_max=ANSWER_BYTES_MAX,
        redirects_max=0,
    )
    return from_http(answer.status, "")


async def _mail(engine: Engine, project_id: int, notice: Notice, content: Content) -> Outcome:
    async with engine.db.transaction() as tx:
        project = await projects.get(tx, project_id=project_id)
        channel_id = notice.channel_id
        if channel_id is None:
            first = await channels.find_first(tx, project_id=project_id, medium="email")
            if first is None:
                return Refused(detail="The project has no email channel.", permanent=False)
            channel_id = first.channel_id
        [channel] = (await engine.channels.find(tx, project_id=project_id, channel_ids=[channel_id])).values()
    key = f"notice-{project_id}-{notice.notice_id}"
    mail = Outgoing(
        delivery_id=notice.notice_id,
        kind=channel.kind,
        recipient=notice.target,
        message_id=f"<{key}@tearoff.invalid>",
        key=key,
        content=EmailContent(subject=content.subject, text=content.text, sender=project.sender or None),
        created_at=notice.created_at,
    )
    [outcome] = await channel.send([mail])
    return outcome
