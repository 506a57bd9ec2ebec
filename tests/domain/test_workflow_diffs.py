"""What differs between two definitions of a workflow: what means the same is no difference."""

from typing import Any

from tearoff.domain.workflow_diffs import diff
from tearoff.domain.workflows import parse, plain

DRAFT: dict[str, Any] = {
    "start": {"kind": "start", "eventType": "birthday", "exits": {"next": "contact"}, "ui": {"x": 1, "y": 2}},
    "contact": {"kind": "getContact", "email": "${email}", "create": False, "exits": {"next": "code"}},
    "code": {"kind": "getPromoCode", "type": "gift", "holdHours": 24, "exits": {"found": "end"}},
    "end": {"kind": "end"},
}


def test_a_draft_does_not_differ_from_the_version_that_was_published_of_it() -> None:
    published = plain(parse({"blocks": DRAFT}))["blocks"]
    found = diff(published, DRAFT)
    assert (found.added, found.removed, found.changed) == ([], [], [])
    assert found.unchanged == list(DRAFT)


def test_another_value_is_a_difference_also_beside_a_default() -> None:
    published = plain(parse({"blocks": DRAFT}))["blocks"]
    [change] = diff(published, DRAFT | {"code": DRAFT["code"] | {"holdHours": 2}}).changed
    assert [(one.name, one.before, one.after) for one in change.fields] == [("holdHours", None, 2)]


def test_a_block_that_is_not_whole_is_compared_as_it_is_written() -> None:
    broken = {"kind": "getPromoCode", "type": "other", "exits": {}}
    [change] = diff({"code": DRAFT["code"]}, {"code": broken}).changed
    assert ("type", "gift", "other") in [(one.name, one.before, one.after) for one in change.fields]
    assert [(one.name, one.before, one.after) for one in change.exits] == [("found", "end", None)]
