"""Settings from the environment: what is wrong is refused by its name."""

import pytest

from tearoff.config import KEPT_DAYS, from_environment
from tearoff.errors import Misconfigured


def test_the_days_that_things_are_kept_are_changed_one_by_one() -> None:
    kept = from_environment({"TEAROFF_KEEP_DAYS": "audit=3650, steps = 30,refusals=0"}).kept_days
    assert kept == KEPT_DAYS | {"audit": 3650, "steps": 30, "refusals": 0}
    assert from_environment({}).kept_days == KEPT_DAYS


@pytest.mark.parametrize("text", ["audit", "audit=", "audit=-1", "audit=x", "codes=3", "keys=7", "audit=99999", "=3"])
def test_days_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Misconfigured, match="TEAROFF_KEEP_DAYS"):
        from_environment({"TEAROFF_KEEP_DAYS": text})
