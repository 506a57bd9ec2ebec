"""P8: a code whose message surely never left returns, any other does not: exact sums against a real SMTP server."""

import asyncio
import re
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from tests.channels.smtp_server import SmtpServer
from tests.engine.conftest import Stage
from tests.promises.stages import PROJECT, rest
from tests.stock import books, upload

from tearoff.engine import runner, sender
from tearoff.store.db import Database

SHORT, WHOLE = 300, 10_000
CODE = re.compile(r"^Your code: (C\d{6})\r$", re.M)
"""Only in the words: the sealed link for unsubscribing is random text, and at times has a C and six digits in it."""

MOODS = {"nobody": 0.025, "spam": 0.025, "hangup": 0.025, "lost": 0.025}
"""Refused for good at RCPT and after DATA, cut before DATA, and cut after it without an answer."""


class Sink(SmtpServer):
    """Keeps envelopes only: the library looks at every attribute at each connection, and parsing takes time."""

    mails = ()  # type: ignore[assignment]


def people(count: int) -> list[dict[str, object]]:
    """Events whose addresses say how the server treats them."""
    dice = Random(count)
    moods = [next(iter(dice.choices([*MOODS, "fine"], [*MOODS.values(), 0.9]))) for _ in range(count)]
    return [{"email": f"{mood}-{n}@example.test"} for n, mood in enumerate(moods)]


async def killed_sometimes(stage: Stage, dice: Random) -> None:
    """A sender's turn, of which one in twenty ends before it can record what it did."""
    turn = asyncio.create_task(sender.turn(stage.engine, stage.project, stage.now))
    if dice.random() < 0.05:
        await asyncio.sleep(dice.random() * 0.05)
        turn.cancel()
    await asyncio.wait([turn])
    if not turn.cancelled() and (error := turn.exception()):
        raise error


@pytest.mark.parametrize("count", [SHORT, pytest.param(WHOLE, marks=pytest.mark.sim)])
async def test_refusals_lost_connections_and_killed_senders_leave_exact_sums(
    stage: Stage, db: Database, project: int, count: int
) -> None:
    server = Sink()
    await server.start()
    settings = f"{{host: 127.0.0.1, port: {server.port}, tls: none, timeoutSeconds: 1}}"
    await stage.apply(PROJECT.replace("kind: mailbox,", f"kind: email, settings: {settings},"))
    stage.engine = replace(stage.engine, limits=replace(stage.engine.limits, delivery_batch_max=50))
    await upload(db, project, [f"C{n:06}" for n in range(count)], stage.now)
    sent = people(count)
    for start in range(0, count, 500):
        await stage.send("birthday", *sent[start : start + 500])
    while await runner.turn(stage.engine, project, stage.now):
        pass
    dice = Random(count)
    for _ in range(2 * count // 50):
        await killed_sometimes(stage, dice)
    await rest(stage)
    await server.stop()

    deliveries = {d.recipient: d for d in await stage.deliveries()}
    arrived: dict[str, set[str]] = {}
    for envelope in server.envelopes:
        arrived.setdefault(envelope.rcpt_tos[0], set()).update(CODE.findall((envelope.content or b"").decode()))
    owners = Counter(code for codes in arrived.values() for code in codes)
    assert max(owners.values()) == 1
    assert all(len(codes) == 1 for codes in arrived.values())
    moods = Counter(str(params["email"]).partition("-")[0] for params in sent)
    refused = sum(1 for d in deliveries.values() if d.state == "failed" and not d.is_doubtful)
    ledger = await books(db, project)
    assert len(arrived) == moods["fine"] + moods["lost"]
    assert not any(d.state == "failed" and not d.is_doubtful and d.recipient in arrived for d in deliveries.values())
    assert (ledger.free, ledger.reserved, ledger.issued) == (refused, 0, count - refused)
    assert refused <= moods["nobody"] + moods["spam"] + moods["hangup"]
    assert all(d.state in ("sent", "failed") for d in deliveries.values())
