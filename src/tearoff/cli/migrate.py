"""`tearoff migrate`: bring the schema up to date, as every start does by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tearoff import boot
from tearoff.cli.environment import data_dir_option, settings_of
from tearoff.config import Settings
from tearoff.store import migrate as store


@click.command()
@data_dir_option
def migrate(data_dir: Path | None) -> None:
    """Apply the migrations that the database does not have yet, and name them."""
    names = asyncio.run(apply(settings_of(data_dir)))
    for name in names:
        click.echo(f"applied {name}")
    click.echo(f"The schema is up to date; {len(names)} migrations were applied now.")


async def apply(settings: Settings) -> list[str]:
    """The names of what was applied now."""
    async with boot.open_database(settings, is_migrating=False) as (db, _, _), db.direct() as conn:
        return await store.migrate(conn)
