"""`tearoff person …`: who may sign in to the console."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tearoff import boot
from tearoff.actions import people as actions
from tearoff.cli.environment import data_dir_option, settings_of
from tearoff.cli.secret_options import secret_option
from tearoff.config import Settings
from tearoff.domain import passwords
from tearoff.domain.people import ROLES, Person, Role, normalised_email
from tearoff.errors import Invalid, Misconfigured
from tearoff.store import password_resets, people, projects, sessions
from tearoff.store.db import Tx

SHOWN_MAX = 10_000
PASSWORD = "The password; without it one is drawn that must be changed at the first sign-in."


@click.group()
def person() -> None:
    """Make, list and disable people, and give them new passwords."""


@person.command()
@click.argument("email")
@secret_option("password", PASSWORD)
@click.option("--name", default="", help="What the console calls the person.")
@click.option("--administrator", is_flag=True, help="An owner of every project, who may make projects.")
@click.option("--project", help="The project that the person joins; not for an administrator.")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True, help="What the person is there.")
@click.option("--reveal", is_flag=True, help="The person may see codes in full.")
@click.option("--export", is_flag=True, help="The person may take away who has which code.")
@data_dir_option
def create(
    email: str,
    password: str | None,
    name: str,
    administrator: bool,
    project: str | None,
    role: Role,
    reveal: bool,
    export: bool,
    data_dir: Path | None,
) -> None:
    """Let EMAIL sign in to the console."""
    _check(password, email)
    chosen = password or passwords.one_time()
    wanted = actions.NewPerson(
        email=email,
        name=name,
        password_hash=passwords.hash_of(chosen),
        is_password_temporary=password is None,
        is_administrator=administrator,
    )
    joined = None if project is None else actions.Joining(role=role, may_reveal=reveal, may_export=export)
    asyncio.run(add(settings_of(data_dir), wanted, project, joined))
    click.echo(f"Made {normalised_email(email)}.")
    if password is None:
        click.echo(f"One-time password: {chosen}")


async def add(
    settings: Settings, wanted: actions.NewPerson, project: str | None, joined: actions.Joining | None
) -> None:
    """Add the person, and let them join the project that is named."""
    async with boot.open_database(settings) as (db, clock, _), db.transaction() as tx:
        person_id = await actions.add(tx, wanted, now=clock.now())
        if project is not None and joined is not None:
            found = await projects.find_by_name(tx, name=project)
            if found is None:
                raise Misconfigured(f"There is no project {project!r}.")
            await actions.join(tx, project_id=found.project_id, person_id=person_id, joining=joined, now=clock.now())


@person.command("reset-password")
@click.argument("email")
@secret_option("password", PASSWORD)
@data_dir_option
def reset_password(email: str, password: str | None, data_dir: Path | None) -> None:
    """Give EMAIL another password; every session of theirs ends, and every link to a new password."""
    _check(password, email)
    chosen = password or passwords.one_time()
    asyncio.run(change(settings_of(data_dir), email, passwords.hash_of(chosen), is_temporary=password is None))
    click.echo(f"Changed the password of {normalised_email(email)}.")
    if password is None:
        click.echo(f"One-time password: {chosen}")


async def change(settings: Settings, email: str, kept: str, *, is_temporary: bool) -> None:
    """Keep another password of the person; raises Misconfigured when there is no such person."""
    async with boot.open_database(settings) as (db, clock, _), db.transaction() as tx:
        found = await _find(tx, email)
        await people.set_password(tx, person_id=found.person_id, password_hash=kept, is_password_temporary=is_temporary)
        await sessions.remove_all(tx, person_id=found.person_id)
        await password_resets.remove_all(tx, person_id=found.person_id, now=clock.now())


@person.command()
@click.argument("email")
@data_dir_option
def disable(email: str, data_dir: Path | None) -> None:
    """Let EMAIL sign in no more; every session of theirs ends."""
    asyncio.run(switch(settings_of(data_dir), email, is_disabled=True))
    click.echo(f"Disabled {normalised_email(email)}.")


@person.command()
@click.argument("email")
@data_dir_option
def enable(email: str, data_dir: Path | None) -> None:
    """Let EMAIL sign in again."""
    asyncio.run(switch(settings_of(data_dir), email, is_disabled=False))
    click.echo(f"Enabled {normalised_email(email)}.")


async def switch(settings: Settings, email: str, *, is_disabled: bool) -> None:
    """Disable or enable a person; raises Misconfigured for an unknown one, Conflict for the last administrator."""
    async with boot.open_database(settings) as (db, clock, _), db.transaction() as tx:
        found = await _find(tx, email)
        await actions.change_person(
            tx,
            found,
            name=found.name,
            language=found.language,
            is_administrator=found.is_administrator,
            is_disabled=is_disabled,
            now=clock.now(),
        )


@person.command("list")
@data_dir_option
def list_people(data_dir: Path | None) -> None:
    """List the people: id, email, whether an administrator, when last seen, whether disabled."""
    for found in asyncio.run(read(settings_of(data_dir))):
        seen = f"seen {found.last_seen_at:%Y-%m-%d %H:%M} UTC" if found.last_seen_at else "never seen"
        kind = "administrator" if found.is_administrator else "person"
        click.echo(f"{found.person_id}\t{found.email}\t{kind}\t{'disabled, ' if found.disabled_at else ''}{seen}")


async def read(settings: Settings) -> list[Person]:
    """Everybody, the oldest first."""
    async with boot.open_database(settings) as (db, _, _), db.transaction() as tx:
        return await people.list_all(tx, limit=SHOWN_MAX)


async def _find(tx: Tx, email: str) -> Person:
    found = await people.find_by_email(tx, email=normalised_email(email))
    if found is None:
        raise Misconfigured(f"Nobody has the email {email!r}.")
    return found


def _check(password: str | None, email: str) -> None:
    if password is not None and (problems := passwords.problems_of(password, normalised_email(email))):
        raise Invalid(*problems)
