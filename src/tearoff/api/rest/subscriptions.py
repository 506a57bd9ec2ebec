"""Subscriptions over REST: who is told of problems, by mail or webhook, at once or in a digest."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes

import msgspec
from litestar.params import JSONBody

from tearoff.actions import problems as actions
from tearoff.api.pages import After, Id, Limit, next_page
from tearoff.api.site import Call, Caller
from tearoff.channels.net import HttpFailed, checked_url
from tearoff.domain.contacts import email_of
from tearoff.domain.problems import Frequency, Kind, next_digest
from tearoff.domain.signatures import ROTATION, SECRET_BYTES, shown
from tearoff.errors import Conflict, Invalid, NotFound, Problem
from tearoff.store import channels, pools, projects
from tearoff.store import subscriptions as store
from tearoff.store.db import Tx
from tearoff.store.secrets import context
from tearoff.store.subscriptions import NoticeState, Subscription

POOLS_MAX = 1000


class SubscriptionBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who is told: an address or the URL of a webhook; of some pools (by id or key) or of all; by this mail channel."""

    kind: Kind
    target: str
    frequency: Frequency = "at-once"
    pools: list[int | str] | None = None
    channel: int | str | None = None


class SubscriptionView(msgspec.Struct, rename="camel", kw_only=True):
    """A subscription; `next_at` is when its next digest is made."""

    id: int
    kind: Kind
    target: str
    frequency: Frequency
    pools: list[int] | None
    channel_id: int | None
    next_at: datetime | None
    created_at: datetime


class SubscriptionMade(SubscriptionView, rename="camel", kw_only=True):
    """A new subscription. `secret` signs the calls of a webhook; it is shown here, and never again."""

    secret: str | None = None


class NewSecret(msgspec.Struct, rename="camel"):
    """The new secret of a webhook, shown once; calls are signed with the old one too until `old_until`."""

    secret: str
    old_until: datetime


class SubscriptionPage(msgspec.Struct):
    """Subscriptions by id."""

    items: list[SubscriptionView]
    next: str | None


class NoticeView(msgspec.Struct, rename="camel", kw_only=True):
    """What a subscriber was told, and what the other side said."""

    id: int
    event: str
    state: NoticeState
    tries: int
    answer: str | None
    created_at: datetime


class NoticePage(msgspec.Struct):
    """Notices, the newest first."""

    items: list[NoticeView]
    next: str | None


async def list_subscriptions(call: Caller, limit: Limit = 100, after: After = None) -> SubscriptionPage:
    """The subscriptions of the project."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, after=after or 0, limit=limit)
    return SubscriptionPage([view(each) for each in found], next_page([each.subscription_id for each in found], limit))


async def get(call: Caller, subscription_id: Id) -> SubscriptionView:
    """One subscription."""
    async with call.site.db.transaction() as tx:
        return view(await store.get(tx, project_id=call.project_id, subscription_id=subscription_id))


async def create(call: Caller, data: JSONBody[SubscriptionBody]) -> SubscriptionMade:
    """Tell somebody of problems from now on; who is told at once hears of those that are open too."""
    target = _target(data)
    secret = token_bytes(SECRET_BYTES) if data.kind == "webhook" else None
    async with call.site.db.transaction() as tx:
        project = await projects.get(tx, project_id=call.project_id)
        channel_id = None
        if data.channel is not None:
            channel = await channels.resolve(tx, project_id=call.project_id, reference=data.channel)
            if channel.medium != "email":
                raise Invalid(
                    Problem(
                        "/channel", f"Mails go through a channel for email; {channel.key!r} is for {channel.medium}."
                    )
                )
            channel_id = channel.channel_id
        subscription_id = await store.add(
            tx,
            project_id=call.project_id,
            kind=data.kind,
            target=target,
            frequency=data.frequency,
            pools=await _pool_ids(tx, call.project_id, data.pools),
            channel_id=channel_id,
            next_at=next_digest(data.frequency, call.now, project.zone),
            now=call.now,
            secret=_sealed(call, target, secret) if secret else None,
        )
        if subscription_id is None:
            raise Conflict(f"{data.target!r} is told {data.frequency} already.")
        await actions.tell_open(tx, project_id=call.project_id, subscription_id=subscription_id, now=call.now)
        made = await store.get(tx, project_id=call.project_id, subscription_id=subscription_id)
    values = msgspec.structs.asdict(view(made))
    return SubscriptionMade(**values, secret=shown(secret) if secret else None)


async def rotate(call: Caller, subscription_id: Id) -> NewSecret:
    """Sign the calls of a webhook with a new secret; for a day also with the old one."""
    secret, until = token_bytes(SECRET_BYTES), call.now + ROTATION
    at = {"project_id": call.project_id, "subscription_id": subscription_id}
    async with call.site.db.transaction() as tx:
        found = await store.get(tx, **at)
        if not await store.rotate(tx, **at, secret=_sealed(call, found.target, secret), until=until):
            raise Conflict("Mails are not signed; only webhooks have a secret.")
    return NewSecret(shown(secret), until)


async def remove(call: Caller, subscription_id: Id) -> None:
    """Tell somebody no more."""
    async with call.site.db.transaction() as tx:
        if not await store.remove(tx, project_id=call.project_id, subscription_id=subscription_id):
            raise NotFound("subscription", subscription_id)


async def test(call: Caller, subscription_id: Id) -> None:
    """Send a notice that says that it is a test; the list of notices shows what became of it."""
    async with call.site.db.transaction() as tx:
        await actions.test_subscription(tx, project_id=call.project_id, subscription_id=subscription_id, now=call.now)


async def list_notices(call: Caller, subscription_id: Id, limit: Limit = 100, after: After = None) -> NoticePage:
    """What a subscriber was told, the newest first."""
    async with call.site.db.transaction() as tx:
        await store.get(tx, project_id=call.project_id, subscription_id=subscription_id)
        found = await store.list_notices(
            tx, project_id=call.project_id, subscription_id=subscription_id, before=after, limit=limit
        )
    items = [
        NoticeView(
            id=each.notice_id,
            event=each.content["event"],
            state=each.state,
            tries=each.tries,
            answer=each.answer,
            created_at=each.created_at,
        )
        for each in found
    ]
    return NoticePage(items, next_page([each.notice_id for each in found], limit))


def view(subscription: Subscription) -> SubscriptionView:
    """A subscription as the API shows it."""
    values = msgspec.structs.asdict(subscription)
    return SubscriptionView(id=values.pop("subscription_id"), **values)


def _sealed(call: Call, target: str, secret: bytes) -> bytes:
    sealed: bytes = call.site.cipher.seal(secret, context(call.project_id, "subscription", target))
    return sealed


def _target(body: SubscriptionBody) -> str:
    try:
        return email_of(body.target) if body.kind == "email" else str(checked_url(body.target))
    except (ValueError, HttpFailed) as error:
        raise Invalid(Problem("/target", f"{error}".rstrip(".") + ".")) from error


async def _pool_ids(tx: Tx, project_id: int, wanted: list[int | str] | None) -> list[int] | None:
    if wanted is None:
        return None
    if not 1 <= len(wanted) <= POOLS_MAX:
        raise Invalid(Problem("/pools", f"Name 1 to {POOLS_MAX} pools, or leave it out for all of them."))
    found = [await pools.resolve(tx, project_id=project_id, reference=each) for each in wanted]
    return sorted({pool.pool_id for pool in found})
