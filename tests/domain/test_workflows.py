"""Workflow definitions: parsed with every problem at once, and started by the events that pass their filter."""

from typing import Any

import pytest

from tearoff.domain.workflows import GetPromoCode, Start, exits_of, is_started_by, parse, plain
from tearoff.errors import Invalid

BIRTHDAY: dict[str, Any] = {
    "key": "birthday",
    "blocks": {
        "start": {"kind": "start", "eventType": "birthday", "exits": {"next": "who"}, "ui": {"x": 1, "y": 2}},
        "who": {"kind": "getContact", "email": "${EmailAddress}", "create": True, "exits": {"next": "code"}},
        "code": {
            "kind": "getPromoCode",
            "days": 10,
            "type": "birthday",
            "discount": "${discount}",
            "saveToField": "PROMOCODE",
            "exits": {"found": "mail", "empty": "end"},
        },
        "mail": {"kind": "message", "message": "birthday", "exits": {"next": "end"}},
        "end": {"kind": "end"},
    },
}


def start(filter: dict[str, Any] | None) -> Start:
    block: dict[str, Any] = {"kind": "start", "eventType": "birthday", "exits": {"next": "end"}}
    workflow = parse({"blocks": {"start": block | ({"filter": filter} if filter else {}), "end": {"kind": "end"}}})
    return workflow.starts[0]


def test_a_definition_becomes_typed_blocks() -> None:
    workflow = parse(BIRTHDAY)
    code = workflow.blocks["code"]
    assert isinstance(code, GetPromoCode)
    assert (code.days, code.discount, code.hold_hours) == (10, "${discount}", 24)
    assert exits_of(code) == {"found": "mail", "empty": "end"}
    assert exits_of(workflow.blocks["who"]) == {"next": "code"}


def test_the_plain_form_is_parsed_to_the_same_blocks_and_leaves_the_drawing_out() -> None:
    again = plain(parse(BIRTHDAY))
    assert "ui" not in again["blocks"]["start"]
    assert plain(parse(again)) == again
    assert parse(again).blocks["code"] == parse(BIRTHDAY).blocks["code"]


def test_every_problem_of_the_form_comes_at_once() -> None:
    with pytest.raises(Invalid) as error:
        parse(
            {
                "blocks": {
                    "start": {"kind": "start", "eventTyp": "birthday", "exits": {"next": "x"}},
                    "code": {"kind": "getPromoCode", "holdHours": "long", "exits": {"fund": "x"}},
                    "what": {"kind": "getCode"},
                    "list": [],
                }
            }
        )
    found = {problem.pointer: problem.detail for problem in error.value.problems}
    assert set(found) == {
        "/blocks/start/eventTyp",
        "/blocks/start/eventType",
        "/blocks/code/holdHours",
        "/blocks/code/exits/fund",
        "/blocks/code/exits/found",
        "/blocks/what/kind",
        "/blocks/list/kind",
    }
    assert "did you mean 'eventType'" in found["/blocks/start/eventTyp"]
    assert "getPromoCode" in found["/blocks/what/kind"]


@pytest.mark.parametrize(
    ("comparison", "value", "yes", "no"),
    [
        ("equals", "VIP", "VIP", "vip"),
        ("equals", 10, 10, 11),
        ("equals", True, True, False),
        ("notEquals", "VIP", None, "VIP"),
        ("isSet", None, 0, ""),
        ("isEmpty", None, None, "x"),
        ("contains", "I", "VIP", "VP"),
        ("notContains", "I", "VP", "VIP"),
        ("startsWith", "VI", "VIP", "AVIP"),
        ("notStartsWith", "VI", "AVIP", "VIP"),
        ("endsWith", "IP", "VIP", "VIPA"),
        ("notEndsWith", "IP", None, "VIP"),
        ("oneOf", ["a", 5], "5", "6"),
        ("oneOf", "a, b", "b", "a, b"),
        ("notOneOf", "a, b", None, "a"),
    ],
)
def test_a_comparison_lets_through_what_it_says(comparison: str, value: Any, yes: Any, no: Any) -> None:
    block = start({"all": [{"param": "level", "is": comparison} | ({} if value is None else {"value": value})]})
    assert is_started_by(block, {} if yes is None else {"level": yes})
    assert not is_started_by(block, {"level": no})


def test_all_must_hold_and_of_any_at_least_one() -> None:
    vip, old, rich = ({"param": name, "is": "isSet"} for name in ("vip", "old", "rich"))
    block = start({"all": [vip], "any": [old, rich]})
    assert is_started_by(block, {"vip": 1, "rich": 1})
    assert not is_started_by(block, {"vip": 1})
    assert not is_started_by(block, {"old": 1, "rich": 1})
    assert is_started_by(start(None), {})


def test_a_nested_parameter_is_found_along_its_dots() -> None:
    assert is_started_by(start({"all": [{"param": "order.sum", "is": "equals", "value": 5}]}), {"order": {"sum": 5}})
