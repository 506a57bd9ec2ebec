"""`generate`: codes of a format, against random letters without a look at uniqueness; storing them, against COPY."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

import numpy as np
import uvloop
from bench.result import Result
from bench.rounds import Contestant, alternate, figures_of

from bench import servers
from tearoff.actions import formats as actions
from tearoff.actions import pools as pool_actions
from tearoff.channels.http_source import Sources
from tearoff.channels.net import Http
from tearoff.clock import Clock, monotonic
from tearoff.config import Settings
from tearoff.domain.formats import FormatDefinition
from tearoff.domain.generation import BATCH_MAX, letters
from tearoff.domain.pools import PoolDefinition
from tearoff.engine import generator
from tearoff.engine.open_channels import OpenChannels
from tearoff.engine.parts import Engine
from tearoff.engine.versions import Versions
from tearoff.store import pools
from tearoff.store.db import Database, fetch_value
from tearoff.store.secrets import Cipher

TARGETS = {"numpy": 0.25, "copy": 0.5}
SHAPE = FormatDefinition(key="bench", length=10)
KEY = b"a benchmark's key of 32 bytes...."[:32]
ADD_PROJECT = "INSERT INTO project (name, created_at) VALUES (%(name)s, %(now)s) RETURNING project_id"


class Size(NamedTuple):
    """How much of it: codes made in all, codes made and stored a round, rounds."""

    made: int
    each: int
    stored: int
    rounds: int


SIZES = {"small": Size(300_000, 100_000, 20_000, 1), "real": Size(10_000_000, 1_000_000, 1_000_000, 3)}


def run(size: str) -> Result:
    """Measure in turn, in a database of our own."""
    return uvloop.run(_run(size, SIZES[size]))


def random_letters(count: int, random: np.random.Generator) -> int:
    """The rival: letters drawn at random, as many as a code has; some codes may come twice."""
    alphabet = np.frombuffer(SHAPE.letters.encode(), dtype=np.uint8)
    return int(alphabet[random.integers(0, len(alphabet), (count, SHAPE.length))].size)


async def _run(name: str, size: Size) -> Result:
    random = np.random.default_rng()
    digest = sha256()
    made = 0
    start = monotonic()
    for at in range(0, size.made, size.each):
        grid = letters(SHAPE, KEY, at, size.each)
        made += len(grid)
        digest.update(grid.tobytes())
    seconds = monotonic() - start

    async def ours() -> float:
        begun = monotonic()
        letters(SHAPE, KEY, 0, size.each)
        return size.each / (monotonic() - begun)

    async def theirs() -> float:
        begun = monotonic()
        random_letters(size.each, random)
        return size.each / (monotonic() - begun)

    with servers.postgres() as running:
        async with servers.database(running) as db:
            engine = _engine(db)
            contestants: dict[str, Contestant] = {
                "ours": ours,
                "numpy": theirs,
                "stored": lambda: _store(engine, size.stored),
                "copy": lambda: _copy(db, size.stored),
            }
            speeds = await alternate(contestants, size.rounds)
            await engine.http.close()
    ratios = {
        "numpy": round(speeds["ours"].median / speeds["numpy"].median, 2),
        "copy": round(speeds["stored"].median / speeds["copy"].median, 2),
    }
    figures = figures_of(speeds) | {"codes": float(made), "all_codes_per_s": round(made / seconds, 1)}
    return Result("generate", name, figures, ratios, TARGETS, digest.hexdigest()[:16], [])


def _engine(db: Database) -> Engine:
    clock, http, cipher = Clock(), Http(), Cipher("a key for a benchmark only")
    channels = OpenChannels(cipher=cipher, http=http, clock=clock)
    return Engine(
        db=db,
        clock=clock,
        settings=Settings(),
        cipher=cipher,
        http=http,
        sources=Sources(http),
        channels=channels,
        versions=Versions(),
    )


async def _store(engine: Engine, count: int) -> float:
    """Generation tasks as the engine runs them, into a pool of a fresh project."""
    now = engine.clock.now()
    async with engine.db.transaction() as tx:
        project = await fetch_value(tx, ADD_PROJECT, {"name": uuid4().hex, "now": now}, int)
        definition = PoolDefinition(key="p", description="For a benchmark.")
        await pool_actions.put(tx, project_id=project, pools=[definition], now=now)
        pool = await pools.resolve(tx, project_id=project, reference="p")
        made = await actions.add(tx, project_id=project, wanted=SHAPE, cipher=engine.cipher, now=now)
        at = {"pool": pool, "format": made, "quantity": count, "discount": None, "expires_at": None}
        await actions.start(tx, project_id=project, now=now, **at)
    begun = monotonic()
    while await generator.turn(engine, project, engine.clock.now()):
        pass
    return count / (monotonic() - begun)


async def _copy(db: Database, count: int) -> float:
    """The rival: COPY of the same codes, in the same batches, into a table with a unique index and nothing else."""
    name = f"rival_{uuid4().hex}"
    key = uuid4().bytes * 2
    async with db.direct() as conn:
        await conn.execute(f'CREATE TABLE {name} (value text COLLATE "C" UNIQUE)')
        begun = monotonic()
        for at in range(0, count, BATCH_MAX):
            grid = letters(SHAPE, key, at, min(BATCH_MAX, count - at))
            lines = b"\n".join(row.tobytes() for row in grid) + b"\n"
            async with conn.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                await copy.write(lines)
        speed = count / (monotonic() - begun)
        await conn.execute(f"DROP TABLE {name}")
    return speed
