"""P1 through a failover: the primary is killed under load, its standby takes over, and each key still has one code."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.conftest import ADD_PROJECT
from tests.stock import books, upload

from tearoff.actions import asked_claims
from tearoff.actions.asked_claims import Ask, ClaimCall
from tearoff.domain.codes import Wish
from tearoff.errors import Unavailable
from tearoff.store.db import Database, fetch_value
from tearoff.store.embedded import Bundled
from tearoff.store.migrate import migrate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CODES, CALLERS, BEFORE = 300, 6, 60
PATIENCE_SECONDS = 120.0
STREAMS = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"


def ask_server(url: str, *queries: str) -> object:
    """The answer to the last of some queries."""
    with psycopg.connect(url, autocommit=True) as conn:
        rows = [conn.execute(query.encode()).fetchone() for query in queries[:-1]]
        rows.append(conn.execute(queries[-1].encode()).fetchone())
    assert rows[-1] is not None
    return rows[-1][0]


def until(url: str, query: str, wanted: object) -> None:
    """Wait for an answer."""
    end = time.monotonic() + PATIENCE_SECONDS
    while ask_server(url, query) != wanted:
        assert time.monotonic() < end, query
        time.sleep(0.05)


class Pair:
    """A primary that confirms a commit once its standby has it, and the standby."""

    def __init__(self, folder: Path) -> None:
        self.first, self.second = (Bundled(folder / name) for name in ("first", "second"))
        primary = self.first.start()
        self.follow(primary.url)
        standby = self.second.start()
        self.urls = (primary.url, standby.url)
        until(primary.url, STREAMS, 1)
        set_names = "ALTER SYSTEM SET synchronous_standby_names = '*'"
        with psycopg.connect(primary.url, autocommit=True) as conn:
            conn.execute(set_names)
            conn.execute("SELECT pg_reload_conf()")
        hosts = [conninfo_to_dict(url)["host"] for url in self.urls]
        parts = conninfo_to_dict(primary.url) | {"host": ",".join(map(str, hosts)), "port": "5432,5432"}
        self.url = make_conninfo(**parts, target_session_attrs="read-write")

    def follow(self, url: str) -> None:
        """Copy the first one to the place of the second, which will follow it."""
        self.second.dir.prepare()
        secret = self.second.dir.secret
        shutil.copy2(self.first.dir.secret, secret)
        os.chown(secret, self.second.dir.owner.uid, self.second.dir.owner.gid)
        self.second.dir.owner.make(self.second.dir.cluster)
        words = ("-d", make_conninfo(url, dbname="postgres"), "-D", self.second.dir.cluster, "-R", "-X", "stream")
        done = self.first._pg("pg_basebackup", *words, "-c", "fast")
        assert done.returncode == 0, done.stderr

    def fail_over(self) -> None:
        """The primary dies without a farewell, and the standby takes over."""
        for pid in self.first.dir.occupants():
            os.kill(pid, signal.SIGKILL)
        ask_server(self.urls[1], "SELECT pg_promote()")

    def end(self) -> None:
        for bundled in (self.first, self.second):
            for pid in bundled.dir.occupants():
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="tearoff-pair-"))
    folder.chmod(0o711)
    made = Pair(folder)
    yield made
    made.end()
    shutil.rmtree(folder)


async def claimed(db: Database, project: int, key: str) -> str:
    """The code of a key, asked for until there is an answer."""
    call = ClaimCall(project, None, "birthday", Wish(), None)
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            [answer] = await asked_claims.claim(db, call, [Ask(key)], now=NOW)
        except Unavailable:
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
            continue
        assert isinstance(answer, list), answer
        return answer[0].value


async def test_a_standby_that_takes_over_under_load_gives_no_code_twice_and_loses_none(pair: Pair) -> None:
    db = await Database.open(pair.url, pool_size=CALLERS)
    try:
        async with db.direct() as conn:
            await migrate(conn)
        async with db.transaction() as tx:
            project = await fetch_value(tx, ADD_PROJECT, {"name": "failover", "now": NOW}, int)
        await upload(db, project, [f"C{n:03}" for n in range(CODES)], NOW)
        got: dict[str, str] = {}
        keys = iter([f"k{n}" for n in range(CODES)])

        async def caller() -> None:
            for key in keys:
                got[key] = await claimed(db, project, key)

        callers = [asyncio.create_task(caller()) for _ in range(CALLERS)]
        while len(got) < BEFORE:
            await asyncio.sleep(0.01)
        before = dict(got)
        await asyncio.to_thread(pair.fail_over)
        await asyncio.gather(*callers)
        assert len(before) < CODES
        assert sorted(got.values()) == [f"C{n:03}" for n in range(CODES)]
        for key, code in before.items():
            assert await claimed(db, project, key) == code, "what was answered before is so on the standby"
        ledger = await books(db, project)
        assert (ledger.issued, ledger.free) == (CODES, 0)
    finally:
        await db.close()
