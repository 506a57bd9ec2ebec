"""Forward-only numbered migrations: migrations/NNNN_name.sql, each applied once, with its checksum kept."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from tearoff.errors import Misconfigured
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_value

FOLDER = Path(__file__).parent / "migrations"
FILE_NAME = re.compile(r"^\d{4}_[a-z0-9_]+\.sql$")
SQL = queries.load("migrations")


class Migration(msgspec.Struct, frozen=True):
    """One file: its name, the SHA-256 of its text, and the text."""

    name: str
    checksum: str
    text: str


class Applied(msgspec.Struct, frozen=True):
    """One row of the table `migration`."""

    name: str
    checksum: str


async def migrate(conn: Tx, folder: Path = FOLDER) -> list[str]:
    """Bring the schema up to the files and give the names of what was applied now; all of it or nothing.

    Needs a connection of its own to the server itself, not through a pooler. Raises Misconfigured when an applied file
    was changed, or when the database holds a migration that this program does not know.
    """
    async with conn.transaction():
        await execute(conn, SQL.lock)
        await execute(conn, SQL.create)
        done = await fetch_all(conn, SQL.applied, None, Applied)
        fresh = pending(files(folder), done)
        for migration in fresh:
            await conn.execute(migration.text, prepare=False)
            await execute(conn, SQL.add, {"name": migration.name, "checksum": migration.checksum})
    return [migration.name for migration in fresh]


async def waiting(conn: Tx, folder: Path = FOLDER) -> list[str]:
    """The names of the migrations that `migrate` would apply; changes nothing, raises Misconfigured as it does."""
    is_there = await fetch_value(conn, SQL.is_there, None, bool)
    done = await fetch_all(conn, SQL.applied, None, Applied) if is_there else []
    return [migration.name for migration in pending(files(folder), done)]


def pending(migrations: list[Migration], done: list[Applied]) -> list[Migration]:
    """The migrations that are still to be applied, in order; raises Misconfigured where files and database differ."""
    known = {m.name: m.checksum for m in migrations}
    for applied in done:
        if applied.name not in known:
            raise Misconfigured(f"The database holds the migration {applied.name}, which this version does not know.")
        if applied.checksum != known[applied.name]:
            raise Misconfigured(
                f"The migration {applied.name} was changed after it had been applied; restore the file."
            )
    names = {applied.name for applied in done}
    fresh = [m for m in migrations if m.name not in names]
    if fresh and done and fresh[0].name < done[-1].name:
        raise Misconfigured(f"The migration {fresh[0].name} is numbered before {done[-1].name}, which is applied.")
    return fresh


def files(folder: Path = FOLDER) -> list[Migration]:
    """The migrations in `folder`, in the order of their numbers."""
    paths = sorted(folder.glob("*.sql"))
    wrong = [p.name for p in paths if not FILE_NAME.match(p.name)]
    numbers = [p.name[:4] for p in paths]
    if wrong or len(set(numbers)) < len(numbers):
        raise Misconfigured(f"Migrations are named NNNN_name.sql, each number once: {', '.join(wrong or numbers)}.")
    return [_read(path) for path in paths]


def _read(path: Path) -> Migration:
    text = path.read_text(encoding="utf-8")
    return Migration(path.name, hashlib.sha256(text.encode()).hexdigest(), text)
