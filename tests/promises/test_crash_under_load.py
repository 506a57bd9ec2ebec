"""kill -9 of the engine, of the API and of PostgreSQL under load: nothing is lost, and no code has two owners."""

import asyncio
from collections import Counter
from random import Random

import pytest
from tests.processes import Tearoff, installed
from tests.promises.shops import Shop, until

SHORT, LONG = 60, 300
KILLS_MAX = 40
"""A slow machine takes longer to start again than to be killed again."""


async def kill_now_and_then(tearoff: Tearoff, dice: Random, done: asyncio.Event) -> Counter[str]:
    """Kill somebody every second or so until `done`, some dozen times at most; gives who died how often."""
    killed: Counter[str] = Counter()
    while not (done.is_set() or killed.total() >= KILLS_MAX) or len(killed) < 3:
        await asyncio.sleep(0.4 + dice.random())
        victim = dice.choice(["work", "serve", "postgres"])
        if victim == "postgres":
            processes = tearoff.servers()
        else:
            found = tearoff.find_child(victim)
            processes = [found] if found else []
        for process in processes:
            process.kill()
        killed[victim] += bool(processes)
    return killed


@pytest.mark.parametrize("count", [SHORT, pytest.param(LONG, marks=pytest.mark.sim)])
async def test_each_event_ends_in_one_mail_with_a_code_of_its_own(count: int) -> None:
    with installed() as tearoff:
        await asyncio.to_thread(tearoff.start)
        shop = Shop(tearoff, await asyncio.to_thread(tearoff.make_key, "load"))
        await shop.open(codes=count + 50)
        done = asyncio.Event()
        killing = asyncio.create_task(kill_now_and_then(tearoff, Random(count), done))
        at_once = asyncio.Semaphore(16)

        async def send(number: int) -> None:
            async with at_once:
                await shop.event(number)
                if number % 5 == 0:
                    await shop.event(number)

        await asyncio.gather(*(send(number) for number in range(count)))
        done.set()
        killed = await killing
        assert all(killed[victim] for victim in ("work", "serve", "postgres")), killed

        async def all_arrived() -> bool:
            return len(await shop.mails()) >= count

        await until(all_arrived, seconds=400)
        mails = await shop.mails()
        assert Counter(mail["recipient"] for mail in mails) == Counter(f"p{n}@example.test" for n in range(count))
        assert len({mail["content"]["text"] for mail in mails}) == count
        doctor = await asyncio.to_thread(tearoff.run, "doctor")
        assert doctor.returncode == 0, doctor.stdout + doctor.stderr
