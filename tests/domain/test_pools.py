"""What a pool may be, what locks when, and what is said about it."""

from datetime import UTC, datetime

import msgspec
import pytest

from tearoff.domain.pools import (
    Cap,
    Pool,
    PoolDefinition,
    changes_of,
    check,
    definition_of,
    locked,
    missing_parts,
    warnings,
)
from tearoff.domain.validity import Span, Validity

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def pool(**given: object) -> Pool:
    values = {
        "pool_id": 1,
        "key": "gifts",
        "type": "gifts",
        "name": "gifts",
        "description": "",
        "parameter": "promocode",
    }
    values |= {"state": "draft", "created_at": NOW, "is_issue_checked": True}
    return Pool(**values | given)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"code_type": "multi"}, {"is_issue_checked": True}])
def test_multi_use_and_the_issue_check_exclude_each_other_in_either_order(change: dict[str, object]) -> None:
    before = {"code_type": "multi"} if "is_issue_checked" in change else {"is_issue_checked": True}
    wanted = PoolDefinition(key="gifts", description="x", **before | change)  # type: ignore[arg-type]
    assert [p.pointer for p in check(wanted)] == ["/isIssueChecked"]
    assert not check(PoolDefinition(key="gifts", description="x", **before))  # type: ignore[arg-type]


def test_unchecked_is_the_default_of_multi_use_codes_only() -> None:
    assert PoolDefinition(key="gifts").is_checked
    assert not PoolDefinition(key="gifts", code_type="multi").is_checked


def test_every_broken_rule_of_the_settings_is_named() -> None:
    wrong = PoolDefinition(
        key="gifts",
        state="draft",
        parameter="2nd",
        issue_from=NOW,
        issue_until=NOW,
        days_left_min=-1,
        reissue_days=-1,
        alert_below=0,
        cap=Cap(max=0, period=Span(0, "days")),
        valid_for=Validity(ends_after=Span(1, "days"), ends_at=NOW),
    )
    assert [p.pointer for p in check(wrong)] == [
        "/parameter",
        "/issueUntil",
        "/validFor/endsAt",
        "/daysLeftMin",
        "/reissueDays",
        "/alertBelow",
        "/cap/max",
        "/cap/period/amount",
    ]


def test_what_is_missing_for_the_launch_is_said() -> None:
    assert [p.pointer for p in missing_parts(pool(description="  "))] == ["/description"]
    assert not missing_parts(pool(description="Gifts"))


def test_the_type_of_the_codes_locks_at_the_launch_and_the_fill_method_with_the_first_load() -> None:
    draft, launched = pool(fill_method="file"), pool(state="launched", launched_at=NOW, fill_method="file")
    wanted = PoolDefinition(key="gifts", state="draft", code_type="referral", fill_method="generated")
    assert not locked(draft, wanted, is_loaded=False)
    assert [p.pointer for p in locked(draft, wanted, is_loaded=True)] == ["/fillMethod"]
    assert [p.pointer for p in locked(launched, wanted, is_loaded=False)] == ["/codeType", "/state"]


def test_names_that_others_know_are_warned_about_from_the_launch_on() -> None:
    wanted = PoolDefinition(key="presents", type="presents", parameter="gift")
    assert not warnings(pool(), wanted)
    launched = pool(state="launched", launched_at=NOW)
    assert [p.pointer for p in warnings(launched, wanted)] == ["/key", "/parameter", "/type"]


def test_changes_are_told_from_what_to_what() -> None:
    before = pool(description="Gifts", state="launched")
    wanted = msgspec.structs.replace(
        definition_of(before), alert_below=None, valid_for=Validity(ends_after=Span(7, "days"))
    )
    assert changes_of(before, definition_of(before)) == {}
    changes = changes_of(before, wanted)
    assert set(changes) == {"alertBelow", "validFor"}
    assert changes["alertBelow"] == [1000, None]
