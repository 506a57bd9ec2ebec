"""`tearoff serve`: the API in this process."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import click
import uvloop

from tearoff import boot
from tearoff.api.app import create_app
from tearoff.api.server import serve as serve_app
from tearoff.cli.environment import address_options, data_dir_option, settings_of
from tearoff.cli.lifeline import Lifeline, stopping
from tearoff.cli.listening import listen, url_of
from tearoff.config import Settings


@click.command()
@address_options
@data_dir_option
@click.option("--listening", type=int, hidden=True, help="A socket that listens already, from the supervisor.")
@click.option("--lifeline", type=int, hidden=True, help="The socket to the supervisor.")
def serve(host: str, port: int, data_dir: Path | None, listening: int | None, lifeline: int | None) -> None:
    """Run the API alone; `tearoff work` runs the engine beside it, here or on another machine."""
    settings = settings_of(data_dir, is_lasting=True)
    opened = listen(host, port) if listening is None else socket.socket(fileno=listening)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(answer(settings, opened, Lifeline(lifeline)))


async def answer(settings: Settings, listening: socket.socket, line: Lifeline) -> None:
    """Answer requests until stopped; those that are under way then are finished."""

    def ready() -> None:
        line.say_ready()
        if not line.is_supervised:
            click.echo(f"Tearoff is ready at {url_of(listening)}")

    async with stopping(line) as stop, boot.open_site(settings, patience=boot.LONG) as site:
        await serve_app(create_app(site), listening, stopping=stop, on_ready=ready)
