"""People of the installation. They belong to no project, so these are functions that may look across them."""

from __future__ import annotations

from datetime import datetime

from tearoff.domain.people import Person
from tearoff.domain.sessions import Open
from tearoff.errors import NotFound
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional, fetch_value

SQL = queries.load("people")


async def add(
    tx: Tx,
    *,
    email: str,
    name: str,
    password_hash: str,
    is_password_temporary: bool,
    is_administrator: bool,
    language: str,
    now: datetime,
) -> int | None:
    """The id of the new person; None when the email is taken."""
    values = {"email": email, "name": name, "password_hash": password_hash, "language": language, "now": now}
    values |= {"is_password_temporary": is_password_temporary, "is_administrator": is_administrator}
    return await fetch_optional(tx, SQL.add, values, into=int)


async def find_by_email(tx: Tx, *, email: str) -> Person | None:
    """The person with this normalised email, disabled or not."""
    return await fetch_optional(tx, SQL.find_by_email, {"email": email}, into=Person)


async def get(tx: Tx, *, person_id: int) -> Person:
    """The person; raises NotFound."""
    found = await fetch_optional(tx, SQL.find, {"person_id": person_id}, into=Person)
    if found is None:
        raise NotFound("person", person_id)
    return found


async def list_all(tx: Tx, *, limit: int) -> list[Person]:
    """Everybody, the oldest first."""
    return await fetch_all(tx, SQL.list_all, {"limit": limit}, into=Person)


async def lock(tx: Tx) -> None:
    """Let nobody else add people until the end of the transaction."""
    await execute(tx, SQL.lock)


async def is_anybody(tx: Tx) -> bool:
    """Whether there is any person."""
    return await fetch_value(tx, SQL.is_anybody, None, into=bool)


async def lock_proved(tx: Tx, *, person_id: int, password_hash: str) -> bool:
    """Whether this is the person's password still, and they may sign in; it stays so until the transaction ends."""
    values = {"person_id": person_id, "password_hash": password_hash}
    return await fetch_optional(tx, SQL.lock_proved, values, into=int) is not None


async def set_password(tx: Tx, *, person_id: int, password_hash: str, is_password_temporary: bool) -> None:
    """Keep another password."""
    values = {"person_id": person_id, "password_hash": password_hash, "is_password_temporary": is_password_temporary}
    await execute(tx, SQL.set_password, values)


async def note_project(tx: Tx, *, person_id: int, project_id: int | None, now: datetime) -> None:
    """Remember which project the person opened last."""
    await execute(tx, SQL.note_project, {"person_id": person_id, "project_id": project_id, "now": now})


async def list_open_projects(tx: Tx, *, person_id: int, limit: int) -> list[Open]:
    """The projects that the person may open."""
    return await fetch_all(tx, SQL.list_open_projects, {"person_id": person_id, "limit": limit}, into=Open)


async def change(
    tx: Tx,
    *,
    person_id: int,
    name: str,
    language: str,
    is_administrator: bool,
    is_disabled: bool,
    now: datetime,
) -> None:
    """Make the person what is said now."""
    values = {"person_id": person_id, "name": name, "language": language, "now": now}
    await execute(tx, SQL.change, values | {"is_administrator": is_administrator, "is_disabled": is_disabled})


async def is_any_administrator(tx: Tx) -> bool:
    """Whether there is an administrator who may sign in."""
    return await fetch_value(tx, SQL.is_any_administrator, None, into=bool)


async def find_letterbox(tx: Tx, *, person_id: int) -> int | None:
    """The project whose email channel may carry a link that opens this person's account."""
    return await fetch_optional(tx, SQL.find_letterbox, {"person_id": person_id}, into=int)
