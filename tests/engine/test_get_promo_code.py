"""Get promo code: what its parameters must say, and what templates read where a block had no code."""

import pytest
from tests.stock import books, upload

PROJECT = """
pools:
  - {key: general, type: General, description: Codes without a type}
  - {key: gift, type: gift, description: Gifts, parameter: bonus}
channels:
  - {key: box, kind: mailbox, medium: email}
messages:
  - key: either
    medium: email
    channel: box
    languages:
      en:
        subject: Hi
        text: "#if($!data.get('bonus'))$data.get('bonus')#{else}none#end, $!{data.promocode}."
        sender: "Shop <s@example.test>"
workflows:
  - key: gift
    active: true
    blocks:
      start: {kind: start, eventType: gift, exits: {next: code}}
      code: {kind: getPromoCode, days: "${days}", type: "${type}", discount: "${discount}",
             exits: {found: mail, empty: mail}}
      mail: {kind: message, message: either, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
"""
ANN = {"EmailAddress": "ann@example.test", "days": "0", "type": "gift", "discount": 0}


async def texts(stage) -> list[str]:
    return [mail.content["text"] for mail in await stage.mailbox()]


async def test_a_template_may_ask_for_the_code_of_a_block_that_had_none_by_any_of_its_names(stage) -> None:
    await stage.apply(PROJECT)
    await stage.send("gift", ANN)
    await stage.work()
    assert await texts(stage) == ["none, ."]


async def test_zero_is_a_value_and_blanks_around_a_type_do_not_count(stage, db, project, now) -> None:
    await stage.apply(PROJECT)
    await upload(db, project, ["A"], now, type="gift", discount=0)
    await stage.send("gift", ANN | {"type": " gift "})
    await stage.work()
    assert await texts(stage) == ["A, A."]


@pytest.mark.parametrize("value", [None, "", "  "], ids=["null", "nothing", "blanks"])
@pytest.mark.parametrize("name", ["days", "type", "discount"])
async def test_a_parameter_that_the_event_did_not_give_fails_the_run_and_takes_no_other_code(
    stage, db, project, now, name, value
) -> None:
    await stage.apply(PROJECT)
    for type_ in ("General", "gift"):
        await upload(db, project, [f"{type_}-0", f"{type_}-50"], now, type=type_, discount=0)
    await stage.send("gift", ANN | {name: value}, {k: v for k, v in ANN.items() if k != name})
    await stage.work()
    for run in await stage.runs():
        assert run.error is not None
        assert run.error["type"] == "invalid-parameter"
        assert f"{name} is ${{{name}}}" in run.error["detail"]
    assert [(await books(db, project, type_)).free for type_ in ("General", "gift")] == [2, 2]
