"""Turns of an actor from project to project: who breaks rests, and nobody else waits for it."""

import pytest

from tearoff.engine import turns
from tearoff.engine.turns import Turns
from tearoff.errors import Unavailable

BROKEN, FINE, LOST = 1, 2, 3


async def turn(_engine, project_id, _now) -> int:
    if project_id == BROKEN:
        raise ValueError("poison")
    if project_id == LOST:
        raise Unavailable
    return 1


async def test_a_project_that_breaks_rests_and_the_others_go_on(engine, monkeypatch) -> None:
    seconds = 100.0
    monkeypatch.setattr(turns, "monotonic", lambda: seconds)
    taking = Turns(engine, "generator", turn)
    assert await taking.take([BROKEN, FINE]) == 1
    assert set(taking.resting) == {BROKEN}
    assert await taking.take([BROKEN]) == 0
    seconds += turns.REST_SECONDS
    taking.turn = fine
    assert await taking.take([BROKEN, FINE]) == 2
    assert not taking.resting


async def fine(_engine, _project_id, _now) -> int:
    return 1


async def test_what_the_database_lost_is_everybodys_matter(engine) -> None:
    with pytest.raises(Unavailable):
        await Turns(engine, "runner", turn).take([LOST, FINE])
