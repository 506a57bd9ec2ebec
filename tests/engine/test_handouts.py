"""Pools' policies as the engine follows them: the same code again, caps, windows, and multi-use codes in messages."""

from datetime import timedelta

import msgspec
import pytest
from tests.stock import books, pool_of, upload

from tearoff.actions import codes, pools, revocations
from tearoff.actions.runs import retry
from tearoff.domain.pools import Cap, definition_of
from tearoff.domain.validity import Span, Validity
from tearoff.store import pools as store
from tearoff.store import suppressions
from tearoff.store.db import fetch_all

PROJECT = """
fields:
  - {key: PROMOCODE, name: Promo code, type: TEXTFIELD}
pools:
  - {key: gift, type: gift, description: Gifts, parameter: gift}
channels:
  - {key: box, kind: mailbox, medium: email}
messages:
  - key: hello
    medium: email
    channel: box
    languages: {en: {subject: Hi, text: "$!data.get('gift') $!data.get('promocode')", sender: "Shop <s@example.test>"}}
  - key: public
    medium: email
    channel: box
    languages:
      en:
        subject: Hi
        text: "${MultiplePromoCodes.WithTypeGift.FirstAvailable.Value}"
        sender: "Shop <s@example.test>"
  - key: reminder
    medium: email
    channel: box
    languages:
      en:
        subject: Hi
        text: "${Recipient.LastReceivedPromoCode.WithTypeGift.Value}"
        sender: "Shop <s@example.test>"
workflows:
  - key: reminder
    active: true
    blocks:
      start: {kind: start, eventType: reminder, exits: {next: mail}}
      mail: {kind: message, message: reminder, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
  - key: first
    active: true
    blocks:
      start: {kind: start, eventType: first, exits: {next: code}}
      code: {kind: getPromoCode, type: gift, exits: {found: mail}}
      mail: {kind: message, message: reminder, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
  - key: twice
    active: true
    blocks:
      start: {kind: start, eventType: twice, exits: {next: one}}
      one: {kind: getPromoCode, type: gift, exits: {found: two}}
      two: {kind: getPromoCode, type: gift, reissue: run, exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
  - key: once
    active: true
    blocks:
      start: {kind: start, eventType: once, exits: {next: contact}}
      contact: {kind: getContact, email: "${EmailAddress}", create: true, exits: {next: code}}
      code: {kind: getPromoCode, type: gift, saveToField: PROMOCODE, exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
  - key: other
    active: true
    blocks:
      start: {kind: start, eventType: other, exits: {next: code}}
      code: {kind: getPromoCode, type: gift, exits: {found: mail, empty: end}}
      mail: {kind: message, message: hello, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
  - key: public
    active: true
    blocks:
      start: {kind: start, eventType: public, exits: {next: mail}}
      mail: {kind: message, message: public, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
"""
ANN, BOB = {"EmailAddress": "ann@example.test"}, {"EmailAddress": "bob@example.test"}


@pytest.fixture
def setup(stage, db, project, now):
    """Makes the project, and its pool with these settings and codes."""

    async def make(*codes, expires_at=None, code_type="single", **settings):
        await stage.apply(PROJECT.replace("parameter: gift}", f"parameter: gift, codeType: {code_type}}}"))
        async with db.transaction() as tx:
            pool = await store.get(tx, project_id=project, pool_id=await pool_of(db, project, "gift"))
            wanted = msgspec.structs.replace(definition_of(pool), **settings)
            await pools.put(tx, project_id=project, pools=[wanted], now=now)
        await upload(db, project, codes or ["A", "B", "C"], now, type="gift", expires_at=expires_at, discount=None)

    return make


async def texts(stage):
    return [(mail.recipient.partition("@")[0], mail.content["text"]) for mail in await stage.mailbox()]


async def test_a_code_is_read_by_the_pool_s_parameter_beside_promocode(stage, setup) -> None:
    await setup()
    await stage.send("once", ANN)
    await stage.work()
    assert await texts(stage) == [("ann", "A A")]


async def test_two_blocks_of_one_run_give_the_same_code(stage, db, project, setup) -> None:
    await setup()
    await stage.send("twice", ANN, BOB)
    await stage.work()
    assert sorted(await texts(stage)) == [("ann", "A A"), ("bob", "B B")]
    assert (await books(db, project, "gift")).issued == 2


async def test_a_contact_gets_the_same_code_in_every_run_of_the_workflow_only(stage, db, project, setup) -> None:
    await setup(reissue="workflow")
    for _ in range(2):
        await stage.send("once", ANN)
        await stage.work()
    await stage.send("other", ANN)
    await stage.work()
    assert [text for _, text in await texts(stage)] == ["A A", "A A", "B B"]


async def test_a_contact_gets_the_same_code_in_every_workflow_of_the_pool(stage, db, project, setup) -> None:
    await setup(reissue="pool")
    await stage.send("once", ANN, ANN, BOB)
    await stage.work()
    await stage.send("other", ANN)
    await stage.work()
    assert sorted(await texts(stage)) == [("ann", "A A"), ("ann", "A A"), ("ann", "A A"), ("bob", "B B")]
    ledger = await books(db, project, "gift")
    assert (ledger.issued, ledger.free) == (2, 1)


async def test_who_has_a_code_does_not_wait_behind_those_who_have_none(stage, setup, now) -> None:
    await setup("A", reissue="pool")
    await stage.send("once", ANN)
    await stage.work()
    await stage.send("once", BOB)
    await stage.work()
    stage.now = now + timedelta(minutes=1)
    await stage.send("once", ANN)
    await stage.work()
    assert await texts(stage) == [("ann", "A A"), ("ann", "A A")]
    assert [run.state for run in await stage.runs()] == ["done", "held", "done"]


async def test_a_run_beyond_the_cap_fails_or_leaves_empty_and_takes_no_code(stage, db, project, setup) -> None:
    await setup(cap=Cap(max=1))
    await stage.send("once", ANN, ANN)
    await stage.work()
    await stage.send("other", ANN)
    await stage.work()
    assert await texts(stage) == [("ann", "A A")]
    runs = await stage.runs()
    assert sorted(run.state for run in runs) == ["done", "done", "failed"]
    assert [run.error["type"] for run in runs if run.error] == ["cap-reached"]
    assert (await books(db, project, "gift")).issued == 1


async def test_a_run_that_found_the_pool_empty_uses_up_nothing_of_what_its_contact_may_have(
    stage, db, project, now, setup
) -> None:
    """maestra.md 11 h: the run is an error, and the frequency is not consumed."""
    await setup(cap=Cap(max=1, period=Span(1, "years"), is_calendar=True))
    async with db.transaction() as tx:
        for value in "ABC":
            await codes.withdraw(tx, project_id=project, value=value, reason="empty", now=now)
    await stage.send("once", ANN)
    await stage.work()
    stage.now = now + timedelta(hours=25)
    await stage.work()
    [run] = await stage.runs()
    assert (run.state, run.error["type"], await stage.mailbox()) == ("failed", "pool-empty", [])
    await upload(db, project, ["D", "E"], stage.now, type="gift", discount=None)
    await stage.send("once", ANN)
    await stage.work()
    assert await texts(stage) == [("ann", "D D")]
    async with db.transaction() as tx:
        assert await retry(tx, project_id=project, run_ids=[run.run_id], now=stage.now) == [run.run_id]
    await stage.work()
    assert [run.error and run.error["type"] for run in await stage.runs()] == ["cap-reached", None]
    assert (await books(db, project, "gift")).issued == 1


async def test_a_code_that_came_back_uses_up_nothing_of_what_its_contact_may_have(
    stage, db, project, now, setup
) -> None:
    await setup(cap=Cap(max=1))
    at = {"project_id": project, "kind": "email", "value": ANN["EmailAddress"]}
    async with db.transaction() as tx:
        await suppressions.add(tx, **at, reason="bounced", now=now)
    await stage.send("once", ANN)
    await stage.work()
    assert [run.error["type"] for run in await stage.runs()] == ["suppressed"]
    async with db.transaction() as tx:
        await suppressions.remove(tx, **at)
    await stage.send("once", ANN)
    await stage.work()
    assert await texts(stage) == [("ann", "B B")]
    assert (await books(db, project, "gift")).issued == 1


async def test_runs_wait_for_the_pool_s_window_to_open(stage, now, setup) -> None:
    await setup(issue_from=now + timedelta(hours=2))
    await stage.send("once", ANN)
    await stage.work()
    assert [run.state for run in await stage.runs()] == ["held"]
    stage.now = now + timedelta(hours=2)
    await stage.work()
    assert await texts(stage) == [("ann", "A A")]


async def test_a_code_that_ran_out_by_its_validity_is_not_sent(stage, now, setup) -> None:
    await setup(valid_for=Validity(ends_after=Span(1, "hours")))
    await stage.send("once", ANN)
    await stage.work(sending=False)
    [delivery] = await stage.deliveries()
    assert delivery.state == "waiting"
    stage.now = now + timedelta(hours=1)
    await stage.work()
    assert await stage.mailbox() == []


async def test_a_message_with_a_code_that_was_revoked_is_not_sent(stage, db, project, now, setup) -> None:
    await setup()
    await stage.send("once", ANN)
    await stage.work(sending=False)
    async with db.transaction() as tx:
        await revocations.revoke(tx, project_id=project, value="A", reason="a mistake", now=now)
    await stage.work()
    assert await stage.mailbox() == []


async def test_multi_use_codes_are_printed_and_never_taken(stage, db, project, setup) -> None:
    await setup(code_type="multi")
    await stage.send("public", ANN, BOB)
    await stage.work()
    assert sorted(await texts(stage)) == [("ann", "A"), ("bob", "A")]
    assert (await books(db, project, "gift")).free == 3


async def test_a_message_without_its_multi_use_code_is_not_sent(stage, setup) -> None:
    await setup()
    await stage.send("public", ANN)
    await stage.work()
    assert await stage.mailbox() == []
    [run] = await stage.runs()
    assert run.error["type"] == "code-missing"


async def test_a_reminder_prints_what_its_reader_received_last_and_takes_nothing(stage, db, project, setup) -> None:
    """maestra.md 6.7; who has no code is not written to with a hole."""
    await setup()
    await stage.send("once", ANN)
    await stage.work()
    await stage.send("reminder", ANN, BOB)
    await stage.work()
    assert await texts(stage) == [("ann", "A A"), ("ann", "A")]
    assert [run.error["type"] for run in await stage.runs() if run.error] == ["code-missing"]
    assert (await books(db, project, "gift")).issued == 1
    stage.now += timedelta(minutes=1)
    await stage.send("once", ANN)
    await stage.work()
    await stage.send("reminder", ANN)
    await stage.work()
    assert (await texts(stage))[-1] == ("ann", "B")


async def test_a_run_prints_the_code_that_it_holds_and_no_other_run_does(stage, setup) -> None:
    await setup()
    await stage.send("first", ANN)
    await stage.work(sending=False)
    await stage.send("reminder", ANN)
    await stage.work(sending=False)
    assert [run.error and run.error["type"] for run in await stage.runs()] == [None, "code-missing"]
    await stage.work()
    assert await texts(stage) == [("ann", "A")]


async def test_a_reminder_of_a_code_that_has_run_out_is_not_sent(stage, now, setup) -> None:
    await setup(valid_for=Validity(ends_after=Span(1, "hours")))
    await stage.send("once", ANN)
    await stage.work()
    await stage.send("reminder", ANN)
    await stage.work(sending=False)
    stage.now = now + timedelta(hours=1)
    await stage.work()
    await stage.send("reminder", ANN)
    await stage.work()
    assert await texts(stage) == [("ann", "A A")]
    assert [run.error["type"] for run in await stage.runs() if run.error][-1] == "code-missing"


async def test_the_claim_knows_its_workflow(stage, db, project, setup) -> None:
    await setup()
    await stage.send("once", ANN)
    await stage.work()
    async with db.transaction() as tx:
        query = "SELECT workflow_id FROM claim WHERE project_id = %(project_id)s AND workflow_id IS NOT NULL"
        assert len(await fetch_all(tx, query, {"project_id": project}, int)) == 1
