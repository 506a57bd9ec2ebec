"""Promo codes in the vendor's dialect: uploads as JSON or as a file, the list, and the count."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.response import Stream

from tearoff.actions import codes as actions
from tearoff.actions.codes import UploadReport
from tearoff.api.problems import JSON_UTF8
from tearoff.api.rest.audit import note
from tearoff.api.routing import JSON_TYPES
from tearoff.api.site import Caller
from tearoff.api.yespo.answers import answer
from tearoff.api.yespo.promocode_bodies import (
    ATTRIBUTES,
    CodeList,
    Row,
    SentFile,
    minute_of,
    read_attributes,
    read_filters,
    read_list,
    read_wish,
)
from tearoff.domain.code_files import Attributes
from tearoff.domain.codes import Wish, fit
from tearoff.domain.projects import Project
from tearoff.errors import Invalid, Problem, TooLarge, Unreadable
from tearoff.store import codes, pools, projects, tasks
from tearoff.store.codes import ListedCode
from tearoff.store.db import Tx

FILE_BYTES_MAX = 256_000_000
JSON_BYTES_MAX = 64_000_000
STALL_SECONDS_MAX = 60
PAGE_MAX = 5_000
REASONS_MAX = 5
FILE_TYPES = (
    *("text/csv", "application/csv", "text/comma-separated-values", "text/tab-separated-values", "text/plain"),
    *("application/octet-stream", "application/vnd.ms-excel", "multipart/form-data"),
)
"""`application/vnd.ms-excel` is what Windows calls a CSV."""


class PromoCode(msgspec.Struct):
    """A code as the vendor's list shows it."""

    code: str
    expirationDate: str | None
    discount: int | None
    type: str
    inUse: bool


class Wanted(msgspec.Struct, frozen=True):
    """What a list or a count asks for; `pool_id` 0 is that of a type that nobody has."""

    project: Project
    pool_id: int | None
    wish: Wish


async def upload(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take all valid rows, or none when the body breaks off; the answer links to the refused ones."""
    content_type = request.headers.get("content-type", "").strip()
    kind = content_type.partition(";")[0].strip().lower()
    async with call.site.db.transaction() as tx:
        project = await projects.get(tx, project_id=call.project_id)
    query = {name: value for name, value in request.query_params.items() if name in ATTRIBUTES}
    if not kind or kind in JSON_TYPES or kind.endswith("+json"):
        sent = read_list(await _body(request), query, project.zone)
        async with call.site.db.transaction() as tx:
            report = await actions.upload(tx, project_id=call.project_id, batches=_once(sent), now=call.now)
        return await _answer(call, report, _echo(sent.values, sent.given, sent.attributes))
    if kind not in FILE_TYPES:
        raise Unreadable(kind, "application/json, text/csv or multipart/form-data")
    attributes = read_attributes(query, project.zone)
    file = SentFile(content_type, query, project.zone)
    async with call.site.uploads, call.site.db.dedicated() as tx, tx.transaction():
        report = await actions.upload(
            tx, project_id=call.project_id, batches=_rows(file, request), now=call.now, noticed=file.noticed
        )
        if not report.rows:
            raise Invalid(Problem("", "The file holds no codes."))
    return await _answer(call, report, _echo([], query, attributes), has_warnings=bool(file.noticed()))


async def list_codes(call: Caller, request: Request[Any, Any, Any]) -> Stream:
    """The codes that fit the query, as one JSON array; without activeDueDays expired ones too."""
    query = request.query_params
    wish, is_in_use = read_filters(query)
    async with call.site.db.transaction() as tx:
        wanted = await _wanted(tx, call, query, wish)
        await note(tx, call, "reveal", "promo codes", pool=query.get("type"))
    until = None if wanted.wish.days is None else fit(wanted.wish, call.now, wanted.project.zone).until

    async def page_after(last: int) -> list[ListedCode]:
        async with call.site.db.transaction() as tx:
            return await codes.list_page(
                tx,
                project_id=call.project_id,
                pool_id=wanted.pool_id,
                discount=wanted.wish.discount,
                until=until,
                is_in_use=is_in_use,
                after=last,
                limit=PAGE_MAX,
            )

    async def pages(page: list[ListedCode]) -> AsyncIterator[bytes]:
        opening = b"["
        while page:
            yield opening + msgspec.json.encode([_shown(code, wanted.project) for code in page])[1:-1]
            opening = b","
            page = await page_after(page[-1].code_id) if len(page) == PAGE_MAX else []
        yield b"[]" if opening == b"[" else b"]"

    return Stream(pages(await page_after(0)), media_type=JSON_UTF8)


async def count(call: Caller, request: Request[Any, Any, Any]) -> Response[bytes]:
    """How many codes fit the query and may be handed out now: a bare number."""
    async with call.site.db.transaction() as tx:
        wanted = await _wanted(tx, call, request.query_params, read_wish(request.query_params))
        exact = fit(wanted.wish, call.now, wanted.project.zone)
        found = await codes.count_free(tx, project_id=call.project_id, pool_id=wanted.pool_id, fit=exact)
    return answer(found)


async def _wanted(tx: Tx, call: Caller, query: Mapping[str, str], wish: Wish) -> Wanted:
    project = await projects.get(tx, project_id=call.project_id)
    if not query.get("type"):
        return Wanted(project, None, wish)
    pool = await pools.find_by_type(tx, project_id=call.project_id, type=query["type"])
    return Wanted(project, pool.pool_id if pool else 0, wish)


def _shown(code: ListedCode, project: Project) -> PromoCode:
    return PromoCode(code.value, minute_of(code.expires_at, project.zone), code.discount, code.type, code.is_in_use)


async def _body(request: Request[Any, Any, Any]) -> bytes:
    pieces, size = [], 0
    async for piece in _pieces(request):
        size += len(piece)
        if size > JSON_BYTES_MAX:
            raise TooLarge("body", f"{JSON_BYTES_MAX} bytes; send a file as text/csv")
        pieces.append(piece)
    return b"".join(pieces)


async def _pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """The body as it arrives; a sender that falls silent or goes away ends the upload with an error."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(STALL_SECONDS_MAX):
                piece = await anext(stream, None)
        except TimeoutError as error:
            raise Invalid(Problem("", f"Nothing more of the body came for {STALL_SECONDS_MAX} seconds.")) from error
        if piece is None:
            return
        yield piece


async def _once(sent: CodeList) -> AsyncIterator[Iterable[Row]]:
    yield sent.rows()


async def _rows(file: SentFile, request: Request[Any, Any, Any]) -> AsyncIterator[Iterable[Row]]:
    async for piece in _pieces(request):
        yield file.feed(piece)
    yield file.close()


async def _answer(
    call: Caller, report: UploadReport, echo: dict[str, Any], *, has_warnings: bool = False
) -> Response[bytes]:
    told = f'</v1/tasks/{report.task_id}/report>; rel="describedby"'
    if not report.rejected:
        return answer(echo, headers={"Link": told} if has_warnings else None)
    refused = f'</v1/tasks/{report.task_id}/rejects.csv>; rel="describedby"'
    headers = {
        "Link": f"{refused}, {told}" if has_warnings else refused,
        "Tearoff-Rows": f"read={report.rows}, rejected={report.rejected}",
    }
    if report.rejected < report.rows:
        return answer(echo, headers=headers)
    async with call.site.db.transaction() as tx:
        first = await tasks.list_rejects(
            tx, project_id=call.project_id, task_id=report.task_id, after=0, limit=REASONS_MAX
        )
    reasons = " ".join(f"Line {row.line}: {row.reason}" for row in first)
    return answer(f"None of the {report.rows} rows was taken. {reasons}", headers=headers, status=400)


def _echo(values: list[Any], given: Mapping[str, Any], attributes: Attributes) -> dict[str, Any]:
    """The vendor's answer: what was sent, in the shape and types of the JSON upload; the codes of a file are not
    repeated."""
    read = {"discount": attributes.discount, "inUse": attributes.is_in_use or False}
    return {"promocodes": values, "expirationDate": None, "type": None, **given, **read}
