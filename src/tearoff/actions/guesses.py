"""Who names too many codes that are not theirs must wait; the first time is an alarm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil

from tearoff.domain.redemptions import GUESS_WINDOW, LOCKED_FOR, Use, limit_of, subjects_of
from tearoff.errors import Throttled
from tearoff.logs import get_logger
from tearoff.store import refusals
from tearoff.store.db import Tx

log = get_logger("redemptions")


class Locks:
    """Who of those who ask must wait."""

    def __init__(self, until: Mapping[str, datetime], now: datetime) -> None:
        self._until, self._now = until, now

    @classmethod
    async def find(cls, tx: Tx, *, project_id: int, uses: Sequence[tuple[Use, int | None]], now: datetime) -> Locks:
        """The locks that concern these uses and contacts; reports from outside are never locked out."""
        subjects = {subject for use, contact_id in uses if not use.is_told for subject in subjects_of(use, contact_id)}
        if not subjects:
            return cls({}, now)
        return cls(await refusals.list_locked(tx, project_id=project_id, subjects=sorted(subjects), now=now), now)

    def error_of(self, use: Use, contact_id: int | None) -> Throttled | None:
        """The refusal for a use by somebody who must wait."""
        if not self._until or use.is_told:
            return None
        until = max((self._until[s] for s in subjects_of(use, contact_id) if s in self._until), default=None)
        return None if until is None else Throttled(max(1, ceil((until - self._now).total_seconds())))


async def note_misses(tx: Tx, *, project_id: int, misses: Mapping[str, int], now: datetime) -> None:
    """Count wrong guesses by subject; who reaches the limit is locked, and that is logged."""
    if not misses:
        return
    counted = await refusals.count_misses(
        tx, project_id=project_id, misses=misses, begun_after=now - GUESS_WINDOW, now=now
    )
    over = sorted(subject for subject, count in counted.items() if count >= limit_of(subject))
    if over:
        locked = await refusals.lock_subjects(
            tx, project_id=project_id, subjects=over, locked_until=now + LOCKED_FOR, now=now
        )
        for subject in locked:
            log.warning("guessing_suspected", project_id=project_id, subject=subject, misses=counted[subject])
