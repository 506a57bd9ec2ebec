"""Options whose value is nobody else's business: the list of processes and the shell's history show every word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from tearoff.cli.environment import Command

STDIN = "-"
SEEN = "Warning: what follows --{0} shows in the list of processes and in the shell's history; --{0} - asks for it."


def secret_option(name: str, about: str) -> Callable[[Command], Command]:
    """The options --NAME and --NAME-file, of which a command gets NAME: the secret, or None.

    `-` reads the first line of standard input, or asks twice on a terminal without showing what is typed.
    """
    of_file = f"A file whose first line is what --{name} would say."
    asked = f"{about} - reads it from standard input, or asks for it on a terminal."

    def decorate(command: Command) -> Command:
        path = click.Path(path_type=Path, exists=True, dir_okay=False)
        command = click.option(f"--{name}-file", type=path, callback=_from_file, expose_value=False, help=of_file)(
            command
        )
        return click.option(f"--{name}", callback=_from_word, help=asked)(command)

    return decorate


def _from_file(context: click.Context, option: click.Parameter, path: Path | None) -> None:
    if path is not None:
        name = str(option.name).removesuffix("_file")
        _refuse_both(context, name)
        context.params[name] = _first_line(path.read_bytes(), str(path))


def _from_word(context: click.Context, option: click.Parameter, word: str | None) -> str | None:
    name = str(option.name)
    if word is None:
        found: str | None = context.params.get(name)
        return found
    _refuse_both(context, name)
    if word != STDIN:
        click.echo(SEEN.format(name), err=True)
        return word
    if sys.stdin.isatty():
        asked: str = click.prompt(name.capitalize(), hide_input=True, confirmation_prompt=True, err=True)
        return asked
    return _first_line(sys.stdin.buffer.readline(), "standard input")


def _refuse_both(context: click.Context, name: str) -> None:
    if context.params.get(name) is not None:
        raise click.UsageError(f"Use one of --{name} and --{name}-file.")


def _first_line(content: bytes, place: str) -> str:
    try:
        line = content.decode("utf-8-sig").partition("\n")[0].removesuffix("\r")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{place} is not UTF-8.") from error
    if not line:
        raise click.UsageError(f"The first line of {place} is empty.")
    return line
