"""Projects: the tenants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from tearoff.errors import Invalid, Problem

NAME_MAX = 200
SENDER_MAX = 400
ZONES = frozenset(available_timezones())


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant: its name, the zone in which its days end, and the sender used where a message names none.

    `template_limits`: limits of its templates that are tighter than the operator's, by name.
    """

    project_id: int
    name: str
    time_zone: str
    sender: str
    created_at: datetime
    template_limits: dict[str, float] = {}

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the project's days end."""
        return ZoneInfo(self.time_zone)


def check(name: str, time_zone: str, more: Sequence[Problem] = ()) -> None:
    """Raises Invalid unless a project may be called and live so, and there are no problems more."""
    problems = []
    if not name.strip() or len(name) > NAME_MAX:
        problems.append(Problem("/name", f"A project needs a name of 1 to {NAME_MAX} characters."))
    if time_zone not in ZONES:
        problems.append(Problem("/timeZone", f"{time_zone!r} is not a time zone, such as Europe/Kyiv."))
    problems += more
    if problems:
        raise Invalid(*problems)


def sender_problems(sender: str) -> list[Problem]:
    """What is wrong with the sender of messages that name none; it may be empty."""
    if len(sender) <= SENDER_MAX and (not sender or sender.isprintable()):
        return []
    return [Problem("/sender", f"A sender is `Name <address>` or an address of at most {SENDER_MAX} characters.")]
