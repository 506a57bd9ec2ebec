"""One code's whole story, and a person who is forgotten while the books stay."""

import pytest
from tests import stock
from tests.promises.test_p10_isolation import rows

from tearoff.actions import contacts, erasures, redemptions
from tearoff.domain.contacts import ContactChange, locator_of
from tearoff.domain.redemptions import Use
from tearoff.errors import NotFound
from tearoff.store import audit, codes, events, queries, runs, stories
from tearoff.store import erasures as store
from tearoff.store import stock as stocks
from tearoff.store.db import execute, fetch_all

PROJECT = """
channels:
  - {key: box, kind: mailbox, medium: email}
pools:
  - {key: gift, type: gift, description: Gifts}
messages:
  - key: hello
    medium: email
    languages: {en: {subject: "Hi $!data.get('name')", text: "$!data.get('promocode')"}}
workflows:
  - key: greet
    active: true
    blocks:
      start: {kind: start, eventType: signup, exits: {next: contact}}
      contact: {kind: getContact, email: "${email}", create: true, exits: {next: code}}
      code: {kind: getPromoCode, type: gift, exits: {found: mail}}
      mail: {kind: message, message: hello, exits: {next: end}}
      end: {kind: end}
"""
HERS = {"email": "ann_1@x.test", "sms": "380500000001"}
ADD_RUNS = """
INSERT INTO run (project_id, contact_id, block, state, wake_at, started_at, finished_at)
SELECT %(project_id)s, n, 'end', 'done', %(now)s, %(now)s, %(now)s FROM generate_series(1, 5000) n
"""


async def sent(stage, count):
    """Codes mailed to so many people, the first of whom used hers."""
    await stage.apply(PROJECT)
    await stock.upload(stage.db, stage.project, [f"G{n}" for n in range(count)], stage.now, type="gift")
    people = [{"email": f"person{n}@x.test", "name": f"Person{n}"} for n in range(count)]
    await stage.send("signup", *people)
    await stage.work()
    used = Use(value="G0", order_id="order-1")
    [done] = await redemptions.redeem(stage.db, project_id=stage.project, uses=[used], now=stage.now)
    assert not isinstance(done, Exception), done


async def contact_of(stage, value):
    async with stage.db.transaction() as tx:
        code = await codes.get(tx, project_id=stage.project, value=value)
        acts = await stories.list_acts(tx, project_id=stage.project, code_id=code.code_id)
    return next(act.contact_id for act in acts if act.contact_id is not None), acts


async def test_the_story_of_a_code_tells_everything_in_order(stage):
    await sent(stage, 1)
    contact_id, acts = await contact_of(stage, "G0")
    assert [act.act for act in acts] == ["added", "reserved", "message sent", "issued", "redeemed"]
    assert {act.contact_id for act in acts[1:4]} == {contact_id}
    assert acts[0].who.startswith("import ")
    assert acts[4].who == "order order-1"


async def test_who_is_erased_leaves_no_word_behind_and_the_books_as_they_were(stage):
    await sent(stage, 2)
    pool_id = await stock.pool_of(stage.db, stage.project, "gift")
    contact_id, _ = await contact_of(stage, "G0")
    async with stage.db.transaction() as tx:
        before = await stocks.get(tx, project_id=stage.project, pool_id=pool_id, now=stage.now)
        foreseen = await store.foresee(tx, project_id=stage.project, contact_id=contact_id)
        done = await erasures.erase(tx, project_id=stage.project, contact_id=contact_id, by="Ann", now=stage.now)
    assert (done.runs, done.messages) == (foreseen.runs, foreseen.messages) == (1, 1)
    assert (foreseen.open_runs, foreseen.codes) == (0, 1)
    held = await rows(stage.db, stage.project)
    left = [(table, row) for table, found in held.items() for row in found if "person0" in str(row).lower()]
    assert left == []
    assert "person1" in str(held).lower()
    async with stage.db.transaction() as tx:
        assert await stocks.get(tx, project_id=stage.project, pool_id=pool_id, now=stage.now) == before
        [entry] = await audit.list_page(tx, project_id=stage.project, limit=9)
    assert (entry.actor, entry.action, entry.subject) == ("Ann", "erase", f"contact {contact_id}")
    assert (await stock.books(stage.db, stage.project, "gift")).issued == 2
    assert (await contact_of(stage, "G0"))[0] == contact_id
    assert await stock.issue(stage.db, stage.project, 1, stage.now, type="gift") == []


async def test_a_run_that_waits_is_stopped_when_its_person_is_erased(stage):
    await stage.apply(PROJECT)
    await stage.send("signup", {"email": "person0@x.test", "name": "Person0"})
    await stage.work()
    [run] = await stage.runs()
    assert run.state == "held"
    async with stage.db.transaction() as tx:
        assert (await store.foresee(tx, project_id=stage.project, contact_id=run.contact_id)).open_runs == 1
        await erasures.erase(tx, project_id=stage.project, contact_id=run.contact_id, by="Ann", now=stage.now)
        with pytest.raises(NotFound):
            await erasures.erase(tx, project_id=stage.project, contact_id=run.contact_id, by="Ann", now=stage.now)
        [run] = await runs.list_page(tx, project_id=stage.project)
    assert run.state == "stopped"
    await stock.upload(stage.db, stage.project, ["G0"], stage.now, type="gift")
    await stage.work()
    assert await stage.mailbox() == []


@pytest.mark.parametrize("name", ["list_open_runs", "list_runs"])
async def test_the_runs_of_a_person_are_found_by_an_index(stage, name):
    params = {"project_id": stage.project, "contact_id": 1, "now": stage.now}
    async with stage.db.transaction() as tx:
        await execute(tx, ADD_RUNS, params)
        await execute(tx, "ANALYZE run")
        plan = await fetch_all(tx, "EXPLAIN " + queries.load("erasures")[name], params, str)
    assert "run_contact" in "\n".join(plan)


async def events_of(stage):
    async with stage.db.transaction() as tx:
        found = await events.list_page(tx, project_id=stage.project, limit=99)
    return {(event.key_value, str(event.params.get("note", ""))) for event in found}


async def test_events_that_started_nothing_forget_the_person_too(stage):
    """Those that name her in any way, and no event that only looks so."""
    await stage.apply(PROJECT)
    change = {"external_id": "77", "locators": tuple(locator_of(k, v) for k, v in HERS.items())}
    async with stage.db.transaction() as tx:
        at = {"project_id": stage.project, "now": stage.now}
        [hers] = await contacts.upsert(tx, **at, contacts=[ContactChange(**change)])
    about = [{"email": "Ann_1@X.test"}, {"phone": "+380500000001"}, {"ExternalCustomerId": 77}, {"contactId": hers}]
    others = [{"email": "annx1@x.test"}, {"orderId": 77, "email": "ben@x.test"}, {"phone": "380500000002"}]
    told = [{**params, "note": f"n{n}"} for n, params in enumerate([*about, *others])]
    await stage.send("other", *told, {"note": "key"}, {"note": "no key"})
    async with stage.db.transaction() as tx:
        keys = "UPDATE event SET key_value = %(key)s WHERE project_id = %(p)s AND params ->> 'note' = %(note)s"
        await execute(tx, keys, {"p": stage.project, "key": "ann_1@x.test", "note": "key"})
        done = await erasures.erase(tx, project_id=stage.project, contact_id=hers, by="Ann", now=stage.now)
    assert done.events == len(about) + 1
    left = {note for _, note in await events_of(stage)}
    assert left == {"", "no key", *(f"n{n}" for n in range(len(about), len(told)))}
