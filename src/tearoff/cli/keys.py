"""`tearoff key …`: the API keys of a project."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tearoff import boot
from tearoff.actions import projects as actions
from tearoff.cli.chosen_project import choose
from tearoff.cli.environment import data_dir_option, project_option, settings_of
from tearoff.cli.secret_options import secret_option
from tearoff.config import Settings
from tearoff.domain.keys import SCOPES, ApiKey
from tearoff.store import keys


@click.group()
def key() -> None:
    """Make, list and disable API keys."""


@key.command()
@project_option
@click.option("--scope", type=click.Choice(SCOPES), required=True, help="What the key may do.")
@click.option("--name", default="command line", show_default=True, help="What the key is for.")
@secret_option("value", "The key itself; without it 256 random bits are drawn.")
@data_dir_option
def create(project: str | None, scope: str, name: str, value: str | None, data_dir: Path | None) -> None:
    """Make a key and print it: it is shown now and never again."""
    click.echo(asyncio.run(add(settings_of(data_dir), project, scope, name, value)))


async def add(settings: Settings, project: str | None, scope: str, name: str, value: str | None) -> str:
    """The value of the new key."""
    async with boot.open_database(settings) as (db, clock, _), db.transaction() as tx:
        project_id = (await choose(tx, project)).project_id
        return await actions.create_key(tx, project_id=project_id, name=name, scope=scope, value=value, now=clock.now())


@key.command("list")
@project_option
@data_dir_option
def list_keys(project: str | None, data_dir: Path | None) -> None:
    """List the keys without their values: id, scope, name, when last used, whether disabled."""
    for found in asyncio.run(read(settings_of(data_dir), project)):
        used = f"used {found.last_used_at:%Y-%m-%d %H:%M} UTC" if found.last_used_at else "never used"
        state = f"disabled, {used}" if found.disabled_at else used
        click.echo(f"{found.key_id}\t{found.scope}\t{found.name}\t{state}")


async def read(settings: Settings, project: str | None) -> list[ApiKey]:
    """The keys of the project, oldest first."""
    async with boot.open_database(settings) as (db, _, _), db.transaction() as tx:
        return await keys.list_all(tx, project_id=(await choose(tx, project)).project_id)


@key.command()
@click.argument("key_id", type=int)
@project_option
@data_dir_option
def disable(key_id: int, project: str | None, data_dir: Path | None) -> None:
    """Make the key KEY_ID useless; every process notices within some seconds."""
    asyncio.run(switch_off(settings_of(data_dir), project, key_id))
    click.echo(f"Disabled the key {key_id}.")


async def switch_off(settings: Settings, project: str | None, key_id: int) -> None:
    """Disable one key; raises NotFound."""
    async with boot.open_database(settings) as (db, clock, _), db.transaction() as tx:
        project_id = (await choose(tx, project)).project_id
        await actions.disable_key(tx, project_id=project_id, key_id=key_id, now=clock.now())
