"""Imports of codes over REST: a file, a form, a text or an address becomes a task that workers carry out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec
from litestar import Request, Response
from litestar.params import QueryParameter
from litestar.response import Stream

from tearoff.actions import imports as actions
from tearoff.actions.idempotency import answer_of, find_repeat, once
from tearoff.api.multipart_files import FirstFile
from tearoff.api.pages import After, Id, Limit, Ref, next_page
from tearoff.api.rest.audit import note
from tearoff.api.rest.codes import Reveal
from tearoff.api.rest.tasks import TaskPage, TaskView, view
from tearoff.api.routing import JSON_TYPES
from tearoff.api.site import Call, Caller
from tearoff.domain.import_templates import TEMPLATES
from tearoff.domain.imports import NAME_LENGTH_MAX, NAMES, Method, Outcome, read_options
from tearoff.domain.pools import Pool
from tearoff.errors import Conflict, Forbidden, Invalid, NotFound, Problem, TooLarge
from tearoff.logs import get_logger, masked
from tearoff.store import imports, pools, projects, tasks
from tearoff.store.db import Tx
from tearoff.store.tasks import TaskState

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

log = get_logger("imports")
TEXT_BYTES_MAX = 64_000_000
STALL_SECONDS_MAX = 60
DOOR = "imports"
TEMPLATE_KINDS = tuple(kind for kind, _ in TEMPLATES.values())
TAKEN = {"url", "text", "from", "resumable"}
Format = Annotated[Literal["csv", "xlsx"], QueryParameter(description="The kind of template")]


class PreviewItem(msgspec.Struct, rename="camel", kw_only=True):
    """What a row of a dry run would come to; the code is masked unless it is revealed."""

    line: int
    code: str
    outcome: Outcome
    detail: str | None


class PreviewPage(msgspec.Struct):
    """Rows of a dry run, by line."""

    items: list[PreviewItem]
    next: str | None


class Receiving(msgspec.Struct, rename="camel"):
    """How much of a file came, which is where its next piece begins, in bytes."""

    id: int
    state: TaskState
    offset: int


class Undone(msgspec.Struct, rename="camel"):
    """What an undo took back, what it left (`used` of it because it is in use), and which replaced codes came back."""

    removed: int
    withdrawn: int
    kept: int
    used: int
    brought_back: int


class Wanted(NamedTuple):
    """An import that is asked for: of a file that comes, of one at `url`, or of that of the import `source`."""

    pool: str
    given: Mapping[str, Any]
    method: Method = "file"
    url: str | None = None
    source: int | None = None

    def mark(self) -> Hash:
        """What tells this request from another, before its file."""
        return sha256(msgspec.json.encode(self, order="deterministic"))


async def create(call: Caller, pool: Ref, request: Request[Any, Any, Any]) -> Response[TaskView]:
    """Import codes: the body is the file, a form with a file, or JSON with `url`, `text` or `from`, the id of an import
    of the same pool (as a dry run) whose file is taken; options also in the query.

    With `resumable=true` and no body the task receives the file in pieces: see PATCH /v1/imports/{id}. A repeat under
    the same Idempotency-Key gets the same task.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    query = dict(request.query_params)
    if query.pop("resumable", "") == "true":
        return await _begun(call, Wanted(pool, query))
    if kind in JSON_TYPES or kind.endswith("+json"):
        return await _from_json(call, pool, await _json(request), query)
    if kind.startswith("multipart/"):
        return await _from_form(call, pool, request, query)
    return await _received(call, Wanted(pool, query), pieces_of(request))


async def _from_json(call: Call, pool: str, body: Mapping[str, Any], query: Mapping[str, str]) -> Response[TaskView]:
    given = {**query, **{name: value for name, value in body.items() if name not in TAKEN and value is not None}}
    url, text = body.get("url"), body.get("text")
    if isinstance(body.get("from"), int) and url is None and text is None:
        return await _begun(call, Wanted(pool, given, source=body["from"]))
    if (url is None) == (text is None) or not isinstance(url if text is None else text, str):
        raise Invalid(Problem("", "Send one of url and text, as a string, or from, as the id of an import."))
    if text is None:
        return await _begun(call, Wanted(pool, given, url=url))

    async def once() -> AsyncIterator[bytes]:
        yield text.encode("utf-8", "replace")

    return await _received(call, Wanted(pool, {**given, "encoding": "utf-8"}, "typed"), once())


async def _from_form(
    call: Call, pool: str, request: Request[Any, Any, Any], query: Mapping[str, str]
) -> Response[TaskView]:
    """The fields before the file are options; so the import begins when the file does."""
    form = FirstFile(request.headers.get("content-type", ""), NAMES)
    body = _file_of(form, pieces_of(request))
    first = await anext(body, b"")

    async def rest() -> AsyncIterator[bytes]:
        yield first
        async for piece in body:
            yield piece

    return await _received(call, Wanted(pool, {**query, **form.fields}), rest())


async def _file_of(form: FirstFile, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in body:
        for part in form.feed(piece):
            yield part
    form.close()


async def _begin(tx: Tx, call: Call, wanted: Wanted) -> int:
    at = {"project_id": call.project_id}
    project = await projects.get(tx, **at)
    found = await _open_pool(tx, call, wanted.pool)
    if wanted.source is not None:
        checked = await imports.get(tx, **at, task_id=wanted.source)
        if checked.pool_id != found.pool_id:
            raise NotFound("import of the pool", wanted.source)
        options = read_options(wanted.given, project.zone, checked.options.method)
        return await actions.repeat(
            tx, **at, pool=found, checked=checked, options=options, by=call.actor.name, now=call.now
        )
    options = read_options(wanted.given, project.zone, wanted.method)
    name = str(wanted.given.get("name") or wanted.url or "")[:NAME_LENGTH_MAX]
    return await actions.begin(
        tx, **at, pool=found, options=options, name=name, url=wanted.url, by=call.actor.name, now=call.now
    )


async def _begun(call: Call, wanted: Wanted) -> Response[TaskView]:
    """The task of an import that needs no body."""
    mark = wanted.mark()

    async def act() -> int:
        return await _begin(tx, call, wanted)

    async with call.site.db.transaction() as tx:
        task_id = await once(tx, **_repeats(call), request=mark.digest(), act=act)
    return await _accepted(call, task_id)


def _repeats(call: Call) -> dict[str, Any]:
    return {"project_id": call.project_id, "door": DOOR, "key": call.idempotency_key, "now": call.now}


async def _open_pool(tx: Tx, call: Call, reference: str) -> Pool:
    found = await pools.resolve(tx, project_id=call.project_id, reference=reference)
    if found.state == "archived":
        raise Conflict(f"The pool {found.key!r} is archived; launch it again to fill it.")
    return found


async def _received(call: Call, wanted: Wanted, body: AsyncIterator[bytes]) -> Response[TaskView]:
    """Store the file and hand it over; when it breaks off, the import is cancelled and nothing of it stays.

    A repeat is told from another request by what came: of a form the fields and the file, since its boundary differs.
    """
    mark = wanted.mark()
    async with call.site.db.transaction() as tx:
        known = await find_repeat(tx, **_repeats(call))
    if known is not None:
        size = 0
        async for piece in body:
            mark.update(piece)
            size += len(piece)
            if size > actions.FILE_BYTES_MAX:
                raise TooLarge("file", f"{actions.FILE_BYTES_MAX} bytes; split it")
        return await _accepted(call, answer_of(known, mark.digest()))
    async with call.site.db.transaction() as tx:
        task_id = await _begin(tx, call, wanted)
    at: dict[str, Any] = {"project_id": call.project_id, "task_id": task_id}

    async def marked() -> AsyncIterator[bytes]:
        async for piece in body:
            mark.update(piece)
            yield piece

    async def complete() -> int:
        await actions.complete(tx, **at, now=call.now)
        return task_id

    try:
        await actions.receive(call.site.db, **at, at=0, stream=marked())
        async with call.site.db.transaction() as tx:
            first = await once(tx, **_repeats(call), request=mark.digest(), act=complete)
            if first != task_id:
                await actions.cancel(tx, **at, now=call.now)
    except BaseException:
        async with call.site.db.transaction() as tx:
            await actions.cancel(tx, **at, now=call.now)
        raise
    return await _accepted(call, first)


async def _accepted(call: Call, task_id: int) -> Response[TaskView]:
    async with call.site.db.transaction() as tx:
        task = await tasks.get(tx, project_id=call.project_id, task_id=task_id)
    return Response(view(task, call.now), status_code=202, headers={"Location": f"/v1/tasks/{task_id}"})


async def list_imports(call: Caller, pool: Ref, limit: Limit = 100, after: After = None) -> TaskPage:
    """The imports of a pool, the newest first."""
    at = {"project_id": call.project_id}
    async with call.site.db.transaction() as tx:
        found = await pools.resolve(tx, **at, reference=pool)
        ids = await imports.list_page(tx, **at, pool_id=found.pool_id, before=after, limit=limit)
        listed = await tasks.list_by_ids(tx, **at, task_ids=ids)
    return TaskPage([view(task, call.now) for task in listed], next_page(ids, limit))


async def get(call: Caller, import_id: Id) -> Receiving:
    """How much of a file came; a resumable upload goes on there."""
    async with call.site.db.transaction() as tx:
        found = await imports.get(tx, project_id=call.project_id, task_id=import_id)
    return Receiving(found.task_id, found.state, found.size)


async def append(call: Caller, import_id: Id, request: Request[Any, Any, Any]) -> Receiving:
    """Receive the next piece, which begins at `Upload-Offset`; with `Upload-Complete: ?1` it is the last.

    What came of a piece that broke off stays: ask how much that was and go on there.
    """
    at: dict[str, Any] = {"project_id": call.project_id, "task_id": import_id}
    await get(call, import_id)
    text = request.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(Problem("", "Upload-Offset is required: where in the file this piece begins, in bytes."))
    await actions.receive(call.site.db, **at, at=int(text), stream=pieces_of(request))
    if request.headers.get("upload-complete") == "?1":
        async with call.site.db.transaction() as tx:
            await actions.complete(tx, **at, now=call.now)
    return await get(call, import_id)


async def undo(call: Caller, task_id: Id) -> Undone:
    """Take back the codes of an import that nobody has."""
    async with call.site.db.transaction() as tx:
        undone = await actions.undo(tx, project_id=call.project_id, task_id=task_id, now=call.now)
    return msgspec.convert(undone, Undone)


async def preview(
    call: Caller, import_id: Id, limit: Limit = 100, after: After = None, reveal: Reveal = False
) -> PreviewPage:
    """What each of the first rows of a dry run would come to."""
    at = {"project_id": call.project_id, "task_id": import_id}
    if reveal and not call.actor.may("reveal", "GET"):
        raise Forbidden(f"{call.actor.standing} may not read codes in full.")
    async with call.site.db.transaction() as tx:
        await imports.get(tx, **at)
        rows = await imports.list_preview(tx, **at, after=after or 0, limit=limit)
        if reveal and rows:
            await note(tx, call, "reveal", f"preview of the import {import_id}", count=len(rows))
    if reveal and rows:
        log.info("codes_revealed", project_id=call.project_id, by=call.actor.subject, count=len(rows))
    items = [
        PreviewItem(
            line=row.line, code=row.value if reveal else masked(row.value), outcome=row.outcome, detail=row.detail
        )
        for row in rows
    ]
    return PreviewPage(items, next_page([row.line for row in rows], limit))


async def source(call: Caller, import_id: Id) -> Stream:
    """The file of an import as it came."""
    at = {"project_id": call.project_id, "task_id": import_id}
    async with call.site.db.transaction() as tx:
        await imports.get(tx, **at)
        await note(tx, call, "export", f"file of the import {import_id}")
    name = f'attachment; filename="import-{import_id}"'
    return Stream(
        imports.stream(call.site.db, **at),
        media_type="application/octet-stream",
        headers={"Content-Disposition": name},
    )


async def template(call: Caller, format: Format = "csv") -> Response[bytes]:
    """A file with the columns that an import reads, to fill in."""
    media_type, make = TEMPLATES[format]
    headers = {"Content-Disposition": f'attachment; filename="codes.{format}"'}
    return Response(make(), media_type=media_type, headers=headers)


async def _json(request: Request[Any, Any, Any]) -> Mapping[str, Any]:
    pieces, size = [], 0
    async for piece in pieces_of(request):
        size += len(piece)
        if size > TEXT_BYTES_MAX:
            raise TooLarge("body", f"{TEXT_BYTES_MAX} bytes; send a file as text/csv")
        pieces.append(piece)
    try:
        body = msgspec.json.decode(b"".join(pieces))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(Problem("", f"The body is not valid JSON: {error}.")) from error
    if not isinstance(body, dict):
        raise Invalid(Problem("", "The body is not an object with url or text."))
    return body


async def pieces_of(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """The body as it arrives; a sender that falls silent ends it with an error."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(STALL_SECONDS_MAX):
                piece = await anext(stream, None)
        except TimeoutError as error:
            raise Invalid(Problem("", f"No more of the body came for {STALL_SECONDS_MAX} seconds.")) from error
        if piece is None:
            return
        yield piece
