"""Conditions on the parameters of an event: the comparisons that a start block may ask for.

Values are compared as text, letter case counts; a parameter that is missing reads as empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, assert_never

import msgspec

from tearoff.domain.parameters import look_up, text_of

Comparison = Literal[
    "equals",
    "notEquals",
    "isSet",
    "isEmpty",
    "contains",
    "notContains",
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "oneOf",
    "notOneOf",
]


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One comparison; `value` is text or a number, or a list (also written with commas) for oneOf and notOneOf."""

    param: str
    comparison: Comparison = msgspec.field(name="is")
    value: str | int | float | bool | list[str | int | float | bool] | None = None


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Conditions of which all and, where there are any, at least one must hold."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()


def passes(filter: Filter | None, params: Mapping[str, Any]) -> bool:
    """Whether the parameters pass; no filter lets everything pass."""
    if filter is None:
        return True
    return all(holds(each, params) for each in filter.all) and (
        not filter.any or any(holds(each, params) for each in filter.any)
    )


def holds(condition: Condition, params: Mapping[str, Any]) -> bool:
    """Whether one comparison is true of the parameters."""
    text = text_of(look_up(condition.param, params))
    wanted = "" if isinstance(condition.value, list) else text_of(condition.value)
    match condition.comparison:
        case "equals":
            return text == wanted
        case "notEquals":
            return text != wanted
        case "isSet":
            return text != ""
        case "isEmpty":
            return text == ""
        case "contains":
            return wanted in text
        case "notContains":
            return wanted not in text
        case "startsWith":
            return text.startswith(wanted)
        case "notStartsWith":
            return not text.startswith(wanted)
        case "endsWith":
            return text.endswith(wanted)
        case "notEndsWith":
            return not text.endswith(wanted)
        case "oneOf":
            return text in choices(condition)
        case "notOneOf":
            return text not in choices(condition)
        case never:
            assert_never(never)


def choices(condition: Condition) -> list[str]:
    """The texts of a list, or of one text with commas."""
    if isinstance(condition.value, list):
        return [text_of(item) for item in condition.value]
    return [part.strip() for part in text_of(condition.value).split(",")]
