"""`tearoff export`: a project as one project file, without its secrets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tearoff import boot
from tearoff.cli.environment import data_dir_option, project_option, settings_of
from tearoff.cli.project_files import export_text


@click.command()
@project_option
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead of standard output.")
@data_dir_option
def export(project: str | None, output: Path | None, data_dir: Path | None) -> None:
    """Write a project down as YAML that `tearoff apply` takes; secrets become ${env:…} references."""

    async def run() -> str:
        async with boot.open_site(settings_of(data_dir)) as site:
            return await export_text(site.db, project=project, cipher=site.cipher)

    text = asyncio.run(run())
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
