"""Migrations run once, in order, whole or not at all, also when two processes start at once."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tearoff.errors import Misconfigured
from tearoff.store.db import Database, fetch_all, fetch_value
from tearoff.store.migrate import FOLDER, files, migrate

NUMBERS = itertools.count(1)


@pytest.fixture
async def empty(db: Database) -> AsyncIterator[str]:
    """The URL of an empty database."""
    name = f"empty_{os.getpid()}_{next(NUMBERS)}"
    async with db.direct() as conn:
        await conn.execute(f"CREATE DATABASE {name}")
        yield make_conninfo(db.direct_url, dbname=name)
        await conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two small migrations."""
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (n int);\nCREATE TABLE also (n int);\n")
    (tmp_path / "0002_second.sql").write_text("ALTER TABLE first ADD COLUMN m int;\n")
    return tmp_path


async def apply(url: str, folder: Path = FOLDER) -> list[str]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        return await migrate(conn, folder)


async def tables(url: str) -> set[str]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        query = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        return set(await fetch_all(conn, query, None, str))


async def test_from_zero_all_are_applied_and_then_none(empty: str) -> None:
    assert await apply(empty) == [m.name for m in files()]
    assert await apply(empty) == []
    assert {"project", "code", "claim", "migration"} <= await tables(empty)


async def test_two_at_once_apply_each_migration_once(empty: str) -> None:
    done = await asyncio.gather(*(apply(empty) for _ in range(4)))
    assert sorted(name for names in done for name in names) == [m.name for m in files()]


async def test_a_changed_file_is_named(empty: str, folder: Path) -> None:
    await apply(empty, folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE first (n bigint);\n")
    with pytest.raises(Misconfigured, match=r"0001_first\.sql was changed"):
        await apply(empty, folder)


async def test_only_what_is_new_is_applied(empty: str, folder: Path) -> None:
    await apply(empty, folder)
    (folder / "0003_third.sql").write_text("CREATE TABLE third (n int);\n")
    assert await apply(empty, folder) == ["0003_third.sql"]


async def test_one_that_fails_leaves_nothing_of_its_neighbours(empty: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("CREATE TABLE third (n int);\nCREATE TABLE first (n int);\n")
    with pytest.raises(psycopg.errors.DuplicateTable):
        await apply(empty, folder)
    assert await tables(empty) == set()


async def test_a_database_from_the_future_is_refused(empty: str, folder: Path) -> None:
    await apply(empty, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(Misconfigured, match=r"0002_second\.sql, which this version does not know"):
        await apply(empty, folder)


async def test_a_number_that_comes_too_late_is_refused(empty: str, folder: Path) -> None:
    (folder / "0001_first.sql").rename(folder / "0001_early.sql")
    (folder / "0002_second.sql").write_text("CREATE TABLE second (n int);\n")
    early = (folder / "0001_early.sql").read_text()
    (folder / "0001_early.sql").unlink()
    await apply(empty, folder)
    (folder / "0001_early.sql").write_text(early)
    with pytest.raises(Misconfigured, match=r"0001_early\.sql is numbered before 0002_second\.sql"):
        await apply(empty, folder)


@pytest.mark.parametrize("name", ["1_first.sql", "0001-first.sql", "0001_other.sql"])
def test_a_wrong_or_doubled_number_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;\n")
    with pytest.raises(Misconfigured, match="NNNN_name"):
        files(folder)


async def test_the_applied_checksums_are_kept(empty: str) -> None:
    await apply(empty)
    async with await psycopg.AsyncConnection.connect(empty, autocommit=True) as conn:
        count = await fetch_value(conn, "SELECT count(*) FROM migration WHERE length(checksum) = 64", None, int)
    assert count == len(files())
