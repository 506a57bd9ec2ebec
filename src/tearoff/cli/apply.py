"""`tearoff apply FILE…`: bring a project to what its files say, and print what that changed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from tearoff import boot
from tearoff.cli.environment import data_dir_option, project_option, settings_of
from tearoff.cli.project_files import apply_files, sentences
from tearoff.domain.project_files import Line
from tearoff.errors import Invalid, Misconfigured


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@project_option
@click.option("--dry-run", is_flag=True, help="Check everything and say what would change, but change nothing.")
@data_dir_option
def apply(files: tuple[Path, ...], project: str | None, dry_run: bool, data_dir: Path | None) -> None:
    """Bring a project to what FILES (YAML or JSON) say: all of it, or nothing."""

    async def run() -> list[Line]:
        async with boot.open_site(settings_of(data_dir)) as site:
            return await apply_files(
                site.db,
                files,
                project=project,
                cipher=site.cipher,
                environ=os.environ,
                now=site.clock.now(),
                is_dry=dry_run,
                settings=site.settings,
            )

    try:
        lines = asyncio.run(run())
    except Invalid as error:
        raise Misconfigured("Nothing was changed.\n" + "\n".join(sentences(error.problems))) from error
    for line in lines:
        click.echo(f"{line.change:<9} {line.noun} {line.key}")
    changed = sum(line.change != "unchanged" for line in lines)
    click.echo(f"{'would change' if dry_run else 'changed'} {changed} of {len(lines)}")
