"""Whom an event is about, and what makes it acceptable."""

from typing import Any

import pytest

from tearoff.domain.contacts import Identity
from tearoff.domain.events import FORBIDDEN, EventType, Wanted, check, identity_of, key_value_of, lacks


@pytest.mark.parametrize(
    ("params", "identity"),
    [
        ({"ContactId": "5", "EMAIL": "A@X.test"}, Identity(contact_id=5, email="a@x.test")),
        ({"contact_id": 7}, Identity(contact_id=7)),
        ({"externalCustomerId": 12}, Identity(external_id="12")),
        ({"externalcustomerid": "null", "UserEmail": "a@x.test"}, Identity(email="a@x.test")),
        ({"emailAddress": "", "contactEmail": "b@x.test"}, Identity(email="b@x.test")),
        ({"SMS": "+38 050 123 45 67", "MobPushToken": "tok"}, Identity(phone="380501234567", token="tok")),
        ({"Contact_key": "K"}, Identity(contact_key="K")),
        ({"email": "nobody", "phone": "1", "contactId": "x"}, Identity()),
        ({"email": ["a@x.test"], "phone": True, "other": "a@x.test"}, Identity()),
        ({"contactId": "9" * 30}, Identity()),
    ],
)
def test_the_contact_is_named_by_any_alias_in_any_case(params: dict[str, Any], identity: Identity) -> None:
    assert identity_of(params) == identity


def test_an_event_without_a_key_takes_that_of_its_contact_by_priority() -> None:
    params = {"pushToken": "tok", "phone": "1234567", "email": "A@x.test", "externalCustomerId": "E", "contactId": "5"}
    found = []
    while (value := key_value_of(params)) is not None:
        found.append(value)
        del params[next(name for name, v in params.items() if v == value)]
    assert found == ["5", "E", "A@x.test", "1234567", "tok"]


@pytest.mark.parametrize("character", sorted(FORBIDDEN | {"\n"}))
def test_a_forbidden_character_is_named(character: str) -> None:
    [problem] = check("type", f"a{character}b", [])
    assert problem.pointer == "/keyValue"
    assert repr(character) in problem.detail


def test_every_problem_of_an_event_is_told_at_once() -> None:
    problems = check("t" * 101, "k" * 301, ["a", "a", "", "n" * 101])
    assert [p.pointer for p in problems] == ["/eventTypeKey", "/keyValue", "/params", "/params", "/params"]
    assert check("birthday", "anna@x.test", ["a", "A"]) == []


def test_a_type_refuses_an_event_that_lacks_a_required_parameter() -> None:
    strict = EventType(event_type_id=1, key="t", params=(Wanted("EmailAddress", True), Wanted("code")))
    assert lacks(strict, {"EmailAddress": "a@x.test"}) is None
    assert lacks(strict, {"emailaddress": "a@x.test", "EmailAddress": None}) == (
        'The event should have the following params: [{"name":"EmailAddress","required":true},'
        '{"name":"code","required":false}]'
    )
    assert lacks(EventType(event_type_id=1, key="t"), {}) is None
