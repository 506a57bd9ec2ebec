"""Secrets of commands come in where nobody else looks."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tearoff.cli.keys import key
from tearoff.cli.people import person
from tearoff.cli.secret_options import secret_option

SECRET = "a päss word with spaces "


@click.command()
@secret_option("password", "The password.")
def told(password: str | None) -> None:
    """Say what was read."""
    click.echo(f"[{password}]")


@pytest.fixture
def kept(tmp_path: Path) -> str:
    """A file as an editor leaves it."""
    path = tmp_path / "secret"
    path.write_bytes(f"{SECRET}\r\n\r\nnotes".encode())
    return str(path)


def test_a_secret_is_read_from_standard_input_or_a_file_without_a_warning(kept: str) -> None:
    read = CliRunner().invoke(told, ["--password", "-"], input=f"{SECRET}\nmore\n")
    assert (read.stdout, read.stderr) == (f"[{SECRET}]\n", "")
    read = CliRunner().invoke(told, ["--password-file", kept])
    assert (read.stdout, read.stderr) == (f"[{SECRET}]\n", "")
    assert CliRunner().invoke(told, []).stdout == "[None]\n"


def test_a_secret_in_the_command_works_and_is_warned_of() -> None:
    read = CliRunner().invoke(told, ["--password", SECRET])
    assert read.stdout == f"[{SECRET}]\n"
    assert "list of processes" in read.stderr
    assert SECRET not in read.stderr


def test_nothing_two_secrets_and_no_text_are_refused(kept: str, tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for words in (
        ["--password", "-"],
        ["--password", "-", "--password-file", kept],
        ["--password-file", kept, "--password", SECRET],
        ["--password-file", str(tmp_path / "bytes")],
        ["--password-file", str(tmp_path / "none")],
    ):
        refused = CliRunner().invoke(told, words, input="")
        assert (refused.exit_code, refused.stdout, SECRET in refused.stderr) == (2, "", False), words


def test_a_terminal_is_asked_twice_and_shows_nothing() -> None:
    program = "from tests.cli.test_secret_options import told; told(['--password', '-'])"
    asked, terminal = pty.openpty()
    # a session of its own, so that this terminal is the one that the prompt finds
    words = ["setsid", "--ctty", "--wait", sys.executable, "-c", program]
    process = subprocess.Popen(words, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True)
    os.close(terminal)
    shown = b""
    for prompt in (b"Password:", b"Repeat for confirmation:"):
        while prompt not in shown:
            shown += os.read(asked, 1000)
        os.write(asked, f"{SECRET}\n".encode())
    stdout, _ = process.communicate(timeout=30)
    os.close(asked)
    assert stdout == f"[{SECRET}]\n"
    assert SECRET.encode() not in shown


def test_every_command_with_a_secret_takes_it_so() -> None:
    for group in (person, key):
        for name, command in group.commands.items():
            options = {option for param in command.params for option in param.opts}
            for secret in ("--password", "--value"):
                assert (secret in options) == (f"{secret}-file" in options), name
