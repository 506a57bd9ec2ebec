"""The importer: takes one import of a project at a time, reads its file and carries it out in one transaction.

Its lease lives on while it works and tells how far it is; who cancels takes the lease away, and all is rolled back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from tearoff.actions import imports as actions
from tearoff.actions.codes import Meter
from tearoff.channels.downloads import download
from tearoff.channels.net import HttpFailed
from tearoff.domain.imports import home_of
from tearoff.engine.import_files import OpenFile
from tearoff.engine.parts import Engine
from tearoff.errors import LeaseLost, Overloaded, TearoffError, Unavailable
from tearoff.logs import get_logger
from tearoff.store import dues, imports, pools, projects, tasks
from tearoff.store.db import said
from tearoff.store.imports import Import

LOG = get_logger("importer")
TELL_SECONDS = 1.0
AGAIN = timedelta(seconds=30)
ATTEMPTS_MAX = 5


@dataclass(slots=True)
class Job:
    """One leased import, and how far it is."""

    engine: Engine
    project_id: int
    found: Import
    lease: UUID
    meter: Meter = field(default_factory=Meter)

    @property
    def at(self) -> dict[str, Any]:
        """Where the import is."""
        return {"project_id": self.project_id, "task_id": self.found.task_id}


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Carry out one import of the project; gives how many were taken."""
    lease = uuid4()
    async with engine.db.transaction() as tx:
        found = await imports.lease(tx, project_id=project_id, lease=lease, until=now + engine.limits.lease, now=now)
        if found is None:
            await dues.settle(tx, project_id=project_id, actor="importer")
            return 0
    job = Job(engine, project_id, found, lease)
    try:
        await _carry_out(job)
    except (Unavailable, Overloaded):
        raise
    except LeaseLost:
        LOG.info("import_given_up", **job.at)
    except HttpFailed as error:
        await _later_or_never(job, str(error), is_lasting=error.permanent)
    except TearoffError as error:
        await _fail(job, error.type, error.detail)
    except psycopg.OperationalError as error:
        await _later_or_never(job, said(error), is_lasting=isinstance(error, psycopg.errors.DiskFull))
    except Exception as error:
        LOG.error("import_broke", **job.at, exc_info=error)
        await _fail(job, "internal", f"{type(error).__name__}: {said(error)}"[:500])
    return 1


async def _carry_out(job: Job) -> None:
    """Work with the lease renewed beside it; without the lease the work is dropped."""
    working = asyncio.ensure_future(_work(job))
    try:
        while not (await asyncio.wait({working}, timeout=TELL_SECONDS))[0]:
            if not await _renew(job):
                raise LeaseLost("The import was cancelled, or another worker has it.")
        working.result()
    except asyncio.CancelledError:
        await _dropped(working)
        async with job.engine.db.transaction() as tx:
            if await imports.close(tx, **job.at, lease=job.lease):
                await imports.release(tx, **job.at, due_at=job.engine.clock.now())
        raise
    finally:
        await _dropped(working)


async def _dropped(working: asyncio.Future[None]) -> None:
    if not working.done():
        working.cancel()
        await asyncio.wait({working})


async def _renew(job: Job) -> bool:
    meter = job.meter
    total = int(meter.rows / meter.read_share) if meter.rows and meter.read_share else None
    async with job.engine.db.transaction() as tx:
        return await imports.renew(
            tx,
            **job.at,
            lease=job.lease,
            until=job.engine.clock.now() + job.engine.limits.lease,
            done=int((total or 0) * meter.share),
            total=total,
        )


async def _work(job: Job) -> None:
    engine, found = job.engine, job.found
    if found.url:
        await _fetch(job, found.url)
    async with engine.db.transaction() as tx:
        project = await projects.get(tx, project_id=job.project_id)
        pool = await pools.get(tx, project_id=job.project_id, pool_id=found.pool_id)
        size = (await imports.get(tx, **job.at)).size

    def pieces() -> AsyncIterator[bytes]:
        return imports.stream(engine.db, **job.at)

    file = OpenFile(pieces, size, found.options, project.zone, home_of(pool))
    now = engine.clock.now()
    async with engine.db.dedicated() as tx, tx.transaction():
        report = await actions.run(
            tx,
            project_id=job.project_id,
            found=found,
            pool=pool,
            batches=file.batches(job.meter),
            meter=job.meter,
            now=now,
        )
        await _finish(job, tx, "done", report | {"file": file.found})
    LOG.info("import_done", **job.at, rows=report["rows"], rejected=report["rejected"])


async def _finish(job: Job, tx: Any, state: tasks.TaskState, report: dict[str, Any]) -> None:
    if not await imports.close(tx, **job.at, lease=job.lease):
        raise LeaseLost("The import was cancelled, or another worker has it.")
    done = report.get("rows", job.meter.rows)
    await tasks.finish(tx, **job.at, state=state, done=done, report=report, now=job.engine.clock.now())


async def _fetch(job: Job, url: str) -> None:
    """Bring the file in; what an earlier try brought is dropped first, as the file may be another one now."""
    async with job.engine.db.transaction() as tx:
        await imports.remove_pieces(tx, **job.at)
    body = download(job.engine.http, url, size_max=actions.FILE_BYTES_MAX)
    await actions.receive(job.engine.db, **job.at, at=0, stream=body, state="running")


async def _later_or_never(job: Job, detail: str, *, is_lasting: bool) -> None:
    """Try again in a while what may pass, some times."""
    if is_lasting or job.found.attempts >= ATTEMPTS_MAX:
        await _fail(job, "import-failed", detail)
        return
    now = job.engine.clock.now()
    async with job.engine.db.transaction() as tx:
        if await imports.close(tx, **job.at, lease=job.lease):
            await imports.release(tx, **job.at, due_at=now + AGAIN)
            await dues.bump(tx, project_id=job.project_id, actor="importer", due_at=now + AGAIN)
    LOG.warning("import_put_off", **job.at, error=detail)


async def _fail(job: Job, type_: str, detail: str) -> None:
    async with job.engine.db.transaction() as tx:
        if not await imports.close(tx, **job.at, lease=job.lease):
            return
        report = {"error": {"type": type_, "detail": detail}}
        await tasks.finish(tx, **job.at, state="failed", done=job.meter.rows, report=report, now=job.engine.clock.now())
    LOG.warning("import_failed", **job.at, error=detail)
