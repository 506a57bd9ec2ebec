"""A project written down as one project file, with references in place of secrets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeVar

from tearoff.actions.channels import secrets_of
from tearoff.actions.secrets import open_all
from tearoff.domain import messages as message_rules
from tearoff.domain import pools as pool_rules
from tearoff.domain import snippets as snippet_rules
from tearoff.domain import sources as source_rules
from tearoff.domain.channels import ChannelDefinition
from tearoff.domain.connectors import ConnectorDefinition
from tearoff.domain.fields import Field
from tearoff.domain.project_files import EventTypeEntry, FieldEntry, WorkflowEntry, lean, reference
from tearoff.domain.workflows import StoredWorkflow
from tearoff.store import (
    channels,
    connectors,
    event_types,
    fields,
    messages,
    pools,
    projects,
    snippets,
    sources,
    workflows,
)
from tearoff.store.db import Tx
from tearoff.store.secrets import Cipher

PAGE = 500
T = TypeVar("T")


async def export(tx: Tx, *, project_id: int, cipher: Cipher) -> dict[str, Any]:
    """The whole project as the plain data of a project file, each section by key; empty sections are left out."""
    field_list = await fields.list_all(tx, project_id=project_id)
    message_list = await every(lambda after: messages.list_page(tx, project_id=project_id, after=after, limit=PAGE))
    sections: dict[str, list[dict[str, Any]]] = {
        "fields": [lean(entry_of(field)) for field in field_list],
        "pools": [
            lean(pool_rules.definition_of(pool))
            for pool in await every(lambda after: pools.list_page(tx, project_id=project_id, after=after, limit=PAGE))
        ],
        "eventTypes": await event_type_entries(tx, project_id=project_id),
        "connectors": await connector_entries(tx, project_id=project_id, cipher=cipher),
        "channels": await channel_entries(tx, project_id=project_id, cipher=cipher),
        "snippets": [
            lean(snippet_rules.definition_of(snippet))
            for snippet in await every(
                lambda after: snippets.list_page(tx, project_id=project_id, after=after, limit=PAGE)
            )
        ],
        "sources": [
            lean(source_rules.definition_of(source))
            for source in await every(
                lambda after: sources.list_page(tx, project_id=project_id, after=after, limit=PAGE)
            )
        ],
        "messages": [lean(message_rules.definition_of(message)) for message in message_list],
        "workflows": [
            workflow_entry(workflow, names_of(field_list, message_list))
            for workflow in await every(
                lambda after: workflows.list_page(tx, project_id=project_id, after=after, limit=PAGE)
            )
        ],
    }
    project = await projects.get(tx, project_id=project_id)
    settings: dict[str, Any] = {"timeZone": project.time_zone}
    settings |= {"sender": project.sender} if project.sender else {}
    settings |= {"templateLimits": project.template_limits} if project.template_limits else {}
    kept = {name: sorted(entries, key=by_key) for name, entries in sections.items() if entries}
    return {"project": settings, **kept}


def by_key(entry: Mapping[str, Any]) -> tuple[str, str]:
    """What the entries of a section are sorted by."""
    return entry["key"], entry.get("section", "")


async def every(page: Callable[[int], Awaitable[list[T]]]) -> list[T]:
    """All rows of a list that comes in pages by id."""
    found: list[T] = []
    after = 0
    while rows := await page(after):
        found += rows
        names: tuple[str, ...] = rows[-1].__struct_fields__  # type: ignore[attr-defined]
        after = getattr(rows[-1], next(name for name in names if name.endswith("_id")))
    return found


def entry_of(field: Field) -> FieldEntry:
    """The entry that would make this field."""
    return FieldEntry(
        key=field.key,
        name=field.name,
        section=field.section,
        type=field.type,
        required=field.is_required,
        read_only=field.is_read_only,
        allowed=field.allowed,
    )


async def event_type_entries(tx: Tx, *, project_id: int) -> list[dict[str, Any]]:
    """The entries that would make the event types."""
    found = await every(lambda after: event_types.list_page(tx, project_id=project_id, after=after, limit=PAGE))
    return [
        lean(EventTypeEntry(key=kind.key, name=kind.name, description=kind.description, params=kind.params))
        for kind in found
    ]


async def connector_entries(tx: Tx, *, project_id: int, cipher: Cipher) -> list[dict[str, Any]]:
    """The entries that would make the connectors, given their secrets in the environment."""
    entries = []
    for each in await every(lambda after: connectors.list_page(tx, project_id=project_id, after=after, limit=PAGE)):
        secrets = open_all(cipher, project_id=project_id, kind="connector", key=each.key, sealed=each.secret)
        hidden = {name: reference("connector", each.key, name) for name in sorted(secrets)}
        entries.append(lean(ConnectorDefinition(key=each.key, kind=each.kind, settings=each.settings, secrets=hidden)))
    return entries


async def channel_entries(tx: Tx, *, project_id: int, cipher: Cipher) -> list[dict[str, Any]]:
    """The entries that would make the channels, given their secrets in the environment."""
    entries = []
    for each in await every(lambda after: channels.list_page(tx, project_id=project_id, after=after, limit=PAGE)):
        secrets = secrets_of(each, project_id=project_id, cipher=cipher)
        hidden = {name: reference("channel", each.key, name) for name in sorted(secrets)}
        channel = ChannelDefinition(
            key=each.key, kind=each.kind, medium=each.medium, settings=each.settings, secrets=hidden
        )
        entries.append(lean(channel))
    return entries


def names_of(field_list: list[Field], message_list: list[message_rules.Message]) -> dict[tuple[str, str], str]:
    """(`saveToField` or `message`, id) → the key that another project would know it by."""
    fields = {("saveToField", str(field.field_id)): f"{field.section}.{field.key}" for field in field_list}
    return fields | {("message", str(message.message_id)): message.key for message in message_list}


def workflow_entry(workflow: StoredWorkflow, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The entry that would make this workflow, its blocks in the order in which a run meets them."""
    drafted = workflow.draft.get("blocks", {})
    blocks = {
        name: {part: names.get((part, str(value)), value) for part, value in drafted[name].items()}
        if isinstance(drafted[name], dict)
        else drafted[name]
        for name in in_order(drafted)
    }
    return lean(WorkflowEntry(key=workflow.key, name=workflow.name, active=workflow.is_active, blocks=blocks))


def in_order(blocks: Mapping[str, Any]) -> Iterator[str]:
    """The ids of the blocks: from the start along the exits, then what no path reaches."""
    plain = {name: block if isinstance(block, dict) else {} for name, block in blocks.items()}
    ahead = [name for name, block in plain.items() if block.get("kind") == "start"]
    seen: dict[str, None] = {}
    while ahead:
        name = ahead.pop(0)
        if name in plain and name not in seen:
            seen[name] = None
            exits = plain[name].get("exits")
            ahead += [str(target) for target in exits.values()] if isinstance(exits, dict) else []
    yield from seen
    yield from (name for name in blocks if name not in seen)
