"""Runs that are retried: where they go on, and what they still know."""

from typing import Any

import pytest

from tearoff.domain.runs import FailedRun, restarted

PLACES = {(1, "start"): 0, (1, "gift"): 1, (1, "code"): 2, (1, "bonus"): 3, (1, "mail"): 4}
GIFT = {"block": "gift", "key": "1:gift:0", "parameter": "gift"}


@pytest.mark.parametrize(
    ("live", "block", "emptied"),
    [({"1:gift:0"}, "mail", {"code": "promocode"}), (set(), "gift", {})],
    ids=["its code is still there", "its code was returned"],
)
def test_a_run_that_claims_again_asks_the_later_blocks_again(live: set[str], block: str, emptied: Any) -> None:
    run = FailedRun(1, "mail", {"claims": [GIFT], "emptied": {"code": "promocode"}, "hasContact": True})
    again = restarted(run, live, PLACES)
    kept = {"claims": [GIFT]} if live else {}
    assert (again.block, again.data.pop("emptied", {})) == (block, emptied)
    assert again.data == {"hasContact": True} | kept


def test_a_run_that_claims_again_remembers_the_blocks_before_that_had_no_code() -> None:
    lost = {"block": "bonus", "key": "1:bonus:0", "parameter": "bonus"}
    run = FailedRun(1, "mail", {"claims": [lost], "emptied": {"code": "promocode"}})
    assert restarted(run, set(), PLACES) == FailedRun(1, "bonus", {"emptied": {"code": "promocode"}})
