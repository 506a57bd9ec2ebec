"""What a pool's settings mean for one hand-out: which codes fit, and what its contact may have."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

import msgspec

from tearoff.domain.codes import Fit, Wish, fit, nothing_fits
from tearoff.domain.pools import Cap, Pool
from tearoff.domain.validity import Window, later, start_of, window_after


class Policy(NamedTuple):
    """The pool that hands out, and the zone in which its days end."""

    pool: Pool
    zone: tzinfo


def window_of(policy: Policy, now: datetime, asked: Window | None = None) -> Window:
    """The window that a hand-out now opens beside that of its code; a caller may ask for another one."""
    return window_after(policy.pool.valid_for, now, policy.zone) if asked is None else asked


def fit_of(policy: Policy, wish: Wish, now: datetime, asked: Window | None = None) -> Fit:
    """Which codes the pool may give for a wish: they last as long as the pool asks, and into their new window."""
    days = max((days for days in (wish.days, policy.pool.days_left_min) if days is not None), default=None)
    window = window_of(policy, now, asked)
    exact = msgspec.structs.replace(fit(Wish(wish.discount, days), now, policy.zone), use_end=window.end)
    if policy.pool.state != "launched" or policy.pool.code_type == "multi":
        return nothing_fits(now)
    if not policy.pool.issue_window.holds(now) or (window.end is not None and window.end <= now) or window.is_empty:
        return nothing_fits(now)
    if window.start is not None and window.start >= exact.until:
        return msgspec.structs.replace(exact, until=window.start + datetime.resolution)
    return exact


def again_until(policy: Policy, exact: Fit) -> datetime:
    """Until when a code that the contact has must last to be given again."""
    enough = fit(Wish(days=policy.pool.reissue_days), exact.now, policy.zone)
    return max(exact.until, enough.until)


def counted_since(cap: Cap, now: datetime, zone: tzinfo) -> datetime | None:
    """From when on a contact's codes count for the cap; None is ever."""
    if cap.period is None:
        return None
    return start_of(cap.period, now, zone) if cap.is_calendar else later(now, cap.period, zone, -1)
