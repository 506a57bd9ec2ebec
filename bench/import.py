"""`import`: a file with bad rows into a pool that holds codes, against COPY of its codes under a unique index."""

from __future__ import annotations

import logging
import resource
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
import structlog
import uvloop
from bench.result import Result
from bench.rounds import Contestant, alternate, figures_of

from bench import servers, stock
from tearoff.actions import imports as actions
from tearoff.channels.http_source import Sources
from tearoff.channels.net import Http
from tearoff.clock import Clock, monotonic
from tearoff.config import Settings
from tearoff.domain.imports import ImportOptions
from tearoff.engine import importer
from tearoff.engine.open_channels import OpenChannels
from tearoff.engine.parts import Engine
from tearoff.engine.versions import Versions
from tearoff.store import pools, tasks
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher

TARGETS = {"copy": 0.33, "memory": 1.0}
MEMORY_MB_MAX = 300
PIECE_ROWS = 10_000
SPREAD = 0x9E3779B97F4A7C15
KEPT = ("rows", "added", "rejected", "repeated", "knownHere", "knownElsewhere")


class Size(NamedTuple):
    """How much of it: rows of the file, codes that the pool holds before, rounds."""

    rows: int
    held: int
    rounds: int


SIZES = {"small": Size(20_000, 20_000, 1), "real": Size(1_000_000, 1_000_000, 3)}


def run(size: str) -> Result:
    """Measure in turn, in a database of our own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    return uvloop.run(measure(size, SIZES[size]))


def value(number: int) -> str:
    """A code that looks random and is another one for every number."""
    return f"{number * SPREAD % 2**64:016X}"


def pieces(rows: int) -> Iterator[bytes]:
    """The file: of a thousand rows five repeat a code, three have a wrong date, two a code that is too long."""
    yield b"code,Available-till\n"
    for start in range(0, rows, PIECE_ROWS):
        lines = []
        for n in range(start, min(start + PIECE_ROWS, rows)):
            rest = n % 1000
            code = value(n - 500) if 500 <= rest < 505 else value(n) * (40 if 510 <= rest < 512 else 1)
            lines.append(f"{code},{'31.02.2030' if 520 <= rest < 523 else '31.12.2030'}\n")
        yield "".join(lines).encode()


async def measure(name: str, size: Size) -> Result:
    """The result for a size."""
    reports: list[dict[str, Any]] = []
    with servers.postgres() as running:
        async with servers.database(running) as db:
            engine = _engine(db)
            contestants: dict[str, Contestant] = {
                "ours": lambda: _import(engine, size, reports),
                "copy": lambda: _copy(db, size),
            }
            speeds = await alternate(contestants, size.rounds)
            await engine.http.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = [[report[key] for key in KEPT] for report in reports]
    if any(one != kept[0] for one in kept):
        raise AssertionError(f"Imports of one file differ: {kept}")
    ratios = {
        "copy": round(speeds["ours"].median / speeds["copy"].median, 2),
        "memory": round(MEMORY_MB_MAX / peak, 2),
    }
    figures = figures_of(speeds) | {"peak_mb": round(peak, 1)}
    figures |= {f"{key}_count": float(count) for key, count in zip(KEPT[:3], kept[0], strict=False)}
    return Result("import", name, figures, ratios, TARGETS, sha256(msgspec.json.encode(kept[0])).hexdigest()[:16], [])


async def _import(engine: Engine, size: Size, reports: list[dict[str, Any]]) -> float:
    """From the first byte of the upload to codes that can be handed out, as the API and the engine do it."""
    held = await stock.add(engine.db, codes=size.held)
    at = {"project_id": held.project_id}

    async def body() -> AsyncIterator[bytes]:
        for piece in pieces(size.rows):
            yield piece

    begun = monotonic()
    now = engine.clock.now()
    async with engine.db.transaction() as tx:
        pool = await pools.get(tx, **at, pool_id=held.pool_id)
        task_id = await actions.begin(tx, **at, pool=pool, options=ImportOptions(), name="bench", now=now)
    await actions.receive(engine.db, **at, task_id=task_id, at=0, stream=body())
    async with engine.db.transaction() as tx:
        await actions.complete(tx, **at, task_id=task_id, now=now)
    while await importer.turn(engine, held.project_id, engine.clock.now()):
        pass
    seconds = monotonic() - begun
    async with engine.db.transaction() as tx:
        task = await tasks.get(tx, **at, task_id=task_id)
    if task.state != "done":
        raise AssertionError(f"The import is {task.state}: {task.report}")
    reports.append(task.report)
    return size.rows / seconds


async def _copy(db: Database, size: Size) -> float:
    """The rival: COPY of the good codes alone, in the file's order, into a table that holds as many under its index."""
    name = f"rival_{uuid4().hex}"
    async with db.direct() as conn:
        await conn.execute(f'CREATE TABLE {name} (value text COLLATE "C" UNIQUE)')
        await conn.execute(f"INSERT INTO {name} SELECT 'BENCH-' || n FROM generate_series(1, {size.held}) n")
        begun = monotonic()
        async with conn.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for start in range(0, size.rows, PIECE_ROWS):
                part = range(start, min(start + PIECE_ROWS, size.rows))
                await copy.write("".join(f"{value(n)}\n" for n in part).encode())
        speed = size.rows / (monotonic() - begun)
        await conn.execute(f"DROP TABLE {name}")
    return speed


def _engine(db: Database) -> Engine:
    clock, http, cipher = Clock(), Http(), Cipher("a key for a benchmark only")
    return Engine(
        db=db,
        clock=clock,
        settings=Settings(),
        cipher=cipher,
        http=http,
        sources=Sources(http),
        channels=OpenChannels(cipher=cipher, http=http, clock=clock),
        versions=Versions(),
    )
