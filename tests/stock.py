"""Stock for tests: upload codes, look at the books."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from tearoff.actions import codes
from tearoff.domain.code_files import Attributes, CodeFile, CodeRow, RejectedRow, listed
from tearoff.store import codes as code_store
from tearoff.store.codes import Ledger
from tearoff.store.db import Database, fetch_value

FIND_POOL = "SELECT pool_id FROM pool WHERE project_id = %(project_id)s AND type = %(type)s"


async def once(rows: Iterable[CodeRow | RejectedRow]) -> AsyncIterator[Iterable[CodeRow | RejectedRow]]:
    yield rows


async def upload(
    db: Database,
    project: int,
    values: Iterable[str],
    now: datetime,
    *,
    type: str | None = "birthday",
    discount: int | None = 10,
    expires_at: datetime | None = None,
    is_in_use: bool | None = None,
) -> codes.UploadReport:
    """Upload a list of codes with equal attributes."""
    rows = listed(list(values), Attributes(expires_at, discount, type, is_in_use))
    async with db.transaction() as tx:
        return await codes.upload(tx, project_id=project, batches=once(rows), now=now)


async def upload_file(db: Database, project: int, text: str, now: datetime, **defaults: object) -> codes.UploadReport:
    """Upload a CSV."""
    file = CodeFile(ZoneInfo("UTC"), Attributes(**defaults))  # type: ignore[arg-type]
    rows = [*file.feed(text.encode()), *file.close()]
    async with db.transaction() as tx:
        return await codes.upload(tx, project_id=project, batches=once(rows), now=now)


async def pool_of(db: Database, project: int, type: str = "birthday") -> int:
    """The id of the pool with this type."""
    async with db.transaction() as tx:
        return await fetch_value(tx, FIND_POOL, {"project_id": project, "type": type}, int)


async def books(db: Database, project: int, type: str = "birthday") -> Ledger:
    """The ledger of one pool; fails when any pool of the project does not add up or a code has two owners (P1, P3)."""
    async with db.transaction() as tx:
        ledgers = await code_store.list_ledgers(tx, project_id=project)
        assert await code_store.count_doubled(tx, project_id=project) == 0
    assert all(ledger.is_balanced for ledger in ledgers), ledgers
    pool_id = await pool_of(db, project, type)
    return next(ledger for ledger in ledgers if ledger.pool_id == pool_id)
