"""What every command asks first: the settings, with the data folder of its option, and where its log goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from tearoff import logs
from tearoff.config import Settings, from_environment

PORT = "The port of the API; 0 takes a free one."
Command = TypeVar("Command", bound=Callable[..., object])


def data_dir_option(command: Command) -> Command:
    """The option --data-dir."""
    return click.option(
        "--data-dir",
        type=click.Path(path_type=Path, file_okay=False),
        help="Where the bundled database and the secret key live [TEAROFF_DATA_DIR].",
    )(command)


def project_option(command: Command) -> Command:
    """The option --project."""
    return click.option("--project", help="The project; not needed when there is only one.")(command)


def address_options(command: Command) -> Command:
    """The options --host and --port of the API."""
    command = click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help=PORT)(command)
    return click.option("--host", default="127.0.0.1", show_default=True, help="Where the API listens.")(command)


def settings_of(data_dir: Path | None, *, is_lasting: bool = False) -> Settings:
    """The settings; a command that ends soon logs only what is wrong, a process that lasts each change of state."""
    settings = from_environment(data_dir=data_dir)
    logs.configure(settings.log_format, logging.INFO if is_lasting else logging.WARNING)
    return settings
