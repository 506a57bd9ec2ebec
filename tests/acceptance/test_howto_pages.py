"""The how-to pages do what they say: their files and commands are run as they stand, against running processes.

Only the server's address and the project's name are the test's own. A `sh` block is run, the `text` block after it is
what it prints, a block with a file name is that file, and a `mail` block is a mail that arrives.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from email import message_from_string
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.acceptance.receivers import Receivers
from tests.acceptance.shop import until
from tests.processes import Tearoff

PAGES = sorted((Path(__file__).parents[2] / "docs" / "howto").glob("*.md"))
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.M | re.S)
ADDRESS = "http://127.0.0.1:8080"
KEPT = "set -aeu; if [ -f .kept ]; then . ./.kept; fi\n{}\nexport -p >.kept"
"""Variables that one block sets are there in the next."""


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    name: str
    text: str


class Reader:
    """Somebody who follows a page in a folder of their own."""

    def __init__(self, folder: Path, environ: dict[str, str], receivers: Receivers) -> None:
        self.folder, self.environ, self.receivers = folder, environ, receivers
        self.printed = ""

    async def follow(self, block: Block) -> None:
        """Do what a block asks for, or look whether it is so."""
        if block.language == "sh":
            self.printed = await asyncio.to_thread(self.run, block.text)
        elif block.language == "text":
            assert self.printed.strip() == block.text.strip()
        elif block.language == "mail":
            await self.receive(block.text)
        else:
            assert block.name, f"what is this {block.language} for?"
            (self.folder / block.name).write_text(block.text)

    def run(self, text: str) -> str:
        """What commands print."""
        words = ["sh", "-c", KEPT.format(text)]
        done = subprocess.run(words, cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout

    async def receive(self, text: str) -> None:
        """Wait for a mail, once and just as it is shown."""
        wanted = message_from_string(text)
        address = str(wanted["To"])
        assert await until(lambda: self.receivers.mails(address)) == [str(wanted.get_payload()).strip()]
        subjects = [mail["Subject"] for mail in self.receivers.smtp.mails if mail["To"] == address]
        assert subjects == [wanted["Subject"]]


@pytest.fixture
async def receivers() -> AsyncIterator[Receivers]:
    """The page's mail server, among others."""
    started = Receivers()
    await started.start()
    yield started
    await started.stop()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the pages call curl, which is not installed here")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
async def test_a_page_does_what_it_says(page: Path, tearoff: Tearoff, receivers: Receivers, tmp_path: Path) -> None:
    text = page.read_text().replace(ADDRESS, tearoff.url)
    text = re.sub(r"(--project|project create|Subject:) shop\b", rf"\1 howto-{page.stem}", text)
    environ = {
        **tearoff.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TEAROFF_DATA_DIR": str(tearoff.data),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(receivers.smtp.port),
    }
    if "key create" not in text:
        environ["KEY"] = await asyncio.to_thread(tearoff.make_key, f"howto-{page.stem}")
    reader = Reader(tmp_path, environ, receivers)
    blocks = [Block(*found) for found in BLOCK.findall(text)]
    assert len(blocks) == text.count("\n```") / 2
    for block in blocks:
        await reader.follow(block)


def test_there_are_pages() -> None:
    assert len(PAGES) >= 4
