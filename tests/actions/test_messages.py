"""Messages over a real database: a new version when the words change, and only sound templates are kept."""

from datetime import datetime
from typing import Any

import pytest

from tearoff.actions import channels, messages, pools
from tearoff.domain.channels import ChannelDefinition
from tearoff.domain.messages import MessageDefinition
from tearoff.errors import Invalid
from tearoff.store import messages as store
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher

CIPHER = Cipher("a key that is long enough")


def message(text: str = "Your code: $data.get('promocode')", **changes: Any) -> MessageDefinition:
    languages = {"en": {"subject": "Hello", "html": "<p>Hello</p>\n" + text}}
    return MessageDefinition(**({"key": "hello", "medium": "email", "languages": languages} | changes))


async def test_only_other_words_make_a_new_version(db: Database, project: int, now: datetime) -> None:
    puts = [message(), message(), message(name="Greeting"), message("Bye"), message("Bye")]
    async with db.transaction() as tx:
        done = [(await messages.put(tx, project_id=project, message=each, now=now)).change for each in puts]
        assert done == ["created", "unchanged", "changed", "changed", "unchanged"]
        stored = await store.resolve(tx, project_id=project, reference="hello")
        versions = await store.list_versions(tx, project_id=project, message_id=stored.message_id)
        assert [version.version for version in versions] == [2, 1]
        pair = (stored.message_id, 1)
        old = (await store.get_versions(tx, project_id=project, pairs=[pair]))[pair]
        assert "promocode" in old.content.languages["en"]["html"]
        assert stored.content.languages["en"]["html"].endswith("Bye")


async def test_messages_are_found_as_a_set_by_id_or_key(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        put = await messages.put(tx, project_id=project, message=message(), now=now)
        found = await store.find(tx, project_id=project, references=[put.id, "hello", "gone", 10**12])
        assert {name: each.message_id for name, each in found.items()} == {str(put.id): put.id, "hello": put.id}
        assert await store.find(tx, project_id=project + 1, references=[put.id, "hello"]) == {}


async def test_a_template_that_cannot_be_compiled_is_refused_with_its_place(
    db: Database, project: int, now: datetime
) -> None:
    async with db.transaction() as tx:
        with pytest.raises(Invalid) as error:
            await messages.put(tx, project_id=project, message=message("#if($a)never closed"), now=now)
        [problem] = error.value.problems
        assert problem.pointer == "/languages/en/html"
        assert "line 2, column " in problem.detail


async def test_the_vendors_curly_quotes_are_named_and_corrected(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        with pytest.raises(Invalid, match=r"line 2, column 7: .*write \$!data\.get\('promocode'\)") as error:
            await messages.put(tx, project_id=project, message=message("Code: $!data.get(‘promocode’)"), now=now)
        assert [problem.pointer for problem in error.value.problems] == ["/languages/en/html"]


async def test_a_message_goes_out_by_a_channel_of_its_medium(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        for key, medium in (("mail", "email"), ("texts", "sms")):
            channel = ChannelDefinition(key=key, kind="mailbox", medium=medium)  # type: ignore[arg-type]
            await channels.put(tx, project_id=project, channel=channel, cipher=CIPHER, now=now)
        await messages.put(tx, project_id=project, message=message(channel="mail"), now=now)
        assert (await store.resolve(tx, project_id=project, reference="hello")).channel_key == "mail"
        for wrong, words in (("texts", "carries sms, not email"), ("gone", "no channel 'gone'")):
            with pytest.raises(Invalid, match=words):
                await messages.put(tx, project_id=project, message=message(channel=wrong), now=now)


async def test_a_merge_tag_that_names_a_missing_pool_is_refused(db: Database, project: int, now: datetime) -> None:
    tags = message("%PC_New_Year_1_7% %PC_GENERAL% %FIRSTNAME|you%")
    async with db.transaction() as tx:
        await pools.ensure(tx, project_id=project, types=["General"], now=now)
        with pytest.raises(Invalid) as error:
            await messages.put(tx, project_id=project, message=tags, now=now)
        [problem] = error.value.problems
        assert problem.detail == "%PC_New_Year_1_7%: there is no pool of the type 'New_Year'."
        with pytest.raises(Invalid, match="PC_<type>_<days>_<discount>"):
            await messages.put(tx, project_id=project, message=message("%PC_NEWYEAR%"), now=now)
        await pools.ensure(tx, project_id=project, types=["New_Year"], now=now)
        assert (await messages.put(tx, project_id=project, message=tags, now=now)).change == "created"
