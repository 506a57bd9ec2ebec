"""Inviting somebody to a project, and accepting."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from tearoff.actions import people as people_actions
from tearoff.actions import sessions as session_actions
from tearoff.actions.passwords import Passwords
from tearoff.actions.people import Joining, NewPerson
from tearoff.actions.sessions import Limits, Opened
from tearoff.domain import passwords as password_rules
from tearoff.domain.letters import LANGUAGES
from tearoff.domain.people import (
    Person,
    email_problems,
    fresh_token,
    hash_of_token,
    name_problems,
    normalised_email,
)
from tearoff.errors import Conflict, Invalid, NotFound
from tearoff.store import audit, invitations, memberships, people
from tearoff.store.db import Database, Tx
from tearoff.store.invitations import Invitation

VALID_FOR = timedelta(days=7)
MEMBERS_MAX = 10_000
GONE = "The invitation is not open any more; ask for another one."


class Made(msgspec.Struct, frozen=True):
    """A new invitation; the token is in its link and is kept nowhere."""

    invitation_id: int
    token: str
    expires_at: datetime


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says who accepts; the password is a new one, or theirs if they are known here."""

    token: str
    password: str
    name: str = ""
    language: str = "en"


async def invite(tx: Tx, *, project_id: int, email: str, joining: Joining, by: str, now: datetime) -> Made:
    """An invitation with a link for seven days; earlier ones of the email end. Raises Invalid, Conflict for members."""
    known = normalised_email(email)
    if problems := email_problems(known):
        raise Invalid(*problems)
    members = await memberships.list_all(tx, project_id=project_id, limit=MEMBERS_MAX)
    if any(one.email == known and one.is_member for one in members):
        raise Conflict(f"{known} is a member of the project already.")
    token, expires_at = fresh_token(), now + VALID_FOR
    invitation_id = await invitations.add(
        tx,
        project_id=project_id,
        email=known,
        role=joining.role,
        may_reveal=joining.may_reveal,
        may_export=joining.may_export,
        token_hash=hash_of_token(token),
        invited_by=by,
        now=now,
        expires_at=expires_at,
    )
    return Made(invitation_id, token, expires_at)


async def find(tx: Tx, *, token: str, now: datetime) -> tuple[Invitation, Person | None]:
    """The open invitation behind a token, and the person who has its email already; raises NotFound."""
    found = await invitations.find_by_token(tx, token_hash=hash_of_token(token), now=now)
    if found is None:
        raise InvitationGone
    return found, await people.find_by_email(tx, email=found.email)


async def accept(
    db: Database, passwords: Passwords, said: Acceptance, *, address: str, limits: Limits, now: datetime
) -> Opened:
    """Join the project and open a session there.

    Who is new here becomes a person with this password. Who is known proves it with theirs: a link alone opens nobody's
    account. Raises NotFound, Invalid, Unauthorized, Throttled.
    """
    async with db.transaction() as tx:
        found, person = await find(tx, token=said.token, now=now)
    if person is None:
        problems = password_rules.problems_of(said.password, found.email) + name_problems(said.name)
        if problems:
            raise Invalid(*problems)
        kept = await passwords.hash(said.password)
    else:
        await session_actions.prove(db, passwords, email=person.email, password=said.password, address=address, now=now)
        kept = person.password_hash
    async with db.transaction() as tx:
        at = {"project_id": found.project_id}
        if not await invitations.mark_accepted(tx, **at, invitation_id=found.invitation_id, now=now):
            raise InvitationGone
        if person is not None:
            await session_actions.keep_proved(tx, person)
        person_id = person.person_id if person else await _add(tx, found, said, kept, now)
        joining = Joining(role=found.role, may_reveal=found.may_reveal, may_export=found.may_export)
        await people_actions.join(tx, **at, person_id=person_id, joining=joining, now=now)
        await audit.add(
            tx,
            **at,
            actor=found.email,
            action="role",
            subject=found.email,
            detail={"personId": person_id, "role": found.role, "invitedBy": found.invited_by},
            now=now,
        )
        await people.note_project(tx, person_id=person_id, project_id=found.project_id, now=now)
        joined = await people.get(tx, person_id=person_id)
        return await session_actions.open_session(tx, joined, address=address, limits=limits, now=now)


async def revoke(tx: Tx, *, project_id: int, invitation_id: int, now: datetime) -> None:
    """Let the link open nothing any more; raises NotFound."""
    if not await invitations.mark_revoked(tx, project_id=project_id, invitation_id=invitation_id, now=now):
        raise NotFound("open invitation", invitation_id)


async def _add(tx: Tx, found: Invitation, said: Acceptance, kept: str, now: datetime) -> int:
    language = said.language if said.language in LANGUAGES else LANGUAGES[0]
    wanted = NewPerson(email=found.email, password_hash=kept, name=said.name, language=language)
    return await people_actions.add(tx, wanted, now=now)


class InvitationGone(NotFound):
    """The link was used, revoked or replaced, or it ran out."""

    def __init__(self) -> None:
        super().__init__("invitation", "")
        self.detail = GONE
        self.args = (GONE,)
