"""Trying a channel: it connects and signs in, and sends one message if somebody says where to."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import assert_never

import msgspec

from tearoff.domain.channels import Channel
from tearoff.domain.deliveries import Content, EmailContent, PushContent, SmsContent
from tearoff.domain.messages import Medium
from tearoff.domain.test_launches import SentTest
from tearoff.engine.parts import Engine
from tearoff.engine.test_sends import send_test
from tearoff.errors import TearoffError
from tearoff.store import projects

SECONDS_MAX = 30.0
TITLE = "A test from Tearoff"
TEXT = "This message was sent to try the channel {channel!r}. Nothing else is needed."


class ChannelTest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether the other side answers, what it said or why not, and what came of a message if one was sent."""

    is_working: bool
    detail: str
    sent: SentTest | None


async def test_channel(
    engine: Engine, *, project_id: int, channel: Channel, to: str | None, now: datetime
) -> ChannelTest:
    """Connect and sign in as a send would; with `to`, also send one message there if that went well."""
    try:
        async with asyncio.timeout(SECONDS_MAX):
            async with engine.db.transaction() as tx:
                project = await projects.get(tx, project_id=project_id)
                found = await engine.channels.find(tx, project_id=project_id, channel_ids=[channel.channel_id])
            detail = await found[channel.channel_id].check()
    except TimeoutError:
        return ChannelTest(is_working=False, detail=f"No answer within {SECONDS_MAX:g} s.", sent=None)
    except TearoffError as error:
        return ChannelTest(is_working=False, detail=str(error), sent=None)
    if to is None:
        return ChannelTest(is_working=True, detail=detail, sent=None)
    content = _content(channel.medium, TEXT.format(channel=channel.key), project.sender or None)
    sent = await send_test(engine, project_id, channel.channel_id, channel.medium, content, to, now)
    return ChannelTest(is_working=True, detail=detail, sent=sent)


def _content(medium: Medium, text: str, sender: str | None) -> Content:
    match medium:
        case "email":
            return EmailContent(subject=TITLE, text=text, sender=sender)
        case "sms":
            return SmsContent(text=text)
        case "mobilepush" | "webpush":
            return PushContent(title=TITLE, text=text)
        case never:
            assert_never(never)
