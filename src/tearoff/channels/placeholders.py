"""`${name}` in the texts of a gateway's settings, filled so that a value cannot break out of its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Literal
from urllib.parse import quote, quote_plus

Place = Literal["url", "header", "json", "form", "xml", "text"]
PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")


def in_json(value: str) -> str:
    """The value as it stands between the quotes of a JSON string."""
    return json.dumps(value)[1:-1]


ESCAPES: dict[Place, Callable[[str], str]] = {
    "url": lambda value: quote(value, safe="", errors="replace"),
    "header": str,
    "json": in_json,
    "form": lambda value: quote_plus(value, errors="replace"),
    "xml": escape,
    "text": str,
}


def fill(template: str, values: Mapping[str, str], place: Place) -> str:
    """The template with its values, each escaped for its place; raises KeyError for a name that has no value."""
    return PLACEHOLDER.sub(lambda found: ESCAPES[place](values[found[1]]), template)


def names(template: str) -> set[str]:
    """The names that the template asks for."""
    return set(PLACEHOLDER.findall(template))
