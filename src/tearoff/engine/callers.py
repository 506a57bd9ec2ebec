"""The caller: runs whose template read a data source wait here; it is called outside any transaction, once a run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tearoff import velocity
from tearoff.actions import connectors
from tearoff.actions.templates import Terms, limits_of, terms_for
from tearoff.channels.http_source import Auth, SourceRequest, json_fault
from tearoff.domain.projects import Project
from tearoff.domain.runs import Run
from tearoff.domain.sources import HttpCall, Source, definition_of, left_open, templates_of
from tearoff.domain.workflows import SendMessage
from tearoff.engine.blocks.message import SOURCES_MAX, message_data
from tearoff.engine.json_bodies import in_quotes, quotes_itself
from tearoff.engine.parts import Engine
from tearoff.engine.rendering import Reading, context_of, render_text
from tearoff.engine.runner import isolated, ready, write
from tearoff.engine.travellers import Traveller
from tearoff.errors import SourceFailed, TearoffError
from tearoff.logs import get_logger
from tearoff.store import claims, runs, sources
from tearoff.store import connectors as connector_store

LOG = get_logger("caller")
STAND_IN = "0"
"""Takes the place of every code in a second rendering: a request that comes out the same does not carry the code."""


async def turn(engine: Engine, project_id: int, now: datetime) -> int:
    """Call what runs of one project wait for; gives how many runs were taken."""
    lease = uuid4()
    async with engine.db.transaction() as tx:
        taken = await runs.lease(
            tx,
            project_id=project_id,
            lease=lease,
            until=now + engine.limits.source_lease,
            now=now,
            limit=engine.limits.source_batch_max,
            calling=True,
        )
    if not taken:
        return 0
    called: dict[int, Traveller] = {}

    async def go(some: Sequence[Run]) -> None:
        fresh = [run for run in some if run.run_id not in called]
        if fresh:
            called.update({t.run.run_id: t for t in await _call_all(engine, project_id, lease, fresh, now)})
        await write(engine, project_id, lease, [called[run.run_id] for run in some], now)

    await isolated(engine, project_id, lease, taken, now, go)
    return len(taken)


async def _call_all(
    engine: Engine, project_id: int, lease: UUID, waiting: Sequence[Run], now: datetime
) -> list[Traveller]:
    """The runs with what their sources said."""
    project, travellers = await ready(engine, project_id, waiting)
    calls = await _prepare(engine, project, lease, travellers, now)
    await asyncio.gather(*(_call(engine, traveller, source, request, now) for traveller, source, request in calls))
    LOG.info("sources_called", project_id=project_id, calls=len(calls))
    return travellers


async def _prepare(
    engine: Engine, project: Project, lease: UUID, travellers: Sequence[Traveller], now: datetime
) -> list[tuple[Traveller, Source, SourceRequest]]:
    """The requests to make; codes that they carry are exposed from here on, and that is committed before any call.

    A run that was taken over may have lost its code meanwhile, so nothing is called for it.
    """
    at: dict[str, Any] = {"project_id": project.project_id}
    async with engine.db.transaction() as tx:
        by_name = {s.name: s for s in await sources.list_page(tx, **at, limit=SOURCES_MAX)}
        known = {c.connector_id: c for c in await connector_store.list_page(tx, **at, limit=SOURCES_MAX)}
        texts = [text for s in by_name.values() for _, text in templates_of(definition_of(s))]
        terms = await terms_for(
            tx,
            project_id=project.project_id,
            texts=texts,
            limits=limits_of(engine.settings, project.template_limits),
        )
    auths = {i: connectors.auth_of(c, cipher=engine.cipher, **at) for i, c in known.items()}
    calls: list[tuple[Traveller, Source, SourceRequest]] = []
    exposing: dict[int, list[str]] = {}
    for traveller in travellers:
        source = by_name.get(traveller.run.data.get("wanted", ""))
        if source is None:
            traveller.answer(str(traveller.run.data.get("wanted")), None, now)
            continue
        request = _request(engine, project, traveller, source, by_name, auths, terms, now)
        if request is not None:
            calls.append((traveller, source, request[0]))
            if request[1]:
                exposing[traveller.run.run_id] = [code.key for code in traveller.carried]
    if not exposing:
        return calls
    async with engine.db.transaction() as tx:
        ours = await runs.lock_leased(tx, **at, lease=lease, run_ids=list(exposing))
        keys = [key for run_id in sorted(ours) for key in exposing[run_id]]
        await claims.mark_exposed(tx, **at, scope="run", keys=keys, now=now)
    return [call for call in calls if call[0].run.run_id in ours or call[0].run.run_id not in exposing]


def _request(
    engine: Engine,
    project: Project,
    traveller: Traveller,
    source: Source,
    by_name: Mapping[str, Source],
    auths: Mapping[int, Auth],
    terms: Terms,
    now: datetime,
) -> tuple[SourceRequest, bool] | None:
    """The rendered request and whether it carries a code; None when the run failed or needs another source first."""
    if len(traveller.run.answers) >= engine.limits.sources_per_run_max:
        limit = engine.limits.sources_per_run_max
        traveller.fail("too-many-sources", f"A message may call at most {limit} sources.", now)
        return None
    block = traveller.block
    data = message_data(block, traveller) if isinstance(block, SendMessage) else traveller.data
    reading = Reading(frozenset(by_name) - traveller.run.answers.keys(), (), project.zone, None, now, terms)
    values = {code.value for code in traveller.carried}
    veiled = {name: STAND_IN if value in values else value for name, value in data.items() if _is_hashable(value)}
    auth = auths.get(source.connector_id) if source.connector_id is not None else None
    try:
        request = rendered(source, data, reading, auth)
        return request, bool(values) and rendered(source, {**data, **veiled}, reading, auth) != request
    except velocity.NeedValue as need:
        if str(need.key) == source.name:
            traveller.fail("source-reads-itself", f"The data source {source.name!r} reads itself.", now)
        else:
            traveller.call(str(need.key), now)
    except SourceFailed as error:
        _fail(traveller, source, str(error), now)
    except TearoffError as error:
        traveller.fail(error.type, f"The data source {source.name!r}: {error}", now)
    return None


def _fail(traveller: Traveller, source: Source, detail: str, now: datetime) -> None:
    """What a failure means is the source's own policy."""
    if source.definition.on_failure == "null":
        traveller.answer(source.name, None, now)
    else:
        traveller.fail("source-failed", detail, now)


def _is_hashable(value: object) -> bool:
    return isinstance(value, str | int | float | bool | None)


def rendered(source: Source, data: Mapping[str, Any], reading: Reading, auth: Auth | None) -> SourceRequest:
    """The request of a source over the data of a message.

    Raises TemplateError, NeedValue for another source, or SourceFailed where a value is missing: the other side would
    get the reference in its place, and take it for a value.
    """
    call: HttpCall = source.definition
    context = context_of(data, reading)

    def text(template: str) -> str:
        return closed(template, render_text(template, context, reading, {}))

    def closed(template: str, found: str) -> str:
        if name := left_open(template, found):
            detail = f"it reads {name!r}, which nobody gave; $!data.get({name!r}) would print nothing."
            raise SourceFailed(source.name, detail, permanent=True)
        return found

    return SourceRequest(
        name=source.name,
        url=text(call.url),
        method=call.method,
        headers={name: text(value) for name, value in call.headers.items()},
        body=None if call.body is None else closed(call.body, _body(call, call.body, data, reading)),
        body_format=call.format,
        auth=auth,
        timeout=call.timeout_seconds,
        size_max=call.size_max,
        retries=call.retries,
    )


def _body(call: HttpCall, template: str, data: Mapping[str, Any], reading: Reading) -> str:
    """The rendered body. In JSON a text of the data stays inside its quotes, whatever it holds; what a template prints
    without quotes around it, such as JSON that came as a text, stays as it is."""
    if call.format == "json" and not quotes_itself(template):
        body = render_text(template, context_of(in_quotes(data), reading), reading, {})
        if json_fault(body) is None:
            return body
    return render_text(template, context_of(data, reading), reading, {})


async def _call(engine: Engine, traveller: Traveller, source: Source, request: SourceRequest, now: datetime) -> None:
    """Make one call, and let the run go on with what came of it."""
    limit = engine.limits.source_lease.total_seconds() * 0.8
    try:
        async with asyncio.timeout(limit):
            value = await engine.sources.call(request)
    except (SourceFailed, TimeoutError) as error:
        LOG.warning("source_failed", run_id=traveller.run.run_id, source=source.key)
        _fail(traveller, source, str(error) or "The data source took too long.", now)
    else:
        traveller.answer(source.name, value, now)
