"""Whether and when to try again. A decision is a value; nothing here waits."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

import msgspec

from tearoff.domain.deliveries import Failure, Refused

JITTER_MAX = 0.25


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long a delivery is tried. The defaults make 16 attempts over about eight hours."""

    attempts_max: int = 16
    delay_first: timedelta = timedelta(seconds=15)
    delay_max: timedelta = timedelta(hours=1)


LIMITS = Limits()


class RetryAt(msgspec.Struct, frozen=True):
    """Try again at `at`. `was_unknown`: some attempt so far may have been delivered; keep this with the delivery."""

    at: datetime
    detail: str
    was_unknown: bool


class GiveUp(msgspec.Struct, frozen=True):
    """Try no more. `is_definite`: no attempt can have been delivered, so the code may return to its pool."""

    detail: str
    is_definite: bool


def after_failure(
    failure: Failure, attempt: int, now: datetime, *, key: str = "", was_unknown: bool = False, limits: Limits = LIMITS
) -> RetryAt | GiveUp:
    """What to do after the failed `attempt` (the first is 1) of the delivery with this idempotency key.

    An unknown outcome is tried again like a refusal, but whatever follows, it stays unknown.
    """
    refused = failure if isinstance(failure, Refused) else None
    was_unknown = was_unknown or refused is None
    if (refused and refused.permanent) or attempt >= limits.attempts_max:
        return GiveUp(failure.detail, is_definite=not was_unknown)
    wait = delay(attempt, key, limits)
    if refused and refused.retry_after is not None:
        wait = max(wait, min(timedelta(seconds=max(refused.retry_after, 0)), limits.delay_max))
    return RetryAt(now + wait, failure.detail, was_unknown)


def delay(attempt: int, key: str, limits: Limits = LIMITS) -> timedelta:
    """The pause after `attempt`: doubling up to `delay_max`, plus up to a quarter that only the key decides.

    The jitter keeps the deliveries of one outage from coming back at one instant, and a replay comes out the same.
    """
    doublings = min(attempt - 1, 32)
    pause: timedelta = min(limits.delay_first * 2**doublings, limits.delay_max)
    share = zlib.crc32(f"{key}:{attempt}".encode()) / 2**32
    return pause * (1 + JITTER_MAX * share)
