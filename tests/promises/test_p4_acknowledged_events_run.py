"""P4: an acknowledged event is durable and runs to its end: everything is killed straight after the 200."""

import asyncio

from tests.processes import installed
from tests.promises.shops import Shop, until


async def test_the_mail_arrives_although_everything_was_killed_straight_after_the_answer() -> None:
    with installed() as tearoff:
        await asyncio.to_thread(tearoff.start)
        shop = Shop(tearoff, await asyncio.to_thread(tearoff.make_key, "p4"))
        await shop.open(codes=2)
        for number in range(2):
            await shop.event(number)
            await asyncio.to_thread(tearoff.kill)
            await asyncio.to_thread(tearoff.start)

        async def all_arrived() -> bool:
            return len(await shop.mails()) >= 2

        await until(all_arrived)
        mails = await shop.mails()
        assert sorted(mail["recipient"] for mail in mails) == [f"p{n}@example.test" for n in range(2)]
        assert len({mail["content"]["text"] for mail in mails}) == 2
