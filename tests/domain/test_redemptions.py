"""What is said of a code: nine statuses, in their order of precedence."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from tearoff.domain.redemptions import (
    SENTENCES,
    Facts,
    Rule,
    Status,
    Use,
    Verdict,
    check_rule,
    check_use,
    judge,
    shown_to_outsider,
    subjects_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ISSUED = Facts(
    n=1,
    code_id=1,
    pool_id=1,
    pool_key="p",
    discount=None,
    pool_state="launched",
    code_type="single",
    processing="inside",
    is_issue_checked=True,
    is_withdrawn=False,
    is_free=False,
    lot_use_from=None,
    lot_use_until=None,
    claim_scope="api",
    claim_key="k",
    claim_part=0,
    owner_id=7,
    is_issued=True,
    is_revoked=False,
    use_from=None,
    use_until=None,
    uses_max=None,
    contact_uses_max=None,
    is_contact_needed=False,
    uses=0,
    contact_uses=0,
    redemption_id=None,
    redeemed_order=None,
    redeemed_contact=None,
    redeemed_amount=None,
    redeemed_at=None,
)
FREE = ISSUED._replace(is_free=True, claim_scope=None, claim_key=None, claim_part=None, owner_id=None, is_issued=False)
PUBLIC = FREE._replace(code_type="multi", is_issue_checked=False)
WORSE = [
    ("blocked", {"is_withdrawn": True}),
    ("unavailable", {"pool_state": "draft"}),
    ("used", {"redemption_id": 5}),
    ("not-issued", {"claim_key": None, "is_free": True}),
    ("not-for-this-order", {"owner_id": 8}),
    ("not-yet-active", {"lot_use_from": NOW + DAY}),
    ("no-longer-active", {"lot_use_until": NOW}),
]
"""Statuses in order of precedence, each with what makes it true."""


def test_a_code_that_is_issued_and_in_time_can_be_used():
    assert judge(ISSUED, 7, NOW) == Verdict("can-be-used")
    assert judge(ISSUED, None, NOW) == Verdict("can-be-used")
    assert judge(None, 7, NOW) == Verdict("not-found")


@pytest.mark.parametrize("place", range(len(WORSE)), ids=[status for status, _ in WORSE])
def test_of_all_that_is_true_the_first_status_counts(place):
    merged = {}
    for _, change in reversed(WORSE[place:]):
        merged |= change
    if WORSE[place][0] in ("not-yet-active", "no-longer-active", "not-for-this-order"):
        merged |= {"claim_key": "k", "is_free": False}
    assert judge(ISSUED._replace(**merged), 7, NOW).status == WORSE[place][0]


def test_every_status_is_told_in_a_sentence_or_by_its_reason():
    assert {status for status, _ in WORSE} | {"not-found", "can-be-used"} == set(get_args(Status))
    assert SENTENCES.keys() > set(get_args(Status)) - {"unavailable", "not-for-this-order"}


def test_the_effective_window_is_what_lot_and_hand_out_both_allow():
    facts = ISSUED._replace(lot_use_from=NOW - DAY, use_from=NOW, lot_use_until=NOW + 3 * DAY, use_until=NOW + 2 * DAY)
    assert facts.window == (NOW, NOW + 2 * DAY)
    assert judge(facts, 7, NOW - timedelta(seconds=1)).status == "not-yet-active"
    assert judge(facts, 7, NOW).is_good
    assert judge(facts, 7, NOW + 2 * DAY).status == "no-longer-active"


def test_a_reserved_code_counts_as_issued():
    assert judge(ISSUED._replace(is_issued=False), 7, NOW).is_good


def test_without_the_issue_check_a_free_code_can_be_used():
    assert judge(FREE, 7, NOW) == Verdict("not-issued")
    assert judge(FREE._replace(is_issue_checked=False), 7, NOW).is_good


def test_a_code_that_is_still_being_loaded_is_not_found():
    assert judge(FREE._replace(is_free=False, is_issue_checked=False), 7, NOW) == Verdict("not-found")


def test_a_revoked_code_is_blocked():
    assert judge(ISSUED._replace(is_revoked=True), 7, NOW) == Verdict("blocked")


def test_an_archived_pool_goes_on_being_redeemed():
    assert judge(ISSUED._replace(pool_state="archived"), 7, NOW).is_good


def test_a_contact_must_be_named_where_the_rule_or_a_referral_wants_it():
    assert judge(ISSUED._replace(is_contact_needed=True), None, NOW) == Verdict("not-for-this-order", "contact-needed")
    referral = ISSUED._replace(code_type="referral")
    assert judge(referral, None, NOW) == Verdict("not-for-this-order", "contact-needed")
    assert judge(referral, 8, NOW).is_good


def test_limits_of_public_codes():
    assert judge(PUBLIC._replace(uses_max=3, uses=2), None, NOW).is_good
    assert judge(PUBLIC._replace(uses_max=3, uses=3), None, NOW) == Verdict("used", "uses-limit")
    limited = PUBLIC._replace(contact_uses_max=1, contact_uses=1)
    assert judge(limited, 7, NOW) == Verdict("not-for-this-order", "contact-limit")


def test_codes_that_another_system_redeems_are_reported_and_not_decided():
    outside = ISSUED._replace(processing="outside", lot_use_until=NOW - DAY)
    assert judge(outside, 7, NOW) == Verdict("unavailable", "processed-outside")
    assert judge(outside, None, NOW, is_told=True).is_good
    assert judge(outside._replace(redemption_id=1), None, NOW, is_told=True).status == "used"


def test_outsiders_hear_of_codes_that_are_not_theirs_that_they_are_not_found():
    for status, change in WORSE:
        verdict = judge(ISSUED._replace(**change), 7, NOW)
        told = shown_to_outsider(verdict).status
        secret = status in ("blocked", "unavailable", "not-issued", "not-for-this-order")
        assert told == ("not-found" if secret else status)
    assert shown_to_outsider(Verdict("not-for-this-order", "contact-needed")).reason == "contact-needed"


def test_guesses_count_against_whoever_is_named_and_else_against_the_key():
    use = Use(value="x", caller="key:3", address="203.0.113.9")
    assert subjects_of(use, None) == ["address:203.0.113.9", "key:3"]
    assert subjects_of(use, 7) == ["address:203.0.113.9", "contact:7"]


def test_a_wrong_attempt_and_a_wrong_rule_say_everything_at_once():
    use = Use(value=" ", order_id="", point="x\n", amount=None)
    assert [problem.pointer for problem in check_use(use)] == ["/code", "/orderId", "/point"]
    assert [p.pointer for p in check_rule(Rule(uses_max=0, contact_uses_max=0), "multi")] == [
        "/usesMax",
        "/contactUsesMax",
    ]
    assert check_rule(Rule(uses_max=5), "single") != []
    assert check_rule(Rule(uses_max=5, contact_uses_max=1), "referral") == []
