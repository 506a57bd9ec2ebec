"""The command line: one file a group of commands, each found by its registry line below."""

from __future__ import annotations

from importlib import import_module

import click

from tearoff import __version__
from tearoff.errors import TearoffError

COMMANDS: dict[str, str] = {
    "apply": "apply:apply",
    "bench": "bench:bench",
    "codes": "codes:codes",
    "doctor": "doctor:doctor",
    "export": "export:export",
    "key": "keys:key",
    "migrate": "migrate:migrate",
    "openapi": "openapi:openapi",
    "person": "people:person",
    "project": "projects:project",
    "run": "run:run",
    "serve": "serve:serve",
    "template": "velocity:template",
    "velocity": "velocity:velocity",
    "work": "work:work",
}
"""Name of a command → `module:attribute` under tearoff.cli; imported only when it is used, so start-up stays fast."""


class LazyGroup(click.Group):
    """Loads a command's module when it is called, and prints our own errors as one sentence with exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"tearoff.cli.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except TearoffError as error:
            raise Refusal(error.detail) from error


class Refusal(click.ClickException):
    """One sentence for the operator, and exit status 2."""

    exit_code = 2


@click.group(cls=LazyGroup)
@click.version_option(__version__)
def tearoff() -> None:
    """Hands out promo codes and sends them, and never gives the same code to two people."""
