"""One upload of codes, staged, told apart and published in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, Literal

import msgspec
import psycopg

from tearoff.domain.code_files import CodeRow, RejectedRow
from tearoff.store import queries
from tearoff.store.db import Tx, execute, fetch_all, fetch_one, fetch_value

SQL = queries.load("uploads")
COLUMNS = (
    "line",
    "value",
    "expires_at",
    "discount",
    "type",
    "is_in_use",
    "issue_from",
    "issue_until",
    "use_from",
    "reason",
)
SIGNATURE, TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
ROW_HEAD, TIMESTAMP, INTEGER, LENGTH = Struct("!hiqi"), Struct("!iq"), Struct("!ii"), Struct("!i")
NULL = LENGTH.pack(-1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
TAILS_MAX = 10_000
PAGES_AT_ONCE = 1_000
PAGES_FEW = 50
"""So few pages are stored by one statement, which takes fewer round trips."""
CODES_AT_ONCE = 50_000
KnownSet = Literal["list_withdrawn_now", "list_moving", "list_freed"]


class Counts(msgspec.Struct, frozen=True):
    """Rows that were staged: valid and refused ones, and different codes among the valid."""

    rows: int
    refused: int
    codes: int

    @property
    def repeated(self) -> int:
        """Valid rows whose code stands in the upload before."""
        return self.rows - self.codes


class Refused(msgspec.Struct, frozen=True):
    """Known codes that an upload leaves alone: those of the pool that it fills, and those of other pools."""

    here: int = 0
    elsewhere: int = 0


class Placed(msgspec.Struct, frozen=True):
    """A code and the line of the upload in which it stands."""

    line: int
    code_id: int


class FilledLot(msgspec.Struct, frozen=True):
    """What an upload put into one lot."""

    lot_id: int
    added: int
    waiting: int
    last: int

    def joined(self, other: FilledLot) -> FilledLot:
        """What two stretches put into the same lot."""
        added, waiting = self.added + other.added, self.waiting + other.waiting
        return FilledLot(self.lot_id, added, waiting, max(self.last, other.last))


class Staging:
    """Takes the rows of an upload as they arrive.

    The rows are written in COPY's binary form here: a field is its length and its bytes, -1 is null. Rows of a file
    share their attributes nearly always, so that part of a row is formed once and kept.
    """

    def __init__(self, copy: psycopg.AsyncCopy) -> None:
        self._copy = copy
        self._tails: dict[tuple[Any, ...], bytes] = {}

    async def begin(self) -> None:
        """The signature, which comes before all rows."""
        await self._copy.write(SIGNATURE)

    async def add_all(self, rows: Iterable[CodeRow | RejectedRow]) -> int:
        """Stage rows, refused ones for the report only; gives how many they were."""
        written = []
        for row in rows:
            value = row.value.encode("utf-8", "replace")
            written.append(ROW_HEAD.pack(len(COLUMNS), 8, row.line, len(value)) + value)
            written.append(self._refused(row) if isinstance(row, RejectedRow) else self._tail(row))
        if written:
            await self._copy.write(b"".join(written))
        return len(written) // 2

    def _tail(self, row: CodeRow) -> bytes:
        key = (row.expires_at, row.discount, row.type, row.is_in_use, row.issue_from, row.issue_until, row.use_from)
        tail = self._tails.get(key)
        if tail is None:
            if len(self._tails) >= TAILS_MAX:
                self._tails.clear()
            tail = self._tails[key] = b"".join(map(_field, (*key, None)))
        return tail

    def _refused(self, row: RejectedRow) -> bytes:
        return NULL * (len(COLUMNS) - 3) + _field(row.reason)


def _field(value: datetime | bool | int | str | None) -> bytes:
    """A value as a field of binary COPY: timestamps are microseconds since 2000, integers here are int4."""
    if value is None:
        return NULL
    if isinstance(value, datetime):
        return TIMESTAMP.pack(8, (value - EPOCH) // timedelta(microseconds=1))
    if isinstance(value, bool):
        return b"\0\0\0\1\1" if value else b"\0\0\0\1\0"
    if isinstance(value, int):
        return INTEGER.pack(4, value)
    text = value.encode("utf-8", "replace")
    return LENGTH.pack(len(text)) + text


@asynccontextmanager
async def stage(tx: Tx) -> AsyncIterator[Staging]:
    """A staging table of this transaction, open for rows."""
    await execute(tx, SQL.create_stage)
    async with tx.cursor() as cursor, cursor.copy(SQL.copy_stage) as copy:
        staging = Staging(copy)
        await staging.begin()
        yield staging
        await copy.write(TRAILER)


async def choose(tx: Tx) -> Counts:
    """Let the first row of each code count; gives how many rows are what."""
    await execute(tx, SQL.analyze_stage)
    await execute(tx, SQL.enlarge_sorts)
    await execute(tx, SQL.create_chosen)
    await execute(tx, SQL.analyze_chosen)
    return await fetch_one(tx, SQL.count_chosen, {}, into=Counts)


async def keep_rejects(tx: Tx, *, project_id: int, task_id: int, counts: Counts, reason: str, limit: int) -> None:
    """Keep refused rows for the task's report, and those that repeat a code with `reason`; at most `limit` of each."""
    params = {"project_id": project_id, "task_id": task_id, "reason": reason, "limit": limit}
    if counts.refused:
        await execute(tx, SQL.keep_refused, params)
    if counts.repeated:
        await execute(tx, SQL.keep_repeated, params)


async def list_types(tx: Tx) -> list[str]:
    """The types that the upload names; "" where it names none."""
    return await fetch_all(tx, SQL.list_types, {}, into=str)


async def mark_known(tx: Tx, *, project_id: int) -> int:
    """Tell the codes that exist apart from the new ones; gives their number."""
    return await execute(tx, SQL.mark_known, {"project_id": project_id})


async def mark_late(tx: Tx, *, project_id: int, task_id: int) -> int:
    """Take codes that another upload added meanwhile as known too; gives their number."""
    return await execute(tx, SQL.mark_late, {"project_id": project_id, "task_id": task_id})


async def add_codes(
    tx: Tx,
    *,
    project_id: int,
    task_id: int,
    pools: dict[str, int],
    now: datetime,
    tell: Callable[[float], None] = lambda share: None,
) -> list[FilledLot]:
    """Insert the new codes into closed lots of their own; nobody sees them before `publish`.

    `tell` hears what share of the work is done.
    """
    params = {"project_id": project_id, "task_id": task_id, "now": now} | _pools(pools)
    await execute(tx, SQL.add_lots, params)
    await execute(tx, SQL.analyze_lots)
    pages = await fetch_value(tx, SQL.count_pages, None, into=int)
    filled: dict[int, FilledLot] = {}
    for page in range(0, pages, PAGES_AT_ONCE):
        stretch = {"from_page": page, "until_page": page + PAGES_AT_ONCE}
        for lot in await _add(tx, params | stretch, are_many=pages > PAGES_FEW):
            filled[lot.lot_id] = lot if lot.lot_id not in filled else filled[lot.lot_id].joined(lot)
        tell(min(1.0, (page + PAGES_AT_ONCE) / pages))
    return list(filled.values())


async def _add(tx: Tx, params: dict[str, Any], *, are_many: bool) -> list[FilledLot]:
    """Store a stretch; a large one at once, which gives up when another upload added one of the codes meanwhile."""
    if are_many:
        try:
            async with tx.transaction():
                await execute(tx, SQL.add_many, params)
                return await fetch_all(tx, SQL.count_fresh, params, into=FilledLot)
        except psycopg.errors.UniqueViolation:
            pass
    return await fetch_all(tx, SQL.add_codes, params, into=FilledLot)


async def publish(tx: Tx, *, project_id: int, lots: Sequence[FilledLot]) -> None:
    """Open the lots for claims; the caller holds the gates."""
    params = {
        "project_id": project_id,
        "lot_ids": [lot.lot_id for lot in lots],
        "waiting": [lot.waiting for lot in lots],
        "lasts": [lot.last for lot in lots],
    }
    await execute(tx, SQL.publish_lots, params)


async def list_pools_of_known(tx: Tx, *, project_id: int) -> list[int]:
    """The pools in which the known codes are now."""
    return await fetch_all(tx, SQL.list_pools_of_known, {"project_id": project_id}, into=int)


async def find_known(
    tx: Tx, *, project_id: int, pools: dict[str, int], are_known_refused: bool, are_others_refused: bool
) -> Refused:
    """Look, under the gates, where each known code stands and what it shall become; gives those left alone."""
    refusing = {"are_known_refused": are_known_refused, "are_others_refused": are_others_refused}
    await execute(tx, SQL.create_known, {"project_id": project_id} | refusing | _pools(pools))
    await execute(tx, SQL.analyze_known)
    return await fetch_one(tx, SQL.count_refused, None, into=Refused)


async def keep_known(tx: Tx, *, project_id: int, task_id: int, here: str, elsewhere: str, limit: int) -> None:
    """Keep the rows of known codes that were left alone, each with its reason; `elsewhere` names the pool as %s."""
    params = {"project_id": project_id, "task_id": task_id, "here": here, "elsewhere": elsewhere, "limit": limit}
    await execute(tx, SQL.keep_known, params)


async def known_sets(tx: Tx, which: KnownSet) -> AsyncIterator[list[int]]:
    """The known codes that withdraw, move or become free, in file order, some thousands at a time."""
    after = 0
    while found := await fetch_all(tx, SQL[which], {"after": after, "limit": CODES_AT_ONCE}, into=Placed):
        yield [code.code_id for code in found]
        after = found[-1].line


async def withdraw(
    tx: Tx, *, project_id: int, code_ids: Sequence[int], now: datetime, reason: str | None = None
) -> list[int]:
    """Take free codes out of circulation; gives those that really were free. The caller holds the gates."""
    gone = await leave_line(tx, project_id=project_id, code_ids=code_ids)
    params = {"project_id": project_id, "code_ids": gone, "now": now, "reason": reason}
    await execute(tx, SQL.mark_withdrawn, params)
    return gone


async def move(tx: Tx, *, project_id: int, task_id: int, code_ids: Sequence[int]) -> None:
    """Put codes that stand in no line at the end of new lots with their new attributes. The caller holds the gates."""
    params = {"project_id": project_id, "task_id": task_id, "code_ids": list(code_ids)}
    await execute(tx, SQL.add_lots_of_moved, params)
    await execute(tx, SQL.move_codes, params)
    await execute(tx, SQL.join_line, params)


async def replace_absent(tx: Tx, *, project_id: int, pool_id: int, reason: str, now: datetime) -> int:
    """Withdraw the free codes of a pool that stand in no row; gives how many. The caller holds the gate."""
    params = {"project_id": project_id, "pool_id": pool_id, "reason": reason, "now": now}
    gone = await execute(tx, SQL.withdraw_absent, params)
    await execute(tx, SQL.recount_lots, params)
    return gone


async def leave_line(tx: Tx, *, project_id: int, code_ids: Sequence[int]) -> list[int]:
    """Take free codes out of their lines; gives those that stood there. The caller holds the gates."""
    params = {"project_id": project_id, "code_ids": list(code_ids)}
    return (await fetch_one(tx, SQL.leave_line, params, into=CodeIds)).code_ids


async def join_line(tx: Tx, *, project_id: int, code_ids: Sequence[int]) -> None:
    """Put codes that stand in no line at the end of their lots' lines. The caller holds the gates."""
    await execute(tx, SQL.join_line, {"project_id": project_id, "code_ids": list(code_ids)})


async def override_dates(tx: Tx, *, project_id: int) -> int:
    """Give reserved and issued codes their new dates; gives how many changed."""
    return await execute(tx, SQL.override_dates, {"project_id": project_id})


class CodeIds(msgspec.Struct, frozen=True):
    """A set of codes."""

    code_ids: list[int]


def _pools(pools: dict[str, int]) -> dict[str, list[str] | list[int]]:
    return {"types": list(pools), "pool_ids": list(pools.values())}
