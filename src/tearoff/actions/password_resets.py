"""A new password for who forgot theirs: a link that works once, for an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from tearoff.actions.passwords import Passwords
from tearoff.domain import passwords as rules
from tearoff.domain.people import Person, fresh_token, hash_of_token, normalised_email
from tearoff.domain.sessions import TRIES_WINDOW, wait_until
from tearoff.errors import Invalid, NotFound, Throttled
from tearoff.store import audit, password_resets, people, sessions
from tearoff.store.db import Database, Tx

VALID_FOR = timedelta(hours=1)
PROJECTS_MAX = 1000
GONE = "The link is not good any more; ask for another one."
OFTEN = "Somebody asked too often from this address; try again later."


class Wanted(msgspec.Struct, frozen=True):
    """A link to be sent: whose it is, the token in it, and by which project's channel; None: by none."""

    person: Person
    token: str
    project_id: int | None


class LinkGone(NotFound):
    """The link was used or replaced, or it ran out."""

    def __init__(self) -> None:
        super().__init__("link", "")
        self.detail = GONE
        self.args = (GONE,)


async def admit(tx: Tx, *, address: str, now: datetime) -> None:
    """Count that somebody asks; raises Throttled when this address asks too often."""
    tries = await sessions.count_tries(
        tx, subjects=[f"reset-address:{address}"], now=now, window_since=now - TRIES_WINDOW
    )
    if until := wait_until(tries):
        raise Throttled(max(1, round((until - now).total_seconds())), OFTEN)


async def ask(tx: Tx, *, email: str, now: datetime) -> Wanted | None:
    """What is to be sent to who has this email; None where nobody has, or they were sent some just now."""
    known = normalised_email(email)
    tries = await sessions.count_tries(tx, subjects=[f"reset:{known}"], now=now, window_since=now - TRIES_WINDOW)
    person = await people.find_by_email(tx, email=known)
    if person is None or person.disabled_at is not None or wait_until(tries):
        return None
    return await make(tx, person, now=now)


async def make(tx: Tx, person: Person, *, now: datetime) -> Wanted:
    """A link for this person."""
    token = fresh_token()
    expires_at = now + VALID_FOR
    await password_resets.add(
        tx, token_hash=hash_of_token(token), person_id=person.person_id, now=now, expires_at=expires_at
    )
    return Wanted(person, token, await people.find_letterbox(tx, person_id=person.person_id))


async def accept(db: Database, passwords: Passwords, *, token: str, password: str, address: str, now: datetime) -> None:
    """Set the password; every session of the person ends. Raises NotFound for a link that is not good any more.

    A weak password uses the link up no more than a mistyped one: it is refused before the link is taken.
    """
    if problems := rules.problems_of(password, ""):
        raise Invalid(*problems)
    hash = hash_of_token(token)
    async with db.transaction() as tx:
        if not await password_resets.is_live(tx, token_hash=hash, now=now):
            raise LinkGone
    kept = await passwords.hash(password)
    async with db.transaction() as tx:
        person_id = await password_resets.take(tx, token_hash=hash, now=now)
        if person_id is None:
            raise LinkGone
        person = await people.get(tx, person_id=person_id)
        if problems := rules.problems_of(password, person.email):
            raise Invalid(*problems)
        await people.set_password(tx, person_id=person_id, password_hash=kept, is_password_temporary=False)
        await password_resets.remove_all(tx, person_id=person_id, now=now)
        await sessions.remove_all(tx, person_id=person_id)
        await _note(tx, person, address, now)


async def _note(tx: Tx, person: Person, address: str, now: datetime) -> None:
    """Let the owners of the person's projects see that the password is another one."""
    for project in await people.list_open_projects(tx, person_id=person.person_id, limit=PROJECTS_MAX):
        await audit.add(
            tx,
            project_id=project.project_id,
            actor=person.email,
            action="password",
            subject=person.email,
            detail={"personId": person.person_id, "address": address},
            now=now,
        )
