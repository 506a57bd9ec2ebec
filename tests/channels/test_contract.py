"""What every kind of channel keeps, tried against a real other side of each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import perf_counter

import msgspec
import pytest
from tests.channels.rigs import RIGS, Mood, Rig, outgoing

from tearoff.channels import registry
from tearoff.domain.deliveries import Accepted, Content, EmailContent, PushContent, Refused, SmsContent, Unknown
from tearoff.errors import DeliveryFailed, Invalid

FALLIBLE = [kind for kind, rig in RIGS.items() if rig.can_fail]
MOODS: list[Mood] = ["fine", "busy", "fine", "nobody", "lost", "fine"]
EXPECTED = {"fine": (Accepted, None), "busy": (Refused, False), "nobody": (Refused, True), "lost": (Unknown, None)}


@pytest.fixture
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    made = RIGS[request.param]()
    await made.start()
    yield made
    await made.http.close()
    await made.stop()


each = pytest.mark.parametrize("rig", RIGS, indirect=True)
each_fallible = pytest.mark.parametrize("rig", FALLIBLE, indirect=True)


def test_every_kind_is_tried_here() -> None:
    assert RIGS.keys() == registry.KINDS.keys()


@each
async def test_a_message_arrives_once_and_is_accepted(rig: Rig) -> None:
    channel = rig.open()
    outcomes = await channel.send([rig.item(1)])
    assert [type(outcome) for outcome in outcomes] == [Accepted]
    assert rig.received() == [1]
    await channel.close()


@each
async def test_an_empty_set_is_no_work(rig: Rig) -> None:
    channel = rig.open()
    assert await channel.send([]) == []
    await channel.close()


@each_fallible
async def test_each_item_has_its_own_outcome_in_the_order_of_the_set(rig: Rig) -> None:
    channel = rig.open()
    moods = MOODS * 5
    outcomes = await channel.send([rig.item(n, mood) for n, mood in enumerate(moods)])
    assert [(type(one), getattr(one, "permanent", None)) for one in outcomes] == [EXPECTED[mood] for mood in moods]
    assert sorted(rig.received()) == [n for n, mood in enumerate(moods) if mood in ("fine", "lost")]
    await channel.close()


@each_fallible
async def test_a_content_of_another_medium_is_refused_and_harms_no_other(rig: Rig) -> None:
    channel = rig.open()
    contents = {
        "email": EmailContent(subject="s", text="t", sender="s@example.test"),
        "sms": SmsContent(text="t"),
        "push": PushContent(title="t", text="t"),
    }
    foreign = [content for medium, content in contents.items() if medium not in registry.KINDS[rig.kind].media]
    batch = [rig.item(1), *(outgoing(rig.kind, 2, "x", content) for content in foreign), rig.item(3)]
    first, *refused, last = await channel.send(batch)
    assert isinstance(first, Accepted)
    assert isinstance(last, Accepted)
    assert len(refused) == 2
    assert all(isinstance(one, Refused) and one.permanent for one in refused)
    await channel.close()


@each_fallible
@pytest.mark.parametrize("text", ["", "\ud800", "\x00", "a\r\nb: c", "${secret.token}", "\u2028", "x" * 20_000])
async def test_a_text_that_nobody_meant_harms_no_other_item(rig: Rig, text: str) -> None:
    channel = rig.open(**({"headers": {"X-To": "${recipient}"}, "body": "{}"} if rig.kind == "sms_http" else {}))
    contents: dict[str, Content] = {
        "email": EmailContent(subject=text, text=text, html=text, sender=text, reply_to=text, unsubscribe_url=text),
        "sms_http": SmsContent(text=text, sender=text),
        "fcm": PushContent(title=text, text=text, link=text, data={text: text}),
    }
    strange = outgoing(rig.kind, 2, text, contents[rig.kind])
    well_addressed = msgspec.structs.replace(rig.item(3), content=contents[rig.kind])
    outcomes = await channel.send([rig.item(1), strange, well_addressed, rig.item(4)])
    assert len(outcomes) == 4
    if rig.kind != "sms_http":
        assert isinstance(outcomes[0], Accepted)
        assert isinstance(outcomes[3], Accepted)
    await channel.close()


@each
async def test_several_sets_at_once_lose_and_repeat_nothing(rig: Rig) -> None:
    channel = rig.open()
    sets = [[rig.item(100 * s + n) for n in range(40)] for s in range(3)]
    for outcomes in await asyncio.gather(*(channel.send(batch) for batch in sets)):
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(rig.received()) == [item.delivery_id for batch in sets for item in batch]
    await channel.close()


@each_fallible
async def test_while_the_other_side_is_down_the_whole_set_is_refused_for_now_and_later_sent(rig: Rig) -> None:
    channel = rig.open()
    assert isinstance((await channel.send([rig.item(0)]))[0], Accepted)
    await rig.stop()
    started = perf_counter()
    outcomes = await channel.send([rig.item(n) for n in range(1, 51)])
    assert perf_counter() - started < 5
    assert all(isinstance(one, Refused) and not one.permanent for one in outcomes)
    with pytest.raises(DeliveryFailed):
        await channel.check()
    await rig.start()
    assert all(isinstance(one, Accepted) for one in await channel.send([rig.item(n) for n in range(1, 51)]))
    assert sorted(rig.received()) == list(range(51))
    await channel.close()


@each
async def test_the_check_says_what_it_found_and_sends_nothing(rig: Rig) -> None:
    channel = rig.open()
    assert (await channel.check()).endswith(".")
    assert rig.received() == []
    await channel.close()


@each
async def test_a_setting_that_is_not_there_is_named(rig: Rig) -> None:
    with pytest.raises(Invalid) as refused:
        rig.open(colour="red")
    assert [problem.pointer for problem in refused.value.problems] == ["/colour"]


@each_fallible
async def test_a_setting_of_the_wrong_type_is_named(rig: Rig) -> None:
    with pytest.raises(Invalid) as refused:
        rig.open(timeoutSeconds="soon")
    assert refused.value.problems[0].pointer == "/timeoutSeconds"


def test_a_kind_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid, match="pigeon"):
        registry.check_settings("pigeon", {})
