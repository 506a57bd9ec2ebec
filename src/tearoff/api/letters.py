"""Mails of the house, sent through a project's email channel while the answer waits."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import uuid4

from tearoff.api.site import Site
from tearoff.domain.deliveries import Accepted, EmailContent, Outgoing
from tearoff.domain.letters import Letter
from tearoff.errors import TearoffError
from tearoff.logs import get_logger
from tearoff.store import channels, projects

LOG = get_logger("letters")
SECONDS_MAX = 20.0


async def post(site: Site, *, project_id: int, recipient: str, letter: Letter, now: datetime) -> bool:
    """Whether the project's email channel took the mail; False too where there is none, or only the mailbox.

    Links are in letters, so nothing of one is logged.
    """
    try:
        async with asyncio.timeout(SECONDS_MAX):
            return await _post(site, project_id, recipient, letter, now)
    except (TearoffError, TimeoutError) as error:
        LOG.warning("letter_not_sent", project_id=project_id, reason=str(error) or "timeout")
        return False


async def _post(site: Site, project_id: int, recipient: str, letter: Letter, now: datetime) -> bool:
    async with site.db.transaction() as tx:
        project = await projects.get(tx, project_id=project_id)
        first = await channels.find_first(tx, project_id=project_id, medium="email")
        if first is None or first.kind == "mailbox":
            return False
        opened = await site.engine.channels.find(tx, project_id=project_id, channel_ids=[first.channel_id])
    key = f"letter-{uuid4()}"
    mail = Outgoing(
        delivery_id=0,
        kind=opened[first.channel_id].kind,
        recipient=recipient,
        message_id=f"<{key}@tearoff.invalid>",
        key=key,
        content=EmailContent(subject=letter.subject, text=letter.text, sender=project.sender or None),
        created_at=now,
    )
    [outcome] = await opened[first.channel_id].send([mail])
    if not isinstance(outcome, Accepted):
        LOG.warning("letter_not_sent", project_id=project_id, reason=type(outcome).__name__)
        return False
    LOG.info("letter_sent", project_id=project_id)
    return True
