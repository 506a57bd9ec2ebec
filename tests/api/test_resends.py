"""Sending a message once more: the same code, as long as it is still its receiver's, and never a run undone by it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.api.test_test_launches import ask
from tests.engine.conftest import Stage, engine
from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.channels.mailbox import Mailbox
from tearoff.clock import Clock
from tearoff.domain.deliveries import Refused
from tearoff.engine.parts import Engine

__all__ = ["engine"]


@pytest.fixture
async def stage(engine: Engine, project: int) -> AsyncIterator[Stage]:
    made = Stage(engine, project, Clock().now())
    await made.apply(PROJECT)
    yield made


@pytest.fixture
async def sent(http, stage, db, project) -> int:
    """A delivery that was sent with the only code."""
    await upload(db, project, ["ONLY-1"], stage.now)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    [delivery] = await stage.deliveries()
    return delivery.delivery_id


async def refuse(self: Mailbox, batch: Any) -> list[Any]:
    return [Refused(detail="550 no", permanent=True) for _ in batch]


async def test_the_same_code_goes_out_again_under_a_message_id_of_its_own(http, stage, db, project, sent) -> None:
    before = await books(db, project)
    status, again = await ask(http, "POST", f"/v1/deliveries/{sent}/resend")
    assert (status, again["state"], again["isResent"], again["recipient"]) == (201, "waiting", True, "a@example.test")
    status, refused = await ask(http, "POST", f"/v1/deliveries/{again['id']}/resend")
    assert (status, refused["detail"]) == (409, "The message is still on its way.")
    stage.now = Clock().now()
    await stage.work()
    mails = await stage.mailbox()
    assert [mail.content["text"] for mail in mails] == ["Your code: ONLY-1"] * 2
    assert len({mail.reference for mail in mails}) == 2
    assert await books(db, project) == before
    status, third = await ask(http, "POST", f"/v1/deliveries/{sent}/resend")
    assert status == 201
    assert (await ask(http, "POST", f"/v1/deliveries/{third['id'] + 10_000}/resend"))[0] == 404


async def test_a_repeat_under_the_same_key_sends_once(http, stage, sent) -> None:
    headers = {"Idempotency-Key": "again"}
    answers = []
    for _ in range(3):
        async with http.post(f"/v1/deliveries/{sent}/resend", headers=headers) as answer:
            answers.append((answer.status, (await answer.json())["id"]))
    assert len(set(answers)) == 1
    assert len(await stage.deliveries()) == 2


async def test_a_resend_that_fails_leaves_its_run_done_and_its_code_issued(
    http, stage, db, project, sent, monkeypatch
) -> None:
    await ask(http, "POST", f"/v1/deliveries/{sent}/resend")
    monkeypatch.setattr(Mailbox, "send", refuse)
    stage.now = Clock().now()
    await stage.work()
    assert [delivery.state for delivery in await stage.deliveries()] == ["sent", "failed"]
    assert [run.state for run in await stage.runs()] == ["done"]
    assert (await books(db, project)).issued == 1


async def test_a_code_that_went_back_is_not_sent_again(http, stage, db, project, monkeypatch) -> None:
    await upload(db, project, ["ONLY-1"], stage.now)
    monkeypatch.setattr(Mailbox, "send", refuse)
    await stage.send("birthday", {"email": "a@example.test"})
    await stage.work()
    [failed] = await stage.deliveries()
    assert (await books(db, project)).free == 1
    monkeypatch.undo()
    await stage.send("birthday", {"email": "b@example.test"})
    await stage.work()
    status, refused = await ask(http, "POST", f"/v1/deliveries/{failed.delivery_id}/resend")
    assert (status, "went back to its pool" in refused["detail"]) == (409, True)
    assert [mail.recipient for mail in await stage.mailbox()] == ["b@example.test"]


async def test_nothing_is_sent_again_to_who_does_not_want_it_nor_with_a_code_that_was_taken_away(
    http, stage, db, project, sent
) -> None:
    await ask(http, "POST", "/v1/suppressions", {"kind": "email", "value": "a@example.test"})
    status, refused = await ask(http, "POST", f"/v1/deliveries/{sent}/resend")
    assert (status, refused["detail"]) == (409, "The address does not want to be written to.")
    await http.delete("/v1/suppressions?kind=email&value=a@example.test")
    assert (await ask(http, "POST", "/v1/codes/ONLY-1/revoke", {"reason": "fraud"}))[0] == 200
    status, refused = await ask(http, "POST", f"/v1/deliveries/{sent}/resend")
    assert (status, "taken away" in refused["detail"]) == (409, True)
