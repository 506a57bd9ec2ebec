"""Sessions: who is signed in from which browser, for how long, and how often one may try."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from tearoff.domain.people import Member, Role

SEEN_NOTED_EVERY = timedelta(minutes=1)
TRIES_WINDOW = timedelta(minutes=15)
TRIES_MAX = {"email": 10, "address": 50, "reset": 3, "reset-address": 20}
"""How often one may try to sign in, and ask for a new password, within the window: with one email, from one address."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A live session with its person and their rights in the project that is open; `role` None: in none."""

    session_hash: bytes
    csrf_token: str
    seen_at: datetime
    person_id: int
    email: str
    name: str
    language: str
    is_administrator: bool
    is_password_temporary: bool
    project_id: int | None
    role: Role | None
    may_reveal: bool
    may_export: bool

    def member(self) -> Member | None:
        """The person as a caller in the open project; None when none is open, or they are not of it."""
        if self.project_id is None or self.role is None:
            return None
        return Member(
            project_id=self.project_id,
            person_id=self.person_id,
            email=self.email,
            role=self.role,
            may_reveal=self.may_reveal,
            may_export=self.may_export,
            is_administrator=self.is_administrator,
        )


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """A project that a person may open, and what they are there."""

    project_id: int
    name: str
    time_zone: str
    role: Role


class Tries(msgspec.Struct, frozen=True):
    """How often a subject has tried since an instant."""

    subject: str
    since: datetime
    tries: int


def wait_until(found: list[Tries]) -> datetime | None:
    """When somebody who tried too often may try again; None when they may now."""
    over = [one.since + TRIES_WINDOW for one in found if one.tries > TRIES_MAX[one.subject.partition(":")[0]]]
    return max(over, default=None)
