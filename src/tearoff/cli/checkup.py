"""What `tearoff doctor` looks at, and the sentences in which it says what it found."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from tearoff.actions import secrets
from tearoff.clock import Clock
from tearoff.domain.projects import Project
from tearoff.errors import Misconfigured
from tearoff.store import channels, codes, connectors, health, migrate, redemptions
from tearoff.store.db import Database, Tx
from tearoff.store.secrets import KEY_FILE, Cipher, cipher

SKEW_MAX = timedelta(seconds=10)
LATE_AFTER = timedelta(minutes=1)
SENDING_LATE_AFTER = timedelta(minutes=5)
FREE_BYTES_MIN = 1 << 30
SECRETS_MAX = 10_000


class Finding(msgspec.Struct, frozen=True):
    """One sentence; `wrong` needs somebody, `note` is worth knowing."""

    level: Literal["ok", "note", "wrong"]
    sentence: str


async def of_database(db: Database, clock: Clock, *, is_bundled: bool) -> list[Finding]:
    """The server and its clock."""
    async with db.direct() as conn:
        server = await health.get_server(conn)
    kind = "the bundled one" if is_bundled else "your own server"
    found = [Finding("ok", f"The database answers: PostgreSQL {server.version}, {kind}.")]
    if not server.is_writable:
        found.append(
            Finding("wrong", "The database is a read-only standby; TEAROFF_DATABASE_URL must name the primary.")
        )
    if not server.is_durable:
        found.append(
            Finding(
                "wrong", "The database may lose what it confirmed: turn fsync, full_page_writes, synchronous_commit on."
            )
        )
    skew = abs(Clock().now() - clock.now())
    if skew > SKEW_MAX:
        found.append(
            Finding("wrong", f"This machine's clock differs from the database's by {spoken(skew)}; set it right.")
        )
    else:
        found.append(Finding("ok", "This machine's clock agrees with the database's."))
    return found


async def of_schema(db: Database) -> Finding:
    """Whether the tables are those that this version works with."""
    try:
        async with db.direct() as conn:
            waiting = await migrate.waiting(conn)
    except Misconfigured as error:
        return Finding("wrong", error.detail)
    if waiting:
        return Finding("wrong", f"The schema is behind by {', '.join(waiting)}; run: tearoff migrate")
    return Finding("ok", "The schema is up to date.")


def of_folder(folder: Path, *, is_bundled: bool, secret_key: str | None) -> list[Finding]:
    """The data folder and the key for secrets."""
    found = []
    if is_bundled:
        free = shutil.disk_usage(folder).free
        said = f"The data folder {folder} has {free / (1 << 30):.1f} GiB free"
        found.append(
            Finding("ok", f"{said}.") if free >= FREE_BYTES_MIN else Finding("wrong", f"{said}; PostgreSQL needs room.")
        )
    key_file = folder / KEY_FILE
    if secret_key:
        found.append(Finding("ok", "Secrets are sealed with TEAROFF_SECRET_KEY."))
    elif not key_file.exists():
        found.append(Finding("note", f"There is no key for secrets yet; it will be made in {key_file}."))
    elif not os.access(key_file, os.R_OK):
        found.append(Finding("wrong", f"The key for secrets, {key_file}, cannot be read by this user."))
    else:
        found.append(Finding("ok", f"Secrets are sealed with the key in {key_file}; keep a copy of it."))
    return found


async def of_project(
    db: Database, project: Project, *, folder: Path, secret_key: str | None, now: datetime
) -> list[Finding]:
    """The promises and the queues of one project."""
    async with db.transaction() as tx:
        found = [
            *await _of_codes(tx, project.project_id),
            *await _of_queues(tx, project.project_id, now),
            *await _of_secrets(tx, project.project_id, folder, secret_key),
        ]
    return [Finding(one.level, f"{project.name}: {one.sentence}") for one in found]


async def _of_codes(tx: Tx, project_id: int) -> list[Finding]:
    doubled = await codes.count_doubled(tx, project_id=project_id)
    ambiguous = await health.count_ambiguous_keys(tx, project_id=project_id)
    ledgers = await codes.list_ledgers(tx, project_id=project_id)
    misused = await redemptions.count_wrong(tx, project_id=project_id)
    return [
        Finding("wrong", f"P1 is broken: {doubled} codes have two owners, or an owner and a place in the line.")
        if doubled
        else Finding("ok", "P1 holds: each code has at most one owner."),
        Finding("wrong", f"P2 is broken: {ambiguous} claim keys stand for more than one thing.")
        if ambiguous
        else Finding("ok", "P2 holds: each claim key has its own codes."),
        Finding("wrong", f"P9 is broken: {misused} codes are used too often, unissued, or counted wrongly.")
        if misused
        else Finding("ok", "P9 holds: each code is used as often as it may be."),
        *_of_ledgers(ledgers),
    ]


def _of_ledgers(ledgers: Sequence[codes.Ledger]) -> list[Finding]:
    wrong = [ledger for ledger in ledgers if not ledger.is_balanced]
    if not wrong:
        count = sum(ledger.uploaded for ledger in ledgers)
        return [Finding("ok", f"P3 holds: every one of {count} codes in {len(ledgers)} pools is accounted for.")]
    return [
        Finding(
            "wrong",
            f"P3 is broken in the pool {book.key!r}: {book.uploaded} uploaded, but {book.free} free ({book.in_line} in "
            f"line), {book.reserved} reserved, {book.issued} issued, {book.withdrawn} withdrawn.",
        )
        for book in wrong
    ]


async def _of_queues(tx: Tx, project_id: int, now: datetime) -> list[Finding]:
    queues = await health.get_queues(tx, project_id=project_id, now=now)
    abandoned = await health.count_abandoned(tx, project_id=project_id, before=now - LATE_AFTER)
    found = []
    if is_late(queues.due_since, LATE_AFTER, now):
        found.append(f"{queues.due_runs} runs are due, {since(queues.due_since, now)}")
    if is_late(queues.delivery_since, SENDING_LATE_AFTER, now):
        found.append(f"{queues.due_deliveries} deliveries wait to be sent, {since(queues.delivery_since, now)}")
    if abandoned:
        found.append(f"{abandoned} runs and deliveries were left behind by an engine that died")
    wrong = [Finding("wrong", f"{late}: is an engine at work (tearoff work)?") for late in found]
    held = queues.held_since and f"{queues.held_runs} runs wait for codes, {since(queues.held_since, now)}."
    notes = [Finding("note", held)] if held else []
    return wrong + notes or [Finding("ok", "Nothing waits longer than it should.")]


async def _of_secrets(tx: Tx, project_id: int, folder: Path, secret_key: str | None) -> list[Finding]:
    """Whether this machine's key opens what is stored."""
    at = {"project_id": project_id, "limit": SECRETS_MAX}
    sealed = [("channel", one.key, one.secret) for one in await channels.list_page(tx, **at) if one.secret]
    sealed += [("connector", one.key, one.secret) for one in await connectors.list_page(tx, **at) if one.secret]
    if not sealed:
        return []
    if not secret_key and not (folder / KEY_FILE).exists():
        return [Finding("wrong", "Its secrets cannot be opened here: there is no key. Set TEAROFF_SECRET_KEY.")]
    opener = cipher(secret_key, folder)
    shut = [f"{kind} {key!r}" for kind, key, secret in sealed if not _opens(opener, project_id, kind, key, secret)]
    if shut:
        return [Finding("wrong", f"The secrets of {', '.join(shut)} do not open with the key of this machine.")]
    return [Finding("ok", f"The secrets of {len(sealed)} channels and connectors open.")]


def _opens(opener: Cipher, project_id: int, kind: str, key: str, sealed: bytes) -> bool:
    try:
        secrets.open_all(opener, project_id=project_id, kind=kind, key=key, sealed=sealed)
    except Misconfigured:
        return False
    return True


def is_late(instant: datetime | None, patience: timedelta, now: datetime) -> bool:
    """Whether something waits since before the patience ended."""
    return instant is not None and now - instant > patience


def since(instant: datetime | None, now: datetime) -> str:
    """How long the oldest waits, in words."""
    return f"the oldest for {spoken(now - (instant or now))}"


def spoken(length: timedelta) -> str:
    """A duration in one round unit."""
    seconds = int(length.total_seconds())
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
