"""The reference names every setting, every command and every option."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tearoff.cli import tearoff
from tearoff.config import TEMPLATE_LIMITS, Settings

ROOT = Path(__file__).parents[2]
COMMANDS = (ROOT / "docs/reference/cli.md").read_text()
SETTINGS = (ROOT / "docs/reference/settings.md").read_text()
VARIABLE = re.compile(r"TEAROFF_[A-Z_]+")


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command
            words = (*above, name)
            if isinstance(command, click.Group):
                yield from commands(command, *words)
            else:
                yield " ".join(words), command


@pytest.mark.parametrize(("path", "command"), list(commands(tearoff, "tearoff")))
def test_a_command_has_its_row_with_its_options(path: str, command: click.Command) -> None:
    row = next((line for line in COMMANDS.splitlines() if line.startswith(f"| `{path}`")), "")
    assert row, f"{path} is not in docs/reference/cli.md"
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden and option.opts != ["--data-dir"]:
            assert option.opts[-1] in row, f"{path} {option.opts[-1]} is not in docs/reference/cli.md"


def test_settings_are_documented_and_nothing_else_is() -> None:
    read = set(VARIABLE.findall((ROOT / "src/tearoff/config.py").read_text())) - {"TEAROFF_"}
    told = set(re.findall(r"^\| `(TEAROFF_[A-Z_]+)` \|", SETTINGS, re.M))
    assert read == told
    assert len(told) == len(Settings.__struct_fields__) - 1 + len(TEMPLATE_LIMITS)
