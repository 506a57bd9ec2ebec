"""Setting up HTTP data sources."""

from __future__ import annotations

from datetime import datetime

from tearoff import velocity
from tearoff.actions import templates
from tearoff.domain.definitions import Put
from tearoff.domain.sources import SourceDefinition, check, templates_of
from tearoff.errors import Invalid, Problem
from tearoff.store import connectors
from tearoff.store import sources as store
from tearoff.store.db import Tx


async def put(
    tx: Tx,
    *,
    project_id: int,
    source: SourceDefinition,
    now: datetime,
    at: str = "",
    limits: velocity.Limits = velocity.DEFAULT,
) -> Put:
    """The source as it now stands; raises Invalid with every problem. Nothing is called."""
    texts = [text for _, text in templates_of(source)]
    terms = await templates.terms_for(tx, project_id=project_id, texts=texts, limits=limits, is_held=True)
    problems = check(source, at) + templates.check(templates_of(source), at, terms)
    namesake = await store.find_by_name(tx, project_id=project_id, name=source.wanted_name)
    if namesake is not None and namesake.key != source.key:
        problems.append(Problem(f"{at}/name", f"Another source has the name {source.wanted_name!r}."))
    connector_id = None
    if source.connector is not None:
        connector = await connectors.find(tx, project_id=project_id, reference=source.connector)
        if connector is None:
            problems.append(Problem(f"{at}/connector", f"There is no connector {source.connector!r}."))
        else:
            connector_id = connector.connector_id
    if problems:
        raise Invalid(*problems)
    return await store.put(tx, project_id=project_id, source=source, connector_id=connector_id, now=now)
