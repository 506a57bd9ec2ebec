"""Test sends: a message really handed to its channel, marked as a test, without a delivery in the books."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import cast
from uuid import uuid4

from tearoff.channels.contract import Channel
from tearoff.domain.contacts import LocatorKind, locator_of
from tearoff.domain.deliveries import Accepted, Content, Outcome, Outgoing
from tearoff.domain.test_launches import SentTest, marked
from tearoff.engine.parts import Engine
from tearoff.errors import TearoffError
from tearoff.logs import get_logger

LOG = get_logger("test_sends")
SECONDS_MAX = 30.0
IN_MAILBOX = "This is a mailbox channel: it accepts every message and sends none."


async def send_test(
    engine: Engine, project_id: int, channel_id: int, medium: str, content: Content, to: str, now: datetime
) -> SentTest:
    """What came of handing one message to its channel; it is tried once."""
    try:
        recipient = locator_of(cast(LocatorKind, medium), to).value
    except ValueError as error:
        return SentTest(to=to, is_accepted=False, detail=f"{error}.")
    try:
        async with asyncio.timeout(SECONDS_MAX):
            async with engine.db.transaction() as tx:
                found = await engine.channels.find(tx, project_id=project_id, channel_ids=[channel_id])
            outcome = await _hand_over(found[channel_id], recipient, content, now)
    except TimeoutError:
        return SentTest(to=recipient, is_accepted=False, detail=f"No answer within {SECONDS_MAX:g} s.")
    except TearoffError as error:
        return SentTest(to=recipient, is_accepted=False, detail=str(error))
    LOG.info("test_sent", project_id=project_id, channel_id=channel_id, is_accepted=isinstance(outcome, Accepted))
    if isinstance(outcome, Accepted):
        is_kept = found[channel_id].kind == "mailbox"
        return SentTest(to=recipient, is_accepted=True, detail=IN_MAILBOX if is_kept else outcome.answer)
    return SentTest(to=recipient, is_accepted=False, detail=outcome.detail)


async def _hand_over(channel: Channel, recipient: str, content: Content, now: datetime) -> Outcome:
    reference = uuid4().hex
    item = Outgoing(
        delivery_id=0,
        kind=channel.kind,
        recipient=recipient,
        message_id=f"<{reference}@tearoff.invalid>",
        key=reference,
        content=marked(content),
        created_at=now,
    )
    [outcome] = await channel.send([item])
    return outcome
