"""`tearoff project …`: the tenants of this installation."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tearoff import boot
from tearoff.actions import projects as actions
from tearoff.cli.environment import data_dir_option, settings_of
from tearoff.config import Settings
from tearoff.domain.projects import Project
from tearoff.store import projects

SHOWN_MAX = 10_000


@click.group()
def project() -> None:
    """Make and list projects."""


@project.command()
@click.argument("name")
@click.option("--time-zone", default="UTC", show_default=True, help="In which zone the project's days end.")
@data_dir_option
def create(name: str, time_zone: str, data_dir: Path | None) -> None:
    """Make a project called NAME."""
    project_id = asyncio.run(add(settings_of(data_dir), name, time_zone))
    click.echo(f"Made the project {name!r} (id {project_id}). Next: tearoff key create --project {name!r} --scope full")


async def add(settings: Settings, name: str, time_zone: str) -> int:
    """The id of the new project."""
    async with boot.open_database(settings) as (db, clock, _), db.transaction() as tx:
        return await actions.create(tx, name=name, time_zone=time_zone, now=clock.now())


@project.command("list")
@data_dir_option
def list_projects(data_dir: Path | None) -> None:
    """List the projects: id, name and time zone."""
    for found in asyncio.run(read(settings_of(data_dir))):
        click.echo(f"{found.project_id}\t{found.name}\t{found.time_zone}")


async def read(settings: Settings) -> list[Project]:
    """The projects, oldest first."""
    async with boot.open_database(settings) as (db, _, _), db.transaction() as tx:
        return await projects.list_first(tx, limit=SHOWN_MAX)
