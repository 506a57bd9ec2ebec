"""The runs of one workflow over REST: found, counted on the blocks, stopped and resumed together; versions compared."""

from collections.abc import AsyncIterator

import pytest
from tests.api.test_test_launches import ask
from tests.engine.conftest import Stage, engine
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.clock import Clock
from tearoff.engine.parts import Engine

__all__ = ["engine"]


@pytest.fixture
async def stage(engine: Engine, project: int) -> AsyncIterator[Stage]:
    made = Stage(engine, project, Clock().now())
    await made.apply(PROJECT)
    yield made


def people(count: int, start: int = 0) -> list[dict[str, str]]:
    return [{"email": f"p{n}@example.test"} for n in range(start, start + count)]


async def test_runs_are_counted_on_the_blocks_that_they_passed_and_where_they_stand(http, stage, db, project) -> None:
    await upload(db, project, ["A", "B"], stage.now)
    await stage.send("birthday", *people(5))
    await stage.work()
    status, counts = await ask(http, "GET", "/v1/workflows/birthday/counts")
    assert (status, counts["runs"], counts["isComplete"]) == (200, 5, True)
    assert counts["states"] == {"done": 2, "held": 3}
    assert counts["live"] == {"held": 3}
    by_block = {b["block"]: b for b in counts["blocks"]}
    assert list(by_block) == ["start", "code", "mail", "end"]
    assert (by_block["start"]["entered"], by_block["start"]["exits"]) == (5, {"next": 5})
    assert (by_block["code"]["entered"], by_block["code"]["exits"], by_block["code"]["standing"]) == (
        5,
        {"found": 2},
        3,
    )
    assert (by_block["end"]["entered"], by_block["end"]["ended"]) == (2, 2)
    _, other = await ask(http, "GET", "/v1/workflows/birthday/counts?version=1")
    assert other["blocks"] == counts["blocks"]
    assert (await ask(http, "GET", "/v1/workflows/birthday/counts?version=2"))[0] == 404


async def test_all_runs_of_a_workflow_stop_at_once_and_what_is_held_can_resume(http, stage, db, project) -> None:
    await stage.send("birthday", *people(7))
    await stage.work()
    status, resumed = await ask(http, "POST", "/v1/workflows/birthday/runs/resume-held")
    assert (status, resumed) == (200, {"resumed": 0, "left": 7})
    await upload(db, project, ["A", "B"], stage.now)
    _, resumed = await ask(http, "POST", "/v1/workflows/birthday/runs/resume-held")
    assert resumed == {"resumed": 0, "left": 5}, "the upload woke as many as there is stock, and the others wait on"
    await stage.work()
    assert (await books(db, project)).issued == 2
    status, stopped = await ask(http, "POST", "/v1/workflows/birthday/runs/stop")
    assert (status, stopped) == (200, {"stopped": 5, "left": 0})
    assert sorted(run.state for run in await stage.runs()) == ["done"] * 2 + ["stopped"] * 5
    assert (await ask(http, "POST", "/v1/workflows/birthday/runs/stop"))[1] == {"stopped": 0, "left": 0}


async def test_runs_are_found_by_what_their_error_says(http, stage, db, project) -> None:
    await upload(db, project, ["A"], stage.now)
    await stage.send("birthday", {"email": "nobody"}, {"email": "a@example.test"})
    await stage.work()
    _, found = await ask(http, "GET", "/v1/runs?workflow=birthday&error=Neither%20the%20BLOCK")
    _, none = await ask(http, "GET", "/v1/runs?workflow=birthday&error=nonsense")
    _, failed = await ask(http, "GET", "/v1/runs?state=failed")
    assert none["items"] == []
    assert found["items"] == failed["items"] or "not" in failed["items"][0]["error"]["detail"]
    assert (await ask(http, "GET", "/v1/runs?workflow=nonsense"))[0] == 404


async def test_a_version_is_shown_and_compared_with_another_and_with_the_draft(http, stage) -> None:
    changed = PROJECT.replace(
        "type: birthday, exits: {found: mail}", "type: birthday, days: 7, exits: {found: mail, empty: end}"
    )
    await stage.apply(changed)
    status, first = await ask(http, "GET", "/v1/workflows/birthday/versions/1")
    assert (status, first["version"], first["eventType"]) == (200, 1, "birthday")
    status, diff = await ask(http, "GET", "/v1/workflows/birthday/versions/1/diff/2")
    assert status == 200
    assert (diff["added"], diff["removed"], sorted(diff["unchanged"])) == ([], [], ["end", "mail", "start"])
    assert diff["changed"] == [
        {
            "block": "code",
            "kind": "getPromoCode",
            "fields": [{"name": "days", "before": None, "after": 7}],
            "exits": [{"name": "empty", "before": None, "after": "end"}],
        }
    ]
    _, back = await ask(http, "GET", "/v1/workflows/birthday/versions/draft/diff/1")
    assert back["changed"][0]["fields"] == [{"name": "days", "before": 7, "after": None}]
    assert (await ask(http, "GET", "/v1/workflows/birthday/versions/3"))[0] == 404
    assert (await ask(http, "GET", "/v1/workflows/birthday/versions/x"))[0] == 404
