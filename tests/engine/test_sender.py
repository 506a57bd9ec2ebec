"""The sender: what it does not hand over."""

from tests.promises.stages import PROJECT
from tests.stock import books, upload

from tearoff.store import suppressions


async def test_who_unsubscribes_while_a_mail_waits_does_not_get_it_and_its_code_returns(
    stage, db, project, now
) -> None:
    await stage.apply(PROJECT)
    await upload(db, project, ["A", "B"], now)
    await stage.send("birthday", {"email": "ann@example.test"}, {"email": "bob@example.test"})
    await stage.work(sending=False)
    async with db.transaction() as tx:
        at = {"project_id": project, "kind": "email", "value": "ann@example.test"}
        await suppressions.add(tx, **at, reason="unsubscribed", now=now)
    await stage.work()
    assert [mail.recipient for mail in await stage.mailbox()] == ["bob@example.test"]
    errors = [run.error and run.error["detail"] for run in await stage.runs()]
    assert errors == ["The address does not want to be written to.", None]
    ledger = await books(db, project)
    assert (ledger.free, ledger.issued) == (1, 1)
