"""What roles and rights open, what an email is, and what a password must be like."""

import pytest

from tearoff.domain import passwords
from tearoff.domain.people import Member, email_problems, normalised_email
from tearoff.domain.sessions import TRIES_MAX


def member(role, **rights: bool) -> Member:
    facts = {"may_reveal": False, "may_export": False, "is_administrator": False} | rights
    return Member(project_id=1, person_id=2, email="ann@x.test", role=role, **facts)


@pytest.mark.parametrize(
    ("role", "need", "method", "may"),
    [
        ("viewer", "full", "GET", True),
        ("viewer", "administer", "GET", True),
        ("viewer", "codes", "POST", False),
        ("editor", "full", "DELETE", True),
        ("editor", "administer", "POST", False),
        ("owner", "administer", "POST", True),
        ("owner", "reveal", "GET", False),
        ("owner", "export", "GET", False),
    ],
)
def test_a_role_opens_routes_and_rights_open_codes(role, need, method, may) -> None:
    assert member(role).may(need, method) is may


def test_a_right_adds_no_write() -> None:
    assert member("viewer", may_reveal=True).may("reveal", "GET")
    assert not member("viewer", may_reveal=True).may("reveal", "POST")
    assert not member("viewer", may_reveal=True).may("export", "GET")


@pytest.mark.parametrize(
    ("text", "email"), [(" Ann@X.test ", "ann@x.test"), ("ÄRA@x.test", "ära@x.test"), ("A\u0308@x.test", "ä@x.test")]
)
def test_emails_are_compared_in_one_form(text, email) -> None:
    assert normalised_email(text) == email
    assert email_problems(email) == []


def test_a_password_is_kept_as_a_hash_that_only_it_opens() -> None:
    kept = passwords.hash_of("Å long enough one")
    assert kept.startswith("$argon2id$")
    assert passwords.is_right("A\u030a long enough one", kept)
    assert not passwords.is_right("a long enough one", kept)
    assert not passwords.is_stale(kept)
    assert passwords.is_stale(kept.replace("t=3", "t=2"))


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$broken"])
def test_nothing_opens_what_is_no_hash(kept) -> None:
    assert not passwords.is_right("abc", kept)
    assert not passwords.is_right("", kept)


@pytest.mark.parametrize("password", ["ann@x.test", "ANN@x.test", "aaaaaaaaaaaab", "short", "x" * 201])
def test_a_weak_password_has_its_reason(password) -> None:
    assert len(passwords.problems_of(password, "ann@x.test")) == 1


def test_one_time_passwords_are_good_ones_and_differ() -> None:
    drawn = {passwords.one_time() for _ in range(100)}
    assert len(drawn) == 100
    assert not [one for one in drawn if passwords.problems_of(one, "ann@x.test")]


def test_every_kind_of_try_has_a_limit() -> None:
    assert set(TRIES_MAX) == {"email", "address", "reset", "reset-address"}
