"""What every channel can do, whatever its kind: a set in, a result per item out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from tearoff.domain.deliveries import Kind, Outcome, Outgoing
from tearoff.errors import Invalid, Problem

S = TypeVar("S", bound=msgspec.Struct)
AT_PATH = re.compile(r"^(?P<detail>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.S)
UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")


class Channel(Protocol):
    """A way out. One object serves many sets at once and keeps its connections between them."""

    kind: Kind

    async def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """One outcome for each item, in order. A bad item or a dead server is an outcome, never an exception."""

    async def check(self) -> str:
        """A sentence about the other side, after really talking to it; sends nothing. Raises DeliveryFailed."""

    async def close(self) -> None:
        """Give back every connection; the channel is not used again."""


def parse_settings(shape: type[S], settings: Mapping[str, Any]) -> S:
    """The settings as a value of `shape`, numbers also as text; raises Invalid with a JSON pointer to what is wrong."""
    try:
        return msgspec.convert(dict(settings), shape, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(problem(str(error))) from error


def problem(sentence: str) -> Problem:
    """msgspec's sentence about a value, with its path as a JSON pointer."""
    found = AT_PATH.match(sentence)
    detail, path = (found["detail"], found["path"] or "") if found else (sentence, "")
    pointer = re.sub(r"[.\[]", "/", path.replace("]", ""))
    if field := UNKNOWN_FIELD.match(detail):
        return Problem(f"{pointer}/{field['field']}", "There is no such setting.")
    if detail.startswith("Object missing required field `"):
        return Problem(f"{pointer}/{detail.split('`')[1]}", "This setting is needed.")
    return Problem(pointer, f"{detail}.")


def needed(secrets: Mapping[str, str], name: str) -> str:
    """The secret called `name`; raises Invalid when it is not there."""
    if value := secrets.get(name):
        return value
    raise Invalid(Problem(f"/secrets/{name}", "This secret is needed."))
