"""The message block: recipients, languages, tags, sources, sends without a workflow."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from tests.stock import books, upload

from tearoff.actions import contacts, unsubscribes
from tearoff.domain.contacts import ContactChange, Identity, Locator
from tearoff.domain.runs import SEND_BLOCK, NewRun
from tearoff.engine import callers, runner
from tearoff.store import dues, messages, runs, suppressions
from tearoff.store import fields as field_store

MESSAGE = """
channels:
  - {{key: box, kind: mailbox, medium: email}}
{sources}
messages:
  - key: hello
    medium: email
    channel: box
    languages:
      en: {{subject: Hi, text: "{text}", sender: "Shop <shop@example.test>"}}
      uk: {{subject: Привіт, text: "{text}", sender: "Shop <shop@example.test>"}}
workflows:
  - key: w
    active: true
    blocks:
      start: {{kind: start, eventType: go, exits: {{next: mail}}}}
      mail: {{kind: message, message: hello, email: "${{EmailAddress}}", language: "${{lang}}", exits: {{next: end}}}}
      end: {{kind: end}}
"""


def message(text: str, sources: str = "") -> str:
    return MESSAGE.format(text=text, sources=sources)


async def test_an_unknown_recipient_becomes_a_contact_and_reads_its_language(stage, db, project) -> None:
    await stage.apply(message("Hello $!data.get('name')"))
    await stage.send("go", {"EmailAddress": "New@Example.test", "lang": "uk", "name": "Ann"})
    await stage.work()
    [mail] = await stage.mailbox()
    assert (mail.recipient, mail.content["subject"], mail.content["text"]) == (
        "new@example.test",
        "Привіт",
        "Hello Ann",
    )
    async with db.transaction() as tx:
        assert await contacts.find(tx, project_id=project, identities=[Identity(email="new@example.test")]) == [
            mail.contact_id
        ]


async def test_a_message_whose_recipient_nobody_gave_goes_to_nobody_else(stage) -> None:
    text = message("Your friend asks you").replace("${EmailAddress}", "${friend}")
    await stage.apply(text)
    await stage.send("go", {"EmailAddress": "ann@example.test"}, {"EmailAddress": "ann@example.test", "friend": ""})
    await stage.send("go", {"EmailAddress": "ann@example.test", "friend": "bob@example.test"})
    await stage.work()
    reason = {"type": "no-recipient", "block": "mail"}
    reason["detail"] = "email is ${friend}, and neither the event nor a block gave it."
    assert [run.error for run in await stage.runs()] == [reason, reason, None]
    assert [mail.recipient for mail in await stage.mailbox()] == ["bob@example.test"]


async def test_the_contact_stands_in_where_the_block_names_it_too(stage, db, project, now) -> None:
    async with db.transaction() as tx:
        identity = Identity(email="ann@example.test")
        [ann] = await contacts.find_or_create(tx, project_id=project, identities=[identity], now=now)
    await stage.apply(message("Hi").replace('email: "${EmailAddress}"', 'email: "${to}", contactId: "${contactId}"'))
    await stage.send("go", {"contactId": ann})
    await stage.work()
    assert [mail.recipient for mail in await stage.mailbox()] == ["ann@example.test"]


async def test_a_set_that_renders_for_long_is_written_while_its_lease_holds(stage) -> None:
    await stage.apply(message("Hello $!data.get('n')"))
    await stage.send("go", *({"EmailAddress": f"a{n}@example.test", "n": n} for n in range(3)))
    hasty = replace(stage.engine, limits=replace(stage.engine.limits, lease=timedelta(0)))
    seen = []
    for _ in range(3):
        assert await runner.turn(hasty, stage.project, stage.now) > 0
        seen.append(sorted(run.state for run in await stage.runs()))
    assert seen == [["done", "due", "due"], ["done", "done", "due"], ["done"] * 3]
    await stage.work()
    assert sorted(mail.content["text"] for mail in await stage.mailbox()) == ["Hello 0", "Hello 1", "Hello 2"]


async def test_a_broken_address_and_a_suppressed_one_fail_their_runs_alone(stage, db, project, now) -> None:
    await stage.apply(message("Hello"))
    async with db.transaction() as tx:
        await suppressions.add(
            tx, project_id=project, kind="email", value="no@example.test", reason="unsubscribed", now=now
        )
    await stage.send("go", {"EmailAddress": "a@example.test"}, {"EmailAddress": "no@example.test"})
    await stage.send("go", {"EmailAddress": "not an address", "ContactKey": "k"})
    await stage.work()
    assert [run.error and run.error["type"] for run in await stage.runs()] == [None, "suppressed", "invalid-recipient"]
    assert [mail.recipient for mail in await stage.mailbox()] == ["a@example.test"]


async def test_the_unsubscribe_link_ends_the_mail_to_its_address(stage, db, engine, project, now) -> None:
    await stage.apply(message("Hello"))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    [mail] = await stage.mailbox()
    token = mail.content["unsubscribe_url"].rpartition("/")[2]
    async with db.transaction() as tx:
        await unsubscribes.unsubscribe(tx, unsubscribes.read(engine.cipher, token), now=now)
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert len(await stage.mailbox()) == 1


async def test_codes_of_merge_tags_are_claimed_once_a_run_and_held_for_when_empty(stage, db, project, now) -> None:
    await upload(db, project, ["A"], now, type="New_Year", discount=7)
    await stage.apply(message("Code %PC_New_Year_0_7% and again %PC_New_Year_0_7%"))
    await stage.send("go", {"EmailAddress": "a@example.test"}, {"EmailAddress": "b@example.test"})
    await stage.work()
    assert [m.content["text"] for m in await stage.mailbox()] == ["Code A and again A"]
    assert sorted(run.state for run in await stage.runs()) == ["done", "held"]
    await upload(db, project, ["B"], now, type="New_Year", discount=7)
    await stage.work()
    assert [m.content["text"] for m in await stage.mailbox()] == ["Code A and again A", "Code B and again B"]
    assert (await books(db, project, "New_Year")).issued == 2


FIELDS = """
fields:
  - {key: CITY, name: City}
  - {key: GIFT, name: The code of a gift}
pools:
  - {key: gift, type: gift, description: Gifts}
"""
SAVES = """
  - key: saves
    active: true
    blocks:
      start: {kind: start, eventType: saves, exits: {next: code}}
      code: {kind: getPromoCode, type: gift, saveToField: GIFT, exits: {found: end}}
      end: {kind: end}
"""


async def add_ann(stage, db, project, **fields: str) -> None:
    async with db.transaction() as tx:
        ids = {f.key: f.field_id for f in await field_store.list_all(tx, project_id=project)}
        kept = {ids[key]: value for key, value in fields.items()}
        ann = ContactChange(first_name="Ann", locators=(Locator(kind="email", value="ann@example.test"),), fields=kept)
        await contacts.upsert(tx, project_id=project, contacts=[ann], now=stage.now)


async def test_tags_about_the_contact_are_read_as_data_too(stage, db, project) -> None:
    text = (
        "$!data.get('FIRSTNAME') of $!data.get('PERSONAL.CITY')#if($data.get('LASTNAME')) no#end, $!data.get('EMAIL')"
    )
    await stage.apply(message(text, FIELDS))
    await add_ann(stage, db, project, CITY="Kyiv")
    await stage.send("go", {"EmailAddress": "ann@example.test", "EMAIL": "the event's own"})
    await stage.work()
    assert [mail.content["text"] for mail in await stage.mailbox()] == ["Ann of Kyiv, the event's own"]


@pytest.mark.parametrize(
    ("tag", "code", "text"),
    [
        ("%PERSONAL.GIFT%", "G-1", "Your code: G-1"),
        ("%PERSONAL.GIFT%", "", None),
        ("%PERSONAL.GIFT|none%", "", "Your code: none"),
        ("%PERSONAL.GIFT|%", "", "Your code: "),
        ("%PERSONAL.CITY%", "", "Your code: "),
        ("#if($data.get('x'))%PERSONAL.GIFT%#end", "", "Your code: "),
    ],
)
async def test_a_field_that_holds_codes_leaves_no_hole_where_it_is_empty(stage, db, project, tag, code, text) -> None:
    await stage.apply(message(f"Your code: {tag}", FIELDS) + SAVES)
    await add_ann(stage, db, project, GIFT=code or None)
    await stage.send("go", {"EmailAddress": "ann@example.test"})
    await stage.work()
    assert [mail.content["text"] for mail in await stage.mailbox()] == ([] if text is None else [text])
    [run] = await stage.runs()
    assert (run.error and run.error["type"]) == (None if text is not None else "code-missing")


async def send_prepared(stage, db, project, *requests: dict[str, Any]) -> None:
    async with db.transaction() as tx:
        found = await messages.resolve(tx, project_id=project, reference="hello")
        made = [
            NewRun(None, None, None, None, None, SEND_BLOCK, {"messageId": found.message_id, "isEmail": True, **data})
            for data in requests
        ]
        await runs.add_all(tx, project_id=project, runs=made, now=stage.now)
        await dues.bump(tx, project_id=project, actor="runner", due_at=stage.now)
    await stage.work()


async def test_a_prepared_message_goes_to_each_recipient_with_its_own_parameters(stage, db, project) -> None:
    await stage.apply(message("Your code: $!data.get('code')"))
    await send_prepared(
        stage,
        db,
        project,
        {"locator": "a@example.test", "jsonParam": {"code": "ABC-1"}, "fromName": "V-COMP"},
        {"locator": "b@example.test", "jsonParam": {"code": "ABC-2"}, "languageCode": "uk"},
        {"locator": "c@example.test", "jsonParam": None},
    )
    first, second = await stage.mailbox()
    assert first.content["text"] == "Your code: ABC-1"
    assert first.content["sender"] == "V-COMP <shop@example.test>"
    assert (second.content["text"], second.content["subject"]) == ("Your code: ABC-2", "Привіт")
    assert [run.error and run.error["type"] for run in await stage.runs()] == [None, None, "code-missing"]


@pytest.fixture
async def shop() -> AsyncIterator[tuple[str, list[Any]]]:
    """A shop's own server: what was posted to it, and an answer for each post."""
    seen: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        seen.append(await request.json())
        return web.json_response({"ok": True, "price": 42, "n": len(seen)})

    app = web.Application()
    app.router.add_post("/take", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield f"http://127.0.0.1:{port}/take", seen
    await runner.cleanup()


def source(url: str, body: str, policy: str = "fail") -> str:
    return f"""
sources:
  - key: shop
    name: my shop
    method: POST
    url: {url}
    format: json
    body: '{body}'
    onFailure: "{policy}"
    retries: 0
"""


async def test_a_source_is_called_once_a_run_and_its_answer_is_read(stage, db, project, shop) -> None:
    url, seen = shop
    text = "#set($url = $!data.get('my shop'))$data.get('my shop').get('price') $data.get('my shop').n"
    await stage.apply(message(text, source(url, '{"who": "$data.get("EmailAddress")"}')))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert seen == [{"who": "a@example.test"}]
    [mail] = await stage.mailbox()
    assert mail.content["text"] == "42 1"


NAME = 'Ann "A" \\ Co\n", "role": "admin'


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ('{"who": "$data.get("name")"}', {"who": NAME}),
        ('{"who": "$!data.get("person").get("name")", "n": $data.get("n")}', {"who": NAME, "n": 5}),
        ('{"who": "$esc.javascript($data.get("name"))"}', {"who": NAME}),
        ('{"order": $data.get("order"), "who": "x"}', {"order": {"id": 1, "note": 'a "b"'}, "who": "x"}),
    ],
    ids=["a text", "a text inside an object", "a text that the template escapes", "JSON that came as a text"],
)
async def test_a_text_with_quotes_stays_inside_those_of_a_json_body(stage, shop, body, heard) -> None:
    url, seen = shop
    await stage.apply(message("$!data.get('my shop').get('n')", source(url, body)))
    params = {"name": NAME, "person": {"name": NAME}, "n": 5, "order": '{"id": 1, "note": "a \\"b\\""}'}
    await stage.send("go", {"EmailAddress": "a@example.test", **params})
    await stage.work()
    assert seen == [heard]
    assert [mail.content["text"] for mail in await stage.mailbox()] == ["1"]


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ('{"who": "$data.get("token")"}', []),
        ('{"who": "${data.get("token")}"}', []),
        ('{"who": "$!data.get("token")"}', [{"who": ""}]),
    ],
)
async def test_a_source_is_not_told_a_reference_instead_of_a_value(stage, shop, body, heard) -> None:
    url, seen = shop
    await stage.apply(message("x$!data.get('my shop').get('n')", source(url, body)))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert seen == heard
    [run] = await stage.runs()
    assert (run.state == "done") == bool(heard)
    assert run.error is None or "it reads 'token', which nobody gave" in run.error["detail"]


async def test_a_source_in_a_branch_not_taken_is_not_called(stage, shop) -> None:
    url, seen = shop
    await stage.apply(message("#if($data.get('x'))$data.get('my shop')#{else}no#end", source(url, "{}")))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert seen == []
    assert [mail.content["text"] for mail in await stage.mailbox()] == ["no"]


@pytest.mark.parametrize(("policy", "state"), [("fail", "failed"), ("null", "done")])
async def test_a_source_that_fails_follows_its_policy(stage, policy, state) -> None:
    dead = "http://127.0.0.1:9/none"
    await stage.apply(message("x$!data.get('my shop')", source(dead, "{}", policy)))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert [run.state for run in await stage.runs()] == [state]


@pytest.mark.parametrize(("name", "free", "issued"), [("promocode", 0, 1), ("EmailAddress", 1, 0)])
async def test_only_a_code_that_a_source_carried_away_stays_issued_when_its_message_fails(
    stage, db, project, now, shop, name, free, issued
) -> None:
    url, seen = shop
    await upload(db, project, ["A"], now, type="birthday")
    text = message(
        "#set($x = $data.get('my shop')) $data.get('promo_code')", source(url, f'{{"v": "$data.get("{name}")"}}')
    )
    code = "code: {kind: getPromoCode, type: birthday, exits: {found: mail}}\n      mail: {"
    await stage.apply(text.replace("exits: {next: mail}", "exits: {next: code}").replace("mail: {", code, 1))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert seen == [{"v": "A" if name == "promocode" else "a@example.test"}]
    assert [run.state for run in await stage.runs()] == ["failed"]
    ledger = await books(db, project)
    assert (ledger.free, ledger.issued) == (free, issued)


async def test_an_answered_run_is_found_again_by_the_loops_not_only_by_luck(stage, db, project, shop) -> None:
    url, _ = shop
    await stage.apply(message("$data.get('my shop').n", source(url, "{}")))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    for turn in (runner.turn, runner.turn, callers.turn):
        await turn(stage.engine, project, stage.now)
    async with db.transaction() as tx:
        assert project in await dues.list_projects(tx, actor="runner", now=stage.now, limit=1000)
