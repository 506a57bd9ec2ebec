"""What a key of each scope may call."""

import pytest

from tearoff.domain.keys import SCOPES, ApiKey, covers, fresh_value, hash_of, is_value_of


@pytest.mark.parametrize(
    ("scope", "needs"),
    [
        ("events", {"any", "events"}),
        ("events+contacts", {"any", "events", "contacts"}),
        ("messages", {"any", "messages"}),
        ("codes", {"any", "codes", "reveal"}),
        ("redeem", {"any", "redeem"}),
        ("read-only", {"any"}),
        ("unheard-of", set()),
    ],
)
def test_a_scope_covers_its_own_needs_and_no_more(scope, needs):
    every = {"any", "events", "contacts", "messages", "codes", "reveal", "redeem", "full"}
    assert {need for need in every if covers(scope, need, "POST")} == needs
    assert all(covers("full", need, "POST") for need in every)


def test_read_only_reads_everything_but_codes_in_full():
    assert covers("read-only", "full", "GET") and covers("read-only", "codes", "GET")
    assert not covers("read-only", "reveal", "GET")
    assert not covers("read-only", "codes", "POST")


def test_a_key_is_known_by_its_hash_and_no_two_are_alike(now):
    value = fresh_value()
    key = ApiKey(project_id=1, key_id=1, name="k", hash=hash_of(value), scope=SCOPES[0], created_at=now)
    assert is_value_of(value, key) and not is_value_of(fresh_value(), key)
    assert value.encode() not in key.hash
