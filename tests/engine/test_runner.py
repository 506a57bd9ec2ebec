"""The whole way in one process: an event, a code, a rendered message, a delivery."""

from datetime import timedelta

from tests.stock import books, upload

from tearoff.actions import contacts

PROJECT = """
fields:
  - {key: PROMOCODE, name: Promo code, type: TEXTFIELD}
pools:
  - {key: birthday, type: birthday, description: Codes for birthdays}
channels:
  - {key: box, kind: mailbox, medium: email}
messages:
  - key: hello
    medium: email
    channel: box
    languages:
      en:
        subject: "Happy birthday, $!data.get('firstName')"
        text: "Your code: $!data.get('promocode')"
        sender: "Shop <shop@example.test>"
workflows:
  - key: birthday
    name: Birthday
    active: true
    blocks:
      start: {kind: start, eventType: birthday, exits: {next: contact}}
      contact: {kind: getContact, email: "${EmailAddress}", create: true, exits: {next: code}}
      code: {kind: getPromoCode, type: birthday, days: 10, discount: "${discount}", saveToField: PROMOCODE,
             exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
"""


def people(count: int) -> list[dict[str, object]]:
    return [{"EmailAddress": f"p{n}@example.test", "discount": "10"} for n in range(count)]


async def test_each_person_gets_one_code_of_their_own_and_it_is_on_the_profile(stage, db, project, now) -> None:
    await upload(db, project, [f"CODE{n:04}" for n in range(300)], now)
    await stage.apply(PROJECT)
    await stage.send("birthday", *people(250))
    await stage.work()
    mails = await stage.mailbox()
    codes = {mail.recipient: mail.content["text"].removeprefix("Your code: ") for mail in mails}
    assert len(mails) == len(set(codes.values())) == 250
    assert all(mail.content["subject"] == "Happy birthday," for mail in mails)
    assert (await books(db, project)).issued == 250
    async with db.transaction() as tx:
        ids = [mail.contact_id for mail in mails]
        loaded = await contacts.load(tx, project_id=project, contact_ids=ids)
    assert {c.address_of("email"): next(iter(c.fields.values())) for c in loaded} == codes
    assert {run.state for run in await stage.runs()} == {"done"}
    [first, *_] = await stage.runs()
    assert [(s.kind, s.exit) for s in await stage.steps(first.run_id)] == [
        ("start", "next"),
        ("getContact", "next"),
        ("getPromoCode", "found"),
        ("message", "next"),
        ("end", None),
    ]


async def test_runs_without_a_code_hold_and_go_on_in_order_after_a_refill(stage, db, project, now) -> None:
    await upload(db, project, ["A"], now)
    await stage.apply(PROJECT)
    for person in people(4):
        await stage.send("birthday", person)
        await stage.work()
        stage.now += timedelta(seconds=1)
    assert [run.state for run in await stage.runs()] == ["done", "held", "held", "held"]
    await upload(db, project, ["B", "C"], stage.now)
    await stage.send("birthday", {"EmailAddress": "late@example.test", "discount": "10"})
    await stage.work()
    assert [run.state for run in await stage.runs()] == ["done", "done", "done", "held", "held"]
    assert [mail.content["text"][-1] for mail in await stage.mailbox()] == ["A", "B", "C"]
    await upload(db, project, ["D", "E", "F"], stage.now)
    await stage.work()
    assert {run.state for run in await stage.runs()} == {"done"}
    assert (await books(db, project)).free == 1


async def test_a_run_held_too_long_fails_with_the_reason(stage, db, project, now) -> None:
    await upload(db, project, ["A"], now, discount=99)
    await stage.apply(PROJECT)
    await stage.send("birthday", *people(1))
    await stage.work()
    stage.now += timedelta(hours=25)
    await stage.work()
    [run] = await stage.runs()
    assert run.state == "failed"
    assert run.error["type"] == "pool-empty"


async def test_a_template_that_misspells_the_code_sends_nothing_and_returns_it(stage, db, project, now) -> None:
    await upload(db, project, ["A"], now)
    await stage.apply(PROJECT.replace("$!data.get('promocode')", "$!data.get('promo_code')"))
    await stage.send("birthday", *people(1))
    await stage.work()
    [run] = await stage.runs()
    assert run.state == "failed"
    assert "promocode" in run.error["detail"]
    assert await stage.deliveries() == []
    ledger = await books(db, project)
    assert (ledger.free, ledger.reserved, ledger.issued) == (1, 0, 0)


async def test_a_pool_that_is_not_there_fails_the_run_by_name(stage, db, project, now) -> None:
    await stage.apply(PROJECT.replace("type: birthday, days", 'type: "${kind}", days'))
    first, second = people(2)
    await stage.send("birthday", {**first, "kind": "General"}, {**second, "kind": "easter"})
    await stage.work()
    assert [run.error["detail"] for run in await stage.runs()] == [
        "No launched pool has the type 'General'.",
        "No launched pool has the type 'easter'.",
    ]
