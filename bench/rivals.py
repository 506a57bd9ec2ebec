"""What the claims are measured against: SKIP LOCKED and plain updates driven by pgbench, and Redis."""

from __future__ import annotations

import asyncio
import csv
import re
import subprocess
import tempfile
from pathlib import Path

from tearoff.clock import monotonic
from tearoff.store import embedded
from tearoff.store.db import Database

TABLE = """
CREATE TABLE coupon (id bigint PRIMARY KEY, pool_id integer NOT NULL, value text NOT NULL, owner text,
                     claimed_at timestamptz);
INSERT INTO coupon SELECT n, 1, 'RIVAL-' || n, NULL, NULL FROM generate_series(1, {codes}) n;
CREATE INDEX coupon_free ON coupon (pool_id, id) WHERE claimed_at IS NULL;
CREATE TABLE tally (id bigint PRIMARY KEY, amount bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO tally SELECT n, 0 FROM generate_series(1, {codes}) n;
VACUUM ANALYZE coupon;
VACUUM ANALYZE tally;
"""
"""The usual table of coupons with the index that suits its question, and one for updates of random rows."""

SKIP_LOCKED = """
\\set owner random(1, 1000000000)
UPDATE coupon SET claimed_at = now(), owner = :owner::text
 WHERE id IN (SELECT id FROM coupon WHERE pool_id = 1 AND claimed_at IS NULL
               ORDER BY id LIMIT {count} FOR UPDATE SKIP LOCKED)
RETURNING value;
"""
RANDOM_UPDATE = """
\\set id random(1, {codes})
UPDATE tally SET amount = amount + 1 WHERE id = :id;
"""
TPS = re.compile(r"^tps = ([0-9.]+)", re.M)
FILL = "local t = {} for n = 1, 5000 do t[n] = 'RIVAL-' .. n end redis.call('RPUSH', KEYS[1], unpack(t))"


async def add_tables(db: Database, codes: int) -> None:
    """The rivals' tables, with as many codes as ours."""
    async with db.direct() as conn:
        for statement in TABLE.format(codes=codes).split(";\n"):
            if statement.strip():
                await conn.execute(statement.encode(), prepare=False)


async def check_stock(db: Database) -> None:
    """Raise RuntimeError when the rival ran out of codes: taking nothing is quick."""
    async with db.direct() as conn:
        found = await conn.execute("SELECT 1 FROM coupon WHERE pool_id = 1 AND claimed_at IS NULL LIMIT 1")
        if await found.fetchone() is None:
            raise RuntimeError("The rival's stock is too small.")


async def claim_batches(db: Database, *, size: int, seconds: float) -> float:
    """Codes a second that batches of SKIP LOCKED take over our driver, when the codes are read as ours are."""
    query = SKIP_LOCKED.format(count=size).partition("UPDATE")[2].replace(":owner", "%(owner)s")
    count, began = 0, monotonic()
    async with db.dedicated() as conn:
        while monotonic() - began < seconds:
            found = await conn.execute(f"UPDATE {query}".encode(), {"owner": "bench"})
            count += len(await found.fetchall())
    return count / (monotonic() - began)


async def pgbench(running: embedded.Running, script: str, *, clients: int, seconds: int) -> float:
    """Transactions a second of a script; none when the machine was too busy for a single one."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        words = ["-n", "-f", file.name, "-c", str(clients), "-j", "2", "-T", str(seconds), "-M", "prepared"]
        done = await asyncio.to_thread(_run, [str(embedded.binaries() / "pgbench"), *words, running.url])
    found = TPS.search(done)
    return float(found[1]) if found else 0.0


async def redis_pops(at: Path, *, clients: int, seconds: int, guess: list[float]) -> float:
    """LPOPs a second; `guess` keeps the last speed, from which the number of pops for `seconds` is chosen."""
    count = max(1000, int((guess[-1] if guess else 5000) * seconds))
    filling = count // 5000 + 1
    for _ in range(filling):
        await asyncio.to_thread(_run, ["redis-cli", "-s", str(at), "EVAL", FILL, "1", "pool"])
    words = ["redis-benchmark", "-s", str(at), "-c", str(clients), "-n", str(count), "--csv", "LPOP", "pool"]
    rows = list(csv.DictReader((await asyncio.to_thread(_run, words)).splitlines()))
    guess.append(float(rows[0]["rps"]))
    return guess[-1]


def _run(words: list[str]) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
