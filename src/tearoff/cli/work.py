"""`tearoff work`: the engine in this process."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import click
import uvloop

from tearoff import boot
from tearoff.cli.environment import data_dir_option, settings_of
from tearoff.cli.lifeline import Lifeline, stopping
from tearoff.config import Settings
from tearoff.engine.work import Work

YOUNG_MAX = 5_000
"""New objects between two looks for cycles. A set makes thousands and drops them without one, so looking for cycles as
often as Python does took 7 % of the engine's time."""


@click.command()
@data_dir_option
@click.option("--lifeline", type=int, hidden=True, help="The socket to the supervisor.")
def work(data_dir: Path | None, lifeline: int | None) -> None:
    """Run the engine alone; any number of engines may work on one database."""
    settings = settings_of(data_dir, is_lasting=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(move(settings, Lifeline(lifeline)))


async def move(settings: Settings, line: Lifeline) -> None:
    """Work until stopped; the sets that are in hand then are finished."""
    async with stopping(line) as stop, boot.open_engine(settings) as engine:
        gc.freeze()
        gc.set_threshold(YOUNG_MAX)
        engine_work = Work(engine)
        working = asyncio.create_task(engine_work.run())
        stopped = asyncio.create_task(stop.wait())
        line.say_ready()
        if not line.is_supervised:
            click.echo("The engine works.")
        await asyncio.wait((working, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        engine_work.stop()
        await working
