"""The sender: leases deliveries of one project, hands them to their channels as sets, and settles what came of them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, assert_never, get_args
from uuid import UUID, uuid4

import msgspec
import psycopg

from tearoff.actions import claims
from tearoff.actions import runs as run_actions
from tearoff.channels.contract import Channel
from tearoff.clock import monotonic
from tearoff.domain.deliveries import Accepted, Content, Kind, Outcome, Outgoing, Refused, Unknown
from tearoff.domain.outbox import Leased
from tearoff.domain.retries import GiveUp, RetryAt, after_failure
from tearoff.domain.runs import RunState, message_failure
from tearoff.domain.shapes import keepable
from tearoff.engine.parts import Engine
from tearoff.errors import TearoffError
from tearoff.logs import get_logger
from tearoff.store import contacts, deliveries, dues, runs, suppressions
from tearoff.store.db import Tx

LOG = get_logger("sender")
RENEWALS_IN_A_LEASE = 3
EXPIRED = "The code ran out before the message was sent."
SUPPRESSED = "The address does not want to be written to."
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(slots=True)
class Results:
    """What came of a set of deliveries."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    retried: list[tuple[int, datetime, str, bool]] = field(default_factory=list)
    failed: list[tuple[int, str, bool]] = field(default_factory=list)
    dead: list[tuple[str, str]] = field(default_factory=list)

    def add(self, delivery: Leased, outcome: Outcome, now: datetime) -> None:
        """Decide what the outcome of this attempt means for the delivery."""
        match outcome:
            case Accepted():
                self.sent.append((delivery.delivery_id, keepable(outcome.answer or outcome.reference)))
            case Refused() | Unknown():
                if isinstance(outcome, Refused) and outcome.token_is_dead:
                    self.dead.append((delivery.medium, delivery.recipient))
                self._decide(delivery, outcome, now)
            case _:
                assert_never(outcome)

    def _decide(self, delivery: Leased, failure: Refused | Unknown, now: datetime) -> None:
        decision = after_failure(failure, delivery.tries, now, key=delivery.reference, was_unknown=delivery.is_doubtful)
        match decision:
            case RetryAt():
                detail = keepable(decision.detail)
                self.retried.append((delivery.delivery_id, decision.at, detail, decision.was_unknown))
            case GiveUp():
                self.failed.append((delivery.delivery_id, keepable(decision.detail), not decision.is_definite))
            case _:
                assert_never(decision)


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Send what is due in one project; gives how many deliveries were taken."""
    lease = uuid4()
    async with engine.db.transaction() as tx:
        taken = await deliveries.lease(
            tx,
            project_id=project_id,
            lease=lease,
            until=now + engine.limits.lease,
            now=now,
            limit=engine.limits.delivery_batch_max,
        )
        if not taken:
            await dues.settle(tx, project_id=project_id, actor="sender")
            return 0
    async with _kept(engine, project_id, lease, taken, now):
        results = await send_all(engine, project_id, taken, now)
    await settle(engine, project_id, lease, taken, results, now)
    return len(taken)


@asynccontextmanager
async def _kept(
    engine: Engine, project_id: int, lease: UUID, taken: Sequence[Leased], now: datetime
) -> AsyncIterator[None]:
    """Within this block the lease does not run out, however slow the other sides are.

    Else a set that takes longer would be sent by two at once, and what was surely refused would count as doubtful.
    """
    renewing = asyncio.create_task(_renew(engine, project_id, lease, [d.delivery_id for d in taken], now))
    try:
        yield
    finally:
        renewing.cancel()


async def _renew(engine: Engine, project_id: int, lease: UUID, delivery_ids: Sequence[int], now: datetime) -> None:
    began, length = monotonic(), engine.limits.lease
    at: dict[str, Any] = {"project_id": project_id, "lease": lease, "delivery_ids": delivery_ids}
    while True:
        await asyncio.sleep(length.total_seconds() / RENEWALS_IN_A_LEASE)
        until = now + timedelta(seconds=monotonic() - began) + length
        try:
            async with engine.db.transaction() as tx:
                await deliveries.renew(tx, **at, until=until)
        except (TearoffError, psycopg.OperationalError) as error:
            LOG.warning("lease_not_renewed", project_id=project_id, error=str(error))


async def send_all(engine: Engine, project_id: int, taken: Sequence[Leased], now: datetime) -> Results:
    """Hand every delivery to its channel, all channels at once; a code that ran out is not sent, nor is anything to an
    address that must not be written to any more."""
    results = Results()
    refused = await _suppressed(engine, project_id, taken)
    by_channel: dict[int, list[Leased]] = defaultdict(list)
    for delivery in taken:
        if (delivery.medium, delivery.recipient) in refused:
            results.failed.append((delivery.delivery_id, SUPPRESSED, delivery.is_doubtful))
        elif delivery.expires_at is not None and delivery.expires_at <= now:
            results.failed.append((delivery.delivery_id, EXPIRED, delivery.is_doubtful))
        else:
            by_channel[delivery.channel_id].append(delivery)
    await asyncio.gather(*(_send(engine, project_id, at, batch, results, now) for at, batch in by_channel.items()))
    return results


async def _suppressed(engine: Engine, project_id: int, taken: Sequence[Leased]) -> set[tuple[str, str]]:
    """The addresses, each with its medium, that asked to be left alone while their messages waited."""
    by_medium: dict[str, set[str]] = defaultdict(set)
    for delivery in taken:
        by_medium[delivery.medium].add(delivery.recipient)
    found: set[tuple[str, str]] = set()
    async with engine.db.transaction() as tx:
        for medium, values in sorted(by_medium.items()):
            refused = await suppressions.find(tx, project_id=project_id, kind=medium, values=sorted(values))
            found |= {(medium, value) for value in refused}
    return found


async def _send(
    engine: Engine, project_id: int, channel_id: int, batch: Sequence[Leased], results: Results, now: datetime
) -> None:
    try:
        async with engine.db.transaction() as tx:
            found = await engine.channels.find(tx, project_id=project_id, channel_ids=[channel_id])
    except TearoffError as error:
        if error.type == "unavailable":
            raise
        # a channel that is set up wrongly can be mended by its operator: the messages wait
        outcomes: Sequence[Outcome] = [Refused(detail=str(error), permanent=False)] * len(batch)
    else:
        batch, items = _outgoing_all(batch, found[channel_id], results, now)
        try:
            outcomes = await found[channel_id].send(items)
        except Exception as error:
            # a channel that breaks its contract may have sent all of it
            LOG.error("channel_broke", project_id=project_id, channel_id=channel_id, exc_info=error)
            outcomes = [Unknown(f"The channel broke: {error}")] * len(batch)
    for delivery, outcome in zip(batch, outcomes, strict=True):
        results.add(delivery, outcome, now)


def _outgoing_all(
    batch: Sequence[Leased], channel: Channel, results: Results, now: datetime
) -> tuple[list[Leased], list[Outgoing]]:
    """What can be handed over; a delivery that cannot even be read fails alone, and nothing of it left."""
    items: list[tuple[Leased, Outgoing]] = []
    for delivery in batch:
        try:
            items.append((delivery, outgoing(delivery, channel)))
        except msgspec.ValidationError as error:
            results.add(delivery, Refused(detail=f"The message cannot be read: {error}", permanent=True), now)
    return [delivery for delivery, _ in items], [item for _, item in items]


def outgoing(delivery: Leased, channel: Channel) -> Outgoing:
    """The delivery as its channel gets it; the identifiers were made when it was written and never change."""
    content: Content = msgspec.convert(delivery.content, Content)
    return Outgoing(
        delivery_id=delivery.delivery_id,
        kind=channel.kind,
        recipient=delivery.recipient,
        message_id=f"<{delivery.reference}@tearoff.invalid>",
        key=delivery.reference,
        content=content,
        created_at=delivery.created_at,
    )


async def settle(
    engine: Engine, project_id: int, lease: UUID, taken: Sequence[Leased], results: Results, now: datetime
) -> None:
    """Record the outcomes, guarded by the lease, and what they mean for runs and codes, in one transaction."""
    at: dict[str, Any] = {"project_id": project_id, "lease": lease}
    async with engine.db.transaction() as tx:
        states = await runs.lock(tx, project_id=project_id, run_ids=sorted({d.run_id for d in taken}))
        failed = await deliveries.mark_failed(tx, **at, failures=results.failed)
        sent = await deliveries.mark_sent(tx, **at, answers=results.sent, now=now)
        retried = await deliveries.mark_retry(tx, **at, retries=results.retried)
        if failed:
            await _fail(tx, project_id, [d for d in taken if d.delivery_id in set(failed)], results, states, now)
        doubtful = [row[0] for row in results.retried if row[3] and row[0] in set(retried)]
        keys = await deliveries.list_keys(tx, project_id=project_id, delivery_ids=[*sent, *doubtful])
        if keys:
            await claims.issue(tx, project_id=project_id, scope="run", keys=keys, now=now)
        for medium in sorted({medium for medium, _ in results.dead}):
            tokens = sorted({token for kind, token in results.dead if kind == medium})
            await contacts.mark_dead(tx, project_id=project_id, kind=medium, values=tokens, now=now)
        if retried:
            soonest = min(row[1] for row in results.retried)
            await dues.bump(tx, project_id=project_id, actor="sender", due_at=soonest)
    LOG.info("deliveries_settled", project_id=project_id, sent=len(sent), retried=len(retried), failed=len(failed))


async def _fail(
    tx: Tx, project_id: int, failed: Sequence[Leased], results: Results, states: dict[int, RunState], now: datetime
) -> None:
    """A run whose message did not go out did not do its job, and its codes are settled once it is over.

    A run that is still on its way may yet send its codes in another message: its end decides. A resend that fails takes
    nothing back from a run that did its job.
    """
    reasons = {delivery_id: detail for delivery_id, detail, _ in results.failed}
    first: dict[int, Leased] = {}
    for delivery in sorted(failed, key=lambda d: (d.attempt < 0, d.delivery_id)):
        first.setdefault(delivery.run_id, delivery)
    errors = [
        (run_id, d.block, message_failure(d.block, reasons[d.delivery_id]))
        for run_id, d in sorted(first.items())
        if d.attempt >= 0
    ]
    for run_id in await runs.mark_failed(tx, project_id=project_id, errors=errors, now=now):
        states[run_id] = "failed"
    over = {run_id: states[run_id] for run_id in first if run_id in states}
    await run_actions.settle(tx, project_id=project_id, states=over, now=now)
