"""P7: looking at a message takes no code: a hundred previews leave every counter as it was."""

import aiohttp
from tests.engine.conftest import Stage
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.store.db import Database

LOOKS = 100
BODIES = [{"data": {"promocode": "SAMPLE"}}, {"data": {}}, {}]


async def test_a_hundred_previews_take_nothing(
    stage: Stage, http: aiohttp.ClientSession, db: Database, project: int
) -> None:
    await stage.apply(PROJECT.replace("Your code:", "%PC_birthday_0_10% Your code:"))
    await upload(db, project, ["A", "B", "C"], stage.now)
    before = await books(db, project)
    answers = set()
    for n in range(LOOKS):
        async with http.post("/v1/messages/hello/preview", json=BODIES[n % len(BODIES)]) as answer:
            answers.add(answer.status)
            text = await answer.text()
            assert not any(f" {code}" in text for code in "ABC"), text
    assert 200 in answers
    await stage.work()
    assert await books(db, project) == before
    assert await stage.runs() == []
    assert await stage.deliveries() == []
