"""HTTP data sources: what a template reads with `$data.get('<name>')` is what one call answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from tearoff.domain.definitions import check_key
from tearoff.errors import Problem

NAME_LENGTH_MAX = 200
ADDRESS = re.compile(r"(https?://|\$)\S", re.I)
LOUD = re.compile(
    r"""\$\{?data\.get\(\s*(['"])(?P<got>.*?)\1\s*\)"""  # $data.get('name')
    r"""|\$\{?data\.(?P<field>[A-Za-z_]\w*)(?![\w(])"""  # $data.name
    r"""|:\s*"\$\{?(?P<alone>[A-Za-z_]\w*)\}?\""""  # "value": "$name", but no key such as "$schema"
)
HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class HttpCall(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How a source is called; url, headers and body are Velocity over the data of the message.

    `size_max` is in bytes. `on_failure`: fail the message, or go on with null.
    """

    method: Literal["GET", "POST"] = "GET"
    url: str
    headers: dict[str, str] = {}
    body: str | None = None
    format: Literal["json", "xml", "text"] = "json"
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0, le=60)] = 10
    size_max: Annotated[int, msgspec.Meta(ge=1, le=10 * 1024 * 1024)] = 1024 * 1024
    retries: Annotated[int, msgspec.Meta(ge=0, le=5)] = 2
    on_failure: Literal["fail", "null"] = "fail"


class SourceDefinition(HttpCall, frozen=True, kw_only=True):
    """A source as somebody wants it; templates read it by its name, which is the key when none is given."""

    key: str
    name: str = ""
    connector: str | int | None = None

    @property
    def wanted_name(self) -> str:
        """The name, or the key when none was given."""
        return self.name or self.key

    @property
    def call(self) -> dict[str, Any]:
        """How it is called, as plain data."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in plain.items() if name not in ("key", "name", "connector")}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A source as it is stored."""

    source_id: int
    key: str
    name: str
    connector_id: int | None
    connector_key: str | None
    definition: HttpCall
    created_at: datetime


def definition_of(source: Source) -> SourceDefinition:
    """The definition that would make this source."""
    call = msgspec.structs.asdict(source.definition)
    return SourceDefinition(key=source.key, name=source.name, connector=source.connector_key, **call)


def check(source: SourceDefinition, at: str = "") -> list[Problem]:
    """Every rule of form that the definition breaks; templates are compiled elsewhere."""
    problems = check_key(source.key, f"{at}/key")
    if len(source.name) > NAME_LENGTH_MAX or source.name != source.name.strip():
        detail = f"A name has at most {NAME_LENGTH_MAX} characters and no space at its ends."
        problems.append(Problem(f"{at}/name", detail))
    if not ADDRESS.match(source.url):
        problems.append(Problem(f"{at}/url", "An address that starts with https:// or http:// is needed."))
    if source.body is not None and source.method == "GET":
        problems.append(Problem(f"{at}/body", "A GET carries no body; use POST."))
    problems += [
        Problem(f"{at}/headers/{name}", "This is no name of a header.")
        for name in source.headers
        if not HEADER.fullmatch(name)
    ]
    return problems


def templates_of(source: SourceDefinition) -> Iterator[tuple[str, str]]:
    """Every template of the source with its JSON pointer."""
    yield "/url", source.url
    yield from ((f"/headers/{name}", value) for name, value in source.headers.items())
    if source.body is not None:
        yield "/body", source.body


def reads(template: str, name: str) -> bool:
    """Whether a template reads the source of this name, as `$data.get('name')`, `$data.name` or `$name`.

    A name that is computed while rendering is not seen.
    """
    exact = re.escape(name)
    return re.search(rf"""get\(\s*(['"]){exact}\1\s*\)|\$!?\{{?(?:data\.)?{exact}(?!\w)""", template) is not None


def left_open(template: str, text: str) -> str | None:
    """The name of what a template reads and nobody gave, so that the reference itself stands in the rendered text.

    A quiet reference, `$!data.get('name')`, prints nothing then.
    """
    found = next((match for match in LOUD.finditer(template) if match[0] in text), None)
    return None if found is None else found["got"] or found["field"] or found["alone"]
