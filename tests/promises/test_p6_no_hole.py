"""P6: no message goes out with a hole where the code should be: it is held or fails with the reason."""

import pytest
from tests.engine.conftest import Stage
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.store.db import Database

TYPOS = {
    "a typo": "$!data.get('promocod')",
    "another case": "$!data.get('PromoCode')",
    "a bare name": "$!promocod",
    "a formal bare name": "$!{promocode_}",
}


async def test_an_empty_pool_holds_the_message(stage: Stage) -> None:
    await stage.apply(PROJECT)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    assert [run.state for run in await stage.runs()] == ["held"]
    assert await stage.deliveries() == []


@pytest.mark.parametrize("text", TYPOS.values(), ids=TYPOS.keys())
async def test_a_typo_in_the_template_fails_the_run_and_returns_the_code(
    stage: Stage, db: Database, project: int, text: str
) -> None:
    await stage.apply(PROJECT.replace("$!data.get('promocode')", text))
    await upload(db, project, ["A"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    assert [(run.state, run.error["type"]) for run in await stage.runs() if run.error] == [("failed", "code-missing")]
    assert await stage.mailbox() == []
    assert (await books(db, project)).free == 1


async def test_a_code_that_the_event_should_bring_and_does_not_fails_the_run(stage: Stage) -> None:
    await stage.apply(PROJECT.replace("exits: {next: code}", "exits: {next: mail}").replace(CODE_BLOCK, ""))
    await stage.send("birthday", {"email": "a@example.test"}, {"email": "b@example.test", "promocode": "OWN-1"})
    await stage.work()
    assert [run.error and run.error["type"] for run in await stage.runs()] == ["code-missing", None]
    assert [mail.content["text"] for mail in await stage.mailbox()] == ["Your code: OWN-1"]


CODE_BLOCK = "      code: {kind: getPromoCode, type: birthday, exits: {found: mail}}\n"
