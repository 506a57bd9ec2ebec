"""A project as files: everything that defines it, by section, as somebody wrote it down.

Nothing here reads a file or the environment; both are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from tearoff.domain.channels import ChannelDefinition
from tearoff.domain.connectors import ConnectorDefinition
from tearoff.domain.definitions import Change
from tearoff.domain.events import Wanted
from tearoff.domain.fields import FieldDefinition, FieldType
from tearoff.domain.messages import MessageDefinition
from tearoff.domain.pools import PoolDefinition
from tearoff.domain.shapes import collect, unknown
from tearoff.domain.snippets import SnippetDefinition
from tearoff.domain.sources import SourceDefinition
from tearoff.errors import Invalid, Problem

Section = Literal[
    "fields", "pools", "eventTypes", "connectors", "channels", "snippets", "sources", "messages", "workflows"
]
ENVIRONMENT = re.compile(r"\$\{env:([^{}]*)\}")
WITH_ENVIRONMENT = ("connectors", "channels", "sources")


class ProjectEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Settings of the project itself; what is left out stays as it is."""

    time_zone: str | None = None
    sender: str | None = None
    template_limits: dict[str, float] | None = None


class FieldEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """An additional field."""

    key: str
    name: str = ""
    section: str = "PERSONAL"
    type: FieldType = "TEXTFIELD"
    required: bool = False
    read_only: bool = False
    allowed: tuple[str, ...] = ()

    @property
    def field(self) -> FieldDefinition:
        """The field that is meant."""
        return FieldDefinition(
            key=self.key,
            name=self.name or self.key,
            section=self.section,
            type=self.type,
            is_required=self.required,
            is_read_only=self.read_only,
            allowed=self.allowed,
        )


class EventTypeEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event type; with `params`, events without the required ones are refused."""

    key: str
    name: str = ""
    description: str = ""
    params: tuple[Wanted, ...] | None = None


class WorkflowEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A workflow; an active one is published and started, another is stopped."""

    key: str
    name: str = ""
    active: bool = False
    blocks: dict[str, Any]


SECTIONS: dict[Section, type[msgspec.Struct]] = {
    "fields": FieldEntry,
    "pools": PoolDefinition,
    "eventTypes": EventTypeEntry,
    "connectors": ConnectorDefinition,
    "channels": ChannelDefinition,
    "snippets": SnippetDefinition,
    "sources": SourceDefinition,
    "messages": MessageDefinition,
    "workflows": WorkflowEntry,
}
NAMES: dict[str, str] = {
    "fields": "field",
    "pools": "pool",
    "eventTypes": "event type",
    "connectors": "connector",
    "channels": "channel",
    "snippets": "snippet",
    "sources": "source",
    "messages": "message",
    "workflows": "workflow",
}


class RawFile(msgspec.Struct, frozen=True):
    """One file as plain data; `read` gives the text of another file named in it, or raises OSError."""

    name: str
    data: Any
    read: Callable[[str], str]


class Item(msgspec.Struct, frozen=True):
    """One definition and where it stands: the file's name, a colon and a JSON pointer."""

    at: str
    definition: Any


class Plan(msgspec.Struct, frozen=True):
    """All definitions of some files by section, in the order written, and the project's settings."""

    project: Item | None
    items: dict[str, list[Item]]

    def keys(self, section: Section) -> frozenset[str]:
        """The keys that the files define in a section."""
        return frozenset(item.definition.key for item in self.items[section])


class Line(msgspec.Struct, frozen=True):
    """What applying did with one definition."""

    noun: str
    key: str
    change: Change


def parse(files: Sequence[RawFile], environ: Mapping[str, str]) -> Plan:
    """The plan that the files make together; raises Invalid with every problem, each with its file and pointer."""
    problems: list[Problem] = []
    items: dict[str, list[Item]] = {section: [] for section in SECTIONS}
    projects: list[Item] = []
    for file in files:
        at = f"{file.name}:"
        if not isinstance(file.data, Mapping):
            problems.append(Problem(at, f"Sections are needed here: project, {', '.join(SECTIONS)}."))
            continue
        for name, value in file.data.items():
            if name == "project":
                projects.append(Item(f"{at}/project", collect(value, ProjectEntry, f"{at}/project", problems)))
            elif name in SECTIONS:
                items[name] += entries(file, name, value, environ, problems)
            else:
                problems.append(Problem(f"{at}/{name}", unknown(str(name), ["project", *SECTIONS])))
    if len(projects) > 1:
        problems.append(Problem(projects[1].at, f"The project's settings stand in {projects[0].at} already."))
    problems += [problem for section in items for problem in twice(section, items[section])]
    if problems:
        raise Invalid(*problems)
    return Plan(projects[0] if projects else None, items)


def entries(
    file: RawFile, section: str, value: object, environ: Mapping[str, str], problems: list[Problem]
) -> Iterator[Item]:
    """The definitions of one section of a file."""
    at = f"{file.name}:/{section}"
    if value is None:
        return
    if not isinstance(value, list):
        problems.append(Problem(at, "A list is needed here."))
        return
    for n, entry in enumerate(value):
        pointer = f"{at}/{n}"
        filled = with_files(entry, section, file.read, pointer, problems)
        if section in WITH_ENVIRONMENT:
            filled = with_environment(filled, environ, pointer, problems)
        definition = collect(filled, SECTIONS[section], pointer, problems)  # type: ignore[index]
        if definition is not None:
            yield Item(pointer, definition)


def twice(section: str, items: Sequence[Item]) -> Iterator[Problem]:
    """A problem for every key that stands in the files more than once."""
    first: dict[tuple[str, str], str] = {}
    for item in items:
        name = (getattr(item.definition, "section", ""), item.definition.key)
        if name in first:
            detail = f"The {NAMES[section]} {item.definition.key!r} stands in {first[name]} already."
            yield Problem(f"{item.at}/key", detail)
        first.setdefault(name, item.at)


def with_files(entry: Any, section: str, read: Callable[[str], str], at: str, problems: list[Problem]) -> Any:
    """The entry with `htmlFile: mail.html` replaced by `html: <its text>`, wherever templates stand."""
    if not isinstance(entry, Mapping):
        return entry
    if section in ("snippets", "sources"):
        return with_texts(entry, read, at, problems)
    languages = entry.get("languages")
    if section != "messages" or not isinstance(languages, Mapping):
        return entry
    filled = {code: with_texts(text, read, f"{at}/languages/{code}", problems) for code, text in languages.items()}
    return {**entry, "languages": filled}


def with_texts(entry: Any, read: Callable[[str], str], at: str, problems: list[Problem]) -> Any:
    """One level of names, those that end in `File` read."""
    if not isinstance(entry, Mapping):
        return entry
    filled = {}
    for name, value in entry.items():
        if not (isinstance(name, str) and name.endswith("File") and isinstance(value, str)):
            filled[name] = value
            continue
        try:
            filled[name.removesuffix("File")] = read(value)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            problems.append(Problem(f"{at}/{name}", f"The file {value} cannot be read: {reason}."))
    return filled


def with_environment(value: Any, environ: Mapping[str, str], at: str, problems: list[Problem]) -> Any:
    """The value with each `${env:NAME}` replaced; a variable that is not set is a problem."""
    if isinstance(value, Mapping):
        return {name: with_environment(item, environ, f"{at}/{name}", problems) for name, item in value.items()}
    if isinstance(value, list):
        return [with_environment(item, environ, f"{at}/{n}", problems) for n, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    missing = sorted({name for name in ENVIRONMENT.findall(value) if name not in environ})
    problems += [Problem(at, f"The environment variable {name} is not set.") for name in missing]
    return ENVIRONMENT.sub(lambda match: environ.get(match[1], ""), value)


def reference(kind: str, key: str, secret: str) -> str:
    """The `${env:…}` that an export writes in place of a secret."""
    return "${env:" + re.sub(r"[^A-Z0-9]+", "_", f"{kind}_{key}_{secret}".upper()) + "}"


def lean(definition: msgspec.Struct) -> dict[str, Any]:
    """A definition as plain data without what is so by default."""
    plain = msgspec.to_builtins(definition)
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(definition)}
    empty: tuple[object, ...] = ({}, [], None)
    return {
        name: value
        for name, value in plain.items()
        if value != defaults.get(name) and (value not in empty or defaults.get(name) not in (*empty, msgspec.NODEFAULT))
    }
