"""Hashing beside the event loop: a few at a time, the rest waits, and too many are turned away."""

import asyncio
import time

import pytest

from tearoff.actions.passwords import WAITING_MAX, Passwords
from tearoff.domain.passwords import hash_of
from tearoff.errors import Overloaded

PAUSE = 0.01
KEPT = hash_of("a long enough one")


async def test_the_loop_goes_on_while_passwords_are_checked() -> None:
    passwords, pauses = Passwords(), []

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(PAUSE)
            pauses.append(time.perf_counter() - began)

    watching = asyncio.create_task(watch())
    answers = await asyncio.gather(*(passwords.is_right("wrong, but long", KEPT) for _ in range(6)))
    watching.cancel()
    assert answers == [False] * 6
    assert len(pauses) > 3


async def test_too_many_at_once_are_turned_away_and_the_others_are_answered() -> None:
    passwords = Passwords()
    asked = [passwords.is_right("a long enough one", None) for _ in range(WAITING_MAX + 5)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, Overloaded) for one in answers) == 5
    assert answers.count(False) == WAITING_MAX
    assert await passwords.is_right("a long enough one", KEPT)


@pytest.mark.parametrize("kept", [None, KEPT], ids=["unknown", "known"])
async def test_an_unknown_person_takes_as_long(kept) -> None:
    passwords = Passwords()
    took = []
    for one in (KEPT, kept):
        began = time.perf_counter()
        await passwords.is_right("wrong, but long", one)
        took.append(time.perf_counter() - began)
    assert took[1] > took[0] / 10
