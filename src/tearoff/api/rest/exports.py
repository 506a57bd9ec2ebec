"""Who has what, over REST: a stream of CSV or Parquet that is never held in memory, and is written to the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import msgspec
from litestar.params import QueryParameter
from litestar.response import Stream

from tearoff.api.csv_rows import csv_line
from tearoff.api.pages import Text
from tearoff.api.rest.audit import note
from tearoff.api.site import Caller
from tearoff.store import exports, pools
from tearoff.store.exports import Holder

PAGE_MAX = 1_000
"""Codes at a time; a page is written down in a thread, so that whoever claims a code meanwhile does not wait for it."""
GROUP_PAGES = 10
"""Pages in a row group of Parquet."""
Format = Annotated[Literal["csv", "parquet"], QueryParameter(name="format")]
Which = Annotated[Literal["owned", "all"], QueryParameter(description="Codes that somebody has, or every one")]
COLUMNS = Holder.__struct_fields__
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
KINDS = tuple(MEDIA_TYPES.values())


async def holders(call: Caller, pool: Text = None, file_format: Format = "csv", which: Which = "owned") -> Stream:
    """Each code with its owner and its latest use, of one pool or all. Pages of it are read one after the other, so a
    code that changes on the way is shown as it was or as it is."""
    async with call.site.db.transaction() as tx:
        pool_id = (await pools.resolve(tx, project_id=call.project_id, reference=pool)).pool_id if pool else None
        await note(tx, call, "export", f"pool {pool}" if pool else "all pools", format=file_format, which=which)

    async def pages() -> AsyncIterator[list[Holder]]:
        after, is_more = 0, True
        while is_more:
            async with call.site.db.transaction() as tx:
                page = await exports.list_holders(
                    tx,
                    project_id=call.project_id,
                    pool_id=pool_id,
                    is_owned_only=which == "owned",
                    after=after,
                    limit=PAGE_MAX,
                )
            is_more = len(page) == PAGE_MAX
            if page:
                after = page[-1].code_id
                yield page

    rows = as_csv(pages()) if file_format == "csv" else as_parquet(pages())
    name = f'attachment; filename="holders.{file_format}"'
    return Stream(rows, media_type=MEDIA_TYPES[file_format], headers={"Content-Disposition": name})


async def as_csv(pages: AsyncIterator[list[Holder]]) -> AsyncIterator[bytes]:
    """The rows, guarded against spreadsheets that run what a cell holds."""
    yield csv_line(*COLUMNS).encode()
    async for page in pages:
        yield await asyncio.to_thread(_lines, page)


def _lines(page: list[Holder]) -> bytes:
    lines = (csv_line(*(_cell(value) for value in msgspec.structs.astuple(row))) for row in page)
    return "".join(lines).encode()


def _cell(value: Any) -> object:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value


class Sink:
    """Takes what is written until somebody takes it away."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        """Keep some bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


async def as_parquet(pages: AsyncIterator[list[Holder]]) -> AsyncIterator[bytes]:
    """Some pages a row group; times are in UTC, amounts are decimal texts."""
    import pyarrow
    from pyarrow import parquet

    integer, text, time = pyarrow.int64(), pyarrow.string(), pyarrow.timestamp("us", tz="UTC")
    integers = {"code_id", "discount", "contact_id", "run_id"}
    kinds = [integer if n in integers else time if n.endswith("_at") or n == "use_from" else text for n in COLUMNS]
    schema = pyarrow.schema(list(zip(COLUMNS, kinds, strict=True)))
    sink = Sink()
    with parquet.ParquetWriter(pyarrow.PythonFile(sink, mode="w"), schema) as writer:
        group: list[pyarrow.Table] = []
        async for page in pages:
            group.append(await asyncio.to_thread(pyarrow.Table.from_pylist, _plain(page), schema=schema))
            if len(group) == GROUP_PAGES:
                await asyncio.to_thread(writer.write_table, pyarrow.concat_tables(group).combine_chunks())
                group = []
                yield sink.take()
        if group:
            await asyncio.to_thread(writer.write_table, pyarrow.concat_tables(group).combine_chunks())
    yield sink.take()


def _plain(page: list[Holder]) -> list[dict[str, Any]]:
    rows = [msgspec.structs.asdict(row) for row in page]
    for row in rows:
        row["amount"] = None if row["amount"] is None else str(row["amount"])
    return rows
