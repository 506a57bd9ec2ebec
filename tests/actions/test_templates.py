"""The limits of templates at the doors of messages: what is kept, shown and sent obeys the operator and the project."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from tests.engine.conftest import engine, stage  # noqa: F401
from tests.engine.test_message import message

from tearoff.actions import message_previews, messages, templates
from tearoff.config import TEMPLATE_LIMITS, Settings, from_environment
from tearoff.domain.messages import MessageDefinition
from tearoff.errors import Invalid, Misconfigured
from tearoff.store import messages as stored
from tearoff.store.db import Database
from tearoff.velocity import DEFAULT, Limits

AT_SENDING = [
    ("output_bytes_max", 40, "#foreach($i in [1..30])ab#end", "bytes of output"),
    ("steps_max", 50, "#foreach($i in [1..99])$i#end", "steps"),
    ("macro_depth_max", 3, "#macro(m $n)#if($n > 0)#set($k = $n - 1)#m($k)#end#end#m(9)", "macros call each other"),
    ("parse_depth_max", 3, "#parse('self')", "more than 3 deep"),
    ("evaluations_max", 2, '#foreach($i in [1..3])#evaluate("$i")#end', "texts to evaluate"),
    ("range_max", 9, "#foreach($i in [1..11])$i#end", "a range of more than 9"),
    ("string_max", 300, "#set($s = 'abcdefgh')#foreach($i in [1..9])#set($s = \"$s$s\")#end", "longer than 300"),
    ("memory_max", 500, "#set($s = 'abcdefgh')#foreach($i in [1..9])#set($s = \"$s$s\")#end", "elements built"),
    ("digits_max", 30, "#set($n = 9)#foreach($i in [1..9])#set($n = $n * $n)#end", "digits"),
    ("regex_seconds_max", 0.01, "#set($s = 'a')$s.repeat(40).matches('(a|a)*[^a]')", "regular expression"),
    ("render_seconds_max", 0.01, '#foreach($i in [1..99999])#set($x = "$i$i")#end', "seconds"),
]
AT_KEEPING = [
    ("template_bytes_max", 40, "x" * 41, "at most 40 bytes"),
    ("tokens_max", 20, "$a $b " * 20, "more than 20 tokens"),
    ("nesting_max", 3, "#if($a)" * 5 + "#end" * 5, "nested too deep"),
    ("digits_max", 30, "#set($x = 1" + "0" * 40 + ")", "at most 30 digits"),
]


def sms(text: str) -> MessageDefinition:
    return MessageDefinition(key="hello", medium="sms", languages={"en": {"text": text}})


def tight(name: str, value: float) -> Settings:
    return Settings(public_url="https://tearoff.example", template_limits={name: value})


def test_every_limit_but_the_number_of_problems_is_a_setting() -> None:
    assert {name for name, _ in TEMPLATE_LIMITS.values()} == set(Limits.__struct_fields__) - {"problems_max"}
    assert {row[0] for row in (*AT_SENDING, *AT_KEEPING)} == {name for name, _ in TEMPLATE_LIMITS.values()}
    assert templates.limits_of(Settings()) == DEFAULT


@pytest.mark.parametrize("variable", sorted(TEMPLATE_LIMITS))
def test_a_setting_is_read_and_a_wrong_one_is_refused_by_name(variable: str) -> None:
    name, most = TEMPLATE_LIMITS[variable]
    assert getattr(templates.limits_of(from_environment({variable: str(most)})), name) == most
    for wrong in ("0", "-1", "many", str(most + 1), "nan", *([] if "SECONDS" in variable else ["1.5"])):
        with pytest.raises(Misconfigured, match=variable):
            from_environment({variable: wrong})


@pytest.mark.parametrize(("name", "value", "text", "said"), AT_SENDING, ids=[row[0] for row in AT_SENDING])
async def test_a_message_that_passes_a_limit_is_neither_shown_nor_sent(
    stage: Any,  # noqa: F811
    name: str,
    value: float,
    text: str,
    said: str,
) -> None:
    quoted = text.replace('"', '\\"')
    await stage.apply("snippets:\n  - {key: self, text: \"#parse('self')\"}\n" + message(quoted))
    settings = tight(name, value)
    async with stage.db.transaction() as tx:
        found = await stored.resolve(tx, project_id=stage.project, reference="hello")
        shown = await message_previews.render(
            tx,
            project_id=stage.project,
            content=found.content,
            language=None,
            data={},
            now=stage.now,
            settings=settings,
        )
    assert said in shown.problems[0].detail
    stage.engine = replace(stage.engine, settings=settings)
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    [run] = await stage.runs()
    assert run.error and run.error["type"] == "template"
    assert said in run.error["detail"]
    assert await stage.mailbox() == []


@pytest.mark.parametrize(("name", "value", "text", "said"), AT_KEEPING, ids=[row[0] for row in AT_KEEPING])
async def test_a_message_that_is_too_much_is_not_kept(
    db: Database, project: int, now: datetime, name: str, value: float, text: str, said: str
) -> None:
    limits = templates.limits_of(tight(name, value))
    async with db.transaction() as tx:
        with pytest.raises(Invalid, match=said):
            await messages.put(tx, project_id=project, message=sms(text), now=now, limits=limits)
        await messages.put(tx, project_id=project, message=sms(text), now=now)


async def test_a_projects_own_limit_holds_for_it_alone_and_only_tightens(stage: Any) -> None:  # noqa: F811
    text = message("#foreach($i in [1..99])$i#end")
    await stage.apply("project: {templateLimits: {steps_max: 50}}\n" + text)
    await stage.send("go", {"EmailAddress": "a@example.test"})
    await stage.work()
    assert [run.state for run in await stage.runs()] == ["failed"]
    await stage.apply("project: {templateLimits: {}}")
    await stage.send("go", {"EmailAddress": "b@example.test"})
    await stage.work()
    assert [run.state for run in await stage.runs()] == ["failed", "done"]
    for wrong, said in (
        ("steps_max: 2000000", "up to 1000000"),
        ("steps: 5", "steps_max"),
        ("steps_max: 1.5", "up to"),
    ):
        with pytest.raises(Invalid, match=said):
            await stage.apply(f"project: {{templateLimits: {{{wrong}}}}}")
    own = templates.limits_of(tight("steps_max", 10), {"steps_max": 20, "range_max": 5})
    assert (own.steps_max, own.range_max) == (10, 5)
