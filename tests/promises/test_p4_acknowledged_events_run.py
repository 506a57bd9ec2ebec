"""P4: an acknowledged event is durable and runs to its end: everything is killed straight after the 200."""

import asyncio

from tests.processes import installed
from tests.promises.shops import Shop, until


async def test_the_mail_arrives_although_everything_was_killed_straight_after_the_answer() -> None:
    with installed() as tearoff:
        await asyncio.to_thread(tearoff.start)
        shop = Shop(tearoff, await asyncio.to_thread(tearoff.make_key, "p4"))
        await shop.open(codes=1)
        await shop.event(0)
        await asyncio.to_thread(tearoff.kill)
        await asyncio.to_thread(tearoff.start)

        async def has_arrived() -> bool:
            return bool(await shop.mails())

        await until(has_arrived)
        assert [(mail["recipient"], mail["content"]["text"]) for mail in await shop.mails()] == [
            ("p0@example.test", "CODE-00000")
        ]
