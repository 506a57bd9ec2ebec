"""`tearoff doctor`: is the installation well, and do its promises hold?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import click

from tearoff import boot
from tearoff.cli import checkup
from tearoff.cli.checkup import Finding
from tearoff.cli.chosen_project import choose
from tearoff.cli.environment import data_dir_option, settings_of
from tearoff.config import Settings
from tearoff.domain.projects import Project
from tearoff.errors import Misconfigured
from tearoff.store import projects
from tearoff.store.db import Tx

PROJECTS_MAX = 100_000
COLOURS = {"ok": "green", "note": "yellow", "wrong": "red"}


@click.command()
@click.option("--project", help="Look at this project only.")
@data_dir_option
def doctor(project: str | None, data_dir: Path | None) -> None:
    """Check the database, the queues and promises P1 to P3 and P9 of every project; exit status 1 when one is wrong."""
    wrong = asyncio.run(look(settings_of(data_dir), project))
    if wrong:
        click.echo("One thing is wrong." if wrong == 1 else f"{wrong} things are wrong.")
        raise click.exceptions.Exit(1)
    click.echo("All is well.")


async def look(settings: Settings, name: str | None) -> int:
    """Print one line a finding; how many of them are wrong."""
    folder = boot.folder_of(settings)
    if settings.is_bundled and not (folder / "pgdata").exists():
        raise Misconfigured(f"There is nothing in {folder} yet; start with: tearoff run")
    secret_key, wrong = settings.secret_key, 0

    def tell(findings: Iterable[Finding]) -> None:
        nonlocal wrong
        for finding in findings:
            wrong += finding.level == "wrong"
            click.echo(f"{click.style(f'{finding.level:<6}', COLOURS[finding.level])} {finding.sentence}")

    async with boot.open_database(settings, is_migrating=False) as (db, clock, _):
        tell(await checkup.of_database(db, clock, is_bundled=settings.is_bundled))
        tell(checkup.of_folder(folder, is_bundled=settings.is_bundled, secret_key=secret_key))
        schema = await checkup.of_schema(db)
        tell([schema])
        if schema.level == "ok":
            async with db.transaction() as tx:
                chosen = await choose_all(tx, name)
            for project in chosen:
                now = clock.now()
                tell(await checkup.of_project(db, project, folder=folder, secret_key=secret_key, now=now))
    return wrong


async def choose_all(tx: Tx, name: str | None) -> list[Project]:
    """The project of this name, or every project."""
    return [await choose(tx, name)] if name else await projects.list_first(tx, limit=PROJECTS_MAX)
