"""The check before publishing: each rule refuses what it should, with the reason, and nothing else."""

from typing import Any

import pytest

from tearoff.domain.workflow_checks import Known, check
from tearoff.domain.workflows import parse

KNOWN = Known(
    messages=frozenset({"birthday", "1"}), pools=frozenset({"General", "birthday"}), fields=frozenset({"PROMOCODE"})
)


def blocks(**changes: Any) -> dict[str, Any]:
    return {
        "start": {"kind": "start", "eventType": "birthday", "exits": {"next": "who"}},
        "who": {"kind": "getContact", "email": "${EmailAddress}", "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": "birthday", "exits": {"found": "mail"}},
        "mail": {"kind": "message", "message": "birthday", "exits": {"next": "end"}},
        "end": {"kind": "end"},
    } | changes


def problems(**changes: Any) -> list[tuple[str, str]]:
    return [(each.pointer, each.detail) for each in check(parse({"blocks": blocks(**changes)}), KNOWN)]


def test_a_sound_workflow_has_no_problem() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"again": {"kind": "start", "eventType": "x", "exits": {"next": "end"}}}, "/blocks", "exactly one start"),
        ({"start": {"kind": "start", "eventType": " ", "exits": {"next": "who"}}}, "/blocks/start/eventType", "needed"),
        ({"lost": {"kind": "end"}}, "/blocks/lost", "No path"),
        (
            {"mail": {"kind": "message", "message": 1, "exits": {"next": "gone"}}},
            "/blocks/mail/exits/next",
            "no block 'gone'",
        ),
        (
            {"mail": {"kind": "message", "message": 1, "exits": {"next": "start"}}},
            "/blocks/mail/exits/next",
            "back to the start",
        ),
        (
            {"code": {"kind": "getPromoCode", "type": "birthday", "exits": {"found": "mail", "empty": "who"}}},
            "/blocks/who",
            "who → code → who goes round without a wait",
        ),
        (
            {"mail": {"kind": "message", "message": "nope", "exits": {"next": "end"}}},
            "/blocks/mail/message",
            "no message 'nope'",
        ),
        (
            {"code": {"kind": "getPromoCode", "type": "xmas", "exits": {"found": "mail"}}},
            "/blocks/code/type",
            "no pool of the type 'xmas'",
        ),
        (
            {"code": {"kind": "getPromoCode", "saveToField": "GONE", "exits": {"found": "mail"}}},
            "/blocks/code/saveToField",
            "no field 'GONE'",
        ),
        (
            {"code": {"kind": "getPromoCode", "days": "soon", "exits": {"found": "mail"}}},
            "/blocks/code/days",
            "whole number",
        ),
        ({"who": {"kind": "getContact", "exits": {"next": "code"}}}, "/blocks/who", "Say whom to find"),
        (
            {"start": {"kind": "start", "eventType": "x", "exits": {"next": "code"}}, "who": {"kind": "end"}},
            "/blocks/mail",
            "Nobody is named",
        ),
        (
            {
                "who": {"kind": "getContact", "email": "${‘Email’}", "exits": {"next": "code"}},
            },
            "/blocks/who/email",
            "write ${Email}",
        ),
        (
            {"code": {"kind": "getPromoCode", "type": "‘birthday’", "exits": {"found": "mail"}}},
            "/blocks/code/type",
            "write birthday",
        ),
        (
            {"who": {"kind": "getContact", "email": "${Email", "exits": {"next": "code"}}},
            "/blocks/who/email",
            "does not close",
        ),
    ],
)
def test_each_rule_refuses_with_the_reason(changes: dict[str, Any], pointer: str, words: str) -> None:
    assert any(at == pointer and words in detail for at, detail in problems(**changes)), problems(**changes)


def test_a_message_after_a_missing_contact_needs_its_own_recipient() -> None:
    who = {"kind": "getContact", "email": "${e}", "exits": {"next": "code", "missing": "mail"}}
    assert [at for at, _ in problems(who=who)] == ["/blocks/mail"]
    mail = {"kind": "message", "message": "birthday", "email": "${e}", "exits": {"next": "end"}}
    assert problems(who=who, mail=mail) == []


def test_paths_that_meet_again_are_no_round() -> None:
    code = {"kind": "getPromoCode", "exits": {"found": "mail", "empty": "end"}}
    assert problems(code=code) == []


def test_a_workflow_without_an_end_is_refused() -> None:
    found = check(parse({"blocks": {"start": {"kind": "start", "eventType": "x", "exits": {"next": "y"}}}}), KNOWN)
    assert "A workflow needs an end block." in [each.detail for each in found]


def test_parameters_may_name_message_and_type_at_run_time() -> None:
    code = {"kind": "getPromoCode", "type": "${type}", "days": "${days}", "exits": {"found": "mail"}}
    mail = {"kind": "message", "message": "${message}", "exits": {"next": "end"}}
    assert problems(code=code, mail=mail) == []
