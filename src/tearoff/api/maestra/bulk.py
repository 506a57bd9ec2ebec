"""`/v3/operations/bulk`: CSV files of codes, of pools, and of what was used elsewhere."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple
from uuid import uuid4

import msgspec
from litestar import Request, Response

from tearoff.actions import codes, pools, told_uses
from tearoff.api.maestra.answers import answer
from tearoff.api.maestra.operations import ALREADY, is_repeat, remember, require, transaction_of
from tearoff.api.site import Call, Caller
from tearoff.domain import encodings, status_files
from tearoff.domain.code_dates import END, START, parse_instant
from tearoff.domain.code_files import Attributes, CodeFile, CodeRow, RejectedRow, noticed
from tearoff.domain.definitions import KEY, slugs
from tearoff.domain.operations import IMPORT_BYTES_MAX, IMPORTS_MAX, IMPORTS_WINDOW
from tearoff.domain.pools import Pool, PoolDefinition, definition_of
from tearoff.domain.redemptions import Use
from tearoff.domain.status_files import ToldUse
from tearoff.errors import Invalid, NotFound, Problem, Throttled
from tearoff.store import operations as store
from tearoff.store import pools as pool_store
from tearoff.store import projects

BYTES_MAX = IMPORT_BYTES_MAX
DOOR = "maestra-bulk"
IN_MEMORY_MAX = 4_000_000
PIECE = 262_144
TOLD_MAX = 5_000
POOLS_MAX = 10_000
REASONS_MAX = 100
TOLD = "told-by-status-import"
DELIMITERS = (",", ";", "\t", "|")
FROM, UNTIL = "issuestartdatetimeutc", "issueenddatetimeutc"


class SentFile(NamedTuple):
    """A file that has arrived, and how it is written."""

    call: Call
    content: IO[bytes]
    encoding: str
    delimiter: str | None

    def pieces(self) -> Iterator[bytes]:
        """Its bytes from the beginning."""
        self.content.seek(0)
        return iter(lambda: self.content.read(PIECE), b"")

    def rows(self) -> Iterator[list[str]]:
        """Its rows of cells, the header first; raises Invalid where they cannot be read."""
        self.content.seek(0)
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        text = io.TextIOWrapper(self.content, encoding, newline="")
        try:
            first = text.readline()
            delimiter = self.delimiter or max(DELIMITERS, key=first.count)
            yield from csv.reader(itertools.chain([first], text), delimiter=delimiter)
        except (UnicodeDecodeError, csv.Error) as error:
            raise Invalid(Problem("", f"The file cannot be read: {error}.")) from error
        finally:
            text.detach()


async def take(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take a file over; a repeat of its transactionId is answered as one, and the 61st file of an hour is refused."""
    name = request.query_params.get("operation", "").strip()
    act = IMPORTS.get(name.lower())
    if act is None:
        raise NotFound("bulk operation", name)
    require(call, "codes")
    transaction = transaction_of(request)
    if await is_repeat(call, DOOR, transaction):
        return answer(request, ALREADY)
    async with call.site.db.transaction() as tx:
        since = call.now - IMPORTS_WINDOW
        if await store.count_remembered(tx, project_id=call.project_id, door=DOOR, since=since) >= IMPORTS_MAX:
            raise Throttled(
                int(IMPORTS_WINDOW.total_seconds()) // IMPORTS_MAX, f"{IMPORTS_MAX} imports an hour are taken."
            )
    query = request.query_params
    if query.get("csvTextQualifier", '"') not in ('"', ""):
        raise Invalid(Problem("", "csvTextQualifier is the double quote."))
    delimiter = query.get("csvColumnDelimiter") or None
    if delimiter is not None and delimiter not in DELIMITERS:
        raise Invalid(Problem("", f"csvColumnDelimiter is one of {' '.join(DELIMITERS[:2])}, a tab or |."))
    encoding = encodings.named(query.get("csvCodePage", "65001"))
    async with call.site.uploads:
        with SpooledTemporaryFile(IN_MEMORY_MAX) as file:
            async for piece in request.stream():
                file.write(piece)
            done = await act(SentFile(call, file, encoding, delimiter))
    await remember(call, DOOR, transaction or str(uuid4()))
    return answer(request, {"status": "Success", **done})


async def import_codes(file: SentFile) -> dict[str, Any]:
    """Codes with their windows and pools; those that the file calls used are noted as used, and free at no moment."""
    call, columns = file.call, _columns(file)
    async with call.site.db.transaction() as tx:
        zone = (await projects.get(tx, project_id=call.project_id)).zone
        known = await pool_store.list_page(tx, project_id=call.project_id, limit=POOLS_MAX)
    type_of = {pool.key: pool.type for pool in known}
    public = {pool.type for pool in known if pool.code_type == "multi"}
    reader = CodeFile(zone, Attributes(), dialect="any", encoding=file.encoding, delimiter=file.delimiter)

    def typed(rows: Iterable[CodeRow | RejectedRow]) -> Iterator[CodeRow | RejectedRow]:
        for row in rows:
            if isinstance(row, CodeRow):
                name = type_of.get(row.type or "", row.type)
                is_spent = row.is_in_use and name not in public
                yield msgspec.structs.replace(row, type=name, is_in_use=True if is_spent else None)
            else:
                yield row

    async def batches() -> AsyncIterator[Iterable[CodeRow | RejectedRow]]:
        for piece in file.pieces():
            yield typed(reader.feed(piece))
        yield typed(reader.close())

    async with call.site.db.dedicated() as tx, tx.transaction():
        report = await codes.upload(
            tx,
            project_id=call.project_id,
            batches=batches(),
            now=call.now,
            noticed=lambda: noticed(reader.rows.columns),
        )
    told = await import_statuses(file) if columns.tells_uses else {"rowsUsed": 0}
    return {"taskId": report.task_id, "rowsProcessed": report.rows, "rowsRejected": report.rejected} | {
        "rowsUsed": told["rowsUsed"]
    }


async def import_statuses(file: SentFile) -> dict[str, Any]:
    """Which codes were used elsewhere; rows that are wrong are named, the others count."""
    call, columns = file.call, _columns(file)
    used = freed = processed = 0
    wrong: list[dict[str, Any]] = []
    rejected = 0
    rows = file.rows()
    next(rows, None)
    said = status_files.read(rows, columns)
    while batch := list(itertools.islice(said, TOLD_MAX)):
        told = [row for row in batch if isinstance(row, ToldUse)]
        bad = [(row.line, row.reason) for row in batch if isinstance(row, RejectedRow)]
        uses = [(_use(row), row.is_used) for row in told]
        done = await told_uses.report(call.site.db, project_id=call.project_id, told=uses, now=call.now, reason=TOLD)
        bad += [(told[n].line, error.detail) for n, error in done.rejected.items()]
        processed, used, freed, rejected = (
            processed + len(batch),
            used + done.used,
            freed + done.freed,
            rejected + len(bad),
        )
        wrong += [{"line": line, "message": reason} for line, reason in bad[: REASONS_MAX - len(wrong)]]
    return {"rowsProcessed": processed, "rowsUsed": used, "rowsFreed": freed, "rowsRejected": rejected} | (
        {"validationMessages": wrong} if wrong else {}
    )


async def import_pools(file: SentFile) -> dict[str, Any]:
    """Pools with their windows of issue, launched; all of them, or none when a row is wrong. One that is there already
    keeps what the file does not say."""
    call, rows = file.call, file.rows()
    names = [cell.strip().lower() for cell in next(rows, [])]
    if "externalid" not in names or "name" not in names:
        raise Invalid(Problem("", "The header must name ExternalId and Name."))
    given = [dict(zip(names, map(str.strip, cells), strict=False)) for cells in itertools.islice(rows, POOLS_MAX + 1)]
    given = [row for row in given if any(row.values())]
    if len(given) > POOLS_MAX:
        raise Invalid(Problem("", f"At most {POOLS_MAX} pools come in one file."))
    async with call.site.db.transaction() as tx:
        externals = [row.get("externalid", "") for row in given]
        known = await pool_store.find_named(tx, project_id=call.project_id, names=externals)
        wanted = [
            _pool(row, f"/{n}", known.get(external))
            for n, (row, external) in enumerate(zip(given, externals, strict=True), 2)
        ]
        put = await pools.put(
            tx,
            project_id=call.project_id,
            pools=wanted,
            now=call.now,
            places=[f"/line/{n}" for n in range(2, len(wanted) + 2)],
            by=call.actor.name,
        )
    return {"rowsProcessed": len(put)}


IMPORTS: Mapping[str, Callable[[SentFile], Awaitable[dict[str, Any]]]] = {
    "directcrm.promocodes.import": import_codes,
    "directcrm.promocodetypes.import": import_pools,
    "directcrm.promocodes.statusimport": import_statuses,
}


def _columns(file: SentFile) -> status_files.StatusColumns:
    header = next(file.rows(), [])
    try:
        return status_files.recognise(header)
    except ValueError as error:
        raise Invalid(Problem("", f"Line 1: {error}.")) from error


def _use(row: ToldUse) -> Use:
    return Use(value=row.value, point=row.point, is_told=True, at=row.used_at)


def _pool(row: Mapping[str, str], place: str, known: Pool | None) -> PoolDefinition:
    """The pool that a row wants; of a `known` one only what the file has columns for changes."""
    said: dict[str, Any] = {} if not row.get("name") else {"name": row["name"]}
    if FROM in row:
        said["issue_from"] = _instant(row, FROM, place, is_start=True)
    if UNTIL in row:
        said["issue_until"] = _instant(row, UNTIL, place, is_start=False)
    if known is not None:
        return msgspec.structs.replace(definition_of(known), **said)
    external = row.get("externalid", "")
    key = external if KEY.fullmatch(external) else slugs(external, "pool")[0]
    return PoolDefinition(key=key, type=external, description=said.get("name", external), **said)


def _instant(row: Mapping[str, str], name: str, place: str, *, is_start: bool) -> datetime | None:
    try:
        return parse_instant(row.get(name, ""), UTC, START if is_start else END)
    except ValueError as error:
        raise Invalid(Problem(f"{place}/{name}", f"{error}.")) from error
