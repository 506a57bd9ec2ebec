"""What may be said about a code that somebody wants issued, and the six answers of the vendor's language."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tearoff.domain.pools import Pool
from tearoff.domain.validity import Window
from tearoff.errors import (
    CapReached,
    ClaimReturned,
    Conflict,
    KeyReused,
    NotFound,
    NotIssuable,
    OutsideWindow,
    PoolEmpty,
    TearoffError,
)

IssueStatus = Literal[
    "Issued",
    "PromoCodeNotFound",
    "PromoCodePoolNotFound",
    "NoAvailablePromoCodesInPool",
    "NotAvailableForIssue",
    "NotInIssueDateTimeRange",
]


def status_of(error: TearoffError) -> IssueStatus | None:
    """The vendor's word for why nothing was issued; None for what is no matter of the code."""
    match error:
        case KeyReused() | ClaimReturned():
            return None
        case NotFound(kind="pool"):
            return "PromoCodePoolNotFound"
        case NotFound(kind="code"):
            return "PromoCodeNotFound"
        case PoolEmpty():
            return "NoAvailablePromoCodesInPool"
        case OutsideWindow():
            return "NotInIssueDateTimeRange"
        case NotIssuable() | CapReached() | Conflict():
            return "NotAvailableForIssue"
    return None


def refusal_of_pool(pool: Pool, now: datetime) -> Conflict | None:
    """Why the pool hands out nothing now."""
    if pool.state != "launched":
        return NotIssuable(f"The pool {pool.key!r} is {pool.state}; only a launched pool gives codes.")
    if pool.code_type == "multi":
        return NotIssuable(f"The codes of the pool {pool.key!r} are multi-use; they are handed out to nobody.")
    if not pool.issue_window.holds(now):
        return OutsideWindow(f"The pool {pool.key!r} hands out no codes at this time.")
    return None


def refusal_of_code(issue: Window, use: Window, *, is_free: bool, is_withdrawn: bool, now: datetime) -> Conflict | None:
    """Why this very code is not handed out; `use` is when its new owner could use it."""
    if is_withdrawn:
        return NotIssuable("The code is withdrawn.")
    if not is_free:
        return NotIssuable("The code is somebody's already.")
    if use.end is not None and use.end <= now:
        return NotIssuable("The code has run out.")
    if use.is_empty:
        return NotIssuable("The time in which its new owner could use the code would be over before it begins.")
    if not issue.holds(now):
        return OutsideWindow("The code is not handed out at this time.")
    return None
