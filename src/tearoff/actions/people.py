"""People: who is there, which project they belong to, and the first of them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.actions import projects as project_actions
from tearoff.domain.letters import LANGUAGES
from tearoff.domain.passwords import hash_of, one_time
from tearoff.domain.people import Person, Role, email_problems, name_problems, normalised_email
from tearoff.errors import Conflict, Invalid, NotFound, Problem
from tearoff.store import memberships, people, projects, sessions
from tearoff.store.db import Tx

FIRST_PROJECT = "My project"


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be added."""

    email: str
    password_hash: str
    name: str = ""
    language: str = "en"
    is_password_temporary: bool = False
    is_administrator: bool = False


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is to be in a project."""

    role: Role
    may_reveal: bool = False
    may_export: bool = False


class First(msgspec.Struct, frozen=True):
    """The first person of an installation; the password is shown once and must be changed."""

    email: str
    password: str


async def add(tx: Tx, wanted: NewPerson, *, now: datetime) -> int:
    """The id of a new person; raises Invalid for a wrong email or name, Conflict when the email is taken."""
    email = normalised_email(wanted.email)
    problems = email_problems(email) + name_problems(wanted.name)
    if problems:
        raise Invalid(*problems)
    person_id = await people.add(
        tx,
        email=email,
        name=wanted.name.strip(),
        password_hash=wanted.password_hash,
        is_password_temporary=wanted.is_password_temporary,
        is_administrator=wanted.is_administrator,
        language=wanted.language,
        now=now,
    )
    if person_id is None:
        raise Conflict(f"Somebody has the email {email!r} already.")
    return person_id


async def join(tx: Tx, *, project_id: int, person_id: int, joining: Joining, now: datetime) -> None:
    """Let a person into a project, or make them there what is said now."""
    await memberships.put(
        tx,
        project_id=project_id,
        person_id=person_id,
        role=joining.role,
        may_reveal=joining.may_reveal,
        may_export=joining.may_export,
        now=now,
    )


async def change_membership(tx: Tx, *, project_id: int, person_id: int, joining: Joining) -> None:
    """Give a member another role or other rights; raises NotFound, or Conflict for the last owner."""
    await memberships.lock(tx, project_id=project_id)
    at = {"project_id": project_id, "person_id": person_id}
    if not await memberships.change(
        tx, **at, role=joining.role, may_reveal=joining.may_reveal, may_export=joining.may_export
    ):
        raise NotFound("member", person_id)
    await _keep_owned(tx, project_id)


async def leave(tx: Tx, *, project_id: int, person_id: int) -> None:
    """End a membership; raises NotFound, or Conflict for the last owner."""
    await memberships.lock(tx, project_id=project_id)
    if not await memberships.remove(tx, project_id=project_id, person_id=person_id):
        raise NotFound("member", person_id)
    await _keep_owned(tx, project_id)


async def change_person(
    tx: Tx, person: Person, *, name: str, language: str, is_administrator: bool, is_disabled: bool, now: datetime
) -> None:
    """Change what a person is in the whole installation; who is disabled is out at once.

    Raises Invalid for a wrong name or language, Conflict where no administrator would be left.
    """
    problems = name_problems(name)
    if language not in LANGUAGES:
        problems.append(Problem("/language", f"The languages are {', '.join(LANGUAGES)}."))
    if problems:
        raise Invalid(*problems)
    is_lesser = is_disabled or (person.is_administrator and not is_administrator)
    if is_lesser:
        await people.lock(tx)
    await people.change(
        tx,
        person_id=person.person_id,
        name=name.strip(),
        language=language,
        is_administrator=is_administrator,
        is_disabled=is_disabled,
        now=now,
    )
    if is_lesser and not await people.is_any_administrator(tx):
        raise Conflict("No administrator would be left.")
    if is_disabled:
        await sessions.remove_all(tx, person_id=person.person_id)


async def _keep_owned(tx: Tx, project_id: int) -> None:
    if not await memberships.is_owned(tx, project_id=project_id):
        raise Conflict("Nobody would be left who owns the project.")


async def add_first(tx: Tx, *, email: str, now: datetime) -> First | None:
    """The administrator of an installation where there is nobody, and a project where there is none."""
    await people.lock(tx)
    if await people.is_anybody(tx):
        return None
    if not await projects.list_first(tx, limit=1):
        await project_actions.create(tx, name=FIRST_PROJECT, now=now)
    password = one_time()
    wanted = NewPerson(email=email, password_hash=hash_of(password), is_password_temporary=True, is_administrator=True)
    await add(tx, wanted, now=now)
    return First(normalised_email(email), password)
