"""Snippets in messages that are really sent: read with #parse and #include, changed between sends, never a hole."""

from tests.engine.test_message import message, send_prepared, shop, source  # noqa: F401
from tests.stock import books, upload

from tearoff.actions import snippets, templates
from tearoff.domain.snippets import SnippetDefinition
from tearoff.store import snippets as store

SNIPPETS = """
snippets:
  - {key: greeting, name: parts/greeting.vm, text: "Hello $!data.get('name')#parse('mark')"}
  - {key: mark, text: "!"}
  - {key: raw, text: "$x"}
  - {key: code, text: "Code %PC_New_Year_0_7% $!promocode"}
pools:
  - {key: new-year, description: Gifts, type: New_Year}
"""


async def change(stage, key: str, text: str, name: str = "") -> None:
    async with stage.db.transaction() as tx:
        definition = SnippetDefinition(key=key, name=name, text=text)
        await snippets.put(tx, project_id=stage.project, snippet=definition, now=stage.now)


async def texts(stage) -> list[str]:
    return [mail.content["text"] for mail in await stage.mailbox()]


async def test_a_mail_is_sent_with_what_its_snippets_say_when_it_is_sent(stage) -> None:
    await stage.apply(SNIPPETS + message("#parse('parts/greeting.vm') #include('raw')"))
    await stage.send("go", {"EmailAddress": "a@example.test", "name": "Ann"})
    await stage.work()
    await change(stage, "mark", "?")
    await stage.send("go", {"EmailAddress": "b@example.test", "name": "Ben"})
    await stage.work()
    assert await texts(stage) == ["Hello Ann! $x", "Hello Ben? $x"]


async def test_a_tag_in_a_snippet_claims_its_code(stage, db, project, now) -> None:
    await stage.apply(SNIPPETS + message("#parse('code')"))
    await upload(db, project, ["A"], now, type="New_Year", discount=7)
    await stage.send("go", {"EmailAddress": "a@example.test", "promocode": "B"})
    await stage.work()
    assert await texts(stage) == ["Code A B"]
    assert (await books(db, project, "New_Year")).issued == 1


async def test_a_snippet_that_reads_a_code_which_nobody_gave_leaves_no_hole(stage) -> None:
    await stage.apply(SNIPPETS.replace("%PC_New_Year_0_7%", "") + message("#parse('code')"))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert [run.error and run.error["type"] for run in await stage.runs()] == ["code-missing"]


async def test_a_sources_body_reads_a_snippet(stage, shop) -> None:  # noqa: F811
    url, seen = shop
    call = source(url, '{"v": "#parse("mark")"}')
    await stage.apply(SNIPPETS + message("$data.get('my shop').n", call))
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert (seen, await texts(stage)) == ([{"v": "!"}], ["1"])


async def test_a_name_computed_from_the_data_is_found_and_an_unknown_one_fails_its_run_alone(stage) -> None:
    await stage.apply("snippets:\n  - {key: mark, text: '!'}\n" + message("#parse($data.get('n'))"))
    await stage.send("go", {"EmailAddress": "a@example.test", "n": "mark"})
    await stage.send("go", {"EmailAddress": "b@example.test", "n": "none"})
    await stage.work()
    assert await texts(stage) == ["!"]
    assert [run.error and run.error["type"] for run in await stage.runs()] == [None, "template"]


async def test_messages_that_name_no_snippet_ask_for_none(stage, monkeypatch) -> None:
    await stage.apply(SNIPPETS + message("Hello"))

    async def never(*_: object, **__: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(store, "get_mark", never)
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert await texts(stage) == ["Hello"]


async def test_texts_are_read_once_and_again_only_after_a_change(stage, monkeypatch) -> None:
    await stage.apply(SNIPPETS + message("#parse('mark')"))
    reads = []
    list_texts = store.list_texts

    async def counted(*args, **kwargs):
        reads.append(1)
        return await list_texts(*args, **kwargs)

    monkeypatch.setattr(templates.snippets, "list_texts", counted)
    for n in range(3):
        await stage.send("go", {"EmailAddress": f"a{n}@example.test"})
        await stage.work()
    assert len(reads) <= 1
    await change(stage, "mark", ".")
    reads.clear()
    await stage.send("go", {"EmailAddress": "b@example.test"})
    await stage.work()
    assert (await texts(stage), len(reads)) == (["!", "!", "!", "."], 1)


async def test_a_message_sent_without_a_workflow_reads_snippets_too(stage, db, project) -> None:
    await stage.apply("snippets:\n  - {key: mark, text: '!'}\n" + message("Hi $!data.get('name')#parse('mark')"))
    await send_prepared(stage, db, project, {"locator": "a@example.test", "jsonParam": {"name": "Ann"}})
    assert await texts(stage) == ["Hi Ann!"]
