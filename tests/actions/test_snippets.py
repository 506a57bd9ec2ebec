"""Snippets over a real database: what is refused, who is named, and who waits for whom."""

import asyncio
from datetime import datetime

import pytest

from tearoff.actions import message_previews, messages, snippets, sources
from tearoff.config import Settings
from tearoff.domain.messages import MessageDefinition
from tearoff.domain.snippets import SnippetDefinition
from tearoff.domain.sources import SourceDefinition
from tearoff.errors import Conflict, Invalid
from tearoff.store import messages as stored_messages
from tearoff.store import snippets as store
from tearoff.store.db import Database


def sms(text: str, key: str = "hello") -> MessageDefinition:
    return MessageDefinition(key=key, medium="sms", languages={"en": {"text": text}})


async def put(db: Database, project: int, now: datetime, key: str, text: str, name: str = "") -> str:
    async with db.transaction() as tx:
        definition = SnippetDefinition(key=key, name=name, text=text)
        return (await snippets.put(tx, project_id=project, snippet=definition, now=now)).change


async def test_only_a_change_is_a_change_and_counts(db: Database, project: int, now: datetime) -> None:
    done = [await put(db, project, now, "foot", text) for text in ("a", "a", "b")]
    async with db.transaction() as tx:
        stored = await store.resolve(tx, project_id=project, reference="foot")
    assert done == ["created", "unchanged", "changed"]
    assert (stored.name, stored.text, stored.version) == ("foot", "b", 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n #parse('foot')", "line 2, column 2: There is no snippet 'foot'."),
        ("#include('head' 'foot')", "line 1, column 1: There is no snippet 'foot'."),
        ('#if($x)#parse("foot")#end', "line 1, column 8: There is no snippet 'foot'."),
    ],
)
async def test_a_message_that_names_an_unknown_snippet_is_refused_with_the_place(
    db: Database, project: int, now: datetime, text: str, said: str
) -> None:
    await put(db, project, now, "head", "x")
    async with db.transaction() as tx:
        with pytest.raises(Invalid) as error:
            await messages.put(tx, project_id=project, message=sms(text), now=now)
        assert [(each.pointer, each.detail) for each in error.value.problems] == [("/languages/en/text", said)]
        with pytest.raises(Invalid, match="There is no snippet"):
            await sources.put(
                tx, project_id=project, source=SourceDefinition(key="s", url="https://x.test/#parse('foot')"), now=now
            )


async def test_another_projects_snippets_are_unknown(db: Database, project: int, now: datetime) -> None:
    await put(db, project, now, "foot", "x")
    async with db.transaction() as tx:
        await messages.put(tx, project_id=project, message=sms("#parse('foot')"), now=now)
        assert await store.list_texts(tx, project_id=project + 1) == {}


async def test_a_snippet_is_checked_as_a_message_is(db: Database, project: int, now: datetime) -> None:
    for text, said in (
        ("#if($a)", "line 1, column 1"),
        ("$x.get(‘y’)", "line 1"),
        ("%PC_NOPOOL_1_1%", "there is no pool"),
        ("x" * 300_000, "at most 262144 bytes"),
        ("#parse('gone')", "There is no snippet 'gone'"),
    ):
        with pytest.raises(Invalid, match=said):
            await put(db, project, now, "foot", text)
    with pytest.raises(Invalid, match="no space at its ends"):
        await put(db, project, now, "foot", "x", " foot")
    await put(db, project, now, "self", "#if($more)#parse('self')#end")


async def test_what_is_read_is_neither_removed_nor_renamed_and_its_readers_are_named(
    db: Database, project: int, now: datetime
) -> None:
    await put(db, project, now, "foot", "x", "parts/foot")
    await put(db, project, now, "all", "#{parse}('parts/foot')")
    async with db.transaction() as tx:
        await messages.put(tx, project_id=project, message=sms("#include('parts/foot')"), now=now)
        source = SourceDefinition(key="crm", url="https://x.test/?#parse('parts/foot')")
        await sources.put(tx, project_id=project, source=source, now=now)
        foot = await store.resolve(tx, project_id=project, reference="foot")
        named = "is read by the message 'hello', the snippet 'all', the source 'crm'."
        with pytest.raises(Conflict, match=named):
            await snippets.remove(tx, project_id=project, snippet=foot)
    with pytest.raises(Conflict, match=named):
        await put(db, project, now, "foot", "x", "other")
    assert await put(db, project, now, "foot", "y", "parts/foot") == "changed"


async def test_only_the_newest_words_of_a_message_count(db: Database, project: int, now: datetime) -> None:
    await put(db, project, now, "foot", "x")
    async with db.transaction() as tx:
        for text in ("#parse('foot')", "the word parse, and 'foot'"):
            await messages.put(tx, project_id=project, message=sms(text), now=now)
        foot = await store.resolve(tx, project_id=project, reference="foot")
        await snippets.remove(tx, project_id=project, snippet=foot)
        assert await store.find(tx, project_id=project, key="foot") is None


async def test_a_snippet_is_not_removed_under_a_message_that_is_just_being_kept(
    db: Database, project: int, now: datetime
) -> None:
    await put(db, project, now, "foot", "x")

    async def removed() -> str:
        async with db.transaction() as tx:
            foot = await store.resolve(tx, project_id=project, reference="foot")
            await snippets.remove(tx, project_id=project, snippet=foot)
        return "gone"

    async with db.transaction() as tx:
        await messages.put(tx, project_id=project, message=sms("#parse('foot')"), now=now)
        removing = asyncio.create_task(removed())
        done, _ = await asyncio.wait([removing], timeout=0.3)
        assert not done
    with pytest.raises(Conflict, match="message 'hello'"):
        await removing
    async with db.transaction() as tx:
        assert await stored_messages.resolve(tx, project_id=project, reference="hello")


async def test_two_snippets_do_not_share_a_name(db: Database, project: int, now: datetime) -> None:
    await put(db, project, now, "one", "x", "foot")
    with pytest.raises(Conflict, match="Another snippet has the name 'foot'"):
        await put(db, project, now, "two", "x", "foot")


async def test_a_preview_shows_what_the_snippets_say_now(db: Database, project: int, now: datetime) -> None:
    await put(db, project, now, "foot", "")
    async with db.transaction() as tx:
        await messages.put(tx, project_id=project, message=sms("Hi. #parse('foot')"), now=now)
    for text in ("Bye", "Good night"):
        await put(db, project, now, "foot", text + " $!name $!promocode")
        async with db.transaction() as tx:
            found = await stored_messages.resolve(tx, project_id=project, reference="hello")
            shown = await message_previews.render(
                tx,
                project_id=project,
                content=found.content,
                language=None,
                data={"name": "Ann"},
                now=now,
                settings=Settings(),
            )
        assert shown.texts == {"text": f"Hi. {text} Ann {shown.samples[message_previews.PROMOCODE]}"}
