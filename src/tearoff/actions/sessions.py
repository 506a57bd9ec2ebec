"""Signing in and out of the console, which project is open there, and changing one's password."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from tearoff.actions.passwords import Passwords
from tearoff.domain import passwords as rules
from tearoff.domain.people import Person, fresh_token, hash_of_token, normalised_email
from tearoff.domain.sessions import SEEN_NOTED_EVERY, TRIES_WINDOW, Open, Visit, wait_until
from tearoff.errors import Invalid, NotFound, Problem, Throttled, Unauthorized
from tearoff.store import audit, password_resets, people, sessions
from tearoff.store.db import Database, Tx

PROJECTS_MAX = 1000
WRONG = "The email or the password is wrong."
OFTEN = "Somebody tried to sign in too often with this email or from this address; try again later."


class Limits(msgspec.Struct, frozen=True):
    """How long a session lives: without use, and at most."""

    idle: timedelta
    whole: timedelta


class Opened(msgspec.Struct, frozen=True):
    """A new session: what its cookie holds, which is kept nowhere, and whose it is."""

    token: str
    visit: Visit


async def find(db: Database, token: str, *, limits: Limits, now: datetime) -> Visit | None:
    """The live session behind a cookie; notes that it is in use."""
    async with db.transaction() as tx:
        visit = await sessions.find(tx, hash=hash_of_token(token), now=now, idle_since=now - limits.idle)
        if visit is not None and visit.seen_at < now - SEEN_NOTED_EVERY:
            await sessions.mark_seen(tx, hash=visit.session_hash, now=now, since=now - SEEN_NOTED_EVERY)
    return visit


async def sign_in(
    db: Database,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    address: str,
    left: str | None,
    limits: Limits,
    now: datetime,
) -> Opened:
    """A new session; the one `left` in this browser ends. Raises Unauthorized, or Throttled after too many tries.

    The answer and its time are the same for a wrong password and for an email that nobody has.
    """
    person = await prove(db, passwords, email=email, password=password, address=address, now=now)
    fresh = await passwords.hash(password) if rules.is_stale(person.password_hash) else None
    async with db.transaction() as tx:
        await keep_proved(tx, person)
        if fresh is not None:
            await people.set_password(
                tx,
                person_id=person.person_id,
                password_hash=fresh,
                is_password_temporary=person.is_password_temporary,
            )
        await _tidy(tx, limits, now)
        if left is not None:
            await sessions.remove(tx, hash=hash_of_token(left))
        return await open_session(tx, person, address=address, limits=limits, now=now)


async def prove(
    db: Database, passwords: Passwords, *, email: str, password: str, address: str, now: datetime
) -> Person:
    """The person with this email, if this is their password; raises Unauthorized, or Throttled."""
    known = normalised_email(email)
    subjects = [f"address:{address}", f"email:{known}"]
    await _count(db, subjects, now)
    async with db.transaction() as tx:
        person = await people.find_by_email(tx, email=known)
    is_live = person is not None and person.disabled_at is None
    is_right = await passwords.is_right(password, person.password_hash if is_live and person else None)
    if person is None or not is_right:
        if person is not None:
            await _note_failure(db, person, address, now)
        raise Unauthorized(WRONG)
    async with db.transaction() as tx:
        await sessions.forgive_tries(tx, subjects=subjects)
    return person


async def keep_proved(tx: Tx, person: Person) -> None:
    """Raises Unauthorized when the password that was proved is not the person's any more, or they were disabled."""
    if not await people.lock_proved(tx, person_id=person.person_id, password_hash=person.password_hash):
        raise Unauthorized(WRONG)


async def open_session(tx: Tx, person: Person, *, address: str, limits: Limits, now: datetime) -> Opened:
    """A session of somebody who has proved who they are, in the project that they opened last."""
    projects = await people.list_open_projects(tx, person_id=person.person_id, limit=PROJECTS_MAX)
    project_id = _home(projects, person.last_project_id)
    token = fresh_token()
    await sessions.add(
        tx,
        hash=hash_of_token(token),
        person_id=person.person_id,
        project_id=project_id,
        csrf_token=fresh_token(),
        now=now,
        expires_at=now + limits.whole,
    )
    await people.note_project(tx, person_id=person.person_id, project_id=project_id, now=now)
    if project_id is not None:
        await audit.add(
            tx,
            project_id=project_id,
            actor=person.email,
            action="sign-in",
            subject=person.email,
            detail={"personId": person.person_id, "address": address},
            now=now,
        )
    visit = await sessions.find(tx, hash=hash_of_token(token), now=now, idle_since=now - limits.idle)
    if visit is None:
        raise Unauthorized(WRONG)
    return Opened(token, visit)


async def sign_out(tx: Tx, visit: Visit) -> None:
    """End the session."""
    await sessions.remove(tx, hash=visit.session_hash)


async def open_project(tx: Tx, visit: Visit, *, project_id: int, now: datetime) -> None:
    """Open another project in this browser; raises NotFound where the person is not of it."""
    projects = await people.list_open_projects(tx, person_id=visit.person_id, limit=PROJECTS_MAX)
    if project_id not in {one.project_id for one in projects}:
        raise NotFound("project", project_id)
    await sessions.set_project(tx, hash=visit.session_hash, project_id=project_id)
    await people.note_project(tx, person_id=visit.person_id, project_id=project_id, now=now)


async def open_any(tx: Tx, visit: Visit, *, now: datetime) -> bool:
    """Whether there is a project to open instead of the one that the person has left."""
    projects = await people.list_open_projects(tx, person_id=visit.person_id, limit=PROJECTS_MAX)
    project_id = _home(projects, None)
    if project_id is None:
        return False
    await open_project(tx, visit, project_id=project_id, now=now)
    return True


async def change_password(
    db: Database, passwords: Passwords, visit: Visit, *, old: str, new: str, address: str, limits: Limits, now: datetime
) -> Opened:
    """Change one's own password and open a new session; every other one of the person ends.

    Raises Invalid when the old one is wrong or the new one is weak, Throttled after too many tries.
    """
    subject = f"email:{visit.email}"
    await _count(db, [subject], now)
    async with db.transaction() as tx:
        person = await people.get(tx, person_id=visit.person_id)
    if not await passwords.is_right(old, person.password_hash):
        raise Invalid(Problem("/old", "This is not the password."))
    problems = rules.problems_of(new, person.email, "/new")
    if old == new:
        problems.append(Problem("/new", "The new password is the old one."))
    if problems:
        raise Invalid(*problems)
    kept = await passwords.hash(new)
    async with db.transaction() as tx:
        await keep_proved(tx, person)
        await people.set_password(tx, person_id=person.person_id, password_hash=kept, is_password_temporary=False)
        await sessions.forgive_tries(tx, subjects=[subject])
        await sessions.remove_all(tx, person_id=person.person_id)
        await password_resets.remove_all(tx, person_id=person.person_id, now=now)
        return await open_session(tx, person, address=address, limits=limits, now=now)


async def _count(db: Database, subjects: list[str], now: datetime) -> None:
    """Count a try before it is made; raises Throttled when it is one too many."""
    async with db.transaction() as tx:
        tries = await sessions.count_tries(tx, subjects=subjects, now=now, window_since=now - TRIES_WINDOW)
    if until := wait_until(tries):
        raise Throttled(max(1, round((until - now).total_seconds())), OFTEN)


async def _note_failure(db: Database, person: Person, address: str, now: datetime) -> None:
    """Let the owners of the project that the person opened last see who tried in vain."""
    async with db.transaction() as tx:
        projects = await people.list_open_projects(tx, person_id=person.person_id, limit=PROJECTS_MAX)
        project_id = _home(projects, person.last_project_id)
        if project_id is not None:
            await audit.add(
                tx,
                project_id=project_id,
                actor=person.email,
                action="sign-in-failed",
                subject=person.email,
                detail={"personId": person.person_id, "address": address},
                now=now,
            )


async def _tidy(tx: Tx, limits: Limits, now: datetime) -> None:
    await sessions.remove_expired(tx, now=now, idle_since=now - limits.idle)
    await sessions.remove_old_tries(tx, window_since=now - TRIES_WINDOW)


def _home(projects: list[Open], last: int | None) -> int | None:
    """The project to open: the one of last time, else the first."""
    ids = [one.project_id for one in projects]
    return last if last in ids else next(iter(ids), None)
