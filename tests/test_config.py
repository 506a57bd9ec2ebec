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


@pytest.mark.parametrize(
    ("environ", "is_enabled"),
    [
        ({}, True),
        ({"TEAROFF_DATABASE_URL": "postgresql://server/x"}, True),
        ({"TEAROFF_DIRECT_URL": "postgresql://server/x"}, False),
        ({"TEAROFF_DIRECT_URL": "postgresql://server/x", "TEAROFF_DATABASE_PREPARE": ""}, False),
        ({"TEAROFF_DIRECT_URL": "postgresql://server/x", "TEAROFF_DATABASE_PREPARE": "on"}, True),
        ({"TEAROFF_DATABASE_PREPARE": "off"}, False),
    ],
)
def test_behind_a_pooler_nothing_is_prepared_unless_it_is_asked_for(environ: dict[str, str], is_enabled: bool) -> None:
    assert from_environment(environ).is_prepare_enabled is is_enabled


@pytest.mark.parametrize("text", ["OFF", "no", "0"])
def test_preparing_is_on_or_off(text: str) -> None:
    with pytest.raises(Misconfigured, match="TEAROFF_DATABASE_PREPARE"):
        from_environment({"TEAROFF_DATABASE_PREPARE": text})
