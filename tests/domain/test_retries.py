"""Whether, when and with what memory a failed delivery is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from tearoff.domain.deliveries import Refused, Unknown
from tearoff.domain.retries import JITTER_MAX, LIMITS, GiveUp, Limits, RetryAt, after_failure, delay

NOW = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
LATER = Refused(detail="450 busy", permanent=False)
NEVER = Refused(detail="550 no", permanent=True)
LOST = Unknown("lost")


def test_a_refusal_for_now_is_tried_again_with_a_growing_pause_up_to_the_limit() -> None:
    pauses = [delay(attempt, "k") for attempt in range(1, LIMITS.attempts_max)]
    for attempt, pause in enumerate(pauses, 1):
        plain = min(LIMITS.delay_first * 2 ** (attempt - 1), LIMITS.delay_max)
        assert plain <= pause <= plain * (1 + JITTER_MAX)
    assert pauses[-1] >= LIMITS.delay_max
    assert timedelta(hours=2) < sum(pauses, timedelta()) < timedelta(hours=12)


def test_the_pause_is_the_same_for_the_same_key_and_differs_between_keys() -> None:
    assert delay(3, "a") == delay(3, "a")
    assert len({delay(3, f"key-{n}") for n in range(100)}) > 90


def test_a_very_late_attempt_does_not_overflow() -> None:
    assert delay(10_000, "k", Limits(attempts_max=20_000)) <= LIMITS.delay_max * (1 + JITTER_MAX)


def test_a_refusal_for_good_gives_up_at_once_and_the_code_may_return() -> None:
    assert after_failure(NEVER, 1, NOW) == GiveUp("550 no", is_definite=True)


def test_the_last_attempt_gives_up_and_the_code_may_return_when_all_were_refused() -> None:
    assert isinstance(after_failure(LATER, LIMITS.attempts_max - 1, NOW), RetryAt)
    assert after_failure(LATER, LIMITS.attempts_max, NOW) == GiveUp("450 busy", is_definite=True)


def test_an_unknown_outcome_is_tried_again_and_remembered() -> None:
    decision = after_failure(LOST, 1, NOW, key="k")
    assert decision == RetryAt(NOW + delay(1, "k"), "lost", was_unknown=True)
    assert after_failure(LATER, 1, NOW, key="k") == RetryAt(NOW + delay(1, "k"), "450 busy", was_unknown=False)


@pytest.mark.parametrize(("failure", "attempt"), [(NEVER, 2), (LATER, 99), (LOST, 99)])
def test_after_an_unknown_outcome_no_refusal_makes_it_definite(failure: Refused | Unknown, attempt: int) -> None:
    decision = after_failure(failure, attempt, NOW, was_unknown=True)
    assert decision == GiveUp(failure.detail, is_definite=False)


def test_the_other_sides_wish_to_wait_is_kept_within_the_limit() -> None:
    patient = Refused(detail="429", permanent=False, retry_after=600)
    decision = after_failure(patient, 1, NOW)
    assert isinstance(decision, RetryAt)
    assert decision.at == NOW + timedelta(seconds=600)
    endless = after_failure(Refused(detail="429", permanent=False, retry_after=1e6), 1, NOW)
    assert isinstance(endless, RetryAt)
    assert endless.at == NOW + LIMITS.delay_max
