"""Stock for tests: upload codes, look at the books."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tearoff.actions import claims, codes
from tearoff.domain.code_files import Attributes, CodeFile, CodeRow, RejectedRow, listed
from tearoff.domain.codes import Wish, fit
from tearoff.store import codes as code_store
from tearoff.store import stock as stock_store
from tearoff.store.claims import Claimed, ClaimTerms, ClaimWish
from tearoff.store.codes import Ledger
from tearoff.store.db import Database, fetch_value

SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
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


async def issue(
    db: Database,
    project: int,
    count: int,
    now: datetime,
    *,
    type: str = "birthday",
    contacts: Sequence[int | None] = (),
    prefix: str = "issued",
) -> list[Claimed]:
    """Issue the next codes, under keys of their own, to these contacts or to nobody."""
    owners = [*contacts, *[None] * (count - len(contacts))]
    wishes = [ClaimWish(f"{prefix}-{type}-{n}", "test", 0, owner) for n, owner in enumerate(owners)]
    return await claims.claim(
        db,
        project_id=project,
        pool_id=await pool_of(db, project, type),
        fit=fit(Wish(), now, UTC),
        terms=ClaimTerms("api", is_issued=True, is_exposed=True),
        wishes=wishes,
    )


async def books(db: Database, project: int, type: str = "birthday") -> Ledger:
    """The ledger of one pool; fails when a pool of the project does not add up, its stock says otherwise, or a code has
    two owners (P1, P3)."""
    async with db.transaction() as tx:
        ledgers = await code_store.list_ledgers(tx, project_id=project)
        assert await code_store.count_doubled(tx, project_id=project) == 0
        stocks = await stock_store.list_all(tx, project_id=project, now=SOME_DAY)
    assert all(ledger.is_balanced for ledger in ledgers), ledgers
    for ledger in ledgers:
        told = stocks[ledger.pool_id]
        counted = (told.total, told.free, told.reserved, told.issued, told.withdrawn)
        assert counted == (ledger.uploaded, ledger.free, ledger.reserved, ledger.issued, ledger.withdrawn), ledger
    pool_id = await pool_of(db, project, type)
    return next(ledger for ledger in ledgers if ledger.pool_id == pool_id)
