"""Who names too many codes that are not theirs must wait; the first time is an alarm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from tearoff.domain.redemptions import GUESS_WINDOW, LOCKED_FOR, Use, limit_of, subjects_of
from tearoff.errors import Throttled
from tearoff.logs import get_logger
from tearoff.store import refusals
from tearoff.store.db import Tx

log = get_logger("redemptions")

BELIEVED_FOR = timedelta(seconds=1)
LOCKS_MAX = 10_000


class Watch:
    """Who is locked, believed for a second: a shop that redeems without a pause is not looked up each time.

    A lock that another process sets is known a second later; one of this process at once.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[datetime, Mapping[str, datetime]]] = {}

    async def find(self, tx: Tx, *, project_id: int, now: datetime) -> Mapping[str, datetime] | None:
        """Every lock of the project by its subject; None when there are too many to be kept."""
        at, until = self._known.get(project_id, (None, {}))
        if at is not None and now - at < BELIEVED_FOR:
            return until
        rows = await refusals.list_all_locked(tx, project_id=project_id, now=now, limit=LOCKS_MAX)
        if len(rows) == LOCKS_MAX:
            return None
        self._known[project_id] = (now, {row.subject: row.locked_until for row in rows})
        return self._known[project_id][1]

    def forget(self, project_id: int) -> None:
        """Look again the next time."""
        self._known.pop(project_id, None)


class Locks:
    """Who of those who ask must wait."""

    def __init__(self, until: Mapping[str, datetime], now: datetime) -> None:
        self._until, self._now = until, now

    @classmethod
    async def find(
        cls,
        tx: Tx,
        *,
        project_id: int,
        uses: Sequence[tuple[Use, int | None]],
        now: datetime,
        watch: Watch | None = None,
    ) -> Locks:
        """The locks that concern these uses and contacts; reports from outside are never locked out."""
        known = None if watch is None else await watch.find(tx, project_id=project_id, now=now)
        if known is not None:
            return cls(known, now)
        subjects = {subject for use, contact_id in uses if not use.is_told for subject in subjects_of(use, contact_id)}
        if not subjects:
            return cls({}, now)
        return cls(await refusals.list_locked(tx, project_id=project_id, subjects=sorted(subjects), now=now), now)

    def error_of(self, use: Use, contact_id: int | None) -> Throttled | None:
        """The refusal for a use by somebody who must wait."""
        if not self._until or use.is_told:
            return None
        until = max((self._until[s] for s in subjects_of(use, contact_id) if s in self._until), default=self._now)
        return None if until <= self._now else Throttled(max(1, ceil((until - self._now).total_seconds())))


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
