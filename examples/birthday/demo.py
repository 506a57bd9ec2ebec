"""The whole job on this machine: upload codes, receive events, send each person one code, write it to the profile.

`make demo` runs it; with DEMO_EXIT=1 it ends after its proof, with status 0 when everything adds up and 1 when not.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import click

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from data import code_file, people  # noqa: E402 (the folder is not a package)
from receiver import Receiver  # noqa: E402
from tearoff_process import Installation  # noqa: E402

EVENTS, REPEATED, GOOD_CODES, BAD_CODES = 2000, 100, 3000, 60
IN_FLIGHT = 32
PATIENCE_SECONDS = 120.0


async def upload(http: aiohttp.ClientSession) -> tuple[int, int]:
    """Send the CSV; how many rows were refused and how many should have been."""
    content, bad = code_file(GOOD_CODES, BAD_CODES, datetime.now(UTC).date())
    async with http.post("/api/v1/promocodes", data=content, headers={"Content-Type": "text/csv"}) as answer:
        answer.raise_for_status()
        report = answer.links["describedby"]["url"]
    async with http.get(report) as answer:
        answer.raise_for_status()
        lines = (await answer.text()).strip().splitlines()
    click.echo(f"Uploaded a CSV of {GOOD_CODES + bad} rows: {GOOD_CODES} codes taken, {len(lines) - 1} rows refused:")
    for line in lines[1:4]:
        click.echo(f"    line {line}")
    return len(lines) - 1, bad


async def add_contacts(http: aiohttp.ClientSession, contacts: list[dict[str, object]]) -> None:
    """Write the people in one request, as a shop would."""
    body = {"contacts": contacts, "dedupeOn": "email"}
    async with http.post("/api/v1/contacts", json=body) as answer:
        answer.raise_for_status()
    click.echo(f"Wrote {len(contacts)} contacts.")


async def post_events(http: aiohttp.ClientSession, contacts: list[dict[str, Any]]) -> int:
    """Post one event a person, some of them twice with their Idempotency-Key; how many posts there were."""
    addresses = [contact["channels"][0]["value"] for contact in contacts]
    waiting = list(enumerate(addresses)) + list(enumerate(addresses))[:REPEATED]
    total = len(waiting)
    with click.progressbar(length=total, label="Posting events", file=sys.stderr) as bar:

        async def work() -> None:
            while waiting:
                number, address = waiting.pop()
                params = [{"name": "EmailAddress", "value": address}]
                body = {"eventTypeKey": "birthday", "keyValue": address, "params": params}
                headers = {"Idempotency-Key": f"birthday-{number}"}
                async with http.post("/api/v2/event", json=body, headers=headers) as answer:
                    answer.raise_for_status()
                bar.update(1)

        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    return total


async def wait_for_mails(receiver: Receiver, count: int) -> None:
    """Until every mail is there, and a moment longer, so that one too many would be seen."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_SECONDS
    with click.progressbar(length=count, label="Mails received", file=sys.stderr) as bar:
        while len(receiver.mails) < count and loop.time() < end:
            bar.update(len(receiver.mails) - bar.pos)
            await asyncio.sleep(0.1)
        bar.update(len(receiver.mails) - bar.pos)
    await asyncio.sleep(1.5)


async def count_profiles(http: aiohttp.ClientSession, receiver: Receiver) -> int:
    """How many profiles hold just the code that their owner was mailed."""
    mailed = {recipient: codes for recipient, _, codes in receiver.mails}
    right, start = 0, 1
    while True:
        async with http.get("/api/v1/contacts", params={"startindex": start, "maxrows": 500}) as answer:
            answer.raise_for_status()
            page = await answer.json()
        for contact in page:
            address = next((c["value"] for c in contact["channels"] if c["type"] == "email"), "")
            saved = {str(field["value"]) for field in contact.get("fields", ())}
            right += bool(saved) and saved == mailed.get(address)
        if len(page) < 500:
            return right
        start += 500


def proof(receiver: Receiver, profiles: int) -> dict[str, int]:
    """What the receiver's side says."""
    codes = [code for _, _, found in receiver.mails for code in found]
    recipients = [recipient for recipient, _, _ in receiver.mails]
    doubled = (len(codes) - len(set(codes))) + (len(recipients) - len(set(recipients)))
    return {
        "events": EVENTS,
        "mails": len(receiver.mails),
        "distinct_codes": len(set(codes)),
        "profiles": profiles,
        "duplicates": doubled,
    }


async def story(installation: Installation, receiver: Receiver) -> bool:
    """The demo's steps; whether everything adds up."""
    key = installation.fill_project(HERE / "project.yaml")
    contacts: list[dict[str, Any]] = people(EVENTS)
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(installation.url, headers=headers) as http:
        refused, bad = await upload(http)
        await add_contacts(http, contacts)
        posts = await post_events(http, contacts)
        await wait_for_mails(receiver, EVENTS)
        profiles = await count_profiles(http, receiver)
        async with http.get("/api/v1/promocodes/count", params={"type": "birthday"}) as answer:
            left = int(await answer.text())
    found = proof(receiver, profiles)
    click.echo(f"{posts} posts of {EVENTS} events brought {found['mails']} mails; {left} codes are left in the pool.")
    is_right = set(found.values()) == {EVENTS, 0} and found["duplicates"] == 0
    is_right = is_right and refused == bad and left == GOOD_CODES - EVENTS
    click.echo("Each person got one code of their own." if is_right else "Something does not add up.")
    click.echo("demo: " + " ".join(f"{name}={value}" for name, value in found.items()))
    return is_right


async def stay(installation: Installation) -> None:
    """Until Ctrl-C."""
    click.echo(f"\nLook at it: {installation.url}")
    click.echo(f"Sign in as {installation.email} with the one-time password {installation.password}")
    click.echo(f"API key: {installation.key}")
    click.echo("Tearoff stays up until Ctrl-C.")
    over = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    await over.wait()


async def main() -> int:
    """Run the demo; its exit status."""
    receiver = Receiver()
    server, port = await receiver.listen()
    folder = Path(tempfile.mkdtemp(prefix="tearoff-demo-"))
    folder.chmod(0o711)
    click.echo("Starting PostgreSQL, the API and the engine …")
    installation = Installation(folder, {"DEMO_SMTP_PORT": str(port)})
    try:
        await installation.start()
        is_right = await story(installation, receiver)
        if not os.environ.get("DEMO_EXIT"):
            await stay(installation)
    finally:
        await installation.stop()
        server.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
