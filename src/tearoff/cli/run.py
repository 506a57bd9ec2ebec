"""`tearoff run`: API and engine in one command, each in a process of its own, both kept alive."""

from __future__ import annotations

import asyncio
import shlex
import socket
from pathlib import Path

import click

from tearoff import boot
from tearoff.actions import people
from tearoff.actions.people import First
from tearoff.cli.environment import address_options, data_dir_option, settings_of
from tearoff.cli.lifeline import stopping
from tearoff.cli.listening import listen, url_of
from tearoff.cli.supervisor import Supervisor
from tearoff.config import Settings


@click.command()
@address_options
@data_dir_option
def run(host: str, port: int, data_dir: Path | None) -> None:
    """Run everything: the API, the engine and, unless TEAROFF_DATABASE_URL is set, PostgreSQL."""
    settings = settings_of(data_dir, is_lasting=True)
    asyncio.run(supervise(settings, listen(host, port), ["--data-dir", str(data_dir)] if data_dir else []))


async def supervise(settings: Settings, listening: socket.socket, options: list[str]) -> None:
    """Keep API and engine alive until stopped; this process takes part in the database, so that it outlives both."""
    api = ["serve", "--listening", str(listening.fileno()), *options]
    engine = ["work", *options]
    async with stopping() as stop, boot.open_database(settings, patience=boot.LONG) as (db, clock, _):
        async with db.transaction() as tx:
            first = await people.add_first(tx, email=settings.owner_email, now=clock.now())
        with listening:
            supervisor = Supervisor({"api": api, "engine": engine}, stopping=stop, descriptors=(listening.fileno(),))
            await supervisor.run(lambda: welcome(url_of(listening), options, first))


def welcome(url: str, options: list[str], first: First | None) -> None:
    """Say where console and API are, how to sign in for the first time, and how to get a key."""
    more = f" {shlex.join(options)}" if options else ""
    click.echo(f"Tearoff is ready at {url}")
    if first is not None:
        click.echo(f"Sign in as       {first.email}")
        click.echo(f"One-time password: {first.password}   (shown only now; you choose your own at the first sign-in)")
    click.echo(f"Make a project:  tearoff project create NAME{more}")
    click.echo(f"Make a key:      tearoff key create --project NAME --scope full{more}")
