"""One small project for the tests of promises: an event, a code, a mail; and time that passes until all is done."""

from datetime import datetime, timedelta

from tests.engine.conftest import Stage
from tests.sim.life import NEXT_INSTANT

from tearoff.store.db import fetch_all

PROJECT = """
pools:
  - {key: birthday, type: birthday, description: Codes for birthdays}
channels:
  - {key: box, kind: mailbox, medium: email}
messages:
  - key: hello
    medium: email
    channel: box
    languages: {en: {subject: Hi, text: "Your code: $!data.get('promocode')", sender: s@example.test}}
workflows:
  - key: birthday
    active: true
    blocks:
      start: {kind: start, eventType: birthday, exits: {next: code}}
      code: {kind: getPromoCode, type: birthday, exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${email}", exits: {next: end}}
      end: {kind: end}
"""


STRIDE = timedelta(minutes=10)


async def rest(stage: Stage) -> None:
    """Let time pass until nothing is left to do, a little further than to the next due instant each time."""
    while True:
        await stage.work()
        async with stage.db.transaction() as tx:
            instants = await fetch_all(tx, NEXT_INSTANT, {"project_id": stage.project}, datetime)
        if not instants:
            return
        stage.now = max(stage.now, instants[0]) + STRIDE
