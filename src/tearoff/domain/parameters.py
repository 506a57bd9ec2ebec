"""Parameters of blocks: constants, or `${name}` for what the event or an earlier block gave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

NAME = re.compile(r"\$\{([^{}]+)\}")


def fill(value: Any, context: Mapping[str, Any]) -> Any:
    """The value with its references replaced.

    `${name}` alone gives the raw value, None when it is missing; inside other text it gives text, empty when it is
    missing. Objects and lists are filled through; anything else is a constant.
    """
    if isinstance(value, str):
        if alone := NAME.fullmatch(value.strip()):
            return look_up(alone[1].strip(), context)
        return NAME.sub(lambda match: text_of(look_up(match[1].strip(), context)), value)
    if isinstance(value, Mapping):
        return {name: fill(item, context) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, context) for item in value]
    return value


def look_up(name: str, context: Mapping[str, Any]) -> Any:
    """The value under a name as a whole, or else along its dots: `order.id`."""
    if name in context:
        return context[name]
    value: Any = context
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def text_of(value: Any) -> str:
    """A value as it reads inside text: nothing for None, JSON for objects and lists."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def is_missing(value: Any, context: Mapping[str, Any]) -> bool:
    """Whether a parameter refers to something that gives nothing; a constant is never missing."""
    return bool(names_in(value)) and not text_of(fill(value, context)).strip()


def names_in(value: Any) -> set[str]:
    """The names that a parameter refers to."""
    if isinstance(value, str):
        return {name.strip() for name in NAME.findall(value)}
    if isinstance(value, Mapping):
        return {name for item in value.values() for name in names_in(item)}
    if isinstance(value, list | tuple):
        return {name for item in value for name in names_in(item)}
    return set()
