"""One data source, prepared over given data and called: for test launches, and for trying a source by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tearoff import velocity
from tearoff.actions import connectors
from tearoff.actions.templates import limits_of, terms_for
from tearoff.channels.http_source import SourceRequest
from tearoff.domain.projects import Project
from tearoff.domain.sources import Source, definition_of, templates_of
from tearoff.engine.blocks.message import SOURCES_MAX
from tearoff.engine.callers import rendered
from tearoff.engine.parts import Engine
from tearoff.engine.rendering import Reading
from tearoff.errors import SourceFailed
from tearoff.store import connectors as connector_store
from tearoff.store import sources
from tearoff.store.db import Tx


async def prepare(
    engine: Engine,
    tx: Tx,
    project: Project,
    source: Source,
    data: Mapping[str, Any],
    answers: Mapping[str, Any],
    now: datetime,
) -> SourceRequest:
    """The request of a source over this data; raises NeedValue for another source, TemplateError, or SourceFailed for
    one that reads itself."""
    at: dict[str, Any] = {"project_id": project.project_id}
    names = {one.name for one in await sources.list_page(tx, **at, limit=SOURCES_MAX)}
    auth = None
    if source.connector_id is not None:
        connector = await connector_store.resolve(tx, **at, reference=source.connector_id)
        auth = connectors.auth_of(connector, cipher=engine.cipher, **at)
    texts = [text for _, text in templates_of(definition_of(source))]
    terms = await terms_for(tx, **at, texts=texts, limits=limits_of(engine.settings, project.template_limits))
    try:
        return rendered(
            source, {**data, **answers}, Reading(names - answers.keys(), (), project.zone, None, now, terms), auth
        )
    except velocity.NeedValue as need:
        if str(need.key) == source.name:
            raise SourceFailed(source.name, "it reads itself.", permanent=True) from need
        raise


async def answer_of(
    engine: Engine, project: Project, name: str, data: Mapping[str, Any], answers: Mapping[str, Any], now: datetime
) -> Any:
    """What the source of this name says, asked for once; raises SourceFailed, NeedValue or TemplateError."""
    async with engine.db.transaction() as tx:
        source = await sources.find_by_name(tx, project_id=project.project_id, name=name)
        if source is None:
            return None
        request = await prepare(engine, tx, project, source, data, answers, now)
    return await engine.sources.call(request)


async def may_fail(engine: Engine, project_id: int, name: str) -> bool:
    """Whether messages go on with null when the source of this name gives no answer."""
    async with engine.db.transaction() as tx:
        source = await sources.find_by_name(tx, project_id=project_id, name=name)
    return source is not None and source.definition.on_failure == "null"
